"""Keys of one's own, so that a test that destroys some takes nothing from another."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_keys(keys_dir: Path) -> Path:
    """Each test has its own."""
    return keys_dir
