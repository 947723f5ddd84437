"""Words of permission are of one organisation: who agreed to them agreed with that one."""

from functools import partial

import pytest
from django.db import DatabaseError, transaction

from tests.at_once import at_once
from tests.factories import a_campaign, an_organisation
from tocsin.campaigns.models import Campaign
from tocsin.supporters.models import ConsentWording

pytestmark = pytest.mark.django_db


def words(slug: str) -> ConsentWording:
    """A permission in words."""
    return ConsentWording.objects.create(
        slug=slug, purpose="send", language="fr", version=1, text="J’accepte."
    )


def give(campaign: Campaign, wording: ConsentWording) -> bool:
    """Whether the database lets the campaign ask with these words."""
    try:
        with transaction.atomic():
            campaign.consents.add(wording)
    except DatabaseError:
        return False
    return True


def test_campaigns_of_one_organisation_may_share_them_and_others_may_not() -> None:
    first = a_campaign()
    second = a_campaign(organisation=first.organisation)
    shared = words("shared")
    assert give(first, shared)
    assert give(second, shared)
    assert not give(a_campaign(), shared)


def test_a_campaign_takes_no_shared_words_to_another_organisation() -> None:
    first, other = a_campaign(), an_organisation()
    second = a_campaign(organisation=first.organisation)
    shared = words("shared")
    give(first, shared)
    give(second, shared)
    with pytest.raises(DatabaseError, match="of one organisation"), transaction.atomic():
        Campaign.objects.filter(pk=second.pk).update(organisation=other)
    second.consents.remove(shared)
    Campaign.objects.filter(pk=second.pk).update(organisation=other)
    second.refresh_from_db()
    assert second.organisation == other


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_time_one_gets_them() -> None:
    shared, campaigns = words("shared"), [a_campaign() for _ in range(4)]
    got = at_once([partial(give, each, shared) for each in campaigns])
    assert sorted(got) == [False, False, False, True]
