"""Keys of one's own, so that a test that destroys some takes nothing from another."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tocsin.kit.seal import make_keys


@pytest.fixture(autouse=True)
def keys_dir(tmp_path: Path, settings: LazySettings) -> Path:
    """An empty directory of keys."""
    directory = tmp_path / "keys"
    settings.KEYS_DIR = directory
    make_keys(directory)
    return directory
