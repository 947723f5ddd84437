"""Where the server keeps lists of readers, and which one counts.

`<directory>/<organisation>/<fingerprint>.json` is a list, and stays when another one counts: older
records are sealed for it. `pinned` names the one that counts, and whose signature does.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.kit.key_files import make_key_directory, read_key_file, replace_key_file
from tocsin.readers.signed_list import SLUG, ListRefused, ReaderList, read_list

PINNED = "pinned"


class NoReaders(Exception):
    """There is nobody to seal for; says why. Nothing may be taken until there is."""


class SignerChanged(ListRefused):
    """The list is signed by another hand than those before it."""


@dataclass(frozen=True)
class Pin:
    """Whose signature counts, and which list does."""

    signer: str
    list: str
    number: int


@dataclass(frozen=True)
class Accepted:
    """The list that counts now; `is_new` is False if it did before."""

    readers: ReaderList
    is_new: bool


def readers_of(directory: Path, organisation: str, *, day: date) -> ReaderList:
    """Whom records of the organisation are sealed for on that day; raises NoReaders.

    There is no second best: if the list that counts is missing, changed, signed by another hand
    or past its day, nobody is sealed for, and least of all the readers of an older one.
    """
    try:
        pin = _pin(directory / organisation)
        readers = _load(directory / organisation, pin.list)
    except FileNotFoundError:
        raise NoReaders("no list of readers was accepted") from None
    except OSError as error:
        raise NoReaders(f"the list of readers cannot be read: {error.strerror}") from None
    except ListRefused as refused:
        raise NoReaders(f"the list of readers is refused: {refused}") from None
    if readers.fingerprint != pin.list or readers.organisation != organisation:
        raise NoReaders("the list of readers is another one than was accepted")
    if readers.signer != pin.signer:
        raise NoReaders("the list of readers is signed by another hand")
    if day > readers.until:
        raise NoReaders(f"the list of readers counted until {readers.until}")
    return readers


def known_list(directory: Path, organisation: str, fingerprint: str) -> bytes | None:
    """The file of a list that was accepted at some time, if it is still there and in order."""
    try:
        content = read_key_file(_path(directory / organisation, fingerprint))
        read_list(content)
    except (OSError, ListRefused):
        return None
    return content


def accept_list(directory: Path, content: bytes, *, new_signer: bool = False) -> Accepted:
    """Let this list count from now on; raises ListRefused and changes nothing then.

    It has to be signed as the one before it, unless it is said that there is a `new_signer`
    (SignerChanged), and must not be older than it. Of several at once each comes after the other.
    """
    readers = read_list(content)
    place = directory / readers.organisation
    for each in (directory, place):
        make_key_directory(each)
    with _alone(place):
        before = _pin_if_any(place, forget=new_signer)
        if before and before.signer != readers.signer and not new_signer:
            raise SignerChanged("it is signed by another hand than the lists before it")
        is_same = before is not None and before.list == readers.fingerprint
        is_older = before and before.signer == readers.signer and readers.number <= before.number
        if before and is_older and not is_same:
            raise ListRefused(
                f"it has the number {readers.number}, and number {before.number} was accepted "
                "before: a list is never replaced by an older one"
            )
        # In either case: it may have been damaged since.
        replace_key_file(_path(place, readers.fingerprint), content)
        pin = Pin(readers.signer, readers.fingerprint, readers.number)
        replace_key_file(place / PINNED, json.dumps(vars(pin)).encode() + b"\n")
    return Accepted(readers, is_new=not is_same)


def is_any_accepted(directory: Path) -> bool:
    """Whether a list was accepted for any organisation, be it in order or not."""
    return any(directory.glob(f"*/{PINNED}"))


def pin_of(directory: Path, organisation: str) -> Pin | None:
    """What is pinned for an organisation, None if nothing is; raises ListRefused, OSError."""
    return _pin_if_any(directory / organisation, forget=False)


def _pin_if_any(place: Path, *, forget: bool) -> Pin | None:
    try:
        return _pin(place)
    except FileNotFoundError:
        return None
    except ListRefused:
        if forget:
            return None
        raise


def _pin(place: Path) -> Pin:
    if not SLUG.fullmatch(place.name):
        raise FileNotFoundError(place)
    try:
        told = json.loads(read_key_file(place / PINNED))
        return Pin(str(told["signer"]), str(told["list"]), int(told["number"]))
    except (ValueError, LookupError, TypeError):
        raise ListRefused(f"{place / PINNED} cannot be understood") from None


def _load(place: Path, fingerprint: str) -> ReaderList:
    return read_list(read_key_file(_path(place, fingerprint)))


def _path(place: Path, fingerprint: str) -> Path:
    if not SLUG.fullmatch(fingerprint):
        raise FileNotFoundError(place)
    return place / f"{fingerprint}.json"


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    opened = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
