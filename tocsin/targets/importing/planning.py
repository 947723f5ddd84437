"""What an import will do: each row beside what the directory knows of its target."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.text import slugify

from tocsin.targets.areas import Area
from tocsin.targets.importing.checking import Entry, Finding
from tocsin.targets.models import Target
from tocsin.targets.rules import Wrong

NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"

COLUMNS = {
    "number": "external_id",
    "kind": "kind",
    "country": "country",
    "seat": "seat",
    "language": "language",
    "holder": "holder",
    "since": "holder_since",
    "checked": "checked_on",
    "postal": "postal_address",
}
"""In which column of a target each field of a file is kept."""


@dataclass
class Step:
    """One row: what becomes of it, and what it changes, as (field, before, after)."""

    entry: Entry
    target: Target
    state: str = UNCHANGED
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    addresses: list[str] | None = None
    differences: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def number(self) -> int:
        """That of its row."""
        return self.entry.number

    @property
    def key(self) -> str:
        """The short name of the target; "" where a bad row names none that there is."""
        return "" if self.state == BAD and not self.target.pk else self.target.slug

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with it."""
        return self.entry.findings


def plan(entries: Iterable[Entry], *, salutation: str = "", lock: bool = False) -> list[Step]:
    """One step a row; changes nothing. `salutation` is for names that have none.

    With `lock`, in a transaction, nobody else changes these targets until its end.
    """
    rows = list(entries)
    known = _known(rows, lock=lock)
    steps = [_step(entry, known, salutation) for entry in rows]
    _refuse_twins(steps)
    for step in steps:
        if step.findings:
            step.state = BAD
        elif step.target.is_new:
            step.state = NEW
        elif step.differences:
            step.state = CHANGED
    return steps


@dataclass
class _Known:
    by_key: dict[str, Target]
    by_number: dict[str, Target]
    areas: dict[tuple[str, str], Area]


def _known(rows: list[Entry], *, lock: bool) -> _Known:
    keys = {key_of(entry) for entry in rows}
    numbers = {entry.values.get("number", "") for entry in rows} - {""}
    found = Target.objects.filter(Q(slug__in=keys) | Q(external_id__in=numbers)).order_by("pk")
    if lock:
        found = found.select_for_update(no_key=True)
    targets = list(found.prefetch_related("names", "addresses", "area"))
    by_number = {each.external_id: each for each in targets if each.external_id}
    return _Known({each.slug: each for each in targets}, by_number, _areas(rows))


def _areas(rows: list[Entry]) -> dict[tuple[str, str], Area]:
    codes = {entry.values.get("area", "") for entry in rows} - {""}
    found = Area.objects.filter(code__in=codes).select_related("table") if codes else ()
    return {(each.table.slug, each.code): each for each in found}


def key_of(entry: Entry) -> str:
    """The short name that the row gives, or that follows from its number: the same each time."""
    if key := entry.values.get("key"):
        return key
    number = entry.values.get("number", "")
    tail = hashlib.sha256(number.encode()).hexdigest()[:8]
    return f"{slugify(number)[:60].strip('-') or 'target'}-{tail}"


def _step(entry: Entry, known: _Known, salutation: str) -> Step:
    key, number = key_of(entry), entry.values.get("number", "")
    by_number, by_key = known.by_number.get(number), known.by_key.get(key)
    target = by_number or by_key or Target(slug=key)
    step = Step(entry, target)
    if entry.findings:
        return step
    is_other = by_number and entry.values.get("key") and by_number.slug != key
    has_other = not by_number and by_key and number and by_key.external_id not in ("", number)
    if is_other or has_other:
        _find(step, "key", key, Wrong.CONFLICT)
    elif target.archived_on:
        _find(step, "key", key, Wrong.MERGED if target.merged_into_id else Wrong.ARCHIVED)
    else:
        _compare(step, salutation)
        _compare_area(step, known)
    return step


def _find(step: Step, name: str, value: str, wrong: Wrong) -> None:
    step.findings.append(Finding(name, value, wrong))


def _compare(step: Step, salutation: str) -> None:
    entry, target = step.entry, step.target
    for name, column in COLUMNS.items():
        value: str | date | None = entry.values.get(name) or entry.days.get(name)
        before = getattr(target, column)
        if value and value != before:
            step.differences.append((name, _said(before), _said(value)))
            setattr(target, column, value)
    if target.is_new:
        for name in ("kind", "country", "language"):
            if not getattr(target, name):
                _find(step, name, "", Wrong.MISSING)
    if target.kind == Target.Kind.EMBASSY and not target.seat:
        _find(step, "seat", "", Wrong.NO_SEAT)
    _compare_names(step, salutation)
    before_addresses = [] if target.is_new else [row.address for row in target.addresses.all()]
    if entry.addresses and entry.addresses != before_addresses:
        step.addresses = entry.addresses
        step.differences.append(("address", " ".join(before_addresses), " ".join(entry.addresses)))


def _compare_area(step: Step, known: _Known) -> None:
    code = step.entry.values.get("area", "")
    if not code:
        return
    area = known.areas.get((step.entry.values.get("table", ""), code))
    if area is None:
        _find(step, "area", code, Wrong.AREA)
    elif area.pk != step.target.area_id:
        before = step.target.area.code if step.target.area else ""
        step.differences.append(("area", before, area.code))
        step.target.area = area


def _compare_names(step: Step, salutation: str) -> None:
    entry, target = step.entry, step.target
    rows = [] if target.is_new else target.names.all()
    there = {row.language: (row.name, row.salutation) for row in rows}
    own = {"": target.language}
    names = {own.get(code, code): name for code, name in entry.names.items()}
    greetings = {own.get(code, code): words for code, words in entry.salutations.items()}
    if target.is_new and not names:
        _find(step, "name", "", Wrong.NO_NAME)
        return
    for language in sorted({*names, *greetings}):
        before = there.get(language, ("", ""))
        after = (
            names.get(language) or before[0],
            greetings.get(language) or before[1] or salutation,
        )
        if not after[0]:
            _find(step, f"name:{language}", "", Wrong.NO_NAME)
        elif not after[1]:
            _find(step, f"salutation:{language}", "", Wrong.NO_SALUTATION)
        elif after != before:
            step.names[language] = after
            step.differences.append((f"name:{language}", before[0], after[0]))
            if before[1] != after[1]:
                step.differences.append((f"salutation:{language}", before[1], after[1]))


def _refuse_twins(steps: list[Step]) -> None:
    """Of two rows about one target nobody knows which is right: both are told."""
    numbers = Counter(step.entry.values.get("number", "") for step in steps)
    keys = Counter(_identity(step) for step in steps)
    for step in steps:
        number = step.entry.values.get("number", "")
        if number and numbers[number] > 1:
            _find(step, "number", number, Wrong.NUMBER_TWICE)
        elif _identity(step) and keys[_identity(step)] > 1:
            _find(step, "key", step.target.slug, Wrong.KEY_TWICE)


def _identity(step: Step) -> str:
    values = step.entry.values
    return step.target.slug if values.get("key") or values.get("number") else ""


def _said(value: str | date | None) -> str:
    return "" if value is None else str(value)
