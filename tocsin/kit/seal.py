"""The only door to personal data at rest: seal, unseal, blind.

What a person typed is encrypted under the key of its day, AES-256-GCM. The day keys and the index
key are files in a directory outside the database and outside its backups; who destroys a day key
destroys everything sealed on that day, also for a process that used the key before. To find
somebody again by address there is the blind index, a keyed hash that says nothing without the
index key, nor without the salt that it was made with; a salt is a file as well, and who destroys
it makes sure that nobody is found by it again.
"""

import hashlib
import hmac
import secrets
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tocsin.kit.key_files import MOST_KEPT, read_key_file, remove_key_file, write_key_file

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
BLIND_BYTES = 16
VERSION = b"\x01"
HEAD = len(VERSION) + 4  # the version, then the day as a proleptic ordinal


class KeyMissing(Exception):
    """The keys are not where they should be: nothing can be taken or read until they are back."""


class Unreadable(Exception):
    """The key of that day is destroyed, or the bytes are not what was sealed for this place."""


def seal(plain: bytes, *, day: date, about: str, make: bool = True) -> bytes:
    """Encrypt under the key of `day`; `about` names the row and field it belongs to.

    The same `about` is needed to unseal, so that sealed bytes moved to another row do not open.
    Without `make` the key must be there already, or it is Unreadable: that day's key is destroyed,
    and what belongs to that day is not to be kept any more.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = head_of(day)
    try:
        cipher = AESGCM(_day_key(day, make=make))
    except KeyMissing:
        need_keys()
        if make:
            raise
        raise Unreadable(about.partition(":")[0]) from None
    return head + nonce + cipher.encrypt(nonce, plain, _bound(head, about))


def unseal(sealed: bytes | memoryview, *, about: str) -> bytes:
    """Decrypt what `seal` made; raises Unreadable if that is no longer, or never was, possible.

    A day's key that is gone while the others are there was destroyed. If all are gone it is the
    directory that is missing: KeyMissing, as nothing is lost.
    """
    sealed = bytes(sealed)
    head, nonce = sealed[:HEAD], sealed[HEAD : HEAD + NONCE_BYTES]
    body = sealed[HEAD + NONCE_BYTES :]
    if not head.startswith(VERSION):
        raise Unreadable("not sealed by us")
    try:
        key = _day_key(date.fromordinal(int.from_bytes(head[len(VERSION) :])), make=False)
        return AESGCM(key).decrypt(nonce, body, _bound(head, about))
    except (InvalidTag, ValueError, OverflowError, KeyMissing):
        need_keys()
        raise Unreadable(about.partition(":")[0]) from None


def head_of(day: date) -> bytes:
    """The first HEAD bytes of everything that was sealed under the key of that day."""
    return VERSION + day.toordinal().to_bytes(4)


def day_of(head: bytes | memoryview) -> date | None:
    """The day whose head these bytes are; None if they are no head."""
    head = bytes(head)
    if len(head) != HEAD or not head.startswith(VERSION):
        return None
    return date.fromordinal(int.from_bytes(head[len(VERSION) :]))


def days_of_keys() -> list[date]:
    """The days whose keys are there; raises KeyMissing if the keys are not where they should be."""
    need_keys()
    days = _days_path()
    try:
        return sorted(date.fromisoformat(each.stem) for each in days.iterdir() if _is_key(each))
    except (OSError, ValueError) as error:
        raise KeyMissing(f"cannot read the keys in {days}: {error}") from None


def destroy_day_key(day: date) -> bool:
    """Destroy everything that was sealed on that day, for ever; False if it was destroyed before.

    Raises KeyMissing if the keys are not where they should be: nothing is destroyed then.
    """
    need_keys()
    try:
        return remove_key_file(_day_path(settings.KEYS_DIR, day))
    except OSError as error:
        raise KeyMissing(f"cannot destroy the key of {day}: {error.strerror}") from None


def need_keys() -> None:
    """Raise KeyMissing unless the keys are where they should be."""
    _index_key()


def blind(text: str, *, salt: bytes, purpose: str) -> bytes:
    """A keyed hash of 16 bytes: finds the same text again, tells nothing without the index key."""
    label = b"tocsin.blind:" + purpose.encode() + b":" + salt
    key = hmac.digest(_index_key(), label, hashlib.sha256)
    return hmac.digest(key, text.encode(), hashlib.sha256)[:BLIND_BYTES]


def make_salt(name: UUID, *, salt: bytes | None = None) -> bool:
    """Keep a salt under that name, fresh or the given one; False if there is one, which stays.

    Once it is on the disk for good this returns. Raises KeyMissing.
    """
    need_keys()
    path = _salt_path(settings.KEYS_DIR, name)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return write_key_file(path, salt or secrets.token_bytes(SALT_BYTES))
    except OSError as error:
        raise KeyMissing(f"cannot write {path}: {error.strerror}") from None


def read_salt(name: UUID) -> bytes:
    """The salt of that name; raises KeyMissing if it is not there, destroyed or not."""
    path = _salt_path(settings.KEYS_DIR, name)
    try:
        return read_key_file(path)
    except OSError as error:
        raise KeyMissing(f"cannot read {path}: {error.strerror}") from None


def destroy_salt(name: UUID) -> bool:
    """Nobody is found again by what was made with it; False if it was destroyed before.

    Raises KeyMissing if the keys are not where they should be: nothing is destroyed then.
    """
    need_keys()
    try:
        return remove_key_file(_salt_path(settings.KEYS_DIR, name))
    except OSError as error:
        raise KeyMissing(f"cannot destroy the salt {name}: {error.strerror}") from None


def make_keys(directory: Path) -> list[str]:
    """Create the keys that are missing in `directory`; returns the names of those it made."""
    (directory / "days").mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / "salts").mkdir(mode=0o700, exist_ok=True)
    directory.chmod(0o700)
    made = []
    for name, fresh in {
        "index.key": secrets.token_bytes(KEY_BYTES),
        "installation.key": secrets.token_bytes(KEY_BYTES),
        "django.key": secrets.token_urlsafe(64).encode(),
    }.items():
        if not (directory / name).exists():
            write_key_file(directory / name, fresh)
            made.append(name)
    return made


def _days_path() -> Path:
    return Path(settings.KEYS_DIR) / "days"


def _is_key(path: Path) -> bool:
    return path.suffix == ".key"


def _bound(head: bytes, about: str) -> bytes:
    return head + about.encode()


def _index_key() -> bytes:
    return _read_key(_index_path(settings.KEYS_DIR))


def _day_key(day: date, *, make: bool) -> bytes:
    path = _day_path(settings.KEYS_DIR, day)
    try:
        return _read_key(path)
    except KeyMissing:
        if not make:
            raise
    need_keys()
    write_key_file(path, secrets.token_bytes(KEY_BYTES))
    return _read_key(path)


# Putting a path together takes longer than looking at the file.
@lru_cache(maxsize=2)
def _index_path(directory: Path) -> Path:
    return directory / "index.key"


@lru_cache(maxsize=MOST_KEPT)
def _day_path(directory: Path, day: date) -> Path:
    return directory / "days" / f"{day.isoformat()}.key"


@lru_cache(maxsize=MOST_KEPT)
def _salt_path(directory: Path, name: UUID) -> Path:
    return directory / "salts" / f"{name}.key"


def _read_key(path: Path) -> bytes:
    try:
        key = read_key_file(path)
    except OSError as error:
        raise KeyMissing(f"cannot read {path}: {error.strerror}") from None
    if len(key) != KEY_BYTES:
        raise KeyMissing(f"{path} is not a key of {KEY_BYTES} bytes")
    return key
