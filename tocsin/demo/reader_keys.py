"""The demo's own readers: their keys, which a real organisation makes and keeps itself."""

import shutil
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.demo.home import Home
from tocsin.demo.refusal import Refusal
from tocsin.readers.ceremony import make_keys
from tocsin.readers.files import PINNED, Pin, accept_list, known_list, pin_of
from tocsin.readers.signed_list import ListRefused, ReaderList, read_list

EXAMPLE = Path(__file__).parent / "example" / "campaign.toml"
LABELS = ("demo reader 1", "demo reader 2")


class ReadersRefused(Refusal):
    """For whom to seal is not clear; the message says why, and what to do."""


@dataclass(frozen=True)
class Provided:
    """Whether keys were made just now, and whether it is the demo's own that are sealed for."""

    is_new: bool
    count: bool


def provide_readers(home: Home, *, today: date) -> Provided:
    """Make the keys, unless they are there, and let their list count; raises ReadersRefused.

    The private ones lie beside the directory of the server's keys, never in it. Killed in between,
    the next start goes on where it ended. Whoever tries another list here keeps it; but one that an
    earlier demo made, whose keys were deleted since, gives way: it is the demo's own server.
    """
    slug = _organisation()
    lists = home.keys / "readers"
    pinned = lists / slug / PINNED
    try:
        pin = pin_of(lists, slug)
    except (ListRefused, OSError):
        raise ReadersRefused(
            f"{pinned} cannot be read: delete it, and the next start lets the demo's own readers "
            "count again."
        ) from None
    counts = _counting(lists, slug, pin)
    is_new = not home.reader_keys.exists()
    if is_new and counts and not _is_of_a_demo(counts):
        return Provided(is_new=False, count=False)
    if is_new:
        _make(home, slug, today=today)
    own, content = _own_list(home, slug)
    if counts and (counts.signer == own.signer or not _is_of_a_demo(counts)):
        return Provided(is_new, count=counts == own)
    home.keys.mkdir(mode=0o700, exist_ok=True)
    try:
        accept_list(lists, content, new_signer=True)
    except ListRefused as refused:
        raise ReadersRefused(f"{home.reader_keys}: {refused}. Delete {pinned}.") from None
    return Provided(is_new, count=True)


def _organisation() -> str:
    with EXAMPLE.open("rb") as file:
        return str(tomllib.load(file)["organisation"]["slug"])


def _counting(lists: Path, slug: str, pin: Pin | None) -> ReaderList | None:
    """The list that is pinned, if it is still there and in order."""
    content = known_list(lists, slug, pin.list) if pin else None
    return read_list(content) if content else None


def _is_of_a_demo(readers: ReaderList) -> bool:
    return {each.label for each in readers.readers} == set(LABELS)


def _own_list(home: Home, slug: str) -> tuple[ReaderList, bytes]:
    found = sorted(home.reader_keys.glob("*.readers.json"))
    if len(found) != 1:
        raise ReadersRefused(
            f"{home.reader_keys} must hold one list of readers (*.readers.json), and holds "
            f"{len(found)}: leave one, or delete the directory, and the demo makes new keys."
        )
    try:
        content = found[0].read_bytes()
        own = read_list(content)
    except ListRefused as refused:
        why = str(refused)
    except OSError as error:
        why = str(error.strerror)
    else:
        if own.organisation == slug:
            return own, content
        why = f"it is of {own.organisation}, and not of {slug}"
    raise ReadersRefused(
        f"{found[0]} cannot be used ({why}): delete {home.reader_keys}, and the demo makes others."
    )


def _make(home: Home, slug: str, *, today: date) -> None:
    part = home.path / ".reader-keys.part"
    shutil.rmtree(part, ignore_errors=True)
    make_keys(part, organisation=slug, labels=LABELS, today=today, years=5)
    part.rename(home.reader_keys)
