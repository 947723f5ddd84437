"""Messages in any state, as they may be found in an outbox that has seen something."""

from typing import Any

from tests.outbox.mails import LETTER, NOON, a_letter
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import Mailing

IN_HAND = ("leased", "sending")
LEASE = {"lease_owner": 7, "lease_number": 1, "lease_until": NOON}
FREE = {"lease_owner": None, "lease_until": None}
WAYS = {
    "ready": (),
    "leased": ("leased",),
    "sending": ("leased", "sending"),
    "held": ("held",),
    "cancelled": ("cancelled",),
    **{state: ("leased", "sending", state) for state in ("sent", "failed", "in_doubt")},
    **{state: ("leased", "sending", "sent", state) for state in ("delivered", "bounced")},
}
"""How a message gets there: the database lets it take no other way."""
SPOKEN = ("sent", "delivered", "bounced", "in_doubt", "failed")
OUTCOMES = {"in_doubt": "in_doubt", "failed": "letter_fault"}


def a_message_that_is(
    state: str, *, to: str = LETTER.recipient, mailing: Mailing | None = None, **changes: Any
) -> Message:
    """A letter in that state, with the attempts and the lease that belong to it."""
    message = post_message(
        lane=changes.pop("lane", "letter"), mail=a_letter(recipient=to), now=NOON, mailing=mailing
    )
    bring(message, state)
    Message.objects.filter(pk=message.pk).update(**changes)
    message.refresh_from_db()
    return message


def bring(message: Message, state: str) -> None:
    """Bring a message that is ready there, by the way that the database allows."""
    row = Message.objects.filter(pk=message.pk)
    for step in WAYS[state]:
        row.update(state=step, **(LEASE if step in IN_HAND else FREE))
    if state in (*SPOKEN, "sending"):
        row.update(tried=1, attempts=int(state != "sending"))
    if state in SPOKEN:
        an_attempt(message, outcome=OUTCOMES.get(state, "sent"))


def an_attempt(message: Message, **answer: Any) -> Attempt:
    """A try at noon, with that answer."""
    return Attempt.objects.create(
        **{"message": message, "number": 1, "at": to_the_hour(NOON), **answer}
    )
