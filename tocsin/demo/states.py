"""Load a small campaign in every state, by the verbs that real ones go through; none of it leaves.

Everything happens in one transaction, and at its end no message of it is free to go: what is to
look as if it had been handed over is written down so, what waits is held.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.rich_text import RichText

from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.take import take_action
from tocsin.actions.words import Words
from tocsin.campaigns.checklist import letters_mark
from tocsin.campaigns.copying import begin_campaign
from tocsin.campaigns.models import Campaign, CampaignTarget, Wording
from tocsin.campaigns.opening import close_campaign, pause_campaign
from tocsin.demo.sample import read
from tocsin.kit.addresses import read_address
from tocsin.kit.clock import to_the_hour
from tocsin.letters.write import write_due
from tocsin.organisations.models import Organisation
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.hold import cancel_messages, hold_messages, pause_mailing
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.park import park_due
from tocsin.outbox.post import mailbox_for
from tocsin.outcomes.tally import tally_due
from tocsin.pages import preparing
from tocsin.pages.models import CampaignPage
from tocsin.supporters.models import ConsentWording
from tocsin.supporters.person import Person
from tocsin.targets.models import Target, TargetAddress, TargetName

LANGUAGES = ("fr", "en")
PEOPLE = (("Amina", "Yusuf", "FR"), ("Bruno", "Keller", "CH"), ("Lucie", "Petit", "BE"))
FREE = {"lease_owner": None, "lease_until": None}
OPENS_IN = timedelta(days=14)


@transaction.atomic
def load_states(organisation: Organisation, *, now: datetime) -> int:
    """Campaigns of that organisation in all states, unless they are there; how many were made.

    Raises NoReaders while nobody could open a record of it, and opening.NotReady where mail would
    not stay on this machine.
    """
    whole = read("states")
    if Campaign.objects.filter(slug__in=[each["slug"] for each in whole["campaigns"]]).exists():
        return 0
    before = set(Message.objects.values_list("pk", flat=True))
    target, gone = (_target(whole[name]) for name in ("target", "gone"))
    for given in whole["campaigns"]:
        campaign = _prepare(organisation, given, whole["words"], target)
        if given["state"] == "held":
            CampaignTarget.objects.create(campaign=campaign, target=gone, position=1)
        _bring(campaign, given["state"], people=given["people"], now=now)
    fresh = Message.objects.exclude(pk__in=before)
    # What people would have been asked by mail is not asked.
    cancel_messages(fresh.filter(lane="confirm").values_list("pk", flat=True))
    _close_mailbox(whole["gone"], fresh, now=now)
    park_due(now=now)
    return len(whole["campaigns"])


def _target(given: dict[str, Any]) -> Target:
    target = Target.objects.create(slug=given["slug"], kind="ministry", country="FR", language="fr")
    TargetAddress.objects.create(target=target, address=given["address"], is_public=True)
    for language in LANGUAGES:
        TargetName.objects.create(target=target, language=language, **given[language])
    return target


def _prepare(
    organisation: Organisation, given: dict[str, Any], words: dict[str, Any], target: Target
) -> Campaign:
    """A draft with all that it needs, but for what is lacking on purpose."""
    campaign = begin_campaign(organisation=organisation, slug=given["slug"])
    campaign.goal, campaign.is_template = 100, given["state"] == "template"
    campaign.save()
    CampaignTarget.objects.create(campaign=campaign, target=target)
    for language in LANGUAGES:
        own, common = given[language], words[language]
        number = preparing.begin_page(
            campaign, language=language, title=own["title"], slug=given["slug"]
        )
        _tell(CampaignPage.objects.get(pk=number), own, common)
        for purpose in ("send", "news"):
            campaign.consents.create(
                slug=given["slug"],
                purpose=ConsentWording.Purpose(purpose),
                language=language,
                version=1,
                text=common[purpose],
            )
        if given["state"] != "lacking":
            Wording.objects.create(
                campaign=campaign,
                language=language,
                subject=own["title"],
                body=f"{own['lead']}\n\n1. {own['demand']}",
                closing=common["closing"],
            )
    return campaign


def _tell(page: CampaignPage, own: dict[str, str], common: dict[str, str]) -> None:
    for name in ("call", "after_heading", "after_text"):
        setattr(page, name, common[name])
    page.title, page.lead, page.result = own["title"], own["lead"], own.get("result", "")
    page.search_description = own["lead"]
    text = RichText(f"<p>{own['lead']}</p>")
    page.story = [("section", {"heading": common["heading"], "text": text})]
    page.demands = [("demand", own["demand"])]
    page.save_revision()


def _bring(campaign: Campaign, state: str, *, people: int, now: datetime) -> None:
    """From the draft to that state, with people on the way."""
    if state in ("lacking", "template"):
        return
    campaign.tested_at, campaign.tested_mark = now, letters_mark(campaign)
    campaign.save(update_fields=["tested_at", "tested_mark"])
    if state == "planned":
        preparing.open_later(campaign, at=now + OPENS_IN, now=now)
        return
    preparing.open_now(campaign, now=now)
    # Before anybody takes part: what is written is not free to go, not even for a moment.
    pause_mailing(campaign.mailing)
    _take_part(campaign, number=people, now=now)
    letters = list(Message.objects.filter(mailing=campaign.mailing, lane="letter").order_by("pk"))
    if state == "held":
        hold_messages([letters[0].pk])
        return
    for number, letter in enumerate(letters):
        _hand_over(letter, "bounced" if state == "closed" and not number else "sent", now=now)
    if state == "paused":
        pause_campaign(campaign)
    else:
        close_campaign(campaign, state=state)


def _take_part(campaign: Campaign, *, number: int, now: datetime) -> None:
    """They write, and confirm at once."""
    consents = {each.language: each for each in campaign.consents.filter(purpose="send")}
    for place in range(number):
        given, family, country = PEOPLE[place % len(PEOPLE)]
        address = read_address(f"{given.lower()}.{place}@{campaign.slug}.example")
        language = LANGUAGES[place % len(LANGUAGES)]
        take_action(
            campaign=campaign,
            person=Person(given=given, family=family, address=address),
            words=Words(),
            language=language,
            country=country,
            consents={consents[language]: True},
            now=now,
        )
    for action in list(Action.objects.filter(campaign=campaign).order_by("pk")):
        confirm_action(action_id=action.pk, revision=action.revision)
    write_due(now=now)
    tally_due(now=now)


def _hand_over(letter: Message, state: str, *, now: datetime) -> None:
    """As if the next mail system had taken it, and had sent it back or not."""
    _speak(letter, "sent", "sent", now=now)
    if state == "bounced":
        Message.objects.filter(pk=letter.pk).update(state="bounced", reason="bounced")


def _speak(letter: Message, state: str, reason: str, *, now: datetime, **answer: Any) -> None:
    """The way of a message, step by step, with its one attempt."""
    row = Message.objects.filter(pk=letter.pk)
    row.update(state="leased", lease_owner=1, lease_number=1, lease_until=now)
    row.update(state="sending", tried=1)
    Attempt.objects.create(
        message=letter,
        number=1,
        at=to_the_hour(now),
        **{"outcome": reason, "phase": "done", "code": 250, **answer},
    )
    hour = to_the_hour(now)
    row.update(state=state, reason=reason, attempts=1, began=hour, due_at=hour, **FREE)


def _close_mailbox(given: dict[str, str], messages: Any, *, now: datetime) -> None:
    """What waits for one address is held: its server knows nobody of that name."""
    box = mailbox_for(given["address"])
    code, enhanced, text = given["words"].split(" ", 2)
    said = {"phase": "rcpt", "code": int(code), "enhanced": enhanced, "text": text}
    waiting: Sequence[Message] = messages.filter(mailbox=box, state="ready")[:1]
    for letter in waiting:
        _speak(letter, "held", "mailbox_invalid", now=now, **said)
    Mailbox.objects.filter(pk=box.pk).update(
        state=Mailbox.State.INVALID, since=to_the_hour(now), words=given["words"]
    )
    raise_incident("mailbox_invalid", about=given["address"], words=given["words"], now=now)
