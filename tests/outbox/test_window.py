"""A mailbox is written to in its own hours, as the clock on its wall says them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg.errors import CheckViolation

from tests.outbox.mails import NOON, a_message
from tocsin.outbox.claim import claim, may_go_now
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.models import Message

pytestmark = pytest.mark.django_db


def may_go(moment: datetime, **window: object) -> bool:
    """Whether a letter that has waited for days may go at that moment."""
    letter = a_message(recipient="minister@mfa.example")
    Message.objects.update(due_at=moment - timedelta(days=3))
    Mailbox.objects.update(**window)
    told = may_go_now(route="letters", now=moment)
    claimed = [each.message_id for each in claim(route="letters", most=5, owner=7, now=moment)]
    assert claimed == ([letter.pk] if told else [])
    return told


def utc(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=UTC)


OFFICE = {"opens": time(9), "closes": time(17)}
NIGHT = {"opens": time(22), "closes": time(6)}
TUESDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY = (
    "2026-03-10",
    "2026-03-13",
    "2026-03-14",
    "2026-03-15",
    "2026-03-16",
)

# window, time zone → moments (UTC) with what is allowed
HOURS = [
    ({}, "UTC", [(TUESDAY, "00:00", True), (SUNDAY, "23:59:59.999999", True)]),
    (
        OFFICE,
        "UTC",
        [
            (TUESDAY, "08:59:59.999999", False),
            (TUESDAY, "09:00", True),
            (TUESDAY, "16:59:59.999999", True),
            (TUESDAY, "17:00", False),
            (SUNDAY, "12:00", True),
        ],
    ),
    (
        NIGHT,
        "UTC",
        [
            (TUESDAY, "21:59:59", False),
            (TUESDAY, "22:00", True),
            (TUESDAY, "23:59:59.999999", True),
            (TUESDAY, "00:00", True),
            (TUESDAY, "05:59:59", True),
            (TUESDAY, "06:00", False),
            (TUESDAY, "12:00", False),
        ],
    ),
    (
        OFFICE,
        "Asia/Kolkata",  # five hours and a half ahead, the whole year
        [
            (TUESDAY, "03:29:59", False),
            (TUESDAY, "03:30", True),
            (TUESDAY, "11:29:59", True),
            (TUESDAY, "11:30", False),
        ],
    ),
    (
        NIGHT,
        "Asia/Kolkata",
        [
            (TUESDAY, "16:29:59", False),
            (TUESDAY, "16:30", True),
            (TUESDAY, "00:29:59", True),
            (TUESDAY, "00:30", False),
        ],
    ),
    (
        OFFICE,
        "Asia/Shanghai",
        [(TUESDAY, "00:59:59", False), (TUESDAY, "01:00", True), (TUESDAY, "09:00", False)],
    ),
    (
        OFFICE,
        "Europe/Paris",
        [
            ("2026-03-28", "07:59:59", False),
            ("2026-03-28", "08:00", True),
            # The clock is put forward in the night before: nine o'clock comes an hour earlier.
            ("2026-03-29", "06:59:59", False),
            ("2026-03-29", "07:00", True),
            ("2026-03-29", "15:00", False),
            # And back.
            ("2026-10-24", "07:00", True),
            ("2026-10-25", "07:00", False),
            ("2026-10-25", "08:00", True),
            ("2026-10-25", "15:59:59", True),
            ("2026-10-25", "16:00", False),
        ],
    ),
    (
        {"opens": time(2, 15), "closes": time(2, 45)},
        "Europe/Paris",
        [
            ("2026-03-28", "01:30", True),
            # There is no such half hour on that day, and two of them on this one.
            ("2026-03-29", "00:59", False),
            ("2026-03-29", "01:00", False),
            ("2026-10-25", "00:30", True),
            ("2026-10-25", "01:00", False),
            ("2026-10-25", "01:30", True),
        ],
    ),
]
WORKDAYS = [
    ("UTC", FRIDAY, "23:59:59.999999", True),
    ("UTC", SATURDAY, "00:00", False),
    ("UTC", SUNDAY, "23:59:59.999999", False),
    ("UTC", MONDAY, "00:00", True),
    # Their weekend, and not ours.
    ("Asia/Kolkata", FRIDAY, "18:29:59", True),
    ("Asia/Kolkata", FRIDAY, "18:30", False),
    ("Asia/Kolkata", SUNDAY, "18:29:59", False),
    ("Asia/Kolkata", SUNDAY, "18:30", True),
    ("America/New_York", SATURDAY, "03:59:59", True),
    ("America/New_York", SATURDAY, "04:00", False),
    ("America/New_York", MONDAY, "03:59:59", False),
    ("America/New_York", MONDAY, "04:00", True),
]


@pytest.mark.parametrize(
    ("window", "zone", "day", "hour", "allowed"),
    [(window, zone, *moment) for window, zone, moments in HOURS for moment in moments],
)
def test_a_letter_goes_in_the_hours_of_its_mailbox(
    *, window: dict[str, time], zone: str, day: str, hour: str, allowed: bool
) -> None:
    assert may_go(utc(day, hour), time_zone=zone, **window) is allowed


@pytest.mark.parametrize(("zone", "day", "hour", "allowed"), WORKDAYS)
def test_a_letter_goes_from_monday_to_friday_of_its_mailbox(
    *, zone: str, day: str, hour: str, allowed: bool
) -> None:
    assert may_go(utc(day, hour), time_zone=zone, workdays=True) is allowed


@pytest.mark.parametrize(
    ("day", "hour", "allowed"),
    [(FRIDAY, "10:00", True), (FRIDAY, "18:00", False), (SATURDAY, "10:00", False)],
)
def test_hours_and_workdays_both_have_to_fit(*, day: str, hour: str, allowed: bool) -> None:
    assert may_go(utc(day, hour), workdays=True, **OFFICE) is allowed


def test_a_closed_mailbox_is_in_nobodys_way() -> None:
    closed = a_message(recipient="minister@mfa.example")
    Mailbox.objects.update(opens=time(1), closes=time(2))
    other = a_message(recipient="deputy@mfa.example")
    claimed = [each.message_id for each in claim(route="letters", most=5, owner=7, now=NOON)]
    assert claimed == [other.pk] != [closed.pk]


def refusal_of(**changes: object) -> str | None:
    a_message(recipient="minister@mfa.example")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Mailbox.objects.update(**changes)
    cause = refused.value.__cause__
    return cause.diag.constraint_name if isinstance(cause, CheckViolation) else None


@pytest.mark.parametrize("zone", ["Atlantis/Central", "Europe/Pari", "", " ", "UTC; DROP TABLE x"])
def test_a_time_zone_that_nobody_knows_is_refused(zone: str) -> None:
    assert refusal_of(time_zone=zone) == "a_mailbox_is_in_a_time_zone"


def test_a_new_mailbox_in_no_time_zone_is_refused_as_well() -> None:
    a_message(recipient="minister@mfa.example")
    domain = Mailbox.objects.get().domain
    with pytest.raises(IntegrityError, match="there is no time zone Nowhere"):
        Mailbox.objects.create(address="x@mfa.example", domain=domain, time_zone="Nowhere")


@pytest.mark.parametrize("half", ["opens", "closes"])
def test_a_mailbox_that_opens_also_closes(half: str) -> None:
    assert refusal_of(**{half: time(9)}) == "a_mailbox_that_opens_also_closes"
