"""The send station: what becomes of a message, whatever the other side does."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.outbox.mails import (
    CONFIRMATION,
    NOON,
    Deliver,
    a_message,
    last_attempt,
    state_of,
)
from tests.post_office import HABITS, POLITE, PostOffice, with_habit
from tocsin.kit.clock import to_the_hour
from tocsin.kit.seal import KeyMissing, seal
from tocsin.outbox import send
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outbox.post import post_message, read_envelope
from tocsin.outbox.send import WINDOW
from tocsin.outbox.transports.smtp import Waits

pytestmark = pytest.mark.django_db


def test_a_letter_is_handed_over_once(deliver: Deliver) -> None:
    letter = a_message()
    with PostOffice() as office:
        assert deliver(office) == 1
        assert deliver(office) == 0
    [taken] = office.mails
    envelope = read_envelope(letter)
    assert (taken.sender, taken.recipient, taken.mail) == (
        envelope.sender,
        envelope.recipient,
        envelope.mail,
    )
    assert state_of(letter) == "sent"
    assert (letter.attempts, letter.lease_owner, letter.lease_until) == (1, None, None)
    attempt = last_attempt(letter)
    assert (attempt.number, attempt.at, attempt.outcome) == (1, to_the_hour(NOON), "sent")
    assert (attempt.phase, attempt.code, attempt.enhanced) == ("done", 250, "2.0.0")


# habit → state, counted attempts, outcome and phase of the attempt; None: nothing was noted
FATES: dict[str, tuple[str, int, str | None, str]] = {
    "accepts": ("sent", 1, "sent", "done"),
    "takes it and says so in many lines": ("sent", 1, "sent", "done"),
    "takes it and says so in a megabyte": ("sent", 1, "sent", "done"),
    "takes it and says 251": ("sent", 1, "sent", "done"),
    "speaks no EHLO": ("sent", 1, "sent", "done"),
    "hangs up at once": ("ready", 0, None, ""),
    "greets with garbage": ("ready", 0, None, ""),
    "is closed": ("ready", 0, None, ""),
    "is busy at the door": ("ready", 0, None, ""),
    "says two things at the door": ("ready", 0, None, ""),
    "hangs up at EHLO": ("ready", 0, None, ""),
    "wants a login late": ("ready", 0, "line_down", "mail"),
    "defers the sender": ("ready", 1, "transient", "mail"),
    "closes with 421 at MAIL": ("ready", 1, "transient", "mail"),
    "refuses the sender": ("held", 1, "policy", "mail"),
    "greylists": ("ready", 1, "transient", "rcpt"),
    "slows us down": ("ready", 1, "rate", "rcpt"),
    "has a full mailbox": ("ready", 1, "mailbox_full", "rcpt"),
    "has a full mailbox for ever": ("ready", 1, "mailbox_full", "rcpt"),
    "knows nobody": ("held", 1, "mailbox_invalid", "rcpt"),
    "refuses the recipient": ("held", 1, "mailbox_refusing", "rcpt"),
    "lists us": ("held", 1, "policy", "rcpt"),
    "hangs up at RCPT": ("ready", 1, "lost", "rcpt"),
    "misunderstands us": ("held", 1, "our_fault", "rcpt"),
    "answers RCPT in many lines": ("ready", 1, "transient", "rcpt"),
    "answers RCPT in no language": ("ready", 1, "transient", "rcpt"),
    "answers RCPT with a megabyte": ("ready", 1, "transient", "rcpt"),
    "answers RCPT with one long line": ("ready", 1, "transient", "rcpt"),
    "answers RCPT without an end": ("ready", 1, "lost", "rcpt"),
    "answers RCPT with garbage": ("ready", 1, "lost", "rcpt"),
    "answers RCPT with an unknown code": ("ready", 1, "unknown", "rcpt"),
    "answers RCPT twice": ("ready", 1, "lost", "rcpt"),
    "never resets": ("ready", 1, "transient", "rcpt"),
    "defers at DATA": ("ready", 1, "transient", "data"),
    "refuses at DATA": ("failed", 1, "letter_fault", "data"),
    "accepts instead of asking for the body": ("ready", 1, "unknown", "data"),
    "asks for the body and says goodbye": ("ready", 1, "lost", "data"),
    "hangs up before the dot": ("ready", 1, "lost", "body"),
    "defers after the dot": ("ready", 1, "transient", "dot"),
    "closes with 421 after the dot": ("ready", 1, "transient", "dot"),
    "takes it for spam": ("held", 1, "policy", "dot"),
    "refuses without a reason after the dot": ("held", 1, "policy", "dot"),
    "finds it too big": ("failed", 1, "letter_fault", "dot"),
    "hangs up after the dot": ("in_doubt", 1, "in_doubt", "dot"),
    "takes it and hangs up": ("in_doubt", 1, "in_doubt", "dot"),
    "takes it and keeps silent": ("in_doubt", 1, "in_doubt", "dot"),
    "takes it and answers garbage": ("in_doubt", 1, "in_doubt", "dot"),
}


@pytest.mark.parametrize("habit", FATES)
def test_what_becomes_of_a_letter_when_the_post_office(
    habit: str, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "WAITS", Waits(dot=1))
    letter = a_message()
    state, attempts, outcome, phase = FATES[habit]
    with PostOffice(habits=[HABITS[habit]]) as office:
        deliver(office)
    assert (state_of(letter), letter.attempts) == (state, attempts)
    noted = [(each.outcome, each.phase) for each in letter.tries.all()]
    assert noted == ([(outcome, phase)] if outcome else [])
    assert (letter.lease_owner, letter.lease_until) == (None, None)


@pytest.mark.parametrize("habit", FATES)
def test_one_bad_answer_never_stops_the_other_letters(
    habit: str, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "WAITS", Waits(dot=1))
    letters = [a_message() for _ in range(3)]
    with with_habit(habit) as office:
        deliver(office)
        office.turn = 1
        deliver(office)
    states = sorted(state_of(letter) for letter in letters)
    assert states.count("sent") >= 2
    assert len(office.mails) >= 2


# -- again ---------------------------------------------------------------------------------------


def test_a_deferred_letter_goes_later_with_the_same_bytes(deliver: Deliver) -> None:
    letter = a_message()
    office = PostOffice(habits=(HABITS["defers after the dot"], POLITE))
    office.habits = (replace(office.habits[0], takes=True), POLITE)
    with office:
        deliver(office)
        letter.refresh_from_db()
        assert timedelta(minutes=4) <= letter.due_at - NOON <= timedelta(minutes=6)
        assert deliver(office, minutes=3) == 0
        assert deliver(office, minutes=7) == 1
    refused, taken = office.mails
    assert refused == taken
    assert (state_of(letter), letter.attempts) == ("sent", 2)
    assert [each.number for each in letter.tries.all()] == [1, 2]


def test_after_five_days_of_not_now_a_person_is_asked(deliver: Deliver) -> None:
    letter = a_message()
    with PostOffice(habits=[HABITS["greylists"]]) as office:
        for hours in range(24 * 7):
            deliver(office, hours=hours)
    assert state_of(letter) == "held"
    assert 10 <= letter.attempts <= 16
    assert last_attempt(letter).at - NOON >= timedelta(days=5) - timedelta(hours=1)


def test_days_without_a_line_do_not_count_against_a_letter(deliver: Deliver) -> None:
    letter = a_message()
    closed = PostOffice(habits=[HABITS["wants a login late"]])
    with closed:
        for day in range(9):
            deliver(closed, days=day)
    with PostOffice(habits=[HABITS["greylists"]]) as office:
        deliver(office, days=9)
    assert (state_of(letter), letter.attempts) == ("ready", 1)


def test_a_doubt_is_sent_once_more_and_the_second_waits_for_a_person(deliver: Deliver) -> None:
    letter = a_message()
    with PostOffice(habits=[HABITS["takes it and hangs up"]]) as office:
        deliver(office)
        assert (state_of(letter), letter.doubts) == ("in_doubt", 0)
        deliver(office, hours=1)
        assert (state_of(letter), letter.doubts) == ("in_doubt", 1)
        deliver(office, hours=2)
        deliver(office, days=2)
    assert (state_of(letter), letter.doubts, letter.attempts) == ("in_doubt", 1, 2)
    first, second = office.mails
    assert first == second


def test_a_settled_message_keeps_no_time_finer_than_the_hour(deliver: Deliver) -> None:
    letters = [a_message() for _ in range(3)]
    habits = [HABITS["greylists"], HABITS["finds it too big"], HABITS["lists us"], POLITE]
    with PostOffice(habits=habits) as office:
        deliver(office)
        deliver(office, minutes=7)
    assert {state_of(letter) for letter in letters} == {"sent", "failed", "held"}
    times = [letter.due_at for letter in letters] + [each.at for each in Attempt.objects.all()]
    assert times == [to_the_hour(time) for time in times]


# -- order, windows, the line --------------------------------------------------------------------


def test_a_confirmation_overtakes_every_letter(deliver: Deliver) -> None:
    for _ in range(WINDOW + 5):
        a_message()
    Message.objects.update(due_at=NOON - timedelta(hours=3))  # they have waited longer
    post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    with PostOffice() as office:
        assert deliver(office) == WINDOW + 6
    assert office.mails[0].recipient == CONFIRMATION.recipient


def test_what_is_not_due_stays(deliver: Deliver) -> None:
    letter = a_message()
    Message.objects.update(due_at=NOON + timedelta(seconds=1))
    with PostOffice() as office:
        assert deliver(office) == 0
        assert office.connections == 0
    assert state_of(letter) == "ready"


def test_many_windows_share_one_line(deliver: Deliver) -> None:
    for _ in range(2 * WINDOW + 1):
        a_message()
    with PostOffice() as office:
        assert deliver(office) == 2 * WINDOW + 1
    assert (office.connections, len(office.mails)) == (1, 2 * WINDOW + 1)


def test_a_long_run_ends_and_asks_for_the_next(
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(send, "RUN_SECONDS", 0)
    letters = [a_message() for _ in range(3)]
    with PostOffice() as office:
        for left in (2, 1, 0):
            with django_capture_on_commit_callbacks() as asked:
                assert deliver(office) == 1, "a signal to stop waits for one mail at most"
            assert len(asked) == (1 if left else 0)
            assert [state_of(letter) for letter in letters].count("ready") == left
    assert {letter.attempts for letter in letters} == {1}, "what was not tried does not count"


def test_a_line_that_does_not_open_touches_no_letter(
    deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    letter = a_message()
    before = Message.objects.values().get()
    with PostOffice(habits=[HABITS["is closed"]]) as office:
        assert deliver(office) == 0
    assert Message.objects.values().get() == before
    assert not letter.tries.exists()
    assert "the relay does not take our mail (connect 554): no SMTP service here" in caplog.text


def test_when_the_line_goes_down_the_rest_of_the_window_was_not_tried(deliver: Deliver) -> None:
    letters = [a_message() for _ in range(4)]
    office = PostOffice(habits=(POLITE, HABITS["wants a login late"]))
    with office:
        deliver(office)
    for letter in letters:
        letter.refresh_from_db()
    assert sorted((letter.state, letter.attempts) for letter in letters) == [
        ("ready", 0),
        ("ready", 0),
        ("ready", 0),
        ("sent", 1),
    ]
    outcomes = sorted(Attempt.objects.values_list("outcome", flat=True))
    assert outcomes == ["line_down", "sent"]
    with PostOffice() as office:
        deliver(office, minutes=2)
    assert [state_of(letter) for letter in letters] == ["sent"] * 4


def test_without_the_keys_no_letter_is_touched(
    deliver: Deliver, settings: Settings, tmp_path: Path
) -> None:
    letter = a_message()
    settings.KEYS_DIR = tmp_path
    with PostOffice() as office, pytest.raises(KeyMissing):
        deliver(office)
    assert state_of(letter) == "ready"


# -- what nobody foresaw -------------------------------------------------------------------------


def test_a_letter_that_cannot_be_read_is_held_and_the_rest_goes(
    deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    broken, gone, good = a_message(), a_message(), a_message()
    MessageContent.objects.filter(message=broken).update(sealed=b"\x01nonsense")
    MessageContent.objects.filter(message=gone).delete()
    with PostOffice() as office:
        deliver(office)
    assert [state_of(each) for each in (broken, gone, good)] == ["held", "held", "sent"]
    assert (last_attempt(broken).outcome, last_attempt(broken).phase) == ("unreadable", "")
    assert len(caplog.records) == 2


def test_a_letter_that_breaks_our_own_code_is_held_and_the_rest_goes(deliver: Deliver) -> None:
    before, poison, after = sorted((a_message() for _ in range(3)), key=lambda each: each.pk)
    envelope = read_envelope(poison)
    seal_again(poison, b"\n".join([b"bounce@x.example", b"no address", envelope.mail]))
    with PostOffice() as office:
        deliver(office)
    assert (state_of(poison), last_attempt(poison).outcome) == ("held", "crashed")
    assert (state_of(before), state_of(after)) == ("sent", "sent")
    assert len(office.mails) == 2


def seal_again(message: Message, plain: bytes) -> None:
    sealed = seal(plain, day=NOON.date(), about=f"message:{message.pk}")
    MessageContent.objects.filter(message=message).update(sealed=sealed)


def test_the_log_names_nobody(deliver: Deliver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tocsin")
    post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    for habit in ("knows nobody", "is closed", "takes it and hangs up", "wants a login late"):
        with PostOffice(habits=[HABITS[habit]]) as office:
            deliver(office, days=1)
    assert "amina" not in caplog.text.lower()


def test_an_attempt_in_clear_does_not_name_the_supporter(deliver: Deliver) -> None:
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    with with_habit("knows nobody") as office:
        deliver(office)
    assert last_attempt(confirmation).text == "<…@…>: user … unknown"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://act.lumiere.example", "act.lumiere.example"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_the_machine_is_never_named(
    url: str, name: str, deliver: Deliver, settings: Settings
) -> None:
    settings.BASE_URL = url
    a_message()
    with PostOffice() as office:
        deliver(office)
    assert office.said[0] == f"ehlo {name}"
