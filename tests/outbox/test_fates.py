"""What becomes of letter, mailbox, mail domain and route, whatever the post office does."""

from dataclasses import dataclass

import pytest

from tests.outbox.mails import Deliver, a_message, state_of
from tests.post_office import HABITS, PostOffice, with_habit
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.routes import Route

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Fate:
    """Where the letter is, what its attempt says (nothing: there was none), and the scopes."""

    state: str
    outcome: str = ""
    phase: str = ""
    mailbox: str = "ok"
    slow: int = 1
    refusals: int = 0
    faults: int = 0
    misunderstandings: int = 0


FATES = {
    "accepts": Fate("sent", "sent", "done"),
    "speaks a byte at a time": Fate("sent", "sent", "done"),
    "speaks in pieces": Fate("sent", "sent", "done"),
    "answers late": Fate("sent", "sent", "done"),
    "hangs up at once": Fate("ready", "", "", faults=1),
    "resets at once": Fate("ready", "", "", faults=1),
    "keeps silent at the door": Fate("ready", "", "", faults=1),
    "greets with garbage": Fate("ready", "", "", faults=1),
    "greets without an end": Fate("ready", "", "", faults=1),
    "is closed": Fate("ready", "", "", faults=1),
    "is busy at the door": Fate("ready", "", "", faults=1),
    "says two things at the door": Fate("ready", "", "", faults=1),
    "speaks no EHLO": Fate("sent", "sent", "done"),
    "speaks neither EHLO nor HELO": Fate("ready", "", "", faults=1),
    "hangs up at EHLO": Fate("ready", "", "", faults=1),
    "keeps silent at EHLO": Fate("ready", "", "", faults=1),
    "closes with 421 at EHLO": Fate("ready", "", "", faults=1),
    "lists garbage": Fate("sent", "sent", "done"),
    "offers too little room": Fate("failed", "letter_fault", "mail"),
    "defers the sender": Fate("ready", "transient", "mail"),
    "refuses the sender": Fate("held", "policy", "mail", refusals=1),
    "wants a login late": Fate("ready", "route_fault", "mail", faults=1),
    "closes with 421 at MAIL": Fate("ready", "transient", "mail"),
    "hangs up at MAIL": Fate("ready", "lost", "mail"),
    "keeps silent at MAIL": Fate("ready", "lost", "mail"),
    "greylists": Fate("ready", "transient", "rcpt"),
    "slows us down": Fate("ready", "rate", "rcpt", slow=2),
    "knows nobody": Fate("held", "mailbox_invalid", "rcpt", mailbox="invalid"),
    "knows the first and nobody else": Fate("sent", "sent", "done"),
    "knows nobody and wants the body": Fate("held", "mailbox_invalid", "rcpt", mailbox="invalid"),
    "defers the sender and wants the body": Fate("ready", "transient", "mail"),
    "refuses the recipient": Fate("held", "mailbox_refusing", "rcpt", mailbox="refusing"),
    "has a full mailbox": Fate("ready", "mailbox_full", "rcpt", mailbox="full"),
    "has a full mailbox for ever": Fate("ready", "mailbox_full", "rcpt", mailbox="full"),
    "lists us": Fate("held", "policy", "rcpt", refusals=1),
    "hangs up at RCPT": Fate("ready", "lost", "rcpt"),
    "keeps silent at RCPT": Fate("ready", "lost", "rcpt"),
    "resets at RCPT": Fate("ready", "lost", "rcpt"),
    "closes with 421 at RCPT": Fate("ready", "transient", "rcpt"),
    "misunderstands us": Fate("held", "our_fault", "rcpt", misunderstandings=1),
    "answers RCPT in many lines": Fate("ready", "transient", "rcpt"),
    "answers RCPT in no language": Fate("ready", "transient", "rcpt"),
    "answers RCPT in many scripts": Fate("held", "mailbox_invalid", "rcpt", mailbox="invalid"),
    "answers RCPT with a megabyte": Fate("ready", "transient", "rcpt"),
    "answers RCPT with one long line": Fate("ready", "transient", "rcpt"),
    "answers RCPT without an end": Fate("ready", "lost", "rcpt"),
    "answers RCPT with garbage": Fate("ready", "lost", "rcpt"),
    "answers RCPT with an unknown code": Fate("ready", "unknown", "rcpt"),
    "answers RCPT twice": Fate("ready", "lost", "rcpt"),
    "answers RCPT a byte at a time": Fate("ready", "transient", "rcpt"),
    "defers at DATA": Fate("ready", "transient", "data"),
    "refuses at DATA": Fate("failed", "letter_fault", "data"),
    "accepts instead of asking for the body": Fate("ready", "unknown", "data"),
    "hangs up at DATA": Fate("ready", "lost", "data"),
    "keeps silent at DATA": Fate("ready", "lost", "data"),
    "closes with 421 at DATA": Fate("ready", "transient", "data"),
    "never resets": Fate("ready", "transient", "rcpt"),
    "refuses to reset": Fate("ready", "transient", "rcpt"),
    "hangs up before the dot": Fate("ready", "lost", "body"),
    "asks for the body and says goodbye": Fate("ready", "lost", "data"),
    "defers after the dot": Fate("ready", "transient", "dot"),
    "closes with 421 after the dot": Fate("ready", "transient", "dot"),
    "takes it for spam": Fate("held", "policy", "dot", refusals=1),
    "refuses without a reason after the dot": Fate("held", "policy", "dot", refusals=1),
    "finds it too big": Fate("failed", "letter_fault", "dot"),
    "hangs up after the dot": Fate("in_doubt", "in_doubt", "dot"),
    "resets after the dot": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and hangs up": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and resets": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and keeps silent": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and answers half": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and answers garbage": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and asks for more": Fate("in_doubt", "in_doubt", "dot"),
    "takes it and says so in many lines": Fate("sent", "sent", "done"),
    "takes it and says so in a megabyte": Fate("sent", "sent", "done"),
    "takes it and says so in Chinese": Fate("sent", "sent", "done"),
    "takes it and says so late": Fate("sent", "sent", "done"),
    "takes it and says so twice": Fate("sent", "sent", "done"),
    "takes it and says 251": Fate("sent", "sent", "done"),
    "takes it and leaves": Fate("sent", "sent", "done"),
}
"""All that a post office without login and TLS can do; those two are in test_connection.py."""

PERHAPS = {
    "stops reading the body",
    "hangs up in the body",
    "resets in the body",
    "says goodbye in the body",
}
"""A small mail fits into the system's buffers: whether the dot was said first is chance."""


@pytest.mark.parametrize("habit", FATES)
def test_every_answer_acts_on_whom_it_is_about_and_on_nobody_else(
    habit: str, deliver: Deliver
) -> None:
    letter = a_message()
    with PostOffice(habits=[HABITS[habit]]) as office:
        deliver(office)
    state = state_of(letter)
    [attempt] = letter.tries.all() or [None]
    domain, route = MailDomain.objects.get(), Route.objects.get(name="letters")
    found = Fate(
        state,
        outcome=attempt.outcome if attempt else "",
        phase=attempt.phase if attempt else "",
        mailbox=Mailbox.objects.get().state,
        slow=domain.slow,
        refusals=domain.refusals,
        faults=route.faults,
        misunderstandings=route.misunderstandings,
    )
    assert found == FATES[habit]
    assert (letter.lease_owner, letter.lease_until) == (None, None)
    assert letter.attempts == (0 if found.faults else 1), "a fault of the route counts against none"


@pytest.mark.parametrize("habit", sorted(PERHAPS))
def test_a_line_that_breaks_in_the_body_is_later_or_in_doubt_and_never_sent(
    habit: str, deliver: Deliver
) -> None:
    letter = a_message()
    with PostOffice(habits=[HABITS[habit]]) as office:
        deliver(office)
    assert state_of(letter) in ("ready", "in_doubt")
    assert letter.attempts == 1


# Who offers too little room offers it to all, and none of them would fit.
@pytest.mark.parametrize("habit", sorted({*FATES, *PERHAPS} - {"offers too little room"}))
def test_one_bad_answer_never_stops_the_other_letters(habit: str, deliver: Deliver) -> None:
    letters = [a_message() for _ in range(3)]
    with with_habit(habit) as office:
        deliver(office)
        office.turn = 1
        deliver(office, minutes=2)
    states = sorted(state_of(letter) for letter in letters)
    assert states.count("sent") >= 2
    assert len(office.mails) >= 2


def test_no_habit_is_left_out() -> None:
    secured = {name for name in HABITS if "TLS" in name or "password" in name or "login" in name}
    secured = secured - {"wants a login late"} | {"keeps silent in the handshake"}
    assert set(HABITS) - set(FATES) - PERHAPS == secured | {
        "hangs up at STARTTLS",
        "keeps silent at STARTTLS",
    }
