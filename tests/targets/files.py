"""Files of targets as others write them."""

import csv
import io
from collections.abc import Iterable

from tests.factories import NOW
from tests.targets.bad_rows import HEADER, row
from tocsin.targets.importing.checking import Reading, check
from tocsin.targets.importing.fields import guess_mapping
from tocsin.targets.importing.planning import Step, plan
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.writing import write

TODAY = NOW.date()


def as_csv(rows: Iterable[list[str]], *, delimiter: str = ",", header: list[str] = HEADER) -> bytes:
    """In UTF-8."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=delimiter)
    lines.writerow(header)
    lines.writerows(rows)
    return out.getvalue().encode()


def good(which: int, **cells: str) -> list[str]:
    """A row without a fault."""
    return row(f"good-{which}", {"e-mail": f"desk{which}@mfa.example", **cells})


def planned(content: bytes, *, languages: Iterable[str] = ("en", "fr"), **given: str) -> list[Step]:
    """What would become of the file, its columns as they are guessed."""
    table = read_table(content, today=TODAY)
    mapping = guess_mapping(table.header, list(languages))
    reading = Reading(mapping, given, TODAY)
    entries = [check(table, record, reading) for record in table.records]
    return plan(entries, salutation=given.get("salutation", ""))


def imported(content: bytes, **given: str) -> list[Step]:
    """The same, and its good rows are written."""
    steps = planned(content, **given)
    write(steps)
    return steps
