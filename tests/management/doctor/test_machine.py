"""The doctor on this machine: keys that are missing, short, or open to others; full disks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tocsin.kit.seal import make_keys
from tocsin.management.doctor import machine
from tocsin.management.doctor.machine import look_at_keys, look_at_space

DAY = "days/2026-03-10.key"


@pytest.fixture
def directory(settings: Settings, tmp_path: Path) -> Path:
    """Keys as `tocsin keys` makes them, and one of a day."""
    settings.KEYS_DIR = tmp_path / "keys"
    make_keys(settings.KEYS_DIR)
    (tmp_path / "keys" / DAY).write_bytes(b"k" * 32)
    (tmp_path / "keys" / DAY).chmod(0o400)
    return tmp_path / "keys"


def faults() -> dict[str, tuple[str, str]]:
    return {each.name: (each.found, each.remedy) for each in look_at_keys() if not each.ok}


def test_keys_as_they_were_made_are_in_order(directory: Path) -> None:
    assert faults() == {}
    assert look_at_keys()[-1].found == "1 there, and private"


def short(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"too short")
    path.chmod(0o400)


def open_to_all(path: Path) -> None:
    path.chmod(0o444)


def gone(path: Path) -> None:
    path.unlink()


SPOILT: list[tuple[str, Callable[[Path], None], str, str]] = [
    ("index.key", gone, "index.key", "missing"),
    ("index.key", short, "index.key", "9 bytes, which is no key"),
    ("index.key", open_to_all, "index.key", "others than we may read it (0444)"),
    ("installation.key", gone, "installation.key", "missing"),
    ("installation.key", short, "installation.key", "9 bytes, which is no key"),
    ("django.key", open_to_all, "django.key", "others than we may read it (0444)"),
    (DAY, short, "keys of days", "2026-03-10.key: 9 bytes, which is no key"),
    (DAY, open_to_all, "keys of days", "2026-03-10.key: others than we may read it (0444)"),
]


@pytest.mark.parametrize(("name", "spoil", "about", "found"), SPOILT)
def test_a_key_that_is_not_in_order_is_named(
    directory: Path, name: str, spoil: Callable[[Path], None], about: str, found: str
) -> None:
    spoil(directory / name)
    assert {key: words for key, (words, _) in faults().items()} == {about: found}
    assert all(remedy for _, remedy in faults().values())


def test_a_directory_that_others_may_enter_is_named(directory: Path) -> None:
    directory.chmod(0o750)
    assert faults() == {
        "directory": (
            f"others than we may enter {directory} (0750)",
            f"Run: chmod 700 {directory}",
        )
    }


def test_no_key_for_django_is_needed_if_the_settings_have_one(
    directory: Path, settings: Settings
) -> None:
    (directory / "django.key").unlink()
    assert faults() == {}
    settings.SECRET_KEY = ""
    assert faults()["django.key"][0] == "missing"


def test_no_directory_of_days_is_a_fault(directory: Path) -> None:
    (directory / DAY).unlink()
    (directory / "days").rmdir()
    assert faults() == {
        "keys of days": (
            f"{directory}/days cannot be read: No such file or directory",
            "Run: tocsin keys",
        )
    }


def test_a_full_disk_is_named(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.ok for each in look_at_space()] == [True, True]
    monkeypatch.setattr(machine, "ENOUGH", 1 << 60)
    assert [(each.name, each.ok) for each in look_at_space()] == [
        ("space for keys", False),
        ("space for static files", False),
    ]


def test_room_is_measured_though_the_directory_is_not_there_yet(
    settings: Settings, tmp_path: Path
) -> None:
    settings.KEYS_DIR = settings.STATIC_ROOT = tmp_path / "not" / "yet"
    assert [each.ok for each in look_at_space()] == [True, True]
