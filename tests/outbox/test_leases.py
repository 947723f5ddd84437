"""Leases: who holds a message, who takes it back, and what may be sent at all."""

import secrets
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import DataError, connection

from tests.outbox.mails import (
    NOON,
    Deliver,
    a_message,
    last_attempt,
    state_of,
)
from tests.post_office import PostOffice
from tocsin.kit.clock import to_the_hour
from tocsin.outbox import send
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import erase_messages
from tocsin.outbox.send import take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def living_owner() -> Iterator[int]:
    """Another worker, who lives as long as this session."""
    owner = secrets.randbits(63)
    with another_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [owner])
        yield owner


def another_session() -> psycopg.Connection[tuple[object, ...]]:
    values = connection.settings_dict
    return psycopg.connect(
        dbname=values["NAME"], user=values["USER"], host=values["HOST"], port=values["PORT"] or None
    )


def in_hand(state: str, owner: int, *, until: timedelta = timedelta(minutes=10)) -> Message:
    message = a_message()
    lease = {"lease_owner": owner, "lease_number": 1, "lease_until": NOON + until}
    Message.objects.filter(pk=message.pk).update(state="leased", **lease)
    if state == "sending":
        Message.objects.filter(pk=message.pk).update(state="sending")
        Attempt.objects.create(message=message, number=1, at=to_the_hour(NOON))
    return message


def test_what_a_dead_worker_had_not_spoken_about_is_simply_ready() -> None:
    message = in_hand("leased", 7)
    assert take_back(now=NOON) == 1
    assert (state_of(message), message.attempts, message.doubts) == ("ready", 0, 0)


def test_what_a_dead_worker_was_sending_is_a_doubt_and_goes_once_more(deliver: Deliver) -> None:
    message = in_hand("sending", 7)
    with PostOffice() as office:
        deliver(office)
    assert (state_of(message), message.attempts, message.doubts) == ("sent", 2, 1)
    assert [each.outcome for each in message.tries.all()] == ["in_doubt", "sent"]
    assert len(office.mails) == 1


def test_a_second_doubt_stays_for_a_person(deliver: Deliver) -> None:
    message = in_hand("sending", 7)
    Message.objects.update(doubts=1)
    with PostOffice() as office:
        deliver(office)
    assert (state_of(message), office.mails) == ("in_doubt", [])
    assert (message.lease_owner, message.lease_until) == (None, None)


@pytest.mark.parametrize("state", ["leased", "sending"])
def test_what_a_living_worker_holds_is_left_alone(state: str, living_owner: int) -> None:
    message = in_hand(state, living_owner)
    assert take_back(now=NOON + timedelta(minutes=9)) == 0
    assert (state_of(message), message.lease_owner) == (state, living_owner)


def test_a_lease_that_ran_out_is_taken_back_even_from_the_living(living_owner: int) -> None:
    leased = in_hand("leased", living_owner)
    sending = in_hand("sending", living_owner)
    assert take_back(now=NOON + timedelta(minutes=11)) == 1
    assert (state_of(leased), state_of(sending)) == ("ready", "sending")


def test_only_a_letter_that_is_still_ours_may_be_sent(living_owner: int) -> None:
    stolen, taken_over, gone, ours = (a_message() for _ in range(4))
    leases = send._claim(owner=living_owner, now=NOON)
    Message.objects.filter(pk=stolen.pk).update(lease_number=2)
    Message.objects.filter(pk=taken_over.pk).update(lease_owner=7)
    erase_messages(ids=[gone.pk])
    assert list(send._mark(leases, owner=living_owner, now=NOON)) == [ours.pk]
    assert send._mark(leases, owner=living_owner, now=NOON) == {}
    assert [each.message_id for each in Attempt.objects.all()] == [ours.pk]


def test_bruno_withdraws_while_his_letter_is_on_the_line(living_owner: int) -> None:
    his, other = a_message(), a_message()
    leases = send._claim(owner=living_owner, now=NOON)
    attempts = send._mark(leases, owner=living_owner, now=NOON)
    erase_messages(ids=[his.pk])
    outcomes = [send.Outcome(lease, send.CRASHED) for lease in leases]
    send._record(outcomes, attempts, owner=living_owner, now=NOON)
    assert not Message.objects.filter(pk=his.pk).exists()
    assert state_of(other) == "held"


def test_a_worker_that_lost_its_lease_writes_nothing(living_owner: int) -> None:
    message = a_message()
    leases = send._claim(owner=living_owner, now=NOON)
    attempts = send._mark(leases, owner=living_owner, now=NOON)
    Message.objects.update(lease_number=9)
    outcomes = [send.Outcome(lease, send.CRASHED) for lease in leases]
    send._record(outcomes, attempts, owner=living_owner, now=NOON)
    assert (state_of(message), last_attempt(message).outcome) == ("sending", "")


def locks_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        return int(cursor.fetchall()[0][0])


def test_a_run_lets_go_of_its_lock(deliver: Deliver) -> None:
    a_message()
    with PostOffice() as office:
        deliver(office)
    assert locks_held() == 0


def test_a_run_that_fails_lets_go_of_its_lock_and_leaves_a_doubt(deliver: Deliver) -> None:
    message = a_message()
    Message.objects.update(attempts=32767)  # one more does not fit: the outcome cannot be written
    with PostOffice() as office:
        with pytest.raises(DataError):
            deliver(office)
        assert len(office.mails) == 1
    assert locks_held() == 0
    assert state_of(message) == "sending"
