"""What an import into a table of areas will do, and doing it, many rows with few statements.

A postcode that the file names lies where the file says, and nowhere else; one that it does not
name stays where it is. So a file may have a part of a country, and a redrawn border is followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin.targets.areas import Area, AreaTable, Postcode
from tocsin.targets.importing.area_rows import (
    AreaRow,
    find_lost_zeros,
    find_two_names,
    names_by_code,
)
from tocsin.targets.importing.checking import Finding
from tocsin.targets.importing.planning import BAD, CHANGED, NEW, UNCHANGED
from tocsin.targets.rules import Wrong

AT_ONCE = 5000


@dataclass
class AreaStep:
    """One row: what becomes of it, and what it changes, as (field, before, after)."""

    row: AreaRow
    state: str = UNCHANGED
    differences: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def number(self) -> int:
        """That of its row."""
        return self.row.number

    @property
    def key(self) -> str:
        """The code of the area."""
        return self.row.code

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with it."""
        return self.row.findings


@dataclass
class AreaPlan:
    """The steps, and where each postcode that they name lies before and after."""

    table: AreaTable
    steps: list[AreaStep]
    names: dict[str, str]
    before: dict[str, set[str]]
    after: dict[str, set[str]]


def plan_areas(rows: Sequence[AreaRow], *, table: AreaTable, lock: bool = False) -> AreaPlan:
    """One step a row; changes nothing. With `lock` nobody else changes this table meanwhile."""
    if lock:
        AreaTable.objects.select_for_update().get(pk=table.pk)
    known = dict(table.areas.values_list("code", "name"))
    find_lost_zeros(rows)
    find_two_names(rows)
    names = dict(names_by_code(rows))
    for row in rows:
        if not row.findings and row.code not in known and row.code not in names:
            row.findings.append(Finding("area_name", "", Wrong.NO_AREA_NAME))
    before, after = _lie(table), _said(rows)
    for row in rows:
        for code in row.postcodes if row.findings else ():
            # Where a row is bad nobody knows whether the postcode still lies in the old area.
            if code in after:
                after[code] |= before.get(code, set())
    steps = [AreaStep(row) for row in rows]
    for step in steps:
        _judge(step, known, before, after)
    return AreaPlan(table, steps, names, before, after)


def _lie(table: AreaTable) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, area in Postcode.objects.filter(area__table=table).values_list("code", "area__code"):
        found.setdefault(code, set()).add(area)
    return found


def _said(rows: Sequence[AreaRow]) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for row in rows:
        for code in () if row.findings else row.postcodes:
            said.setdefault(code, set()).add(row.code)
    return said


def _judge(
    step: AreaStep, known: dict[str, str], before: dict[str, set[str]], after: dict[str, set[str]]
) -> None:
    row = step.row
    if row.findings:
        step.state = BAD
        return
    if row.name and row.name != known.get(row.code, ""):
        step.differences.append(("area_name", known.get(row.code, ""), row.name))
    for code in row.postcodes:
        old, new = before.get(code, set()), after[code]
        if old != new:
            step.differences.append(("postcode", _in_words(code, old), _in_words(code, new)))
    is_new = row.code not in known or any(code not in before for code in row.postcodes)
    if step.differences or row.code not in known:
        step.state = NEW if is_new else CHANGED


def _in_words(postcode: str, areas: set[str]) -> str:
    return f"{postcode} → {' '.join(sorted(areas))}" if areas else ""


def write_areas(plan: AreaPlan) -> int:
    """Write what the good rows say, and how many of them changed something; in a transaction."""
    due = [step for step in plan.steps if step.state in (NEW, CHANGED)]
    named = [
        Area(table=plan.table, code=code, name=plan.names[code])
        for code in {step.key for step in due}
        if code in plan.names
    ]
    Area.objects.bulk_create(
        named,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["table", "code"],
        update_fields=["name"],
    )
    numbers = dict(plan.table.areas.values_list("code", "pk"))
    moved = [code for code, areas in plan.after.items() if plan.before.get(code) != areas]
    for first in range(0, len(moved), AT_ONCE):
        there = moved[first : first + AT_ONCE]
        Postcode.objects.filter(area__table=plan.table, code__in=there).delete()
    rows = [
        Postcode(area_id=numbers[area], code=code) for code in moved for area in plan.after[code]
    ]
    Postcode.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(due)
