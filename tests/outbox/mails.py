"""The mails that the outbox's tests send, and what became of them."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from tests.post_office import PostOffice
from tocsin.outbox.compose import Mail
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import post_message

_numbers = itertools.count(1)

NOON = datetime(2026, 3, 10, 12, 5, 33, 250_000, tzinfo=UTC)

LETTER = Mail(
    sender_name="Amina Yusuf via Lumière",
    sender="amina.yusuf.4821@letters.lumiere.example",
    recipient_name="Ministère des affaires étrangères",
    recipient="minister@mfa.example",
    reply_to=("Amina Yusuf", "amina@mailbox.example"),
    subject="Libérez les personnes détenues au Xinjiang",
    text="Madame, Monsieur,\n\n.un point au début\n.\nFrom ici, égalité & dignité.\n\nAmina Yusuf",
    language="fr",
)
CONFIRMATION = replace(
    LETTER,
    sender_name="Lumière",
    sender="action@letters.lumiere.example",
    recipient_name="Amina Yusuf",
    recipient="amina@mailbox.example",
    reply_to=None,
    subject="Votre lettre : encore un clic",
    text="Bonjour Amina,\n\nhttps://act.lumiere.example/c/abc\n",
    html="<p>Bonjour Amina,</p>\n<p><a href='https://act.lumiere.example/c/abc'>Oui</a></p>",
    automatic=True,
)


def a_letter(**changes: Any) -> Mail:
    """Amina's letter, but for the changes."""
    return replace(LETTER, **changes)


def a_message(**changes: str) -> Message:
    """A letter in the outbox, to a ministry of its own: none waits for another's pace."""
    changes.setdefault("recipient", f"minister@mfa{next(_numbers)}.example")
    return post_message(lane="letter", mail=a_letter(**changes), now=NOON)


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def last_attempt(message: Message) -> Attempt:
    return message.tries.latest("number")


class Deliver(Protocol):
    """Run the send station once, at noon or that much later, with that office as our relay."""

    def __call__(self, office: PostOffice, **later: int) -> int: ...
