"""Leases: who holds a message, who takes it back, and what may be sent at all."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

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
from tocsin.outbox import send
from tocsin.outbox.claim import Lease, claim
from tocsin.outbox.destinations import Mailbox, MailDomain, Suppression
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import erase_messages
from tocsin.outbox.record import Outcome, mark, record, record_late
from tocsin.outbox.routes import Mailing, Route
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.verdicts.retry import Verdict

CRASHED = Verdict("held", "crashed")

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
        Message.objects.filter(pk=message.pk).update(state="sending", tried=1)
    return message


def test_what_a_dead_worker_had_not_spoken_about_is_simply_ready() -> None:
    message = in_hand("leased", 7)
    assert take_back_due(now=NOON) == 1
    assert (state_of(message), message.attempts, message.doubts) == ("ready", 0, 0)


def test_what_a_dead_worker_was_sending_is_a_doubt_and_goes_once_more(deliver: Deliver) -> None:
    message = in_hand("sending", 7)
    assert take_back_due(now=NOON) == 1
    assert (state_of(message), message.reason, message.doubts) == ("in_doubt", "in_doubt", 0)
    assert take_back_due(now=NOON + timedelta(minutes=14)) == 0, "evidence may still come"
    assert take_back_due(now=NOON + timedelta(minutes=15)) == 1
    with PostOffice() as office:
        deliver(office, minutes=15)
    assert (state_of(message), message.attempts, message.doubts) == ("sent", 2, 1)
    assert [each.outcome for each in message.tries.all()] == ["in_doubt", "sent"]
    assert len(office.mails) == 1


def test_a_second_doubt_stays_for_a_person(deliver: Deliver) -> None:
    message = in_hand("sending", 7)
    Message.objects.update(doubts=1)
    take_back_due(now=NOON)
    assert take_back_due(now=NOON + timedelta(days=9)) == 0
    with PostOffice() as office:
        deliver(office, days=9)
    assert (state_of(message), office.mails) == ("in_doubt", [])
    assert (message.lease_owner, message.lease_until) == (None, None)


def test_a_mailing_may_ask_a_person_at_the_first_doubt() -> None:
    mailing = Mailing.objects.create(doubts=Mailing.Doubts.ASK)
    asked, unasked = in_hand("sending", 7), in_hand("sending", 7)
    Message.objects.filter(pk=asked.pk).update(mailing=mailing)
    take_back_due(now=NOON)
    assert take_back_due(now=NOON + timedelta(days=9)) == 1
    assert (state_of(asked), state_of(unasked)) == ("in_doubt", "ready")


@pytest.mark.parametrize("state", ["leased", "sending"])
def test_what_a_living_worker_holds_is_left_alone(state: str, living_owner: int) -> None:
    message = in_hand(state, living_owner)
    assert take_back_due(now=NOON + timedelta(minutes=9)) == 0
    assert (state_of(message), message.lease_owner) == (state, living_owner)


def test_a_lease_that_ran_out_is_taken_back_even_from_the_living(living_owner: int) -> None:
    leased = in_hand("leased", living_owner)
    sending = in_hand("sending", living_owner)
    assert take_back_due(now=NOON + timedelta(minutes=11)) == 1
    assert (state_of(leased), state_of(sending)) == ("ready", "sending")


def claimed(owner: int) -> list[Lease]:
    return claim(route="letters", most=20, owner=owner, now=NOON)


def marked(leases: list[Lease], owner: int) -> set[UUID]:
    return mark(leases, blinds=[b"nobody"] * len(leases), route="letters", owner=owner, now=NOON)


def crashed(leases: list[Lease]) -> list[Outcome]:
    return [Outcome(lease, CRASHED) for lease in leases]


def test_only_a_letter_that_is_still_ours_may_be_sent(living_owner: int) -> None:
    stolen, taken_over, gone, ours = (a_message() for _ in range(4))
    leases = claimed(living_owner)
    Message.objects.filter(pk=stolen.pk).update(lease_number=2)
    Message.objects.filter(pk=taken_over.pk).update(lease_owner=7)
    erase_messages(ids=[gone.pk])
    assert marked(leases, living_owner) == {ours.pk}
    assert marked(leases, living_owner) == set()
    assert [each.pk for each in Message.objects.filter(tried=1)] == [ours.pk]


def test_a_letter_to_somebody_who_must_not_be_written_to_is_held(living_owner: int) -> None:
    for _ in range(2):
        a_message()
    leases = claimed(living_owner)
    Suppression.objects.create(blind=b"never", reason="asked", since=NOON.date())
    blinds = [b"never", b"others"]
    free = mark(leases, blinds=blinds, route="letters", owner=living_owner, now=NOON)
    assert free == {leases[1].message_id}
    held = Message.objects.get(state="held")
    assert (held.pk, held.reason) == (leases[0].message_id, "suppressed")


def test_what_was_paused_after_it_was_claimed_is_not_sent(living_owner: int) -> None:
    mailing = Mailing.objects.create()
    paused, other = a_message(), a_message()
    Message.objects.filter(pk=paused.pk).update(mailing=mailing)
    leases = claimed(living_owner)
    Mailing.objects.update(paused=True)
    assert list(marked(leases, living_owner)) == [other.pk]
    Mailing.objects.update(paused=False, stop_at=NOON)
    assert marked(leases, living_owner) == set()
    Mailing.objects.update(stop_at=None)
    Route.objects.create(name="letters", number=1, paused=True)
    assert marked(leases, living_owner) == set()
    Route.objects.update(paused=False)
    assert list(marked(leases, living_owner)) == [paused.pk]


@pytest.mark.parametrize(
    ("noun", "change"),
    [
        (Mailbox, {"paused": True}),
        (Mailbox, {"state": "invalid"}),
        (Mailbox, {"state": "refusing"}),
        (MailDomain, {"paused": True}),
        (MailDomain, {"paused_until": NOON + timedelta(seconds=1)}),
    ],
)
def test_a_mailbox_or_house_that_closed_after_the_claim_gets_nothing(
    noun: type[Mailbox | MailDomain], change: dict[str, object], living_owner: int
) -> None:
    for _ in range(2):
        a_message()
    leases = claimed(living_owner)
    closed = leases[0].mailbox_id if noun is Mailbox else leases[0].domain_id
    assert closed
    noun._default_manager.filter(pk=closed).update(**change)
    assert list(marked(leases, living_owner)) == [leases[1].message_id]


@pytest.mark.parametrize(
    ("noun", "change"),
    [(Mailbox, {"state": "full"}), (MailDomain, {"paused_until": NOON})],
)
def test_who_is_full_or_was_paused_until_now_gets_what_was_claimed(
    noun: type[Mailbox | MailDomain], change: dict[str, object], living_owner: int
) -> None:
    a_message()
    leases = claimed(living_owner)
    noun._default_manager.update(**change)
    assert len(marked(leases, living_owner)) == 1


def test_bruno_withdraws_while_his_letter_is_on_the_line(living_owner: int) -> None:
    his, other = a_message(), a_message()
    leases = claimed(living_owner)
    marked(leases, living_owner)
    erase_messages(ids=[his.pk])
    record(crashed(leases), route="letters", owner=living_owner, now=NOON)
    assert not Message.objects.filter(pk=his.pk).exists()
    assert state_of(other) == "held"


def test_a_worker_that_lost_its_lease_writes_nothing(living_owner: int) -> None:
    message = a_message()
    leases = claimed(living_owner)
    marked(leases, living_owner)
    Message.objects.update(lease_number=9)
    record(crashed(leases), route="letters", owner=living_owner, now=NOON)
    assert (state_of(message), Attempt.objects.count()) == ("sending", 0)


def test_what_was_taken_while_the_database_was_away_is_evidence(living_owner: int) -> None:
    taken, unknown = a_message(), a_message()
    leases = claimed(living_owner)
    marked(leases, living_owner)
    Message.objects.update(lease_owner=7)  # whose session is gone
    take_back_due(now=NOON)
    verdicts = {taken.pk: Verdict("sent", "sent"), unknown.pk: Verdict("ready", "lost")}
    outcomes = [Outcome(lease, verdicts[lease.message_id]) for lease in leases]
    assert record_late(outcomes, now=NOON) == 1
    assert (state_of(taken), state_of(unknown)) == ("sent", "in_doubt")
    assert (last_attempt(taken).outcome, last_attempt(unknown).outcome) == ("sent", "in_doubt")
    assert taken.attempts == 1


def test_late_evidence_changes_nothing_for_who_has_a_newer_lease(living_owner: int) -> None:
    message = a_message()
    [lease] = claimed(living_owner)
    marked([lease], living_owner)
    Message.objects.update(lease_number=5)
    sent = Outcome(lease, Verdict("sent", "sent"))
    assert record_late([sent], now=NOON) == 0
    assert state_of(message) == "sending"


def test_connections_are_shared_by_all_workers_and_never_more(living_owner: int) -> None:
    route = Route.objects.create(name="letters", number=1, connections=5, share=3)
    with send._connections(route) as ours, another_session() as session:
        keys = [send._key(route, number) for number in range(5)]
        got = [
            session.execute("SELECT pg_try_advisory_lock(%s, %s)", [send.LOCKS, key]).fetchall()[0][
                0
            ]
            for key in keys
        ]
        assert (ours, got) == (3, [False, False, False, True, True])
        with send._connections(route) as none:
            assert none == 3, "the same session may, another may not"
    assert locks_held() == 0


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
