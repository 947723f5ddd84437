"""What comes back about a message: what it changes, and that it changes it once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.outbox.happenings import a_message_that_is
from tests.outbox.mails import CONFIRMATION, NOON, last_attempt, state_of
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.destinations import Mailbox, Suppression
from tocsin.outbox.feedback import RANKS, Kind, StillSending, note_event
from tocsin.outbox.hold import correct_address, release_messages
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import erase_messages
from tocsin.outbox.ready import suppression_blind
from tocsin.outbox.states import MESSAGE
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=3)
NOBODY = "550 5.1.1 <minister@mfa.example>: user unknown"
KINDS: tuple[Kind, ...] = (
    "accepted",
    "deferred",
    "delivered",
    "rejected",
    "bounced",
    "complained",
)
LOOK = ("held", "sent_after_all")
STAYS = None

# state → what each kind makes of it, in the order of KINDS
FATES: dict[str, tuple[tuple[str, str] | None, ...]] = {
    "ready": (LOOK,) * 6,
    "leased": (LOOK,) * 6,
    "held": (LOOK,) * 6,
    "in_doubt": (
        ("sent", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("bounced", "rejected"),
        ("bounced", "bounced"),
        ("delivered", "complained"),
    ),
    "sent": (
        STAYS,
        STAYS,
        ("delivered", "delivered"),
        ("bounced", "rejected"),
        ("bounced", "bounced"),
        ("delivered", "complained"),
    ),
    "delivered": (STAYS, STAYS, STAYS, ("bounced", "rejected"), ("bounced", "bounced"), STAYS),
    "bounced": (STAYS,) * 6,
    "failed": (STAYS,) * 6,
    "cancelled": (STAYS,) * 6,
}


def tell(
    message: Message, kind: Kind, words: str = "", *, attempt: int | None = 1, now: Any = LATER
) -> bool:
    return note_event(message_id=message.pk, attempt=attempt, kind=kind, words=words, now=now)


def everything() -> list[Any]:
    """All that an event could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Message, Attempt, Mailbox, Suppression, Incident)
    ]


def test_every_state_of_the_table_is_thought_of() -> None:
    assert {*FATES, "sending"} == set(MESSAGE)
    assert set(KINDS) | {"sent"} == set(RANKS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", FATES)
def test_an_event_moves_a_message_as_its_table_allows(state: str, kind: Kind) -> None:
    message = a_message_that_is(state)
    before = (message.state, message.reason)
    expected = FATES[state][KINDS.index(kind)] or before
    tell(message, kind, "452 4.2.2 busy")
    message.refresh_from_db()
    assert (message.state, message.reason) == expected
    assert message.lease_owner is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", FATES)
def test_the_same_event_twice_changes_nothing(state: str, kind: Kind) -> None:
    message = a_message_that_is(state)
    tell(message, kind, NOBODY)
    once = everything()
    assert tell(message, kind, NOBODY, now=LATER + timedelta(days=1)) is False
    assert everything() == once


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_worker_is_sending_is_left_to_it(kind: Kind) -> None:
    message = a_message_that_is("sending")
    before = everything()
    if kind in ("rejected", "bounced", "complained"):
        with pytest.raises(StillSending):
            tell(message, kind, NOBODY)
    else:
        assert tell(message, kind) is False
    assert everything() == before


def test_a_doubt_is_settled_by_anything_that_shows_that_it_was_taken() -> None:
    message = a_message_that_is("in_doubt", tries=2)
    assert tell(message, "accepted", "250 queued", attempt=2) is True
    assert state_of(message) == "sent"
    assert message.due_at == to_the_hour(LATER)
    tries = [(each.outcome, each.phase, each.text) for each in message.tries.all()]
    assert tries == [("transient", "dot", ""), ("sent", "done", "")]


def test_without_a_number_it_is_the_last_attempt_that_is_meant() -> None:
    message = a_message_that_is("sent", tries=3)
    tell(message, "bounced", NOBODY, attempt=None)
    assert [each.outcome for each in message.tries.all()] == ["transient", "transient", "bounced"]


def test_a_bounce_is_kept_with_its_codes_and_names_nobody() -> None:
    message = a_message_that_is("sent")
    tell(
        message,
        "bounced",
        "smtp; 550 5.2.1 <minister@mfa.example> hates Amina Yusuf (amina@mailbox.example)",
    )
    attempt = last_attempt(message)
    assert (attempt.outcome, attempt.phase, attempt.code, attempt.enhanced) == (
        "bounced",
        "done",
        550,
        "5.2.1",
    )
    assert attempt.text == "smtp; 550 5.2.1 <…@…> hates … … (…@…)"


def test_words_that_cannot_be_checked_for_names_are_not_kept() -> None:
    message = a_message_that_is("sent")
    message.content.delete()
    address = Mailbox.objects.get().address
    tell(message, "bounced", f"550 5.1.1 Amina Yusuf wrote to nobody at {address}")
    attempt = last_attempt(message)
    assert (attempt.code, attempt.enhanced, attempt.text) == (550, "5.1.1", "")
    assert Mailbox.objects.get().words == "550 5.1.1"


def test_a_bounce_that_comes_when_the_content_is_gone_closes_no_mailbox_it_does_not_name() -> None:
    message = a_message_that_is("sent")
    message.content.delete()
    assert tell(message, "bounced", "550 5.1.1 user unknown")
    assert state_of(message) == "bounced"
    assert (last_attempt(message).outcome, Mailbox.objects.get().state) == ("bounced", "ok")


# the words of a bounce → what becomes of the mailbox, and the incident
BOXES: dict[str, tuple[str, str | None]] = {
    NOBODY: ("invalid", "mailbox_invalid"),
    "5.1.1 no mailbox here by that name": ("invalid", "mailbox_invalid"),
    "user unknown": ("invalid", "mailbox_invalid"),
    "550 5.2.1 mailbox disabled": ("refusing", "mailbox_refusing"),
    "550 no": ("ok", None),
    "552 5.2.2 mailbox full": ("ok", None),
    "451 4.3.0 try again": ("ok", None),
    "554 5.7.1 blocked using a list": ("ok", "policy"),
    "": ("ok", None),
}


@pytest.mark.parametrize("words", BOXES)
def test_a_bounce_closes_a_mailbox_that_is_not_there(words: str) -> None:
    message = a_message_that_is("sent")
    assert tell(message, "bounced", words) is True
    state, kind = BOXES[words]
    assert Mailbox.objects.get().state == state
    incidents = [(each.kind, each.times) for each in Incident.objects.all()]
    assert incidents == ([(kind, 1)] if kind else [])


def test_an_incident_says_which_mailbox_it_is() -> None:
    tell(a_message_that_is("sent"), "bounced", NOBODY)
    box, incident = Mailbox.objects.get(), Incident.objects.get()
    assert (box.since, box.words) == (to_the_hour(LATER), incident.words)
    assert (incident.about, incident.words) == (
        "minister@mfa.example",
        "550 5.1.1 <…@…>: user unknown",
    )


def test_a_bounce_of_an_address_that_was_corrected_says_nothing_of_the_new_one() -> None:
    message = a_message_that_is("in_doubt")
    correct_address(wrong="minister@mfa.example", right="office@mfa.example", now=NOON)
    tell(message, "bounced", NOBODY)
    assert state_of(message) == "bounced"
    assert Mailbox.objects.get(address="office@mfa.example").state == "ok"


def test_a_bounce_that_names_the_new_address_closes_it() -> None:
    message = a_message_that_is("in_doubt")
    correct_address(wrong="minister@mfa.example", right="office@mfa.example", now=NOON)
    tell(message, "bounced", "550 5.1.1 <office@mfa.example>: user unknown")
    assert Mailbox.objects.get(address="office@mfa.example").state == "invalid"


def test_a_letter_about_to_go_again_waits_if_nobody_is_there() -> None:
    message = a_message_that_is("ready")
    tell(message, "bounced", NOBODY)
    assert (state_of(message), message.reason) == ("held", "mailbox_invalid")
    # As every letter to that mailbox, it goes when there is another.
    correct_address(wrong="minister@mfa.example", right="office@mfa.example", now=LATER)
    assert state_of(message) == "ready"


def test_a_person_who_lets_it_go_all_the_same_is_not_overruled_by_an_echo() -> None:
    message = a_message_that_is("ready")
    tell(message, "delivered")
    release_messages([message.pk], now=LATER)
    for kind in ("accepted", "deferred", "delivered"):
        assert tell(message, kind) is False
    assert state_of(message) == "ready"


def test_a_complaint_pauses_the_mailbox_and_tells_a_person() -> None:
    message = a_message_that_is("sent")
    assert tell(message, "complained", "abuse") is True
    box, incident = Mailbox.objects.get(), Incident.objects.get()
    assert (box.paused, box.state, state_of(message)) == (True, "ok", "delivered")
    assert (incident.kind, incident.about, incident.times) == ("complaint", box.address, 1)


def test_a_supporter_who_complains_is_never_written_to_again() -> None:
    message = a_message_that_is("sent", mail=CONFIRMATION, lane="confirm")
    tell(message, "complained")
    [row] = Suppression.objects.all()
    assert bytes(row.blind) == suppression_blind("amina@mailbox.example")
    assert (row.reason, Incident.objects.count()) == ("complained", 0)


def test_a_bounce_of_a_supporter_s_mail_is_about_that_mail_alone() -> None:
    message = a_message_that_is("sent", mail=CONFIRMATION, lane="confirm")
    assert tell(message, "bounced", "550 5.1.1 <amina@mailbox.example>: user unknown") is True
    assert state_of(message) == "bounced"
    assert (Mailbox.objects.count(), Incident.objects.count()) == (0, 0)


def test_a_refusal_of_the_provider_is_an_incident_about_the_house() -> None:
    tell(a_message_that_is("sent"), "rejected", "suppressed")
    incident = Incident.objects.get()
    assert (incident.kind, incident.about) == ("policy", "mfa.example")
    assert Mailbox.objects.get().state == "ok"


@pytest.mark.parametrize("attempt", [0, 2, 999_999_999])
def test_an_attempt_that_was_never_made_is_no_attempt_of_ours(attempt: int) -> None:
    message = a_message_that_is("sent")
    before = everything()
    assert tell(message, "bounced", NOBODY, attempt=attempt) is False
    assert everything() == before


def test_a_message_that_is_not_known_or_was_erased_changes_nothing() -> None:
    message = a_message_that_is("sent")
    erase_messages(ids=[message.pk])
    before = everything()
    for message_id in (message.pk, uuid.uuid4()):
        told = note_event(message_id=message_id, attempt=1, kind="bounced", words="", now=LATER)
        assert told is False
    assert everything() == before
