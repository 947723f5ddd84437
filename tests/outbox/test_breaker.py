"""A route that fails is left alone, longer each time; one that does not understand us is paused."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.outbox.mails import CONFIRMATION, NOON, Deliver, a_message, state_of
from tests.post_office import HABITS, POLITE, Habit, PostOffice
from tocsin.outbox.claim import Lease
from tocsin.outbox.hold import pause_route
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.outbox.react import react, rest_route
from tocsin.outbox.record import Outcome
from tocsin.outbox.routes import Route
from tocsin.outbox.verdicts.retry import Receipt, Verdict
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db


def route(name: str = "letters") -> Route:
    return Route.objects.get(name=name)


def office_that(habit: str) -> PostOffice:
    return PostOffice(habits=[HABITS[habit]])


@pytest.mark.parametrize("habit", ["is closed", "wants a login late"])
def test_a_route_that_fails_rests_one_two_five_ten_and_then_fifteen_minutes(
    habit: str, deliver: Deliver
) -> None:
    for number in range(40):
        a_message(recipient=f"minister@m{number}.example")
    rests = []
    now = 0
    with office_that(habit) as office:
        for _ in range(7):
            deliver(office, minutes=now)
            open_until = route().open_until
            assert open_until
            rest = round((open_until - NOON) / timedelta(minutes=1)) - now
            rests.append(rest)
            before = office.connections
            deliver(office, minutes=now + rest - 1, seconds=58)
            assert office.connections == before, "it is left alone until then"
            now += rest + 1
    assert rests == [1, 2, 5, 10, 15, 15, 15]
    assert (route().faults, route().paused) == (7, False)


def test_a_route_is_tried_again_at_the_very_moment_its_rest_ends_and_rests_longer() -> None:
    Route.objects.create(name="letters", number=1)
    moment = NOON
    for rest in (1, 2, 5, 10, 15):
        rest_route("letters", "connect 554 closed", now=moment)
        moment += timedelta(minutes=rest)
        assert route().open_until == moment
    assert (route().faults, route().words) == (5, "connect 554 closed")


def test_many_lines_that_break_at_once_are_one_fault() -> None:
    Route.objects.create(name="letters", number=1)
    for second in range(10):
        rest_route("letters", "tls", now=NOON + timedelta(seconds=second))
    assert (route().faults, route().open_until) == (1, NOON + timedelta(minutes=1))


def test_a_letter_that_was_taken_closes_the_breaker(deliver: Deliver) -> None:
    letters = [a_message() for _ in range(3)]
    with office_that("wants a login late") as office:
        deliver(office)
    with PostOffice() as office:
        assert deliver(office, seconds=30) == 0
        deliver(office, minutes=4)
    assert {state_of(letter) for letter in letters} == {"sent"}
    assert (route().faults, route().open_until, route().words) == (0, None, "")
    assert route().taken_at is not None


def test_what_was_on_the_line_before_a_fault_does_not_close_the_breaker() -> None:
    Route.objects.create(name="letters", number=1)
    rest_route("letters", "454 throttled", now=NOON)
    for seconds, faults in ((59, 1), (60, 0)):
        later = NOON + timedelta(seconds=seconds)
        with transaction.atomic():
            react([taken(a_message())], route="letters", now=later)
        assert (route().faults, route().taken_at) == (faults, later)


def taken(message: Message) -> Outcome:
    lease = Lease(message.pk, 1, 0, None, None, 0, "", None, "", None, "", "")
    return Outcome(lease, Verdict("sent", "sent"), Receipt("done", 250))


def test_a_fault_of_one_route_leaves_the_other_alone(deliver: Deliver) -> None:
    a_message()
    with office_that("is closed") as office:
        deliver(office)
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    with PostOffice() as office:
        deliver(office, seconds=10)
    assert state_of(confirmation) == "sent"
    assert route().faults == 1


def test_a_relay_that_does_not_understand_us_three_times_is_paused(deliver: Deliver) -> None:
    letters = [a_message() for _ in range(3)]
    with office_that("misunderstands us") as office:
        deliver(office)
        late = a_message()
        deliver(office, days=1)
    assert [state_of(letter) for letter in letters] == ["held"] * 3
    assert state_of(late) == "ready"
    assert route().paused
    assert route().words == "500 5.5.2 syntax error"
    [incident] = Incident.objects.all()
    assert (incident.kind, incident.about) == ("our_fault", "letters")
    assert incident.times == 3
    pause_route(route(), paused=False)
    assert (route().paused, route().misunderstandings) == (False, 0)
    assert Incident.objects.get().closed


def test_misunderstandings_are_counted_in_a_row(deliver: Deliver) -> None:
    bad = Habit(rcpt=b"500 5.5.2 syntax error\r\n")
    with PostOffice(habits=[bad, bad, POLITE, bad, bad, POLITE]) as office:
        for minutes in range(6):
            a_message()
            deliver(office, minutes=minutes)
    assert not route().paused
    assert (route().misunderstandings, len(office.mails)) == (0, 2)


def test_a_route_that_was_paused_by_its_answers_stays_so_when_one_is_still_taken(
    deliver: Deliver,
) -> None:
    bad = Habit(rcpt=b"500 5.5.2 syntax error\r\n")
    for _ in range(4):
        a_message()
    Route.objects.create(name="letters", number=1, misunderstandings=2)
    with PostOffice(habits=[bad, POLITE]) as office:
        deliver(office)
    assert route().paused


def test_a_fault_is_written_down_with_the_other_answers_or_not_at_all() -> None:
    Route.objects.create(name="letters", number=1)
    with transaction.atomic():
        rest_route("letters", "connect", now=NOON)
        transaction.set_rollback(True)
    assert (route().faults, route().open_until) == (0, None)
