"""Posting: the row, its sealed bytes, and what happens when that fails."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.outbox.mails import CONFIRMATION, LETTER, NOON, a_letter
from tocsin.kit.seal import Unreadable
from tocsin.outbox.compose import Malformed, compose
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outbox.post import erase_messages, post_message, read_envelope

pytestmark = pytest.mark.django_db


def test_a_posted_letter_is_ready_and_its_bytes_are_made() -> None:
    message = post_message(lane="letter", mail=LETTER, now=NOON)
    assert (message.state, message.attempts, message.lease_owner) == ("ready", 0, None)
    assert message.message_id.endswith("@letters.lumiere.example")
    assert read_envelope(message) == Envelope(
        sender="bounce@letters.lumiere.example",
        recipient="minister@mfa.example",
        mail=compose(LETTER, message_id=message.message_id, date=NOON),
    )


def test_a_confirmation_goes_before_every_letter() -> None:
    letter = post_message(lane="letter", mail=LETTER, now=NOON)
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    assert confirmation.priority < letter.priority


def test_no_exact_time_of_a_visit_is_kept() -> None:
    message = post_message(lane="letter", mail=LETTER, now=NOON)
    assert message.due_at == NOON.replace(minute=0, second=0, microsecond=0)
    assert message.lease_until is None


def test_nothing_in_the_database_names_anybody() -> None:
    message = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    row = str(Message.objects.filter(pk=message.pk).values())
    sealed = bytes(MessageContent.objects.get(pk=message.pk).sealed)
    for word in ("amina", "yusuf", "mailbox.example"):
        assert word not in row.lower()
        assert word.encode() not in sealed.lower()


def test_who_destroys_the_key_of_the_day_destroys_the_letter() -> None:
    long_ago = NOON - timedelta(days=700)
    message = post_message(lane="letter", mail=LETTER, now=long_ago)
    (settings.KEYS_DIR / "days" / f"{long_ago.date()}.key").unlink()
    with pytest.raises(Unreadable):
        read_envelope(message)


def test_content_moved_to_another_message_does_not_open() -> None:
    first = post_message(lane="letter", mail=LETTER, now=NOON)
    second = post_message(lane="letter", mail=LETTER, now=NOON)
    second.content.sealed = first.content.sealed
    with pytest.raises(Unreadable):
        read_envelope(second)


def test_a_mail_that_cannot_be_built_fails_where_it_was_asked_for() -> None:
    with pytest.raises(Malformed):
        post_message(lane="letter", mail=a_letter(subject="a\r\nBcc: m@x.test"), now=NOON)
    assert not Message.objects.exists()


def test_a_lane_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="gossip"):
        post_message(lane="gossip", mail=LETTER, now=NOON)
    assert not Message.objects.exists()


def test_a_caller_who_fails_has_posted_nothing() -> None:
    with transaction.atomic():
        post_message(lane="letter", mail=LETTER, now=NOON)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_posting_wakes_the_send_station_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        post_message(lane="letter", mail=LETTER, now=NOON)
    assert not ProcrastinateJob.objects.exists()
    for callback in callbacks:
        callback()
    assert [job.task_name for job in ProcrastinateJob.objects.all()] == ["send_letters"]


def test_bruno_withdraws_and_nothing_is_left() -> None:
    his = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    hers = post_message(lane="letter", mail=LETTER, now=NOON)
    Attempt.objects.create(message=his, number=1, at=NOON, outcome="sent")
    assert erase_messages(ids=[his.pk]) == 1
    assert erase_messages(ids=[his.pk]) == 0
    assert [message.pk for message in Message.objects.all()] == [hers.pk]
    assert MessageContent.objects.count() == 1
    assert not Attempt.objects.exists()
