"""Which ways to take part a campaign offers, and in which order."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOW, a_campaign, take
from tocsin.actions.models import Action
from tocsin.actions.take import NotOffered
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.letters.write import write_due
from tocsin.outcomes.audit import audit
from tocsin.outcomes.tally import confirmed, tally_due

pytestmark = pytest.mark.django_db


def test_a_new_campaign_is_open_and_no_more() -> None:
    assert a_campaign().ways == (OPEN,)


@pytest.mark.parametrize(
    ("offered", "ways"),
    [
        ((LENT, OPEN, SHIELDED), (LENT, OPEN, SHIELDED)),
        ((SHIELDED, LENT, OPEN), (SHIELDED, OPEN, LENT)),
        ((LENT,), (LENT,)),
    ],
)
def test_the_first_way_comes_first_and_the_others_in_the_order_of_the_table(
    offered: tuple[str, ...], ways: tuple[str, ...]
) -> None:
    assert a_campaign(ways=offered).ways == ways


def test_the_first_way_is_one_that_is_offered() -> None:
    campaign = a_campaign()
    campaign.first_way = LENT
    with pytest.raises(IntegrityError), transaction.atomic():
        campaign.save()


def test_a_way_that_is_not_offered_is_refused_and_nothing_is_kept() -> None:
    campaign = a_campaign()
    for way in (SHIELDED, LENT, "other"):
        with pytest.raises(NotOffered):
            take(campaign, way=way)
    assert not Action.objects.exists()


def test_who_writes_again_before_confirming_takes_part_in_the_newer_way() -> None:
    campaign = a_campaign(
        ways=(
            OPEN,
            LENT,
        )
    )
    take(campaign, way=OPEN)
    take(campaign, way=LENT)
    assert [(action.way, action.revision) for action in Action.objects.all()] == [(LENT, 2)]


def test_a_lent_voice_is_counted_and_nothing_is_written_of_it() -> None:
    campaign = a_campaign(ways=(LENT,))
    take(campaign, way=LENT)
    Action.objects.update(state="released")
    assert write_due(now=NOW) == 1
    assert tally_due(now=NOW) == 1
    action = Action.objects.get()
    assert (action.state, action.letters.count(), confirmed(campaign)) == ("lent", 0, 1)
    assert (bytes(action.sealed_words), bytes(action.supporter.sealed)) == (b"", b"")
    assert audit().holds
