"""The overview: every message is counted where it is, and what stands in its way is said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.outbox.mails import CONFIRMATION, NOON, a_message
from tests.outbox.situations import a_message_that_is
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.overview import (
    FromDomain,
    Happened,
    InLane,
    OfMailing,
    OnRoute,
    Overview,
    ToDomain,
    ToMailbox,
    count_ended,
    hours_before,
    overview,
)
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.states import MESSAGE

pytestmark = pytest.mark.django_db

HOUR = to_the_hour(NOON)


def seen() -> Overview:
    return overview(now=NOON)


def lane(name: str) -> InLane:
    [found] = [each for each in seen().lanes if each.lane == name]
    return found


def test_an_empty_outbox_has_nothing_to_say() -> None:
    found = seen()
    assert (found.waiting, found.in_doubt, found.held) == (0, 0, ())
    assert (found.domains, found.mailboxes, found.mailings, found.incidents) == ((), (), (), ())
    assert [each.oldest_due for each in found.lanes] == [None] * 4
    assert (found.drain.at_least, found.drain.at_most) == (timedelta(), timedelta())


def test_every_state_is_counted_in_its_lane_once() -> None:
    for state in MESSAGE:
        a_message_that_is(state)
    later = a_message_that_is("ready")
    Message.objects.filter(pk=later.pk).update(due_at=NOON + timedelta(hours=3))
    assert lane("letter") == InLane(
        lane="letter", due=1, later=1, in_hand=2, held=1, in_doubt=1, oldest_due=HOUR
    )
    assert lane("letter").waiting == 4
    ended = count_ended()
    states = ("sent", "delivered", "bounced", "failed", "cancelled")
    assert ended["letter"] == dict.fromkeys(states, 1)
    assert ended["confirm"] == dict.fromkeys(states, 0)
    counted = lane("letter").waiting + lane("letter").held + lane("letter").in_doubt
    assert counted + sum(ended["letter"].values()) == Message.objects.count()


@pytest.mark.parametrize("recipient", ["amina@mailbox.example", "amina@gmail.com"])
def test_a_confirmation_is_counted_whether_its_domain_is_noted_or_not(recipient: str) -> None:
    post_message(lane="confirm", mail=replace(CONFIRMATION, recipient=recipient), now=NOON)
    assert (lane("confirm").due, lane("letter").due) == (1, 0)


def test_the_oldest_is_told_to_the_hour_only() -> None:
    for minutes in (30, 200):
        due = NOON - timedelta(minutes=minutes)
        Message.objects.filter(pk=a_message().pk).update(due_at=due)
    oldest = lane("letter").oldest_due
    assert oldest == to_the_hour(NOON - timedelta(minutes=200))
    assert hours_before(oldest, now=NOON) == 4


def test_what_is_held_is_counted_by_its_reason() -> None:
    for reason in ("policy", "policy", "by_hand"):
        a_message_that_is("held", reason=reason)
    a_message_that_is("in_doubt", reason="in_doubt")
    assert seen().held == (("policy", 2), ("by_hand", 1))
    assert seen().in_doubt == 1


def test_a_route_says_what_it_is_doing() -> None:
    rest = NOON + timedelta(minutes=5)
    Route.objects.create(name="letters", number=1, open_until=rest, faults=3, words="421 busy")
    Route.objects.create(name="confirmations", number=0, paused=True, taken_at=NOON)
    assert seen().routes == (
        OnRoute("confirmations", "paused", open_until=None, taken_at=HOUR, faults=0, words=""),
        OnRoute("letters", "resting", open_until=rest, taken_at=None, faults=3, words="421 busy"),
    )
    Route.objects.update(paused=False, open_until=NOON)
    assert [route.state for route in seen().routes] == ["going", "going"]


def test_a_mail_domain_stands_there_while_something_waits_for_it_or_it_is_paused() -> None:
    for recipient in ("a@one.example", "b@one.example", "c@two.example"):
        a_message(recipient=recipient)
    MailDomain.objects.filter(name="one.example").update(slow=4, words="slow down")
    MailDomain.objects.create(name="idle.example")
    MailDomain.objects.create(name="shut.example", paused_until=NOON + timedelta(hours=1))
    calm = ToDomain("two.example", 1, 300, 1, paused=False, paused_until=None, words="")
    assert seen().domains == (
        replace(calm, name="one.example", waiting=2, slow=4, words="slow down"),
        calm,
        replace(calm, name="shut.example", waiting=0, paused_until=NOON + timedelta(hours=1)),
    )


def test_a_mailbox_that_takes_nothing_says_how_much_waits_for_it() -> None:
    a_message_that_is("held", to="gone@one.example", reason="mailbox_invalid")
    a_message_that_is("ready", to="gone@one.example")
    a_message_that_is("sent", to="gone@one.example")
    a_message(recipient="quiet@one.example")
    a_message(recipient="fine@one.example")
    Mailbox.objects.filter(address="gone@one.example").update(state="invalid", words="550 nobody")
    Mailbox.objects.filter(address="quiet@one.example").update(paused=True)
    assert seen().mailboxes == (
        ToMailbox("gone@one.example", "invalid", paused=False, waiting=2, words="550 nobody"),
        ToMailbox("quiet@one.example", "ok", paused=True, waiting=1, words=""),
    )


def test_a_domain_of_ours_says_how_much_of_today_is_used_up() -> None:
    a_message()
    SendingDomain.objects.update(daily_cap=50, day=NOON.date(), sent=20)
    [ours] = seen().sending_domains
    assert ours == FromDomain(
        "letters.lumiere.example", "unchecked", reserved=True, daily_cap=50, sent_today=20
    )
    SendingDomain.objects.update(day=NOON.date() - timedelta(days=1))
    assert seen().sending_domains[0].sent_today == 0


def test_a_mailing_stands_there_once_it_is_paused_or_over() -> None:
    paused = Mailing.objects.create(name="paused", paused=True)
    over = Mailing.objects.create(name="over", stop_at=NOON)
    Mailing.objects.create(name="going", stop_at=NOON + timedelta(days=1))
    a_message_that_is("held", mailing=paused)
    a_message_that_is("ready", mailing=paused)
    a_message_that_is("cancelled", mailing=over)
    assert seen().mailings == (
        OfMailing("over", paused=False, stop_at=NOON, waiting=0),
        OfMailing("paused", paused=True, stop_at=None, waiting=2),
    )


def test_an_incident_stands_there_until_it_is_closed() -> None:
    for _ in range(2):
        raise_incident("policy", about="one.example", words="554 no", now=NOON)
    [found] = seen().incidents
    assert found == Happened(
        number=found.number,
        kind="policy",
        about="one.example",
        words="554 no",
        times=2,
        first_at=HOUR,
        last_at=HOUR,
    )


def test_the_overview_asks_as_often_for_many_rows_as_for_few() -> None:
    def asked(number: int) -> int:
        for each in range(number):
            a_message_that_is("held", to=f"a{each}@s{each}.example", reason="policy")
            a_message(recipient=f"a{each}@s{each}.example")
        Mailbox.objects.update(state="refusing")
        with CaptureQueriesContext(connection) as queries:
            seen()
        return len(queries)

    assert asked(1) == asked(5)
