"""A person is told once, names nobody, and hears of silence only when something could go."""

import logging
from collections.abc import Callable, Mapping
from datetime import time, timedelta

import pytest

from tests.outbox.mails import CONFIRMATION, NOON, Deliver, a_message
from tests.post_office import HABITS, PostOffice
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.alarm import KINDS, close_incidents, raise_incident, watch_due
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.hold import pause_mailing
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.outbox.react import rest_route
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db


def incidents() -> list[tuple[str, str, int, bool]]:
    rows = Incident.objects.order_by("pk")
    return list(rows.values_list("kind", "about", "times", "closed"))


# -- incidents -----------------------------------------------------------------------------------


def test_the_same_thing_again_is_counted_and_not_a_new_row() -> None:
    raise_incident("unknown", about="mfa.example", words="999 a", now=NOON)
    raise_incident("unknown", about="mfa.example", words="999 b", now=NOON + timedelta(hours=3))
    [row] = Incident.objects.all()
    assert (row.times, row.words, row.closed) == (2, "999 b", False)
    assert row.first_at == to_the_hour(NOON)
    assert row.last_at == to_the_hour(NOON + timedelta(hours=3))


def test_each_kind_and_each_house_has_a_row_of_its_own() -> None:
    for kind, about in [("unknown", "a.example"), ("unknown", "b.example"), ("policy", "")]:
        raise_incident(kind, about=about, now=NOON)
    assert Incident.objects.count() == 3


def test_what_comes_back_after_it_was_closed_is_told_anew() -> None:
    raise_incident("policy", about="mfa.example", now=NOON)
    assert close_incidents("policy", about="other.example") == 0
    assert close_incidents("policy", about="mfa.example") == 1
    assert close_incidents("policy", about="mfa.example") == 0
    raise_incident("policy", about="mfa.example", now=NOON)
    assert incidents() == [("policy", "mfa.example", 1, True), ("policy", "mfa.example", 1, False)]


def test_the_log_is_told_once_in_words_that_say_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="tocsin")
    for _ in range(3):
        raise_incident("mailbox_invalid", about="minister@mfa.example", now=NOON)
    assert caplog.text.count("minister@mfa.example") == 1
    assert KINDS["mailbox_invalid"] in caplog.text


def test_a_kind_that_nobody_explains_is_refused() -> None:
    with pytest.raises(ValueError, match="gossip"):
        raise_incident("gossip", now=NOON)
    assert incidents() == []


def test_endless_words_are_cut_and_not_refused() -> None:
    raise_incident("unknown", about="a" * 999, words="b" * 9999, now=NOON)
    [row] = Incident.objects.all()
    assert (len(row.about), len(row.words)) == (255, 500)


# -- silence -------------------------------------------------------------------------------------


def watch(minutes: int = 120, *, start: int = 0) -> list[int]:
    """The minutes after noon at which a route was found silent."""
    moments = range(start, start + minutes + 1)
    return [each for each in moments if watch_due(now=NOON + timedelta(minutes=each))]


def a_route() -> Route:
    return Route.objects.get_or_create(name="letters", defaults={"number": 1})[0]


def test_silence_is_noticed_after_half_an_hour_and_is_one_incident() -> None:
    a_route()
    a_message()
    assert watch(60) == list(range(30, 61))
    assert incidents() == [("silence", "letters", 31, False)]


def test_silence_ends_by_itself_when_something_is_taken(deliver: Deliver) -> None:
    a_route()
    a_message()
    watch(40)
    with PostOffice() as office:
        deliver(office, minutes=41)
        other = a_message()
        Message.objects.filter(pk=other.pk).update(due_at=NOON + timedelta(minutes=42))
    assert watch(30, start=42) == [72]
    assert incidents() == [("silence", "letters", 11, True), ("silence", "letters", 1, False)]


def test_a_route_that_takes_one_letter_after_the_other_is_not_silent(deliver: Deliver) -> None:
    for number in range(45):
        a_message(recipient=f"d{number}@m{number % 3}.example")
    MailDomain.objects.update(per_hour=12, burst=1)
    silent = []
    with PostOffice() as office:
        for minutes in range(0, 61, 5):
            deliver(office, minutes=minutes)
            silent += watch(4, start=minutes)
    assert silent == []
    assert Message.objects.filter(state="ready").exists()


def reserve() -> None:
    SendingDomain.objects.update(reserved=False)


def book() -> None:
    MailDomain.objects.update(booked_until=NOON + timedelta(days=1))


def close_for_the_night() -> None:
    Mailbox.objects.update(opens=time(1), closes=time(2))


def pause_all_mailings() -> None:
    mailing = Mailing.objects.create()
    Message.objects.update(mailing=mailing)
    pause_mailing(mailing)


OBSTACLES: dict[str, Callable[[], object]] = {
    "the mailbox has no slot": lambda: Mailbox.objects.update(next_at=NOON + timedelta(days=1)),
    "the house has no slot": book,
    "it is night there": close_for_the_night,
    "the house is paused": lambda: MailDomain.objects.update(paused=True),
    "the mailbox is paused": lambda: Mailbox.objects.update(paused=True),
    "the mailbox does not exist": lambda: Mailbox.objects.update(state="invalid"),
    "the mailing is paused": pause_all_mailings,
    "our domain is not in order": reserve,
    "our domain had its share": lambda: SendingDomain.objects.update(daily_cap=0),
    "the route is paused": lambda: Route.objects.update(paused=True),
    "it is not due": lambda: Message.objects.update(due_at=NOON + timedelta(days=1)),
    "it is held": lambda: Message.objects.update(state="held"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_nobody_is_alarmed_while(obstacle: str) -> None:
    a_route()
    a_message()
    OBSTACLES[obstacle]()
    assert watch(40) == []
    assert incidents() == []


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_the_half_hour_begins_anew_after(obstacle: str) -> None:
    a_route()
    a_message()
    assert watch(29) == []
    before = list(Mailbox.objects.values()), list(MailDomain.objects.values())
    OBSTACLES[obstacle]()
    assert watch(5, start=30) == []
    Mailbox.objects.update(**without_keys(before[0][0]))
    MailDomain.objects.update(**without_keys(before[1][0]))
    SendingDomain.objects.update(reserved=True, daily_cap=None)
    Message.objects.update(state="ready", due_at=NOON, mailing=None)
    Route.objects.update(paused=False)
    assert watch(31, start=36) == [66, 67]


def without_keys(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in {"id", "domain_id"}}


@pytest.mark.parametrize("habit", ["wants a login late", "is closed", "hangs up at EHLO"])
@pytest.mark.parametrize("lane", ["letter", "confirm"])
def test_one_letter_is_enough_to_notice_that_a_relay_takes_nothing(
    lane: str, habit: str, deliver: Deliver
) -> None:
    """Though each try uses up the slot of the mailbox, and the route rests between."""
    post_message(lane=lane, mail=CONFIRMATION, now=NOON)
    silent = []
    with PostOffice(habits=[HABITS[habit]]) as office:
        for minutes in range(71):
            deliver(office, minutes=minutes)
            silent += watch(0, start=minutes)
    assert silent
    assert silent[0] <= 45
    assert silent == list(range(silent[0], 71)), "it does not come and go"
    name = "letters" if lane == "letter" else "confirmations"
    assert incidents() == [("silence", name, len(silent), False)]


def test_a_route_at_fault_with_nothing_to_send_is_not_silent() -> None:
    a_route()
    letter = a_message()
    watch(20)
    rest_route("letters", "connect", now=NOON)
    Message.objects.filter(pk=letter.pk).update(state="held")
    assert watch(60, start=21) == []
    Message.objects.filter(pk=letter.pk).update(state="ready")
    assert watch(31, start=90) == [120, 121]


def test_a_house_without_a_route_yet_is_quiet() -> None:
    a_message()
    assert watch(60) == []
