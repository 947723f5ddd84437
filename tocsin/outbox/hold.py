"""What a person may decide about mail that waits: pause, hold, release, recall, correct."""

import uuid
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Greatest, TruncHour

from tocsin.kit.addresses import read_address
from tocsin.kit.clock import to_the_hour
from tocsin.kit.nudge import nudge
from tocsin.outbox.alarm import close_all
from tocsin.outbox.destinations import Mailbox, MailDomain, Suppression
from tocsin.outbox.lanes import ROUTES
from tocsin.outbox.models import Message
from tocsin.outbox.post import as_mailbox, mailbox_for
from tocsin.outbox.ready import suppression_blind
from tocsin.outbox.routes import Mailing, Route

BY_HAND = "by_hand"
RECALLED = "recalled"
OF_THE_ADDRESS = ("mailbox_invalid", "mailbox_refusing", "mailbox_full")
NOT_SENT = ("ready", "leased", "held", "in_doubt")
FREE = {"lease_owner": None, "lease_until": None}
COARSE = {"due_at": TruncHour("due_at", tzinfo=UTC)}
"""A time finer than the hour stays only while we wait for it."""


def pause_mailing(mailing: Mailing) -> None:
    """Nothing of it is sent any more but confirmations, until it is resumed."""
    Mailing.objects.filter(pk=mailing.pk).update(paused=True)


def resume_mailing(mailing: Mailing) -> None:
    """It goes on where it was paused."""
    Mailing.objects.filter(pk=mailing.pk).update(paused=False)
    nudge("park")


def stop_mailing(mailing: Mailing, *, at: datetime | None) -> None:
    """After that moment nothing of it is sent, whatever is queued; None: it has no end."""
    Mailing.objects.filter(pk=mailing.pk).update(stop_at=at)


def recall_mailing(mailing: Mailing) -> int:
    """Cancel all of it that has not been sent; how many messages that were.

    What is in doubt is not sent again; what a worker is handing over now may still be taken, but
    if it is not it does not go again.
    """
    _not_again(Message.objects.filter(mailing=mailing), reason=RECALLED)
    waiting = Message.objects.filter(mailing=mailing, state__in=NOT_SENT)
    return waiting.update(state="cancelled", reason=RECALLED, **FREE, **COARSE)


def pause_mailbox(mailbox: Mailbox, *, paused: bool = True) -> None:
    """Nothing is sent to it until it is resumed."""
    pause_mailboxes([mailbox.pk], paused=paused)


def pause_mailboxes(ids: Collection[int], *, paused: bool = True) -> int:
    """The same for many; how many there were."""
    found = Mailbox.objects.filter(pk__in=ids).update(paused=paused)
    wake()
    return found


def retry_mailbox(mailbox: Mailbox, *, now: datetime) -> int:
    """A mailbox that refused mail may take it now: its held letters go again; how many."""
    return retry_mailboxes([mailbox.pk], now=now)


def retry_mailboxes(ids: Collection[int], *, now: datetime) -> int:
    """The same for many; how many letters go again."""
    with transaction.atomic():
        boxes = Mailbox.objects.filter(pk__in=ids)
        boxes.update(
            state="ok", words="", since=to_the_hour(now), next_at=Greatest(F("booked_until"), now)
        )
        close_all(OF_THE_ADDRESS, about=boxes.values("address"))
        held = Message.objects.filter(mailbox__in=ids, state="held", reason__in=OF_THE_ADDRESS)
        return release_messages(list(held.values_list("pk", flat=True)), now=now)


def correct_address(*, wrong: str, right: str, now: datetime) -> int:
    """What waits for one address goes to another, in the same words; how many were held for it.

    A mailbox that has the right address already takes over the queue of the wrong one. What a
    worker has taken and not begun is taken from it; what it is handing over stays where it is.
    Raises AddressRefused for what cannot be an address, DoesNotExist if the wrong one is unknown.
    """
    read_address(right)
    with transaction.atomic():
        old = Mailbox.objects.select_for_update(no_key=True).get(address=as_mailbox(wrong))
        new = mailbox_for(right)
        if new != old:
            mine = Message.objects.filter(mailbox=old)
            mine.filter(state="leased").update(mailbox=new, state="ready", **FREE)
            mine.filter(state__in=("ready", "held", "in_doubt")).update(mailbox=new)
            close_all(OF_THE_ADDRESS, about=[old.address])
        return retry_mailbox(new, now=now)


def pause_domain(domain: MailDomain, *, paused: bool = True) -> None:
    """Nothing is sent to any mailbox of it until it is resumed, which also ends an own pause."""
    pause_domains([domain.pk], paused=paused)


def pause_domains(ids: Collection[int], *, paused: bool = True) -> int:
    """The same for many; how many there were."""
    changes = {"paused": True} if paused else {"paused": False, "paused_until": None, "refusals": 0}
    domains = MailDomain.objects.filter(pk__in=ids)
    found = domains.update(**changes)
    if not paused:
        close_all(("policy",), about=domains.values("name"))
    wake()
    return found


def pause_route(route: Route, *, paused: bool = True) -> None:
    """Nothing goes that way until it is resumed, which also closes its breaker."""
    pause_routes([route.pk], paused=paused)


def pause_routes(ids: Collection[str], *, paused: bool = True) -> int:
    """The same for many; how many there were."""
    fresh = {"paused": False, "open_until": None, "faults": 0, "misunderstandings": 0}
    found = Route.objects.filter(pk__in=ids).update(**({"paused": True} if paused else fresh))
    if not paused:
        close_all(("our_fault",), about=ids)
    wake()
    return found


def hold_messages(ids: Iterable[uuid.UUID]) -> int:
    """Set messages aside that have not been sent; how many were still waiting."""
    ids = list(ids)
    _not_again(Message.objects.filter(pk__in=ids), reason=BY_HAND)
    waiting = Message.objects.filter(pk__in=ids, state__in=("ready", "leased"))
    return waiting.update(state="held", reason=BY_HAND, **FREE, **COARSE)


def release_messages(ids: Iterable[uuid.UUID], *, now: datetime) -> int:
    """Let held messages go, or messages in doubt go once more; how many there were.

    Their patience begins anew: earlier attempts no longer count against them. One that was never
    tried does not leave before its time.
    """
    hour = to_the_hour(now)
    waiting = Message.objects.filter(pk__in=list(ids), state__in=("held", "in_doubt"))
    not_before = Case(When(tried=0, then=Greatest("due_at", hour)), default=hour)
    moved = waiting.update(state="ready", reason="", attempts=0, began=None, due_at=not_before)
    wake()
    return moved


def believe_sent(ids: Collection[uuid.UUID]) -> int:
    """A person, or a relay's log, knows that messages in doubt were taken; how many there were."""
    doubtful = Message.objects.filter(pk__in=list(ids), state="in_doubt")
    return doubtful.update(state="sent", reason="sent", **COARSE)


def cancel_messages(ids: Iterable[uuid.UUID]) -> int:
    """Never send them; how many had not been sent, or not for certain."""
    ids = list(ids)
    _not_again(Message.objects.filter(pk__in=ids), reason=RECALLED)
    found = Message.objects.filter(pk__in=ids, state__in=NOT_SENT)
    return found.update(state="cancelled", reason=RECALLED, **FREE, **COARSE)


def suppress(address: str, *, reason: str, today: date) -> None:
    """Never write to an address again, whoever's it is; what waits for it is held when due."""
    Suppression.objects.get_or_create(
        blind=suppression_blind(address), defaults={"reason": reason, "since": today}
    )


def unsuppress(address: str) -> bool:
    """Write to it again; False if it was not suppressed."""
    return bool(Suppression.objects.filter(blind=suppression_blind(address)).delete()[0])


def _not_again(messages: QuerySet[Message], *, reason: str) -> None:
    """Of what is on the line: whatever comes of it, it is not tried again (outbox/record.py)."""
    messages.filter(state="sending").update(reason=reason)


def wake() -> None:
    """Let every route be looked at at once, after the commit of the caller."""
    for route in ROUTES:
        nudge(f"send_{route}")
