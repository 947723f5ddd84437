"""What may not go now is set aside, and comes back; what was sent is delivered some day."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.outbox.mails import CONFIRMATION, LETTER, NOON, Deliver, a_letter, a_message, state_of
from tests.post_office import PostOffice
from tocsin.outbox import park
from tocsin.outbox.hold import pause_mailing, resume_mailing, stop_mailing
from tocsin.outbox.models import Message
from tocsin.outbox.park import park_due
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import Mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing() -> Mailing:
    return Mailing.objects.create(name="families")


def letter_of(mailing: Mailing | None, *, lane: str = "letter") -> Message:
    return post_message(lane=lane, mail=LETTER, now=NOON, mailing=mailing)


def parked(**later: int) -> int:
    return park_due(now=NOON + timedelta(**later))


def states(*messages: Message) -> list[tuple[str, str]]:
    return [(state_of(each), each.reason) for each in messages]


def test_letters_of_a_paused_mailing_are_set_aside_and_come_back(
    mailing: Mailing, deliver: Deliver
) -> None:
    mine, other, free = letter_of(mailing), letter_of(Mailing.objects.create()), letter_of(None)
    assert parked() == 0
    pause_mailing(mailing)
    assert parked() == 1
    assert parked() == 0
    assert states(mine, other, free) == [("held", "paused"), ("ready", ""), ("ready", "")]
    resume_mailing(mailing)
    assert parked() == 1
    assert parked() == 0
    assert states(mine) == [("ready", "")]
    with PostOffice() as office:
        for hours in range(3):
            deliver(office, hours=hours)
    assert {state_of(each) for each in (mine, other, free)} == {"sent"}


def test_confirmations_of_a_paused_mailing_stay_in_the_queue(mailing: Mailing) -> None:
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON, mailing=mailing)
    update = letter_of(mailing, lane="update")
    pause_mailing(mailing)
    assert parked() == 1
    assert states(confirmation, update) == [("ready", ""), ("held", "paused")]


def test_what_a_person_holds_is_not_let_go_by_resuming(mailing: Mailing) -> None:
    mine = letter_of(mailing)
    Message.objects.update(state="held", reason="by_hand")
    pause_mailing(mailing)
    resume_mailing(mailing)
    assert parked() == 0
    assert states(mine) == [("held", "by_hand")]


def test_a_letter_that_comes_back_has_lost_no_patience(mailing: Mailing) -> None:
    mine = letter_of(mailing)
    counted = {"attempts": 3, "tried": 3, "began": NOON - timedelta(days=2)}
    Message.objects.update(**counted)
    pause_mailing(mailing)
    parked()
    resume_mailing(mailing)
    parked()
    mine.refresh_from_db()
    assert {name: getattr(mine, name) for name in counted} == counted


def test_past_the_stop_date_everything_that_waits_is_cancelled(mailing: Mailing) -> None:
    waits, aside, by_hand = (letter_of(mailing) for _ in range(3))
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON, mailing=mailing)
    other = letter_of(None)
    Message.objects.filter(pk=aside.pk).update(state="held", reason="paused")
    Message.objects.filter(pk=by_hand.pk).update(state="held", reason="by_hand")
    pause_mailing(mailing)
    stop_mailing(mailing, at=NOON + timedelta(hours=1))
    assert parked(minutes=59) == 1, "set aside, and not cancelled"
    assert parked(hours=1) == 3
    assert states(waits, aside, by_hand, confirmation, other) == [
        ("cancelled", "stopped"),
        ("cancelled", "stopped"),
        ("held", "by_hand"),
        ("cancelled", "stopped"),
        ("ready", ""),
    ]
    assert parked(hours=2) == 0


def test_what_is_in_a_workers_hands_is_left_there(mailing: Mailing) -> None:
    mine = letter_of(mailing)
    Message.objects.update(state="leased", lease_owner=7)
    pause_mailing(mailing)
    stop_mailing(mailing, at=NOON)
    assert parked(days=9) == 0
    assert states(mine) == [("leased", "")]


def test_silence_is_no_evidence_that_a_letter_was_delivered(deliver: Deliver) -> None:
    letter = a_message()
    with PostOffice() as office:
        deliver(office)
    assert parked(days=365) == 0
    assert states(letter) == [("sent", "sent")]


def test_no_time_finer_than_the_hour_stays_with_what_is_set_aside(mailing: Mailing) -> None:
    mine = letter_of(mailing)
    Message.objects.update(due_at=NOON + timedelta(minutes=9, seconds=17))
    pause_mailing(mailing)
    parked()
    mine.refresh_from_db()
    assert mine.due_at == NOON.replace(minute=0, second=0, microsecond=0)


def test_a_large_queue_is_set_aside_in_batches(
    mailing: Mailing,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(park, "BATCH", 2)
    for _ in range(5):
        letter_of(mailing)
    pause_mailing(mailing)
    woken = []
    for _ in range(3):
        ProcrastinateJob.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            moved = parked()
        names = ProcrastinateJob.objects.values_list("task_name", flat=True)
        woken.append((moved, "park" in names))
    assert woken == [(2, True), (2, True), (1, False)]


def test_what_comes_back_wakes_the_send_stations(
    mailing: Mailing, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    letter_of(mailing)
    Message.objects.update(state="held", reason="paused")
    ProcrastinateJob.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert parked() == 1
    assert "send_letters" in ProcrastinateJob.objects.values_list("task_name", flat=True)


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_two_workers_move_nothing_twice_and_neither_waits(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(park, "BATCH", 3)
    for number in range(5):
        mail = a_letter(recipient=f"d{number}@mfa.example")
        post_message(lane="letter", mail=mail, now=NOON, mailing=mailing)
    pause_mailing(mailing)
    moved: list[int] = []

    def other() -> None:
        try:
            moved.append(parked())
        finally:
            connection.close()

    with transaction.atomic():
        moved.append(parked())
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), "it waits for the first"
    assert moved == [3, 2]
    assert Message.objects.filter(state="held", reason="paused").count() == 5
