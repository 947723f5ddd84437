"""The send station: what becomes of a message, whatever the other side does."""

import logging
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
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
from tocsin.kit.seal import KeyMissing
from tocsin.outbox import send
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.identity.bounce import Bounced, read_bounce_address
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outbox.post import post_message, read_envelope
from tocsin.outbox.routes import Route
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db


def test_a_letter_is_handed_over_once(deliver: Deliver) -> None:
    letter = a_message()
    with PostOffice() as office:
        assert deliver(office) == 1
        assert deliver(office) == 0
    [taken] = office.mails
    envelope = read_envelope(letter)
    assert (taken.recipient, taken.mail) == (envelope.recipient, envelope.mail)
    assert read_bounce_address(taken.sender, now=NOON) == Bounced(letter.pk, attempt=1)
    assert state_of(letter) == "sent"
    assert (letter.attempts, letter.lease_owner, letter.lease_until) == (1, None, None)
    attempt = last_attempt(letter)
    assert (attempt.number, attempt.at, attempt.outcome) == (1, to_the_hour(NOON), "sent")
    assert (attempt.phase, attempt.code, attempt.enhanced) == ("done", 250, "2.0.0")


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
    assert (refused.recipient, refused.mail) == (taken.recipient, taken.mail)
    senders = [read_bounce_address(each.sender, now=NOON).attempt for each in office.mails]
    assert senders == [1, 2]
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
        assert take_back_due(now=NOON + timedelta(minutes=14)) == 0, "evidence may still come"
        assert take_back_due(now=NOON + timedelta(minutes=16)) == 1
        deliver(office, minutes=16)
        assert (state_of(letter), letter.doubts) == ("in_doubt", 1)
        assert take_back_due(now=NOON + timedelta(days=2)) == 0
        deliver(office, days=2)
    assert (state_of(letter), letter.doubts, letter.attempts) == ("in_doubt", 1, 2)
    first, second = office.mails
    assert first.mail == second.mail


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
    for _ in range(5):
        a_message()
    Message.objects.update(due_at=NOON - timedelta(hours=3))  # they have waited longer
    post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    with PostOffice() as office:
        assert deliver(office) == 6
    assert office.mails[0].recipient == CONFIRMATION.recipient


def test_what_is_not_due_stays(deliver: Deliver) -> None:
    letter = a_message()
    Message.objects.update(due_at=NOON + timedelta(seconds=1))
    with PostOffice() as office:
        assert deliver(office) == 0
        assert office.connections == 0
    assert state_of(letter) == "ready"


def test_many_windows_share_the_connections_of_a_route(deliver: Deliver) -> None:
    Route.objects.create(name="letters", number=1, connections=3, share=3)
    for _ in range(4 * 2 * 3 + 1):
        a_message()
    with PostOffice() as office:
        assert deliver(office) == 25
    assert (1 <= office.connections <= 3, len(office.mails)) == (True, 25)


def test_a_process_that_is_told_to_stop_begins_nothing_new(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    Route.objects.create(name="letters", number=1, connections=1, share=1)
    letters = [a_message() for _ in range(9)]

    told = threading.Event()

    def stop(moment: str, said: str) -> None:
        if moment == "dot":
            told.set()

    monkeypatch.setattr(send, "stopping", told)
    with PostOffice(witness=stop) as office:
        deliver(office)
    states = Counter(state_of(letter) for letter in letters)
    assert set(states) == {"sent", "ready"}
    assert states["sent"] == len(office.mails) <= 2
    assert {letter.attempts for letter in letters if letter.state == "ready"} == {0}


def test_what_may_not_go_now_is_looked_at_again_soon(
    deliver: Deliver, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    same = "minister@mfa.example"
    letters = [a_message(recipient=same) for _ in range(2)]
    with PostOffice() as office, django_capture_on_commit_callbacks(execute=True):
        assert deliver(office) == 1
    assert sorted(state_of(letter) for letter in letters) == ["ready", "sent"]
    [job] = ProcrastinateJob.objects.exclude(scheduled_at=None)
    assert (job.task_name, job.queueing_lock) == ("send_letters", "send_letters.later")


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
    Route.objects.create(name="letters", number=1, connections=1, share=1)
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
    outcomes = Counter(Attempt.objects.values_list("outcome", flat=True))
    assert outcomes["sent"] == 1
    assert 1 <= outcomes["route_fault"] <= 2, "no more than the window that was on the line"
    with PostOffice() as office:
        deliver(office, minutes=4)
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
    assert (broken.reason, gone.reason) == ("unreadable", "unreadable")
    assert not broken.tries.exists(), "not a word was said"
    assert Incident.objects.get().kind == "unreadable"
    assert sum("cannot be read" in str(each.msg) for each in caplog.records) == 2


def test_a_letter_that_breaks_our_own_code_is_held_and_the_rest_goes(deliver: Deliver) -> None:
    before, poison, after = sorted((a_message() for _ in range(3)), key=lambda each: each.pk)
    Mailbox.objects.filter(message=poison).update(address="no address")
    with PostOffice() as office:
        deliver(office)
    assert (state_of(poison), poison.reason) == ("held", "crashed")
    assert (state_of(before), state_of(after)) == ("sent", "sent")
    assert len(office.mails) == 2


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
    assert office.said[0] == f"EHLO {name}"
