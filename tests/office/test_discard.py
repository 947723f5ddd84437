"""Drafts are thrown away with all that was made for them; what was ever open is not."""

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from wagtail.models import ModelLogEntry, Page, Revision

from tests.at_once import at_once
from tests.factories import (
    NOW,
    a_campaign,
    a_campaign_page,
    a_consent,
    a_draft,
    a_partner,
    an_action,
)
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_guide import at
from tests.office.test_guide_doors import somebody_of
from tests.outbox.situations import a_message_that_is
from tocsin.campaigns import discarding
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.copying import begin_campaign
from tocsin.campaigns.discarding import LeftSalt, discard_draft, discard_due
from tocsin.campaigns.models import Campaign, CampaignTarget, Wording
from tocsin.campaigns.opening import Opened, make_missing_salts
from tocsin.campaigns.rehearsal import Rehearsal, RehearsalMail
from tocsin.kit.seal import KeyMissing, make_keys, read_salt
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.audit import CHECKS, find_broken, find_orphans
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing
from tocsin.outbox.watch import Incident
from tocsin.outcomes.exports import Export
from tocsin.pages import preparing
from tocsin.pages.models import CampaignPage
from tocsin.supporters.models import ConsentWording
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db

OF_CAMPAIGNS = (
    *(Campaign, CampaignPage, CampaignTarget, Wording, ConsentWording, Mailing, Message),
    *(Rehearsal, RehearsalMail, CollectiveSchedule, CollectiveWording, Revision),
)


@pytest.fixture(autouse=True)
def own_keys(tmp_path_factory: pytest.TempPathFactory, settings: LazySettings) -> None:
    settings.KEYS_DIR = tmp_path_factory.mktemp("keys")
    make_keys(settings.KEYS_DIR)


def a_whole_draft() -> Campaign:
    """With pages, one of them waiting to be public, a test run, words of a collective letter."""
    draft = a_draft()
    for language in ("fr", "en"):
        a_campaign_page(draft, language=language).save_revision()
    run = Rehearsal.objects.create(
        campaign=draft, language="fr", made_at=NOW, sealed=b"x", mark="abc"
    )
    for state in ("sent", "ready"):
        message = a_message_that_is(state)
        RehearsalMail.objects.create(rehearsal=run, message=message, is_letter=True)
    CollectiveSchedule.objects.create(campaign=draft, first_at=NOW, next_at=NOW)
    CollectiveWording.objects.create(
        campaign=draft, language="fr", subject="s", body="{voices}", closing="c"
    )
    raise_incident("opening", about=draft.slug, now=NOW)
    return draft


def everything() -> list[int]:
    return [noun._default_manager.count() for noun in OF_CAMPAIGNS]


def throw_away(client: Client, campaign: Campaign) -> str:
    return text_of(client.post(at(campaign, "do/discard/"), follow=True))


def test_all_of_it_goes_and_nothing_else() -> None:
    before, targets = everything(), Target.objects.count()
    draft = a_whole_draft()
    a_partner(draft.organisation)
    client = chiara()
    asked = text_of(client.get(at(draft, "do/discard/")))
    assert "It goes for good, with its pages" in asked
    assert "Families wait (fr) (fr)" in asked
    assert everything() != before
    assert "The draft is thrown away." in throw_away(client, draft)
    assert everything() == before
    assert Target.objects.count() == targets + 2
    assert (find_broken(CHECKS), find_orphans()) == ((), ())
    assert not Incident.objects.filter(closed=False).exists()
    assert not Page.objects.filter(title__startswith="Families").exists()
    assert all(not problems for problems in Page.find_problems())
    entry = ModelLogEntry.objects.get(action="wagtail.delete", label=draft.slug)
    assert (entry.user.username, entry.deleted) == ("chiara", True)


def test_its_key_file_goes_with_the_next_run_of_the_station_also_after_a_death() -> None:
    draft, other = a_draft(), a_draft()
    discard_draft(draft)
    read_salt(draft.salt_name)  # killed here: the note is left
    assert LeftSalt.objects.count() == 1
    assert discard_due(now=NOW) == 1
    with pytest.raises(KeyMissing):
        read_salt(draft.salt_name)
    assert read_salt(other.salt_name)
    assert make_missing_salts() == 0  # and nobody thinks that one is missing
    LeftSalt.objects.create(name=draft.salt_name)  # killed between file and note
    assert discard_due(now=NOW) == 1
    assert not LeftSalt.objects.exists()


def test_what_is_killed_half_way_is_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = a_whole_draft()
    before = everything()

    def die(*_args: object, **_options: object) -> None:
        raise SystemExit

    monkeypatch.setattr(discarding, "nudge", die)  # the last thing that it does
    with pytest.raises(SystemExit):
        preparing.discard(draft)
    assert everything() == before
    assert not LeftSalt.objects.exists()
    assert read_salt(draft.salt_name)


def test_without_the_keys_somebody_is_told_and_it_is_tried_again(settings: LazySettings) -> None:
    discard_draft(a_draft())
    keys = settings.KEYS_DIR
    settings.KEYS_DIR = keys / "nowhere"
    assert discard_due(now=NOW) == 0
    assert Incident.objects.get(kind="retention", closed=False).about == "discarded drafts"
    settings.KEYS_DIR = keys
    assert discard_due(now=NOW) == 1
    assert not Incident.objects.filter(closed=False).exists()


def test_words_of_permission_stay_that_somebody_agreed_to_or_another_campaign_has() -> None:
    draft = a_draft()
    shared, agreed = a_consent(draft, "send", "fr"), a_consent(draft, "news", "fr")
    other = begin_campaign(organisation=draft.organisation, slug="other")
    other.consents.add(shared)
    going = a_campaign(organisation=draft.organisation)
    an_action(going)
    consent = going.consents.get(purpose="send", language="fr").consent_set.get()
    consent.wording = agreed
    consent.save()
    older = ConsentWording.objects.create(
        slug=draft.slug, purpose="news", language="fr", version=9, text="An older one"
    )
    discard_draft(draft)
    kept = ConsentWording.objects.filter(slug=draft.slug)
    assert set(kept) == {shared, agreed}
    assert older not in kept


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_of_two_at_the_same_moment_one_throws_it_away_and_one_is_told() -> None:
    draft = a_draft()

    def discard() -> str:
        try:
            discard_draft(draft)
        except Opened:
            return "too late"
        return "done"

    assert sorted(at_once([discard, discard])) == ["done", "too late"]
    assert not Campaign.objects.exists()
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("state", ["open", "paused", "closed", "won", "archived"])
def test_what_was_ever_open_is_not_thrown_away(state: str) -> None:
    campaign = a_campaign()
    page = a_campaign_page(campaign)
    Campaign.objects.update(state=state)
    client = chiara()
    assert "do/discard/" not in client.get(at(campaign)).content.decode()
    assert "As it is now, that cannot be done." in text_of(client.get(at(campaign, "do/discard/")))
    assert "It has changed meanwhile. Nothing was done" in throw_away(client, campaign)
    assert CampaignPage.objects.filter(pk=page.pk).exists()
    with pytest.raises(Opened):
        discard_draft(campaign)


def test_twice_is_once() -> None:
    draft, stale = a_whole_draft(), Campaign.objects.get()
    preparing.discard(draft)
    with pytest.raises(Opened):
        preparing.discard(stale)
    assert chiara().post(at(stale, "do/discard/")).status_code == 404
    assert LeftSalt.objects.count() == 1


def test_only_a_publisher_of_the_organisation_throws_it_away() -> None:
    draft = a_whole_draft()
    before = everything()
    for client in (
        somebody_of(draft.organisation, "editor"),
        a_clerk("view_campaign", "add_campaign"),
        a_clerk("view_campaign", "change_campaign", of=()),
        Client(),
    ):
        client.post(at(draft, "do/discard/"))
        assert everything() == before
    assert "is thrown away" in throw_away(somebody_of(draft.organisation, "publisher"), draft)


def test_of_what_figures_were_taken_out_the_name_stays() -> None:
    draft = a_whole_draft()
    Export.objects.create(
        what="board", form="csv", campaign=draft, who="chiara", began=NOW, seen=NOW
    )
    before = everything()
    assert "the journal of exports keeps its name" in throw_away(chiara(), draft)
    assert everything() == before
    assert connection.is_usable()
