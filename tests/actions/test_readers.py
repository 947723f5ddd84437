"""A person is told in time that nobody will be sealed for, once, and until it is well."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, a_campaign, an_organisation
from tests.readers.cast import a_list, let_read, lists, signed
from tocsin.actions.readers import watch_readers_due
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import close_campaign
from tocsin.outbox.watch import Incident
from tocsin.readers.files import accept_list

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign()


def pinned(campaign: Campaign) -> Path:
    return lists() / campaign.organisation.slug / "pinned"


def ends(campaign: Campaign, day: date, *, number: int = 2) -> None:
    """The organisation's list counts until that day."""
    accept_list(lists(), signed(a_list(campaign.organisation.slug, number=number, until=day)))


def open_words() -> list[str]:
    return list(
        Incident.objects.filter(kind="readers", closed=False).values_list("words", flat=True)
    )


def test_while_all_is_well_nothing_is_said_and_little_is_asked(campaign: Campaign) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert watch_readers_due(now=NOW) == 0
    assert (Incident.objects.count(), len(asked)) == (0, 2)


@pytest.mark.parametrize(("days", "is_said"), [(60, False), (59, True), (0, True), (-1, True)])
def test_a_list_that_ends_within_sixty_days_is_said_with_the_remedy(
    campaign: Campaign,
    days: int,
    is_said: bool,  # noqa: FBT001
) -> None:
    ends(campaign, TODAY + timedelta(days=days))
    assert watch_readers_due(now=NOW) == is_said
    for words in open_words():
        assert str(TODAY + timedelta(days=days)) in words
        assert ("tocsin keys change" in words) == (days >= 0)
        assert ("tocsin doctor" in words) == (days < 0)


def test_a_list_that_is_missing_or_broken_is_said(campaign: Campaign) -> None:
    content = pinned(campaign).read_bytes()
    pinned(campaign).unlink()
    assert watch_readers_due(now=NOW) == 1
    assert "no list of readers was accepted" in open_words()[0]
    pinned(campaign).write_bytes(b"\x00" + content)
    assert watch_readers_due(now=NOW) == 1
    assert "cannot be understood" in open_words()[0]


def test_it_is_said_once_and_again_when_it_becomes_worse(
    campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    ends(campaign, TODAY + timedelta(days=1))
    for hours in range(24):
        assert watch_readers_due(now=NOW + timedelta(hours=hours)) == 1
    incident = Incident.objects.get()
    assert (incident.about, incident.times) == (campaign.organisation.slug, 1)
    assert len(caplog.records) == 1
    for days in (2, 3):
        assert watch_readers_due(now=NOW + timedelta(days=days)) == 1
    assert len(caplog.records) == 2
    assert len(open_words()) == 1
    assert "counted until" in open_words()[0]


def test_it_is_closed_when_the_next_list_counts(campaign: Campaign) -> None:
    ends(campaign, TODAY)
    watch_readers_due(now=NOW)
    ends(campaign, TODAY + timedelta(days=700), number=3)
    assert watch_readers_due(now=NOW) == 0
    assert Incident.objects.get().closed


def test_nobody_is_alarmed_for_an_organisation_that_takes_nothing(campaign: Campaign) -> None:
    pinned(campaign).unlink()
    (lists() / an_organisation().slug / "pinned").unlink()
    assert watch_readers_due(now=NOW) == 1
    campaign.mailing.stop_at = NOW
    campaign.mailing.save()
    assert watch_readers_due(now=NOW - timedelta(hours=1)) == 1
    assert watch_readers_due(now=NOW) == 0
    campaign.mailing.stop_at = None
    campaign.mailing.save()
    close_campaign(campaign)
    assert watch_readers_due(now=NOW) == 0
    assert open_words() == []


def test_one_organisation_with_two_campaigns_is_one_incident(campaign: Campaign) -> None:
    a_campaign(organisation=campaign.organisation)
    other = a_campaign()
    pinned(campaign).unlink()
    pinned(other).unlink()
    assert watch_readers_due(now=NOW) == 2
    let_read(other.organisation.slug)
    assert watch_readers_due(now=NOW) == 1
    assert Incident.objects.get(closed=False).about == campaign.organisation.slug
