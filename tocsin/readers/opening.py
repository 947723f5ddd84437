"""`tocsin open`: an export is opened with a reader's key, on a reader's own machine.

No database, no settings, no network: a few lines of the file in memory at a time.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from tocsin.kit.age import Damaged, NotAKey, OtherKey, open_sealed, public_of
from tocsin.readers.key_text import read_secret
from tocsin.readers.record import NotARecord, unpack
from tocsin.readers.records_file import About, Broken, NotRecords, Part, read_head, read_parts
from tocsin.readers.table import CHANGED_SINCE, add_row, begin_table

EVERY = 200
"""Records from one word of progress to the next, on a terminal; otherwise ten times as many."""

MOST_NAMED = 50
"""Damaged places that are named; the others are counted."""

MOST_OF_AN_ID = 64

MAYBE_CHANGED = (
    "Changed since, and how is not known: send these no news until an export that opens whole says "
    "that you may."
)

_UNSEEN = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What could move a terminal, or turn its lines around; JSON lets it be written in digits."""


class Failed(Exception):
    """It cannot be done; says why."""


def main(words: Sequence[str]) -> int:
    """Open what the words say; 0 if all of it was opened, 1 if not, 2 for wrong words."""
    options = _options(words)
    try:
        return _open(options)
    except (Failed, NotRecords, NotAKey) as error:
        reason = str(error)
    except OSError as error:
        reason = f"{error.filename or 'output'}: {error.strerror}"
    print(f"tocsin open: {reason}.", file=sys.stderr, flush=True)
    return 1


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tocsin open",
        description="Opens the records of who took part, as `tocsin export` wrote them, with the "
        "key of a reader or the recovery key. Do it on a machine of the organisation, never on "
        "the server; nothing of Tocsin has to run. Without --csv each record is a line of JSON.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `tocsin export` wrote")
    parser.add_argument(
        "--key", required=True, metavar="KEY", help="the file of the key; -: to be typed or pasted"
    )
    parser.add_argument("--csv", type=Path, metavar="OUT", help="a table for a spreadsheet")
    return parser.parse_args(words)


def _open(options: argparse.Namespace) -> int:
    secret = _secret(options.key)
    with ExitStack() as closing:
        file = closing.enter_context(options.file.open("rb"))
        about = read_head(file)
        sink = _Sink(closing, options.csv)
        work = _Work(about, secret, sink)
        for each in read_parts(file, about):
            work.take(each)
        work.finish()
    return work.tell()


def _secret(name: str) -> str:
    if name != "-":
        return read_secret(Path(name).read_text(encoding="utf-8", errors="replace"))
    if sys.stdin.isatty():
        print("Type the key, row by row, then Ctrl-D:", file=sys.stderr, flush=True)
    return read_secret(sys.stdin.read())


class _Sink:
    """Where opened records go: a table, or lines of JSON."""

    def __init__(self, closing: ExitStack, table: Path | None) -> None:
        self._table: IO[str] | None = None
        if table:
            try:
                opened = os.open(table, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                raise Failed(f"{table} is there already: name another file") from None
            # With a mark that tells spreadsheets which encoding it is.
            file = os.fdopen(opened, "w", encoding="utf-8-sig", newline="")
            self._table = closing.enter_context(file)
            begin_table(self._table)

    def put(self, told: dict[str, Any]) -> None:
        if self._table:
            add_row(self._table, told)
        else:
            print(_shown(told))


class _Work:
    """What was opened and what not, and a record that waits for its later answers."""

    def __init__(self, about: About, secret: str, sink: _Sink) -> None:
        self._about, self._secret, self._sink = about, secret, sink
        self._own = public_of(secret)
        self._waiting: tuple[int, dict[str, Any]] | None = None
        self._number = self._opened = self._others = self._others_later = 0
        self._faults = 0
        self._changed: list[str] = []
        self._labels: dict[str, None] = {}

    def take(self, each: Part | Broken) -> None:
        """One line of the file."""
        if isinstance(each, Broken):
            self._fault(f"{each.where}: {each.what}")
            if each.hides and self._waiting:
                self._mark(self._waiting[1])
            return
        if not each.is_later:
            self.finish()
            self._number = each.number
            self._say_progress()
        told = self._told(each)
        if each.is_later:
            self._take_later(each.number, told)
        elif told is not None:
            self._waiting = (each.number, told)

    def finish(self) -> None:
        """Put out the record that waits."""
        if self._waiting:
            self._sink.put(self._waiting[1])
            self._opened += 1
            self._waiting = None

    def _take_later(self, number: int, told: dict[str, Any] | None) -> None:
        if not self._waiting or self._waiting[0] != number:
            return
        record = self._waiting[1]
        if told is not None and told.get("id") != record.get("id"):
            self._fault(f"record {number}: the later answers are somebody else's")
            told = None
        if told is None:
            self._mark(record)
        else:
            record["consents"] = told["consents"]

    def _mark(self, record: dict[str, Any]) -> None:
        """Its newest answer is not known: an older yes must not be taken for one of today."""
        if CHANGED_SINCE not in record["consents"]:
            record["consents"] = [*record["consents"], CHANGED_SINCE]
            self._changed.append(_shown(str(record.get("id"))[:MOST_OF_AN_ID]).strip('"'))

    def tell(self) -> int:
        """Say what became of all of it; the exit code."""
        about = self._about
        if sys.stderr.isatty():
            _say("")
        _say(f"{self._opened} of {about.records} records of {about.campaign} opened.")
        if self._others or self._others_later:
            _say(self._for_whom())
        if self._changed:
            _say(f"{MAYBE_CHANGED}\n  " + "\n  ".join(self._changed))
        if self._faults:
            unnamed = max(0, self._faults - MOST_NAMED)
            also = f" ({unnamed} of them are not named above)" if unnamed else ""
            _say(f"{self._faults} faults{also}: export once more, and compare.")
        is_whole = self._opened == about.records
        return 0 if is_whole and not self._faults and not self._others_later else 1

    def _for_whom(self) -> str:
        labels = ", ".join(self._labels) or "somebody, the file does not say who"
        what = [f"{self._others} records"] if self._others else []
        if self._others_later:
            what.append(f"later answers to {self._others_later} records")
        return f"Not sealed for this key: {' and '.join(what)}. They open with a key of: {labels}."

    def _told(self, part: Part) -> dict[str, Any] | None:
        what = f"record {part.number}{', later answers' if part.is_later else ''}"
        if part.readers and self._own not in part.readers.keys:
            self._not_ours(part)
            return None
        try:
            told = unpack(open_sealed(part.sealed, secret=self._secret))
        except OtherKey:
            self._not_ours(part)
            return None
        except (Damaged, NotARecord):
            self._fault(f"{what}: damaged")
            return None
        if told.get("campaign") != self._about.campaign:
            self._fault(f"{what}: of another campaign")
            return None
        return told

    def _not_ours(self, part: Part) -> None:
        self._others += not part.is_later
        self._others_later += part.is_later
        for reader in part.readers.everybody if part.readers else ():
            self._labels[reader.label] = None

    def _fault(self, text: str) -> None:
        self._faults += 1
        if self._faults <= MOST_NAMED:
            _say(text)

    def _say_progress(self) -> None:
        is_terminal = sys.stderr.isatty()
        if self._number % (EVERY if is_terminal else EVERY * 10):
            return
        end = "\r" if is_terminal else "\n"
        print(f"{self._number} of {self._about.records}", end=end, file=sys.stderr, flush=True)


def _shown(told: object) -> str:
    """As JSON, in which nothing moves a terminal."""
    line = json.dumps(told, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
