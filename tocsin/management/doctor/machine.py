"""This machine: the key files, who may read them, and room on the disks."""

import os
import shutil
import stat
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tocsin.kit.seal import KEY_BYTES
from tocsin.outbox.identity.finding import Finding, unknown, well, wrong

ENOUGH = 500 * 1024 * 1024
"""Bytes. With less than this free, a day's keys or new static files may find no room."""

MAKE = "tocsin keys"


def look_at_keys() -> list[Finding]:
    """The directory of keys, and each key that must be there."""
    directory = Path(settings.KEYS_DIR)
    if not directory.is_dir():
        return [wrong("directory", f"there is no directory {directory}", f"Run: {MAKE}")]
    found = [_privacy_of(directory)]
    found += [_key(directory / name, size=KEY_BYTES) for name in ("index.key", "installation.key")]
    made = directory / "django.key"
    if not made.exists() and _has_secret_key():
        found.append(well("django.key", "not needed: TOCSIN_SECRET_KEY is set"))
    else:
        found.append(_key(made))
    return [*found, _day_keys(directory / "days")]


def look_at_space() -> list[Finding]:
    """Room where keys and static files are written."""
    places = {"keys": Path(settings.KEYS_DIR), "static files": Path(settings.STATIC_ROOT)}
    return [_space(name, path) for name, path in places.items()]


def _has_secret_key() -> bool:
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's word for an empty one
        return False


def _privacy_of(directory: Path) -> Finding:
    state = directory.stat()
    mode = stat.S_IMODE(state.st_mode)
    if mode & 0o077:
        found = f"others than we may enter {directory} ({mode:04o})"
        return wrong("directory", found, f"Run: chmod 700 {directory}")
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        remedy = "Make it that of the account that runs Tocsin."
        return wrong("directory", f"we may not write into {directory}", remedy)
    return well("directory", f"{directory} is private")


def _key(path: Path, *, size: int = 0) -> Finding:
    try:
        content = path.read_bytes()
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        remedy = f"Put it back from where it is kept; a new installation: {MAKE}"
        return wrong(path.name, "missing", remedy)
    except OSError as error:
        remedy = "Make it that of the account that runs Tocsin."
        return wrong(path.name, f"cannot be read: {error.strerror}", remedy)
    if not content or (size and len(content) != size):
        found = f"{len(content)} bytes, which is no key"
        return wrong(path.name, found, "Put it back from where it is kept.")
    if mode & 0o077:
        found = f"others than we may read it ({mode:04o})"
        return wrong(path.name, found, f"Run: chmod 400 {path}")
    return well(path.name, "there, and private")


def _day_keys(directory: Path) -> Finding:
    try:
        looked = [_key(path, size=KEY_BYTES) for path in sorted(directory.glob("*.key"))]
        list(directory.iterdir())  # glob says nothing of a directory that it may not read
    except OSError as error:
        found = f"{directory} cannot be read: {error.strerror}"
        return wrong("keys of days", found, f"Run: {MAKE}")
    faulty = [each for each in looked if not each.ok]
    if faulty:
        found = "; ".join(f"{each.name}: {each.found}" for each in faulty)
        return wrong("keys of days", found, faulty[0].remedy)
    return well("keys of days", f"{len(looked)} there, and private")


def _space(name: str, path: Path) -> Finding:
    about = f"space for {name}"
    there = next((each for each in (path, *path.parents) if each.exists()), Path("/"))
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        return unknown(about, f"{there}: {error.strerror}")
    said = f"{free // 1024**2} MB free at {path}"
    if free < ENOUGH:
        return wrong(about, said, "Make room, or move the directory to a larger disk.")
    return well(about, said)
