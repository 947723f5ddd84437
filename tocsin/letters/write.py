"""Station: a released action becomes one letter per target."""

import logging
import secrets
import time
from datetime import datetime
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, transaction

from tocsin.actions.models import Action
from tocsin.campaigns.fields import name_in
from tocsin.campaigns.ways import OPEN, WAYS
from tocsin.kit.addresses import alias_local
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import KeyMissing
from tocsin.letters.delay import leaves_at
from tocsin.letters.draft import Draft, drafts_of
from tocsin.letters.models import Letter
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.compose import Mail
from tocsin.outbox.models import Message
from tocsin.outbox.post import RESERVED, post_message
from tocsin.supporters.models import Supporter
from tocsin.supporters.person import Person, open_person


class NoAddress(Exception):
    """A target has no address: somebody has to give it one, until then its letters wait."""


class EmptyField(Exception):
    """A letter has a field that nothing is known for: until somebody says it, it waits."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"{draft.target}: {', '.join(name_in(gap, 'en') for gap in draft.gaps)}")


log = logging.getLogger(__name__)

TURN = 2.0
"""Seconds after which a run gives way, so that a stop is never kept waiting."""


def write_due(*, now: datetime) -> int:
    """Write the letters of every released action; returns how many actions were moved."""
    written = 0
    passed_over: list[UUID] = []
    told: set[str] = set()
    begin = uuid4()
    turn_ends = time.monotonic() + TURN
    while time.monotonic() < turn_ends:
        with transaction.atomic():
            action = _next(passed_over, begin=begin)
            if action is None:
                return written
            try:
                with transaction.atomic():
                    write_letters(action, now=now)
                written += 1
            except (KeyMissing, OperationalError, InterfaceError):
                raise  # nothing is wrong with this action: no other could be written either
            except EmptyField as empty:
                if action.campaign.slug not in told:
                    raise_incident("field", about=action.campaign.slug, words=str(empty), now=now)
                told.add(action.campaign.slug)
                passed_over.append(action.pk)
            except Exception:
                # It stays released, and is tried again with every run; the others go on.
                log.exception("an action is released and its letters cannot be written")
                passed_over.append(action.pk)
    if written:  # else all that was looked at waits for a person, and is looked at on the clock
        nudge("write")
    return written


def _next(passed_over: list[UUID], *, begin: UUID) -> Action | None:
    """The one from `begin` on, and then those before it.

    Each run begins elsewhere: letters that wait for a person, be they thousands, do not take
    every turn from all others.
    """
    rows = Action.objects.filter(state="released").exclude(pk__in=passed_over)
    rows = rows.select_related("supporter", "campaign__organisation", "campaign__mailing")
    rows = rows.select_for_update(skip_locked=True, of=("self",)).order_by("id")
    return rows.filter(pk__gte=begin).first() or rows.filter(pk__lt=begin).first()


def write_letters(action: Action, *, now: datetime) -> None:
    """Put one letter per target into the outbox, in the caller's transaction.

    A lent voice has none: it is counted, and no more, and what was typed goes at once.

    They are sealed under the key of the action's own day: what one person gave us goes at once.
    """
    if not WAYS[action.way].writes_letters:
        _empty(action)
        _move(action, "lent")
        return
    person = open_person(action.supporter)
    for draft in drafts_of(action):
        if draft.gaps:
            raise EmptyField(draft)
        address = draft.target.addresses.first()
        if address is None:
            raise NoAddress
        code = fresh_code()
        mail = letter_mail(
            draft,
            domain=action.campaign.organisation.mail_domain,
            recipient=address.address,
            code=code,
            # Shielded, it is given nothing of the person: nothing of them can get into it.
            author=person if action.way == OPEN else None,
        )
        due = now if action.way == OPEN else _due(action, now=now)
        message = post_message(
            lane=Message.Lane.LETTER,
            mail=mail,
            now=now,
            due=due,
            mailing=action.campaign.mailing,
            day=action.day,
        )
        Letter.objects.create(
            action=action, target=draft.target, message=message, language=draft.language, code=code
        )
    _move(action, "written")


def _empty(action: Action) -> None:
    """Nothing has to be read any more; what a disk still has of it goes with the key of its day."""
    Supporter.objects.filter(pk=action.supporter_id).update(sealed=b"")
    action.sealed_words = b""
    action.save(update_fields=["sealed_words"])


def _move(action: Action, state: str) -> None:
    action.state = state
    action.save(update_fields=["state"])
    nudge("tally")


def _due(action: Action, *, now: datetime) -> datetime:
    """When a shielded letter leaves, drawn for each one.

    From a domain that exists nowhere mail goes on this machine alone: who looks at the demo is not
    kept waiting.
    """
    nowhere = action.campaign.organisation.mail_domain.lower().endswith(RESERVED)
    return now if nowhere else leaves_at(now, stop_at=action.campaign.mailing.stop_at)


def letter_mail(
    draft: Draft, *, domain: str, recipient: str, code: str, author: Person | None
) -> Mail:
    """The letter as it leaves: from an alias with that code; answers go to the author, if named."""
    alias = alias_local(author.given, author.family, code) if author else alias_local("", "", code)
    return Mail(
        sender_name=draft.sender_name,
        sender=f"{alias}@{domain}",
        recipient_name=draft.target_name,
        recipient=recipient,
        reply_to=(author.name, author.address.text) if author else None,
        subject=draft.subject,
        text=draft.text,
        html=None,
        language=draft.language,
        automatic=False,
    )


def fresh_code() -> str:
    """Eight digits that no letter has yet."""
    while True:
        code = f"{secrets.randbelow(10**8):08}"
        if not Letter.objects.filter(code=code).exists():
            return code
