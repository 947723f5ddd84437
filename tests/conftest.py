"""What every test may ask for: the time, the keys, the ground that pages stand on."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.utils import translation
from wagtail.models import Locale, Page, Site

from tests.factories import NOW
from tocsin.kit.seal import make_keys
from tocsin.outbox.installation import bind


@pytest.fixture(scope="session", autouse=True)
def keys() -> None:
    """The index key and the directory of day keys of this run."""
    make_keys(settings.KEYS_DIR)


@pytest.fixture
def keys_dir(tmp_path: Path, settings: LazySettings) -> Path:
    """An empty directory of keys, for a test that destroys some, or lets days pass."""
    directory = tmp_path / "keys"
    settings.KEYS_DIR = directory
    make_keys(directory)
    return directory


@pytest.fixture
def now() -> datetime:
    """A day in the life of the tests."""
    return NOW


@pytest.fixture(autouse=True)
def language() -> None:
    """No test speaks the language that the one before it ended with."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def ground(request: pytest.FixtureRequest) -> None:
    """Whose database it is, and Wagtail's root: a test that commits takes both away at its end."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None:
        return
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    bind()
    if not Page.objects.filter(depth=1).exists():
        Locale.objects.get_or_create(language_code="en")
        root = Page.add_root(title="Root", slug="root")
        Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)
