"""Bring targets into the directory, from a CSV or Popolo file."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction
from django.utils import timezone

from tocsin.management.columns import aligned, bar
from tocsin.office.target_words import WRONG_WORDS, why_words
from tocsin.readers.table import harmless
from tocsin.targets.importing.checking import Entry, Reading, check, mapping_faults
from tocsin.targets.importing.fields import FIELDS, GIVEN, SEVERAL, guess_mapping, tongues_of
from tocsin.targets.importing.planning import BAD, Step, plan
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.table import MOST_BYTES, Table, Unreadable, Why
from tocsin.targets.importing.writing import write
from tocsin.targets.models import Target

MOST_TOLD = 20
"""Bad rows on the terminal; all of them are in the report."""
AT_ONCE = 500


class Command(BaseCommand):
    """`tocsin targets import FILE`: all of it or nothing, unless --good-rows; twice is as once."""

    help = (
        "Imports targets from a CSV or Popolo file: finds each again by its short name (key) or "
        "its number elsewhere (number). Nothing is written while a row is bad, unless --good-rows."
    )

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, its columns, what holds for all rows, and how far to go."""
        parser.add_argument("what", choices=["import"])
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would be, and stop")
        parser.add_argument(
            "--good-rows", action="store_true", help="leave bad rows out, and import all others"
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=FIELD",
            help=f"what a column is: {', '.join(FIELDS)}, name:fr, …; = alone leaves it out",
        )
        parser.add_argument("--report", metavar="FILE", help="write all bad rows into it, as CSV")
        for name in GIVEN:
            parser.add_argument(f"--{name}", default="", help="for all rows that say nothing")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Check everything, say what is bad, write in one transaction."""
        today = timezone.now().date()
        try:
            table = read_table(_bytes(options["file"]), today=today)
        except Unreadable as error:
            raise CommandError(why_words(error.why, error.line)) from None
        self.stdout.write(f"{table.form}, {table.encoding}, {len(table.records)} rows.")
        mapping = _mapping(table, options["column"])
        given = {name: options[name] for name in GIVEN}
        entries = self._checked(table, Reading(mapping, _given(given), today))
        try:
            with transaction.atomic():
                steps = plan(entries, salutation=given["salutation"], lock=True)
                self._tell(steps, report=options["report"])
                bad = sum(step.state == BAD for step in steps)
                if options["dry_run"]:
                    self.stdout.write("Nothing is written: it was asked what would be.")
                elif bad and not options["good_rows"]:
                    raise CommandError("nothing is written: mend the bad rows, or --good-rows.")
                else:
                    self.stdout.write(f"{write(steps)} targets are written.")
        except IntegrityError:
            raise CommandError("the directory changed meanwhile; nothing is written.") from None

    def _checked(self, table: Table, reading: Reading) -> list[Entry]:
        entries: list[Entry] = []
        for record in table.records:
            entries.append(check(table, record, reading))
            if len(entries) % AT_ONCE == 0:
                self.stderr.write(bar(len(entries), len(table.records)))
        return entries

    def _tell(self, steps: list[Step], *, report: str | None) -> None:
        states = [step.state for step in steps]
        counted = [(state, states.count(state)) for state in dict.fromkeys(states)]
        self.stdout.write("\n".join(aligned(counted)))
        rows = list(_bad_rows(steps))
        self.stdout.write("\n".join(" ".join(row) for row in rows[:MOST_TOLD]))
        if len(rows) > MOST_TOLD:
            self.stdout.write(f"… and {len(rows) - MOST_TOLD} more faults (--report FILE).")
        if report:
            with Path(report).open("w", encoding="utf-8-sig", newline="") as file:
                lines = csv.writer(file, quoting=csv.QUOTE_ALL)
                lines.writerow(("row", "field", "value", "reason"))
                lines.writerows([harmless(cell) for cell in row] for row in rows)


def _bad_rows(steps: Iterable[Step]) -> Iterable[tuple[str, str, str, str]]:
    for step in steps:
        for each in step.findings:
            yield str(step.entry.number), each.field, each.value, str(WRONG_WORDS[each.wrong])


def _bytes(name: str) -> bytes:
    path = Path(name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(why_words(Why.TOO_LARGE, 0))
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}.") from None


def _mapping(table: Table, said: list[str]) -> list[str]:
    """What each column is: as guessed, unless it is said."""
    languages = sorted(tongues_of(table.header))
    mapping = guess_mapping(table.header, languages)
    for each in said:
        heading, _, field = each.rpartition("=")
        if heading not in table.header or (field and field.partition(":")[0] not in FIELDS):
            raise CommandError(f"--column {each}: there is no such column, or no such field.")
        mapping[table.header.index(heading)] = field
    if twice := mapping_faults(mapping, several=SEVERAL):
        raise CommandError(f"two columns are the same: {', '.join(twice)} (--column).")
    if not {"key", "number"} & set(mapping):
        raise CommandError("one column must be the key or the number (--column HEADING=key).")
    return mapping


def _given(given: dict[str, str]) -> dict[str, str]:
    if given["kind"] and given["kind"] not in Target.Kind.values:
        raise CommandError(f"--kind: one of {', '.join(Target.Kind.values)}.")
    return given
