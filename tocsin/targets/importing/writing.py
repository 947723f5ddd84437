"""Putting into the directory what was planned, many rows with few statements."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from tocsin.targets.importing.planning import CHANGED, COLUMNS, NEW, Step
from tocsin.targets.models import Target, TargetAddress, TargetName

AT_ONCE = 500


def write(steps: Iterable[Step]) -> int:
    """Write the new and the changed ones, and how many; in the caller's transaction.

    Raises IntegrityError if somebody added one of the new ones meanwhile: then plan again.
    """
    due = [step for step in steps if step.state in (NEW, CHANGED)]
    fresh = [step.target for step in due if step.state == NEW]
    Target.objects.bulk_create(fresh, batch_size=AT_ONCE)
    old = [step.target for step in due if step.state == CHANGED]
    if old:
        Target.objects.bulk_update(old, [*COLUMNS.values(), "area"], batch_size=AT_ONCE)
    _write_names(due)
    _write_addresses([step for step in due if step.addresses is not None])
    _check_addresses(due)
    return len(due)


def _write_names(steps: Sequence[Step]) -> None:
    rows = [
        TargetName(target=step.target, language=language, name=name, salutation=salutation)
        for step in steps
        for language, (name, salutation) in step.names.items()
    ]
    TargetName.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["target", "language"],
        update_fields=["name", "salutation"],
    )


def _write_addresses(steps: Sequence[Step]) -> None:
    """Anew, as their order is that in which they were made; what was public stays so."""
    targets = [step.target for step in steps if step.state == CHANGED]
    old = TargetAddress.objects.filter(target__in=targets)
    there = {(row.target_id, row.address): row for row in old}
    public = {key for key, row in there.items() if row.is_public}
    old.delete()
    rows = [
        TargetAddress(
            target=step.target,
            address=address,
            is_public=(step.target.pk, address) in public,
            checked_on=row.checked_on if (row := there.get((step.target.pk, address))) else None,
        )
        for step in steps
        for address in step.addresses or ()
    ]
    TargetAddress.objects.bulk_create(rows, batch_size=AT_ONCE)


def _check_addresses(steps: Sequence[Step]) -> None:
    """Where a row says when its entry was checked, its addresses were too."""
    days: dict[date, list[Target]] = {}
    for step in steps:
        if day := step.entry.days.get("checked"):
            days.setdefault(day, []).append(step.target)
    for day, targets in days.items():
        unseen = Q(checked_on=None) | Q(checked_on__lt=day)
        TargetAddress.objects.filter(unseen, target__in=targets).update(checked_on=day)
