"""Every setting of Tocsin, read from the environment.

A variable X may also be given as X_FILE, the path of a file that holds its value: the way to hand
over secrets. What must be set, and to what, is listed in docs/operating.md.
"""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from tocsin.kit.headers import CSP
from tocsin.outbox.transports.ways import Way, way_from_url
from tocsin.privacy.schedule import CAMPAIGN_DAYS

PACKAGE = Path(__file__).resolve().parent
ONION = re.compile(r"https?://[a-z2-7]{56}\.onion")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def read(name: str, default: str | None = None) -> str:
    """The text of a setting; without a default it has to be set."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE: cannot read {path}: {error.strerror}."
            ) from None
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set; see docs/operating.md for what it is.")
    return value


def read_number(name: str, default: int) -> int:
    """A setting that is a whole number, zero or more."""
    text = read(name, str(default))
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def read_base_url() -> str:
    """The address under which the public reaches the site, without a final slash."""
    url = read("TOCSIN_BASE_URL").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"TOCSIN_BASE_URL must look like https://act.example.org, not {url!r}."
        )
    onion = parts.hostname.endswith(".onion")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not onion:
        raise ImproperlyConfigured(
            "TOCSIN_BASE_URL must be https: what visitors write must not travel in clear."
        )
    return url


def read_onion_url() -> str:
    """TOCSIN_ONION_URL, where the site is as an onion service; empty: nowhere."""
    url = read("TOCSIN_ONION_URL", "").rstrip("/")
    if url and not ONION.fullmatch(url):
        raise ImproperlyConfigured(
            "TOCSIN_ONION_URL must look like http://<56 letters and digits>.onion, without a "
            f"path: the content of Tor's file hostname, not {url!r}."
        )
    return url


def read_exit_url() -> str:
    """TOCSIN_EXIT_URL: where those go who leave a page quickly."""
    url = read("TOCSIN_EXIT_URL", "https://www.wikipedia.org/")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ImproperlyConfigured(
            f"TOCSIN_EXIT_URL must look like https://www.example.org/, not {url!r}."
        )
    return url


def read_database() -> dict[str, object]:
    """DATABASE_URL, in libpq's own words, as Django wants it."""
    try:
        given = conninfo_to_dict(read("DATABASE_URL"))
    except ProgrammingError as error:
        reason = str(error).splitlines()[0]
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address: {reason}") from None
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    plain = {django: str(given.pop(libpq, "") or "") for libpq, django in names.items()}
    if not plain["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgresql://host/NAME.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        **plain,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "tocsin", **given},
    }


def read_secret_key() -> str:
    """TOCSIN_SECRET_KEY, or the key that `tocsin keys` made; until then nothing can be signed."""
    made = KEYS_DIR / "django.key"
    return read("TOCSIN_SECRET_KEY", made.read_text() if made.is_file() else "")


def read_ways() -> dict[str, Way]:
    """By which way each route goes: TOCSIN_MAIL_URL, and TOCSIN_CONFIRM_URL if it is another."""
    letters = read("TOCSIN_MAIL_URL")
    confirmations = read("TOCSIN_CONFIRM_URL", letters)
    return {
        "letters": _way("TOCSIN_MAIL_URL", letters),
        "confirmations": _way("TOCSIN_CONFIRM_URL", confirmations),
    }


def read_nameserver() -> tuple[str, int] | None:
    """TOCSIN_NAMESERVER, an address with or without a port; None: those of the system."""
    text = read("TOCSIN_NAMESERVER", "")
    if not text:
        return None
    try:
        parts = urlsplit(f"//{text}" if "." in text or "]" in text else f"//[{text}]")
        return str(ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        raise ImproperlyConfigured(
            f"TOCSIN_NAMESERVER must look like 127.0.0.1:5353 or [::1]:5353, not {text!r}."
        ) from None


def read_relay_addresses() -> tuple[str, ...]:
    """TOCSIN_RELAY_ADDRESSES: from where the relay sends, as receivers see it."""
    try:
        return tuple(str(ip_address(text)) for text in read("TOCSIN_RELAY_ADDRESSES", "").split())
    except ValueError as error:
        raise ImproperlyConfigured(f"TOCSIN_RELAY_ADDRESSES: {error}.") from None


def _way(name: str, url: str) -> Way:
    try:
        return way_from_url(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None


def read_webhook_secret() -> str:
    """With which name and password a provider reports to us; empty: only signed reports count."""
    secret = read("TOCSIN_WEBHOOK_SECRET", "")
    name, _, password = secret.partition(":")
    if secret and (not name or len(password) < 16):
        raise ImproperlyConfigured(
            "TOCSIN_WEBHOOK_SECRET must look like name:password, of 16 characters or more."
        )
    return secret


# -- Ours ---------------------------------------------------------------------------------------

BASE_URL = read_base_url()
ONION_URL = read_onion_url()
EXIT_URL = read_exit_url()
KEYS_DIR = Path(read("TOCSIN_KEYS_DIR"))
WAYS = read_ways()
WEBHOOK_SECRET = read_webhook_secret()
RELAY_ADDRESSES = read_relay_addresses()
RELAY_SIGNS = read_number("TOCSIN_RELAY_SIGNS", 0) > 0
NAMESERVER = read_nameserver()
WORKERS = read_number("TOCSIN_WORKERS", 1)
KEEP_DAYS = read_number("TOCSIN_KEEP_DAYS", CAMPAIGN_DAYS)

# -- Django -------------------------------------------------------------------------------------

SECRET_KEY = read_secret_key()
DEBUG = False
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", *read("TOCSIN_HOSTS", "").split()]
if ONION_URL:
    ALLOWED_HOSTS.append(urlsplit(ONION_URL).hostname or "")
DATABASES = {"default": read_database()}

INSTALLED_APPS = [
    "tocsin",
    "procrastinate.contrib.django",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail",
    "modelsearch",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]
MIDDLEWARE = [
    "tocsin.kit.headers.low_trace",
    "django.middleware.security.SecurityMiddleware",
    "tocsin.office.headers.within_the_office",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tocsin.pages.compression.compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tocsin.office.language.LanguageOfThePlace",
    "tocsin.kit.sizes.small_outside",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tocsin.office.signing_in.TypedIsKept",
    "tocsin.office.door.OwnRowsOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tocsin.urls"
WSGI_APPLICATION = "tocsin.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tocsin.pages.exit.way_out",
                "tocsin.pages.layout.layout",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
OFFICE_LANGUAGES = [("fr", "Français"), ("en", "English")]
# The public speaks more; each by the name that it gives itself.
LANGUAGES = [
    *OFFICE_LANGUAGES,
    ("ug", "ئۇيغۇرچە"),
    ("kk", "Қазақша"),
    ("zh-hans", "简体中文"),
    ("es", "Español"),
    ("de", "Deutsch"),
    ("tr", "Türkçe"),
]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["tocsin.kit.formats"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# Every station is named in one place; nothing is looked for elsewhere.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["tocsin.stations"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(read("TOCSIN_STATIC_DIR", str(PACKAGE.parent / "var" / "static")))
# No address leads to an upload: of a picture its sizes are shown, a document by a view of Wagtail.
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(read("TOCSIN_MEDIA_DIR", str(PACKAGE.parent / "var" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "pictures": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # A string: what deletes a file is told of its storage in words.
        "OPTIONS": {"location": str(MEDIA_ROOT / "pictures"), "base_url": "/pictures/"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What is larger is refused before it is read: a long story has hundreds of fields, and letters that
# take nine signs each on the way. From outside comes less: kit/sizes.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A picture (10 MB at most) is never laid on a disk as it came: where it was taken is in it.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

# Cookies exist for the staff alone, and travel nowhere but to the office.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/office/"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 3600
CSRF_FAILURE_VIEW = "tocsin.office.signing_in.csrf_failure"
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "SAMEORIGIN"

# A public page loads its own style, script and pictures, and nothing else from anywhere.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [CSP.NONE],
}
# Wagtail's shell writes scripts and styles into its pages, and shows previews in a frame.
OFFICE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "blob:", "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "base-uri": [CSP.NONE],
}

# A log line tells where something broke, never what a visitor typed or which link was opened.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"terse": {"()": "tocsin.kit.terse_log.TerseFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "terse"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "procrastinate": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}

# -- Wagtail: the shell of the office, which calls nobody outside -------------------------------

WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"localtime"})  # no browser knows it
WAGTAIL_SITE_NAME = "Tocsin"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = OFFICE_LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
# Editors save and publishers publish; a workflow would show each organisation's pages to all.
WAGTAIL_WORKFLOW_ENABLED = False
# A link that is typed stays as it is: no title is looked up for it.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "none"
WAGTAILEMBEDS_FINDERS: list[object] = []
# Pictures: pixels alone are kept, and sizes of them are shown (pages/pictures).
WAGTAILIMAGES_IMAGE_MODEL = "tocsin.CampaignImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "tocsin.pages.pictures.upload.PictureForm"
WAGTAILIMAGES_RENDITION_STORAGE = "pictures"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
