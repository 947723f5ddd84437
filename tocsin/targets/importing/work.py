"""Station: imports of targets are checked, and run, one at a time."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from tocsin.kit.nudge import nudge
from tocsin.targets.areas import AreaTable
from tocsin.targets.importing.area_plan import AreaStep, plan_areas, write_areas
from tocsin.targets.importing.area_rows import MOST_AREA_ROWS, check_area
from tocsin.targets.importing.checking import Reading, check
from tocsin.targets.importing.models import KEPT, ImportLine, TargetImport
from tocsin.targets.importing.planning import BAD, Step, plan
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.table import MOST_ROWS
from tocsin.targets.importing.writing import write

LOCK = 0x70C5100000002
"""Of all workers one at a time imports."""
AT_ONCE = 250
"""So many rows are checked between two words about how far it is."""
WAITING = (TargetImport.State.CHECKING, TargetImport.State.RUNNING)

log = logging.getLogger(__name__)


def begin_import(
    *, name: str, content: bytes, now: datetime, into: AreaTable | None = None
) -> TargetImport:
    """Keep a file until somebody has said what its columns are; raises table.Unreadable.

    It is a file of targets, or of the areas that go `into` a table.
    """
    table = read_table(content, today=now.date(), most=most_rows(into))
    return TargetImport.objects.create(
        table=into,
        name=name[:100],
        content=content,
        began_at=now,
        form=table.form,
        encoding=table.encoding,
        delimiter=table.delimiter,
        rows=len(table.records),
    )


def most_rows(into: AreaTable | None) -> int:
    """How many rows are read: a table of areas has a row for each postcode."""
    return MOST_AREA_ROWS if into else MOST_ROWS


def go_on(of: TargetImport, *, state: str) -> None:
    """Let the worker check it, or import it, as `state` says."""
    of.state, of.done = state, 0
    of.save(update_fields=["state", "done", "mapping", "given", "good_only"])
    nudge("import_targets")


def import_targets_due(*, now: datetime) -> int:
    """Check and run what waits for that, and forget what is a day old; returns how many moved.

    Killed on the way it has written nothing, and the next run begins that import anew.
    """
    moved: int = TargetImport.objects.filter(began_at__lt=now - KEPT).delete()[0]
    with _alone() as is_alone:
        if not is_alone:
            return moved
        waiting = TargetImport.objects.filter(state__in=WAITING).select_related("table")
        for of in waiting.order_by("began_at", "pk"):
            try:
                moved += _advance(of, today=now.date())
            except (OperationalError, InterfaceError):
                raise  # the session broke, and serves no other either
            except IntegrityError:
                log.warning("the directory changed under an import: it is planned again")
            except Exception:
                # It is tried again with every run until it is a day old; the others go on.
                log.exception("an import of targets fails")
    return moved


def _advance(of: TargetImport, *, today: date) -> bool:
    table = read_table(bytes(of.content), today=today, most=most_rows(of.table))
    reading = Reading(of.mapping, of.given, today)
    checked: list[Any] = []
    for record in table.records:
        row = check_area(table, record, of.mapping) if of.table else check(table, record, reading)
        checked.append(row)
        if len(checked) % AT_ONCE == 0 and not _tell(of, len(checked)):
            return False
    with transaction.atomic():
        rows = TargetImport.objects.select_for_update().filter(pk=of.pk, state=of.state)
        if not rows:
            return False
        steps, write_all = _planned(of, checked)
        of.state = _carry_out(of, steps, write_all)
        of.done = len(steps)
        of.lines.all().delete()
        ImportLine.objects.bulk_create((_line(of, step) for step in steps), batch_size=1000)
        if of.state == TargetImport.State.DONE:
            of.content = b""
        of.save(update_fields=["state", "done", "content"])
    return True


def _planned(
    of: TargetImport, checked: list[Any]
) -> tuple[Sequence[Step | AreaStep], Callable[[], int]]:
    """What becomes of each row, and what writes it."""
    if of.table:
        areas = plan_areas(checked, table=of.table, lock=True)
        return areas.steps, partial(write_areas, areas)
    steps = plan(checked, salutation=of.given.get("salutation", ""), lock=True)
    return steps, partial(write, steps)


def _carry_out(
    of: TargetImport, steps: Sequence[Step | AreaStep], write_all: Callable[[], int]
) -> str:
    """Write what is to be written; the state that it is in afterwards."""
    if of.state == TargetImport.State.CHECKING:
        return TargetImport.State.CHECKED
    if not of.good_only and any(step.state == BAD for step in steps):
        return TargetImport.State.REFUSED
    write_all()
    return TargetImport.State.DONE


def _tell(of: TargetImport, done: int) -> bool:
    """Say how far it is; whether it is still wanted."""
    return TargetImport.objects.filter(pk=of.pk, state=of.state).update(done=done) > 0


def _line(of: TargetImport, step: Step | AreaStep) -> ImportLine:
    told: list[tuple[str, str, str]] = step.differences
    if step.findings:
        told = [(each.field, each.value, str(each.wrong)) for each in step.findings]
    return ImportLine(of=of, number=step.number, state=step.state, key=step.key, told=told)


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        [got] = cursor.fetchone()
    try:
        yield got
    finally:
        if got:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            except (OperationalError, InterfaceError):
                log.warning("the database session ended before the run, and its lock with it")
