"""A campaign that takes lent voices, and people who lend theirs."""

from datetime import datetime, timedelta

from django.db import transaction

from tests.factories import NOW, a_campaign, a_consent
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.take import take_action
from tocsin.actions.words import Words
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.rhythm import WEEK
from tocsin.campaigns.ways import LENT
from tocsin.kit.addresses import read_address
from tocsin.letters.editions import CollectiveLetter, Edition
from tocsin.letters.write import write_due
from tocsin.outcomes.tally import tally_due
from tocsin.outcomes.voices import write_collective_due
from tocsin.supporters.person import Person

BODIES = {
    "fr": "Nombre de voix : {voices}.\n\nOù sont les personnes détenues ?",
    "en": "Number of voices: {voices}.\n\nWhere are the people who are detained?",
}
CLOSINGS = {"fr": "Avec ma haute considération.", "en": "Yours respectfully,"}


def lending(*, at_least: int = 2, first_at: datetime = NOW, every: timedelta = WEEK) -> Campaign:
    """A campaign whose collective letter goes now, in French and in English."""
    campaign = a_campaign()
    campaign.offers_lent = True
    campaign.save()
    for language, body in BODIES.items():
        CollectiveWording.objects.create(
            campaign=campaign,
            language=language,
            subject="{voices} ?" if language == "fr" else "Where are they?",
            body=body,
            closing=CLOSINGS[language],
        )
    CollectiveSchedule.objects.create(
        campaign=campaign, first_at=first_at, next_at=first_at, every=every, at_least=at_least
    )
    return campaign


def somebody(name: str) -> Person:
    """A person of that name, with an address of it."""
    return Person(given=name.title(), family="", address=read_address(f"{name}@mail.example"))


@transaction.atomic
def lend(campaign: Campaign, *names: str, words: Words | None = None, now: datetime = NOW) -> None:
    """These people lend their voice, confirm it, and are counted."""
    for name in names:
        take_voice(campaign, somebody(name), words=words, now=now)
    for action in Action.objects.filter(campaign=campaign, state="pending"):
        confirm_action(action_id=action.pk, revision=action.revision)
    while write_due(now=now):
        pass
    tally_due(now=now)


def take_voice(
    campaign: Campaign, person: Person, *, words: Words | None = None, now: datetime = NOW
) -> None:
    """That person takes part with a lent voice, and has not confirmed yet."""
    take_action(
        campaign=campaign,
        person=person,
        words=words or Words(),
        language="fr",
        country="FR",
        consents={a_consent(campaign, "send"): True},
        now=now,
        way=LENT,
    )


def written(campaign: Campaign, *, now: datetime = NOW) -> list[int]:
    """Run the station; the voices of every edition there is then, in order."""
    while write_collective_due(now=now):
        pass
    found = Edition.objects.filter(campaign=campaign).order_by("number")
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    return [each.voices for each in found]


def letters(campaign: Campaign) -> list[CollectiveLetter]:
    """All letters of all editions, the first edition and the ministry first."""
    found = CollectiveLetter.objects.filter(edition__campaign=campaign)
    found = found.select_related("edition", "target", "message__content")
    return list(found.order_by("edition__number", "-target__kind"))
