"""A run stops when its route is paused or a key cannot be used, and leaves nothing in doubt."""

import secrets
from collections import Counter
from datetime import datetime, time
from pathlib import Path

import pytest
from django.conf import settings as live

from tests.outbox.mails import NOON, Deliver, a_message, state_of
from tests.outbox.test_window import may_go
from tests.post_office import HABITS, PostOffice
from tocsin.outbox import react
from tocsin.outbox.destinations import MailDomain
from tocsin.outbox.hold import pause_route
from tocsin.outbox.identity.dkim import make_signing_key
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.routes import Route
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db


def narrow_route() -> Route:
    return Route.objects.create(name="letters", number=1, connections=1, share=1)


def states() -> Counter[str]:
    return Counter(Message.objects.values_list("state", flat=True))


def test_a_relay_that_does_not_understand_us_is_asked_no_million_times(deliver: Deliver) -> None:
    narrow_route()
    for _ in range(20):
        a_message()
    with PostOffice(habits=[HABITS["misunderstands us"]]) as office:
        for minutes in range(9):
            deliver(office, minutes=minutes)
    assert 3 <= states()["held"] <= 5
    assert states()["ready"] == 20 - states()["held"]
    assert Route.objects.get().paused


def test_a_pause_reaches_a_run_that_is_under_way(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = narrow_route()
    for _ in range(9):
        a_message()
    take_note = react._take_note

    def and_pause(name: str, *, now: datetime) -> None:
        take_note(name, now=now)
        pause_route(route)

    monkeypatch.setattr(react, "_take_note", and_pause)
    with PostOffice() as office:
        deliver(office)
    assert 1 <= len(office.mails) <= 4, "what was in hand, and no more"
    assert states() == {"sent": len(office.mails), "ready": 9 - len(office.mails)}


def test_a_house_that_wants_a_pause_gets_nothing_more_of_what_was_claimed(
    deliver: Deliver,
) -> None:
    narrow_route()
    for number in range(9):
        a_message(recipient=f"minister{number}@mfa.example")
    MailDomain.objects.update(per_hour=10**8, burst=99, connections=99)
    with PostOffice(habits=[HABITS["slows us down"]]) as office:
        deliver(office)
    assert 1 <= Attempt.objects.count() <= 3, "what was in hand, and no more"
    assert states() == {"ready": 9}


@pytest.fixture
def broken_key() -> tuple[str, Path]:
    """A domain of ours whose key cannot be used."""
    domain = f"broken{secrets.randbelow(10**9)}.lumiere.example"
    path = make_signing_key(Path(live.KEYS_DIR) / "dkim", domain=domain, selector="t1")
    path.chmod(0o600)
    path.write_text("no key")
    return domain, path


def test_a_key_that_cannot_be_used_holds_no_letter_and_leaves_no_doubt(
    deliver: Deliver, broken_key: tuple[str, Path]
) -> None:
    domain, path = broken_key
    narrow_route()
    first = [a_message() for _ in range(5)]
    unsigned = [a_message(sender=f"a@{domain}") for _ in range(5)]
    Message.objects.filter(pk__in=[each.pk for each in unsigned]).update(priority=30)
    with PostOffice() as office:
        deliver(office)
        assert [state_of(each) for each in unsigned] == ["ready"] * 5
        assert not Message.objects.filter(state="sending").exists()
        assert not Message.objects.exclude(lease_owner=None).exists()
        [incident] = Incident.objects.all()
        assert incident.kind == "keys"
        assert str(path) in incident.words
        connections = office.connections
        deliver(office, seconds=30)
        assert office.connections == connections, "it rests, and does not try in a circle"
        path.unlink()
        for minutes in range(2, 9):
            deliver(office, minutes=minutes)
    assert {state_of(each) for each in (*first, *unsigned)} == {"sent"}
    assert len(office.mails) == 10


def test_a_mailbox_that_closes_when_it_opens_is_open_all_day() -> None:
    assert may_go(NOON, opens=time(9), closes=time(9))
