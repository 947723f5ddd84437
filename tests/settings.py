"""The real settings, with an environment of their own for tests and type checks."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql:///tocsin")
os.environ.setdefault("TOCSIN_KEYS_DIR", "/nonexistent")
os.environ["TOCSIN_BASE_URL"] = "http://localhost"
os.environ["TOCSIN_HOSTS"] = "testserver"
os.environ["TOCSIN_SECRET_KEY"] = "only-for-tests-" * 5
os.environ["TOCSIN_MAIL_URL"] = "smtp://127.0.0.1:1"

from tocsin.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "pictures": {
        "BACKEND": "django.core.files.storage.InMemoryStorage",
        "OPTIONS": {"base_url": "/pictures/"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
