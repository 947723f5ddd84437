"""Keeping what belongs to a target: its names and its addresses, in their order."""

from collections.abc import Collection, Mapping, Sequence

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


def keep_addresses(target: Target, addresses: Sequence[str], *, public: Collection[str]) -> None:
    """Let it have these, in this order: letters go to the first. In the caller's transaction.

    `public` are those of them that people may be shown.
    """
    wanted = [(address, address in public) for address in addresses]
    rows = list(target.addresses.all())
    if [row.address for row in rows] == list(addresses):
        for row, (_address, is_public) in zip(rows, wanted, strict=True):
            if row.is_public != is_public:
                row.is_public = is_public
                row.save(update_fields=["is_public"])
        return
    # Their order is that in which they were made.
    TargetAddress.objects.filter(target=target).delete()
    TargetAddress.objects.bulk_create(
        TargetAddress(target=target, address=address, is_public=is_public)
        for address, is_public in wanted
    )
