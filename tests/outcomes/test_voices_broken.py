"""The collective letter when something is missing, broken, killed, or two are at it at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import DataError, IntegrityError, connection, transaction

from tests.at_once import at_once
from tests.factories import NOW, a_target
from tests.outcomes.lent import lend, lending, letters, written
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.rhythm import WEEK
from tocsin.kit.seal import KeyMissing
from tocsin.letters.editions import CollectiveLetter, Edition
from tocsin.letters.models import Letter
from tocsin.outbox.models import Message
from tocsin.outbox.watch import Incident
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.outcomes.voices import write_collective_due

pytestmark = pytest.mark.django_db


# -- what is missing -----------------------------------------------------------------------------


def no_wording(campaign: Campaign) -> None:
    campaign.collective_wordings.all().delete()


def no_target(campaign: Campaign) -> None:
    CampaignTarget.objects.filter(campaign=campaign).delete()


def no_name(campaign: Campaign) -> None:
    for row in campaign.campaign_targets.all():
        row.target.names.all().delete()


def no_address(campaign: Campaign) -> None:
    for row in campaign.campaign_targets.all():
        row.target.addresses.all().delete()


def no_good_address(campaign: Campaign) -> None:
    for row in campaign.campaign_targets.all():
        row.target.addresses.update(address="not an address")


MISSING: list[tuple[Callable[[Campaign], None], str]] = [
    (no_wording, "no wording"),
    (no_target, "no target"),
    (no_name, "a target without a name"),
    (no_address, "a target without an address"),
    (no_good_address, "Malformed"),
]


@pytest.mark.parametrize(("spoil", "words"), MISSING)
def test_what_is_missing_is_told_and_stops_nobody_else(
    spoil: Callable[[Campaign], None], words: str
) -> None:
    broken, sound = lending(), lending()
    for campaign in (broken, sound):
        lend(campaign, "amina", "gulnar")
    spoil(broken)
    assert written(broken) == []
    assert not CollectiveLetter.objects.filter(edition__campaign=broken).exists()
    assert Edition.objects.filter(campaign=sound).count() == 1
    incident = Incident.objects.get(closed=False)
    assert (incident.kind, incident.about, incident.words) == ("collective", broken.slug, words)


def test_what_was_missing_and_is_there_goes_and_the_incident_is_over() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    no_target(campaign)
    written(campaign)
    CampaignTarget.objects.create(campaign=campaign, target=a_target())
    assert written(campaign) == [2]
    assert not Incident.objects.filter(closed=False).exists()


def test_while_the_keys_are_away_the_letter_waits(settings: LazySettings, tmp_path: Path) -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    keys, settings.KEYS_DIR = settings.KEYS_DIR, tmp_path / "away"
    with pytest.raises(KeyMissing):
        write_collective_due(now=NOW)
    settings.KEYS_DIR = keys
    assert written(campaign) == [2]


# -- killed, and at once -------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """What is said to the database is a step each; the one of that number fails."""
    steps = 0

    def asking(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == number:
            raise Killed
        return execute(sql, *rest)

    with connection.execute_wrapper(asking):
        yield


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_killed_at_any_step_each_target_has_one_letter_of_each_edition() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    number, was_killed, now = 0, True, NOW
    while was_killed:
        number += 1
        was_killed = False
        with killed_at(number):
            try:
                write_collective_due(now=now)
            except Killed:
                was_killed = True
        editions = written(campaign, now=now)
        assert len(letters(campaign)) == 2 * len(editions)
        assert len(editions) == number
        assert audit().holds
        lend(campaign, f"more{number}", f"again{number}")
        now += WEEK
    assert number > 20


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_two_workers_at_once_write_an_edition_once() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    assert sorted(at_once([lambda: write_collective_due(now=NOW)] * 2)) == [0, 1]
    assert (Edition.objects.count(), CollectiveLetter.objects.count()) == (1, 2)


def test_the_database_itself_allows_no_second_letter() -> None:
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    edition, letter = Edition.objects.get(), letters(campaign)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(campaign=campaign, number=edition.number, voices=2, day=NOW.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectiveLetter.objects.create(
            edition=edition, target=letter.target, message=letters(campaign)[1].message
        )


# -- the audit -----------------------------------------------------------------------------------


@pytest.fixture
def campaign() -> Campaign:
    """One with two editions behind it."""
    campaign = lending()
    lend(campaign, "amina", "gulnar")
    written(campaign)
    lend(campaign, "bruno", "chiara")
    written(campaign, now=NOW + WEEK)
    return campaign


def test_the_audit_counts_voices_and_letters(campaign: Campaign) -> None:
    found = audit()
    assert (found.letters, found.collective, found.voices, found.tally) == (0, 4, 4, 4)
    assert (found.states, found.difference, found.holds) == ({"ready": 4}, 0, True)


def test_the_audit_as_it_is_printed_has_voices_and_collective_letters(campaign: Campaign) -> None:
    out = StringIO()
    call_command("audit", stdout=out)
    figures = [line.split() for line in out.getvalue().splitlines()]
    assert ["of", "these", "voices", "for", "the", "collective", "letter", "4"] in figures
    assert ["collective", "letters", "4"] in figures
    assert ["difference", "0"] in figures


def a_voice_made_up(campaign: Campaign) -> None:
    Tally.objects.update(voices=5, confirmed=5)


def fewer_than_before(campaign: Campaign) -> None:
    Edition.objects.filter(number=2).update(voices=1)


def more_than_counted(campaign: Campaign) -> None:
    Edition.objects.filter(number=2).update(voices=5)


def to_nobody(campaign: Campaign) -> None:
    Edition.objects.create(campaign=campaign, number=3, voices=4, day=NOW.date())


def in_another_lane(campaign: Campaign) -> None:
    Message.objects.filter(pk=letters(campaign)[0].message_id).update(lane="update")


def somebody_s_own(campaign: Campaign) -> None:
    Letter.objects.create(
        action=Action.objects.earliest("pk"),
        target=letters(campaign)[0].target,
        message=letters(campaign)[0].message,
        language="fr",
        code="1",
    )


UNSOUND: list[tuple[Callable[[Campaign], None], str]] = [
    (a_voice_made_up, "a campaign whose voices are not those of its counted actions"),
    (fewer_than_before, "an edition that tells fewer voices than one before it"),
    (more_than_counted, "an edition that tells more voices than were counted"),
    (to_nobody, "an edition that went to nobody"),
    (in_another_lane, "a collective letter without a message of its own in its lane"),
    (somebody_s_own, "a collective letter without a message of its own in its lane"),
]


@pytest.mark.parametrize(("spoil", "rule"), UNSOUND)
def test_each_way_in_which_the_number_may_be_untrue_is_found(
    campaign: Campaign, spoil: Callable[[Campaign], None], rule: str
) -> None:
    spoil(campaign)
    assert rule in [broken.rule for broken in audit().broken]
    assert not audit().holds


def test_more_voices_than_people_are_refused_by_the_database(campaign: Campaign) -> None:
    for wrong in ({"voices": 5}, {"erased_voices": 5}):
        with pytest.raises((IntegrityError, DataError)), transaction.atomic():
            Tally.objects.update(**wrong)
