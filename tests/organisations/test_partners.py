"""Partners: whose sites they are, and who is counted for them."""

import pytest

from tests.factories import NOW, a_campaign, a_partner
from tocsin.organisations.origins import NoOrigin
from tocsin.organisations.partners import Partner
from tocsin.outcomes.sources import (
    OTHER,
    TAKEN,
    brought_by,
    count_confirmed,
    count_taken,
    recognise,
)

pytestmark = pytest.mark.django_db


def test_an_active_partner_of_the_organisation_is_a_source() -> None:
    campaign, foreign = a_campaign(), a_campaign()
    friends = a_partner(campaign.organisation)
    assert recognise(campaign, friends.slug) == friends.slug
    assert recognise(foreign, friends.slug) == OTHER
    Partner.objects.update(active=False)
    assert recognise(campaign, friends.slug) == OTHER


@pytest.mark.parametrize("slug", sorted(TAKEN))
def test_a_partner_cannot_be_counted_in_place_of_a_channel(slug: str) -> None:
    campaign = a_campaign()
    a_partner(campaign.organisation, slug=slug)
    assert recognise(campaign, "lost") == OTHER
    assert recognise(campaign, OTHER) == OTHER
    assert recognise(campaign, "poster") == "poster"


def test_what_a_partner_brought_is_a_sum_for_each_campaign() -> None:
    campaign = a_campaign()
    second = a_campaign(organisation=campaign.organisation)
    friends = a_partner(campaign.organisation)
    for day in (NOW.date(), NOW.date().replace(day=1)):
        count_taken(campaign=campaign, source=friends.slug, day=day)
    count_confirmed(campaign=campaign, source=friends.slug, day=NOW.date())
    count_taken(campaign=second, source=friends.slug, day=NOW.date())
    count_taken(campaign=second, source="poster", day=NOW.date())
    assert brought_by(friends) == [(campaign.slug, 2, 1), (second.slug, 1, 0)]


def test_origins_that_did_not_come_through_the_form_let_nobody_in() -> None:
    friends = a_partner(a_campaign().organisation, origins="https://a.example; script-src *")
    with pytest.raises(NoOrigin):
        _ = friends.framed_on


def test_each_look_has_a_name_of_its_own_and_none_is_that_of_the_organisation() -> None:
    plain, green, night = (
        Partner(accent=accent, night_accent=by_night).own_look
        for accent, by_night in (("", ""), ("#0b5d3b", ""), ("", "#0b5d3b"))
    )
    assert plain == ""
    assert green
    assert night
    assert green != night
