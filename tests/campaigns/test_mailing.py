"""Every campaign has a mailing of its own, by which its mail is paused, stopped and recalled."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import a_campaign, an_action, an_organisation
from tocsin.campaigns.models import Campaign
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing

pytestmark = pytest.mark.django_db


def test_a_campaign_has_a_mailing_of_its_own_from_the_start() -> None:
    first, second = a_campaign(), a_campaign()
    assert first.mailing != second.mailing
    assert first.mailing.name == first.slug
    assert (first.mailing.paused, first.mailing.stop_at) == (False, None)


def test_a_campaign_that_is_saved_again_keeps_its_mailing() -> None:
    campaign = a_campaign()
    before = campaign.mailing_id
    campaign.goal = 5
    campaign.save()
    campaign = Campaign.objects.get(pk=campaign.pk)
    campaign.save(update_fields=["goal"])
    assert campaign.mailing_id == before
    assert Mailing.objects.count() == 1


def test_a_campaign_that_cannot_be_saved_leaves_no_mailing_behind() -> None:
    taken = a_campaign()
    twin = Campaign(organisation=an_organisation(), slug=taken.slug, goal=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert Mailing.objects.count() == 1
    twin.slug = "another-one"
    twin.save()
    assert Campaign.objects.get(slug="another-one").mailing.name == "another-one"


def test_a_mailing_that_is_given_is_kept() -> None:
    mailing = Mailing.objects.create(name="of two names")
    campaign = Campaign.objects.create(
        organisation=an_organisation(), slug="named", goal=10, mailing=mailing
    )
    assert campaign.mailing == mailing
    assert Mailing.objects.count() == 1


def test_the_confirmation_of_an_action_belongs_to_the_mailing_of_its_campaign() -> None:
    campaign, other = a_campaign(), a_campaign()
    an_action(campaign)
    [message] = Message.objects.all()
    assert message.mailing == campaign.mailing != other.mailing
