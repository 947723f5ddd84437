"""`tocsin keys new` and `tocsin keys change`: the keys of readers are made, away from any server.

No database, no settings, no network. Each private key becomes a file of its own in a directory
that was empty; the list of the public ones, signed, is the one file that goes to the server.
"""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from tocsin.kit.age import NotAKey, make_identity
from tocsin.readers import sheet
from tocsin.readers.key_text import file_text
from tocsin.readers.signed_list import (
    FEWEST,
    SIGNER_MARK,
    SLUG,
    ListRefused,
    Reader,
    ReaderList,
    need_label,
    new_signer,
    read_list,
    sign_list,
    signer_of,
)

YEARS = 2
"""For how long a list counts unless it is said otherwise."""

RECOVERY = "recovery"
SIGNER_FILE = "signer.key"


class NotDone(Exception):
    """The ceremony cannot be held; says why. Nothing was made, or all of it is to be deleted."""


@dataclass(frozen=True)
class Made:
    """What a ceremony leaves: the list and where it is, and each new private key by its file."""

    readers: ReaderList
    list_path: Path
    secrets: dict[Path, tuple[str, str]]
    """The file of each private key that was made: whose it is, and the key."""


def main(words: Sequence[str]) -> int:
    """Hold the ceremony that the words ask for; 0 done, 1 not, 2 for wrong words."""
    options = _options(words)
    os.umask(0o077)
    today = datetime.now(UTC).date()
    if server := next((n for n in ("DATABASE_URL", "TOCSIN_KEYS_DIR") if n in os.environ), ""):
        print(sheet.LOOKS_LIKE_THE_SERVER.format(setting=server), file=sys.stderr, flush=True)
    try:
        if options.what == "new":
            made = make_keys(
                options.directory,
                organisation=options.organisation,
                labels=options.reader or ["reader 1", "reader 2"],
                today=today,
                years=options.years,
            )
        else:
            made = _change(options, today=today)
    except (NotDone, ListRefused, NotAKey) as refused:
        reason = str(refused)
    except OSError as error:
        reason = f"{error.filename or options.directory}: {error.strerror}"
    else:
        print(sheet.sheet(made.readers, made.list_path, made.secrets), flush=True)
        return 0
    print(f"tocsin keys {options.what}: {reason}.", file=sys.stderr, flush=True)
    return 1


def make_keys(
    directory: Path, *, organisation: str, labels: Sequence[str], today: date, years: int = YEARS
) -> Made:
    """Make readers, recovery key and signer in a directory of their own, and the list of them.

    Raises NotDone, ListRefused.
    """
    if len(labels) < FEWEST:
        raise NotDone(f"there must be at least {FEWEST} readers: say --reader for each")
    if not SLUG.fullmatch(organisation):
        raise NotDone("the organisation is named by its short name: letters, digits and hyphens")
    _need_labels(labels)
    _take(directory)
    secrets: dict[Path, tuple[str, str]] = {}
    readers = tuple(_make_reader(directory, label, organisation, secrets) for label in labels)
    recovery = _make_reader(directory, RECOVERY, organisation, secrets)
    signer, public = new_signer()
    about = f"Tocsin, {organisation}: signs the list of readers. Never copy it to the server."
    _write(directory / SIGNER_FILE, file_text(signer, about=about))
    secrets[directory / SIGNER_FILE] = ("signer", signer)
    unsigned = ReaderList(
        organisation, 1, today, _years_on(today, years), readers, recovery, public
    )
    return _finish(directory, unsigned, signer, secrets)


def change_list(
    directory: Path,
    *,
    before: ReaderList,
    signer: str,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    new_recovery: bool = False,
    today: date,
    years: int = YEARS,
) -> Made:
    """Make the next list of the same signer, and keys for those who come; raises as make_keys."""
    if signer_of(signer) != before.signer:
        raise NotDone("this is not the key that signed that list")
    known = {each.label for each in before.readers}
    if missing := set(remove) - known:
        raise NotDone(f"no reader is called {', '.join(sorted(missing))}")
    _need_labels([*(known - set(remove)), *add])
    _take(directory)
    secrets: dict[Path, tuple[str, str]] = {}
    stay = tuple(each for each in before.readers if each.label not in remove)
    come = tuple(_make_reader(directory, each, before.organisation, secrets) for each in add)
    recovery = before.recovery
    if new_recovery:
        recovery = _make_reader(directory, RECOVERY, before.organisation, secrets)
    unsigned = replace(
        before,
        number=before.number + 1,
        made=today,
        until=_years_on(today, years),
        readers=stay + come,
        recovery=recovery,
    )
    return _finish(directory, unsigned, signer, secrets)


def _change(options: argparse.Namespace, *, today: date) -> Made:
    text = options.signer.read_text(encoding="utf-8", errors="replace")
    found = re.search(rf"^{SIGNER_MARK}[0-9a-f]{{64}}$", text, re.MULTILINE)
    if not found:
        raise NotDone(f"{options.signer} is not the key of a signer")
    return change_list(
        options.directory,
        before=read_list(options.list.read_bytes()),
        signer=found[0],
        add=options.add,
        remove=options.remove,
        new_recovery=options.new_recovery,
        today=today,
        years=options.years,
    )


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tocsin keys",
        description="The keys to which records of who took part are sealed. On a machine of the "
        "organisation that is not the server, best without a network. What it prints, and each "
        "file, is for one person alone.",
    )
    asked = parser.add_subparsers(dest="what", required=True)
    new = asked.add_parser("new", help="the first ceremony: readers, recovery key, signer")
    new.add_argument("organisation", metavar="ORGANISATION", help="its short name in Tocsin")
    new.add_argument("directory", type=Path, metavar="DIR", help="empty, or not there yet")
    new.add_argument(
        *("--reader", "-r"), action="append", metavar="LABEL", help="a reader's name; for each"
    )
    change = asked.add_parser(
        "change", help="the next list: readers come, readers go, time goes on"
    )
    change.add_argument("list", type=Path, metavar="LIST", help="the list as it is")
    change.add_argument("directory", type=Path, metavar="DIR", help="empty, or not there yet")
    change.add_argument("--signer", type=Path, required=True, metavar="FILE", help="signer.key")
    change.add_argument("--add", action="append", default=[], metavar="LABEL")
    change.add_argument("--remove", action="append", default=[], metavar="LABEL")
    change.add_argument("--new-recovery", action="store_true", help="another recovery key")
    for each in (new, change):
        each.add_argument(
            "--years", type=int, choices=range(1, 6), default=YEARS, help=f"it counts ({YEARS})"
        )
    return parser.parse_args(words)


def _take(directory: Path) -> None:
    """The directory, private, made or found empty."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise NotDone(f"{directory} is not empty: name a directory for these keys alone")
    directory.chmod(0o700)


def _need_labels(labels: Sequence[str]) -> None:
    """Before any key is made."""
    for each in labels:
        need_label(each)
    if len({each.casefold() for each in (*labels, RECOVERY)}) <= len(labels):
        raise NotDone("each reader needs a label of their own, and none is called recovery")


def _make_reader(
    directory: Path, label: str, organisation: str, secrets: dict[Path, tuple[str, str]]
) -> Reader:
    secret, public = make_identity()
    number = 1 + sum(path.name.startswith("reader-") for path in secrets)
    path = directory / (f"{RECOVERY}.key" if label == RECOVERY else f"reader-{number}.key")
    about = (
        f"Tocsin, {organisation}: {label}. Opens the records of who took part. "
        "Never copy it to the server."
    )
    _write(path, file_text(secret, about=about))
    secrets[path] = (label, secret)
    return Reader(label, public)


def _finish(
    directory: Path, unsigned: ReaderList, signer: str, secrets: dict[Path, tuple[str, str]]
) -> Made:
    path = directory / f"{unsigned.organisation}.readers.json"
    try:
        content = sign_list(unsigned, secret=signer)
    except ListRefused:
        for each in secrets:
            each.unlink()
        raise
    _write(path, content.decode())
    return Made(unsigned, path, secrets)


def _write(path: Path, text: str) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _years_on(day: date, years: int) -> date:
    # The 29th of February has no like in most years.
    return day.replace(year=day.year + years, day=min(day.day, 28))
