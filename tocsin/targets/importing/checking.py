"""Whether a row makes sense by itself, before anybody looks into the directory."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tocsin.targets import rules
from tocsin.targets.importing.fields import BY_LANGUAGE, read_kind
from tocsin.targets.importing.table import Record, Table
from tocsin.targets.rules import Unfit, Wrong

MOST_SHOWN = 60
"""Characters of a value in a report."""
_BETWEEN = re.compile(r"[\s;,|]+")


@dataclass(frozen=True)
class Finding:
    """What is wrong in a row: in which field, with which value (cut short), and why."""

    field: str
    value: str
    wrong: Wrong


@dataclass(frozen=True)
class Reading:
    """How to read the rows of a file: what each column is, and what holds where a row is silent."""

    mapping: Sequence[str]
    given: Mapping[str, str]
    today: date


@dataclass
class Entry:
    """What a row says of one target: "" or nothing where it is silent.

    `names` and `salutations` by language; "" is the target's own.
    """

    number: int
    values: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    salutations: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def mapping_faults(mapping: Sequence[str], *, several: Sequence[str]) -> list[str]:
    """The fields that more than one column claims to be."""
    named = [each for each in mapping if each and each not in several]
    return sorted({each for each in named if named.count(each) > 1})


def check(table: Table, record: Record, reading: Reading) -> Entry:
    """What the row says, and everything that is wrong with it: never only the first of it."""
    entry = Entry(record.number)
    if record.wrong:
        first = record.cells[0] if record.cells else ""
        entry.findings.append(Finding("", shortened(first), record.wrong))
        return entry
    for number, (name, cell) in enumerate(zip(reading.mapping, record.cells, strict=True)):
        if name and cell.strip():
            heading = table.header[number] or name
            try:
                _take(entry, name, cell.strip(), reading)
            except Unfit as unfit:
                entry.findings.append(Finding(heading, shortened(cell), unfit.wrong))
    for name, value in reading.given.items():
        if value and name in _READ:
            entry.values.setdefault(name, value)
    if not entry.values.get("key") and not entry.values.get("number") and not entry.findings:
        entry.findings.append(Finding("key", "", Wrong.MISSING))
    return entry


def shortened(text: str) -> str:
    """The beginning of a value, on one line, without what cannot be shown."""
    line = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"


def _kind(text: str) -> str:
    if not (kind := read_kind(text)):
        raise Unfit(Wrong.KIND)
    return kind


def _number(text: str) -> str:
    return rules.read_line(text, most=rules.MOST_NUMBER)


_READ: Mapping[str, Callable[[str], str]] = {
    "key": rules.read_key,
    "number": _number,
    "kind": _kind,
    "country": rules.read_country,
    "seat": rules.read_country,
    "language": rules.read_tongue,
    "holder": rules.read_line,
    "postal": rules.read_postal,
    "area": lambda text: rules.read_line(text, most=rules.MOST_CODE),
    "table": rules.read_key,
}


def _take(entry: Entry, name: str, cell: str, reading: Reading) -> None:
    kind, _, language = name.partition(":")
    if kind in BY_LANGUAGE:
        there = entry.names if kind == "name" else entry.salutations
        there[language] = rules.read_line(cell)
    elif name == "address":
        for each in _BETWEEN.split(cell):
            if each and (address := rules.read_mail_address(each)) not in entry.addresses:
                entry.addresses.append(address)
        if len(entry.addresses) > rules.MOST_ADDRESSES:
            raise Unfit(Wrong.TOO_MANY_ADDRESSES)
    elif name in ("since", "checked"):
        entry.days[name] = rules.read_day(cell, today=reading.today)
    else:
        entry.values[name] = _READ[name](cell)
