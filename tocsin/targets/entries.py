"""Keeping what belongs to a target: its names and its addresses, in their order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from tocsin.targets.models import Target, TargetAddress, TargetName


def keep_names(target: Target, names: Mapping[str, tuple[str, str]]) -> None:
    """Let it have these, by language, name and salutation: no others; in the caller's transaction.

    A row that stays stays the same row.
    """
    there = {row.language: row for row in target.names.all()}
    for language, (name, salutation) in names.items():
        row = there.pop(language, None) or TargetName(target=target, language=language)
        if (row.name, row.salutation) != (name, salutation):
            row.name, row.salutation = name, salutation
            row.save()
    TargetName.objects.filter(pk__in=[row.pk for row in there.values()]).delete()


def keep_addresses(
    target: Target,
    addresses: Sequence[str],
    *,
    public: Collection[str],
    checked: Mapping[str, date | None],
) -> None:
    """Let it have these, in this order: letters go to the first. In the caller's transaction.

    `public` are those of them that people may be shown; `checked` says of those that are new when
    somebody last saw that they are right.
    """
    rows = list(target.addresses.all())
    if [row.address for row in rows] == list(addresses):
        for row in rows:
            if row.is_public != (row.address in public):
                row.is_public = not row.is_public
                row.save(update_fields=["is_public"])
        return
    seen = {**checked, **{row.address: row.checked_on for row in rows}}
    # Their order is that in which they were made.
    TargetAddress.objects.filter(target=target).delete()
    TargetAddress.objects.bulk_create(
        TargetAddress(
            target=target,
            address=address,
            is_public=address in public,
            checked_on=seen.get(address),
        )
        for address in addresses
    )


def check_entry(target: Target, *, today: date) -> None:
    """Somebody saw today that all of it is right, every address too."""
    Target.objects.filter(pk=target.pk).update(checked_on=today)
    target.addresses.update(checked_on=today)
