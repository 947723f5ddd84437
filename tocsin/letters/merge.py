"""Two targets that are one: campaigns and letters move over, and the other one is archived."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from tocsin.campaigns.models import CampaignTarget
from tocsin.campaigns.wording_rules import WordingRule
from tocsin.letters.editions import CollectiveLetter
from tocsin.letters.models import Letter
from tocsin.targets.entries import keep_addresses, keep_names
from tocsin.targets.models import Target
from tocsin.targets.rules import MOST_ADDRESSES

MOST_PAIRS = 500

ALIKE = """
    WITH current AS (SELECT * FROM tocsin_target WHERE archived_on IS NULL),
    addresses AS (
        SELECT DISTINCT a.target_id AS target, lower(a.address) AS said
        FROM tocsin_targetaddress a JOIN current ON current.id = a.target_id
    ),
    names AS (
        SELECT DISTINCT n.target_id AS target,
            concat_ws('|', current.country, current.seat, lower(n.name)) AS said
        FROM tocsin_targetname n JOIN current ON current.id = n.target_id
    ),
    pairs AS (
        SELECT one.target AS one, other.target AS other, one.said, true AS by_address
        FROM addresses one JOIN addresses other
        ON one.said = other.said AND one.target < other.target
        UNION ALL
        SELECT one.target, other.target, split_part(one.said, '|', 3), false
        FROM names one JOIN names other ON one.said = other.said AND one.target < other.target
    )
    SELECT one, other, max(said), bool_or(by_address) FROM pairs
    WHERE NOT EXISTS (
        SELECT FROM tocsin_differenttargets told
        WHERE told.one_id = pairs.one AND told.other_id = pairs.other
    )
    GROUP BY one, other ORDER BY bool_or(by_address) DESC, one, other LIMIT %s
"""


FILLED = ("holder", "holder_since", "postal_address", "area")
"""What the kept one takes over where it says nothing itself. The number elsewhere stays with the
other: an import that names it is told that the two are one."""


class NotTwo(Exception):
    """They are the same, or one of them is archived already."""


def pairs_alike() -> Iterator[tuple[int, int, str, bool]]:
    """Pairs with an address, or a name, country and seat in common; and what, and which.

    None that somebody told apart. At most MOST_PAIRS, those with an address first: a list imported
    twice has more than anybody reads.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [MOST_PAIRS])
        yield from cursor.fetchall()


@transaction.atomic
def merge_targets(*, kept: Target, gone: Target, today: date) -> None:
    """Let `kept` have what `gone` has and it has not itself; raises NotTwo.

    What stands in `kept` stays. A letter moves over where its action has none to `kept`; where it
    has, both were written, and both stay where they are: so `gone` is never deleted. Mail that
    waits goes where it was addressed to.
    """
    rows = {row.pk: row for row in _both(kept, gone)}
    if len(rows) < 2 or any(row.archived_on for row in rows.values()):
        raise NotTwo
    kept, gone = rows[kept.pk], rows[gone.pk]
    for name in FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    kept.save(update_fields=[*FILLED])
    both = {row.language: (row.name, row.salutation) for row in gone.names.all()}
    both |= {row.language: (row.name, row.salutation) for row in kept.names.all()}
    keep_names(kept, both)
    addresses = [*kept.addresses.all(), *gone.addresses.all()]
    public = {row.address for row in addresses if row.is_public}
    checked = {row.address: row.checked_on for row in reversed(addresses)}
    each_once = list(dict.fromkeys(row.address for row in addresses))
    keep_addresses(kept, each_once[:MOST_ADDRESSES], public=public, checked=checked)
    _move(CampaignTarget.objects.all(), "campaign", kept, gone)
    CampaignTarget.objects.filter(target=gone).delete()
    WordingRule.objects.filter(target=gone).update(target=kept)
    _move(Letter.objects.all(), "action", kept, gone)
    _move(CollectiveLetter.objects.all(), "edition", kept, gone)
    gone.archived_on, gone.merged_into = today, kept
    gone.save(update_fields=["archived_on", "merged_into"])
    Target.objects.filter(merged_into=gone).update(merged_into=kept)


def _both(kept: Target, gone: Target) -> QuerySet[Target]:
    """Always in the same order, so that two who merge at once do not wait for each other."""
    return (
        Target.objects.filter(pk__in=[kept.pk, gone.pk])
        .order_by("pk")
        .select_for_update(no_key=True)
    )


def _move(rows: QuerySet[Any], of: str, kept: Target, gone: Target) -> None:
    """Those of `gone` whose `of` has none of `kept`: the database allows one of each."""
    taken = rows.filter(target=kept).values(of)
    rows.filter(target=gone).exclude(**{f"{of}__in": taken}).update(target=kept)
