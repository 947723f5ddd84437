"""A message in any state of its table, with a try behind it."""

from tests.outbox.mails import NOON, a_letter
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.compose import Mail
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import post_message
from tocsin.outbox.states import MESSAGE

TRIED = {"sent": "sent", "delivered": "sent", "bounced": "bounced"}
"""How the try of a message in that state had ended; of all others nobody knows for certain."""


def a_message_that_is(
    state: str, *, mail: Mail | None = None, lane: str = "letter", tries: int = 1
) -> Message:
    """It came there as the table of states allows."""
    message = post_message(lane=lane, mail=mail or a_letter(), now=NOON)
    for step in _way_to(state):
        message.state = step
        message.lease_owner = 7 if step in ("leased", "sending") else None
        message.save()
    if state in ("ready", "leased"):
        message.doubts = 1
    message.tried = tries
    message.save()
    for number in range(1, tries + (state != "sending")):
        outcome = TRIED.get(state, "in_doubt") if number == tries else "transient"
        Attempt.objects.create(
            message=message, number=number, at=to_the_hour(NOON), outcome=outcome, phase="dot"
        )
    return message


def _way_to(state: str) -> list[str]:
    ways: list[list[str]] = [["ready"]]
    while ways[0][-1] != state:
        way = ways.pop(0)
        ways += [[*way, step] for step in MESSAGE[way[-1]].to if step not in way]
    return ways[0][1:]
