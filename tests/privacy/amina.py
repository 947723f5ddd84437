"""Amina took part with canaries in every field, in more than one campaign."""

from datetime import datetime

from tests.factories import AMINA, NOW, a_consent
from tests.outbox.situations import bring
from tests.privacy.canaries import WORDS
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.take import action_blind, take_action
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.models import Message
from tocsin.outcomes.tally import tally_due
from tocsin.supporters.person import Person


def took_part(
    campaign: Campaign, *, person: Person = AMINA, news: bool = True, now: datetime = NOW
) -> Action:
    """Amina, or somebody without canaries, takes part, and has not confirmed yet."""
    take_action(
        campaign=campaign,
        person=person,
        words=WORDS if person == AMINA else Words(),
        language="fr",
        country="FR",
        consents={a_consent(campaign, "send"): True, a_consent(campaign, "news"): news},
        now=now,
    )
    return Action.objects.get(blind=action_blind(campaign, person.address))


def wrote(campaign: Campaign, *, person: Person = AMINA, now: datetime = NOW) -> Action:
    """The same, confirmed, with the letters written, and counted."""
    action = took_part(campaign, person=person, now=now)
    confirm_action(action_id=action.pk, revision=action.revision)
    write_due(now=now)
    tally_due(now=now)
    action.refresh_from_db()
    return action


def letters_are(action: Action, state: str) -> list[Message]:
    """Bring the letters of an action into a state, by the way that the database allows."""
    messages = [letter.message for letter in Letter.objects.filter(action=action)]
    for message in messages:
        bring(message, state)
    return messages
