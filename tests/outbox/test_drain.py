"""How long until nothing waits: never less than the pace allows, and never more than promised."""

from datetime import time, timedelta

import pytest

from tests.outbox.mails import NOON, a_message
from tests.outbox.situations import a_message_that_is
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.drain import Drain, drain_of
from tocsin.outbox.models import Message
from tocsin.outbox.queue import count_queue
from tocsin.outbox.routes import SendingDomain

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def letters(number: int, *, to: str = "minister@mfa.example") -> None:
    for _ in range(number):
        a_message(recipient=to)


def drain() -> Drain:
    return drain_of(count_queue(now=NOON), now=NOON)


def test_one_letter_goes_at_once_and_each_further_one_in_its_slot() -> None:
    letters(1)
    assert drain().at_least == timedelta()
    letters(4)
    Mailbox.objects.update(per_hour=2)
    assert drain().at_least == 2 * HOUR
    assert 2 * HOUR <= drain().at_most <= 4 * HOUR


def test_two_mailboxes_are_served_side_by_side() -> None:
    letters(5, to="one@mfa.example")
    letters(3, to="two@mfa.example")
    Mailbox.objects.update(per_hour=2)
    assert drain().at_least == 2 * HOUR


def test_a_slow_mail_domain_decides_for_all_its_mailboxes() -> None:
    for each in range(6):
        letters(1, to=f"a{each}@mfa.example")
    MailDomain.objects.update(per_hour=1, burst=2, slow=3)
    assert drain().at_least == 12 * HOUR
    assert drain().at_most >= 12 * HOUR


def test_a_pause_of_a_domain_comes_before_everything_else() -> None:
    letters(1)
    MailDomain.objects.update(paused_until=NOON + HOUR)
    assert drain().at_least == HOUR


def test_an_office_that_closes_makes_it_last_for_nights() -> None:
    letters(9)
    Mailbox.objects.update(per_hour=2, opens=time(9), closes=time(11))
    assert drain().at_least == 4 * HOUR + 22 * HOUR
    assert drain().at_most <= 4 * DAY


def test_an_office_open_over_midnight_is_open_for_the_hours_between() -> None:
    letters(9)
    Mailbox.objects.update(per_hour=2, opens=time(23), closes=time(1))
    assert drain().at_least == 4 * HOUR + 22 * HOUR


def test_a_weekend_is_waited_for() -> None:
    letters(3)
    Mailbox.objects.update(workdays=True)
    assert drain().at_least < HOUR
    assert drain().at_most >= 2 * DAY


def test_what_is_to_be_tried_again_later_takes_that_long() -> None:
    letters(1)
    Message.objects.update(due_at=NOON + 3 * HOUR)
    assert drain().at_least == 3 * HOUR


@pytest.mark.parametrize(
    "closed", [{"paused": True}, {"state": "invalid"}, {"state": "refusing"}], ids=str
)
def test_what_waits_for_somebody_to_act_is_not_in_the_estimate(closed: dict[str, object]) -> None:
    letters(100)
    letters(1, to="open@other.example")
    Mailbox.objects.filter(address="minister@mfa.example").update(**closed)
    assert (drain().stuck, drain().at_least) == (100, timedelta())


def test_a_paused_domain_keeps_its_letters() -> None:
    letters(3)
    MailDomain.objects.update(paused=True)
    assert drain() == Drain(at_least=timedelta(), at_most=timedelta(), stuck=3)


def test_what_is_held_is_waited_for_by_nobody() -> None:
    a_message_that_is("held", reason="by_hand")
    assert drain() == Drain(at_least=timedelta(), at_most=timedelta(), stuck=0)


def test_a_new_domain_of_ours_sends_so_many_a_day() -> None:
    for each in range(9):
        letters(1, to=f"a@s{each}.example")
    SendingDomain.objects.update(daily_cap=4, sent=3, day=NOON.date())
    midnight = NOON.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    assert drain().at_least == midnight - NOON + DAY
    SendingDomain.objects.update(day=NOON.date() - DAY)
    assert drain().at_least == midnight - NOON + DAY
    SendingDomain.objects.update(daily_cap=9)
    assert drain().at_least == timedelta()
