"""Reading a list of sheets signed on paper: day, place, number, each bad row with its reason."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from tocsin.kit.gate import Refused, clean_line
from tocsin.kit.text_files import NotText, decode, delimiter_of
from tocsin.outcomes.paper import MOST, Sheet

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
MOST_SHOWN = 60
"""Characters of a bad value that are shown again."""
PLACE_LENGTH = 80

HEADERS = {
    "day": ("day", "date", "jour"),
    "place": ("place", "lieu", "ville", "town", "city"),
    "number": ("number", "nombre", "signatures"),
}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}")
"""What may stand between the digits of a large number."""


class Wrong(StrEnum):
    """What is wrong with a row, or with the whole file; the office says it in words."""

    TOO_LARGE = auto()
    NOT_TEXT = auto()
    NO_HEADER = auto()
    NO_ROWS = auto()
    TOO_MANY = auto()
    NO_DAY = auto()
    LATER_DAY = auto()
    NO_PLACE = auto()
    PLACE = auto()
    NO_NUMBER = auto()
    TWICE = auto()


@dataclass(frozen=True)
class Bad:
    """One thing that is wrong: in which row (the header is the first; 0 is the file), where."""

    row: int
    field: str
    value: str
    why: Wrong


def read_sheets(content: bytes, *, today: date) -> tuple[list[tuple[int, Sheet]], list[Bad]]:
    """The sheets with the numbers of their rows, and all that is wrong."""
    if len(content) > MOST_BYTES:
        return [], [Bad(0, "", "", Wrong.TOO_LARGE)]
    try:
        text, _encoding = decode(content)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
        rows = list(lines)
    except (NotText, csv.Error):
        return [], [Bad(0, "", "", Wrong.NOT_TEXT)]
    if "\0" in text or "\N{REPLACEMENT CHARACTER}" in text:  # a list so short is saved anew
        return [], [Bad(0, "", "", Wrong.NOT_TEXT)]
    where = _columns(rows[0] if rows else [])
    if where is None:
        return [], [Bad(1, "", _short(text.split("\n", 1)[0]), Wrong.NO_HEADER)]
    if len(rows) > MOST_ROWS + 1:
        return [], [Bad(0, "", "", Wrong.TOO_MANY)]
    sheets: list[tuple[int, Sheet]] = []
    bad: list[Bad] = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        found = {name: row[at] if at < len(row) else "" for name, at in where.items()}
        sheet = read_sheet(**found, row=number, today=today)
        if isinstance(sheet, Sheet):
            sheets.append((number, sheet))
        else:
            bad += sheet
    if not sheets and not bad:
        bad.append(Bad(0, "", "", Wrong.NO_ROWS))
    return sheets, bad


def read_sheet(*, day: str, place: str, number: str, row: int, today: date) -> Sheet | list[Bad]:
    """One row, or all that is wrong with it."""
    bad: list[Bad] = []
    when = _day(day)
    if when is None:
        bad.append(Bad(row, "day", _short(day), Wrong.NO_DAY))
    elif when > today:
        bad.append(Bad(row, "day", _short(day), Wrong.LATER_DAY))
    try:
        where = clean_line(place, most=PLACE_LENGTH)
    except Refused:
        where = ""
    if not where or "@" in where:
        why = Wrong.PLACE if place.strip() else Wrong.NO_PLACE
        bad.append(Bad(row, "place", _short(place), why))
    digits = number.strip().translate(SPACES)
    sound = digits.isascii() and digits.isdecimal() and len(digits) <= 7
    if not sound or not 0 < int(digits) <= MOST:
        bad.append(Bad(row, "number", _short(number), Wrong.NO_NUMBER))
    if bad or when is None:
        return bad
    return Sheet(day=when, place=where, number=int(digits))


def _columns(header: Sequence[str]) -> dict[str, int] | None:
    """In which column each thing stands; None unless each stands in one."""
    words = [cell.strip().casefold() for cell in header]
    found = {
        name: [at for at, word in enumerate(words) if word in known]
        for name, known in HEADERS.items()
    }
    if any(len(places) != 1 for places in found.values()):
        return None
    return {name: places[0] for name, places in found.items()}


def _day(text: str) -> date | None:
    """As 2026-03-10, or as 10/03/2026 and 10.3.2026: the day first, as in French."""
    try:
        if found := DAY_FIRST.fullmatch(text.strip()):
            day, month, year = (int(part) for part in found.groups())
            return date(year, month, day)
        return date.fromisoformat(text.strip()) if DAY.fullmatch(text.strip()) else None
    except ValueError:
        return None


def _short(text: str) -> str:
    return text[:MOST_SHOWN]
