"""A long queue: letters are claimed and made ready while others are on the line."""

from collections import Counter

import pytest
from django.db import OperationalError, connection

from tests.outbox.mails import NOON, Deliver, a_message
from tests.post_office import PostOffice
from tocsin.kit import seal
from tocsin.outbox import stock
from tocsin.outbox.claim import claim as claim_letters
from tocsin.outbox.destinations import MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Route
from tocsin.outbox.send import AHEAD, STOCKED
from tocsin.outbox.stock import Stock
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

CLAIM = AHEAD * STOCKED  # of one connection
MANY = 5 * CLAIM


@pytest.fixture(autouse=True)
def long_queue() -> None:
    Route.objects.create(name="letters", number=1, connections=1, share=1)
    for number in range(MANY):
        a_message(recipient=f"minister{number}@mfa.example")
    MailDomain.objects.update(per_hour=10**8, burst=10**4, connections=10**4)


def states() -> Counter[str]:
    return Counter(Message.objects.values_list("state", flat=True))


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def filled(most: int = CLAIM) -> Stock:
    """A stock whose thread works."""
    made = Stock(route="letters", owner=7, clock=lambda: NOON)
    made.fill(most)
    return made


def test_each_letter_of_a_long_queue_goes_once_and_no_session_stays(deliver: Deliver) -> None:
    before = sessions()
    with PostOffice() as office:
        assert deliver(office) == MANY
    assert len({mail.recipient for mail in office.mails}) == len(office.mails) == MANY
    assert states() == {"sent": MANY}
    assert sessions() == before


def test_what_is_left_of_a_stock_is_told_to_whoever_closes_it() -> None:
    made = filled()
    taken: list[object] = []
    while len(taken) < 2 * CLAIM:
        assert made.wait(1)
        taken += made.take(1)
    left = made.close()
    assert len({*(each.message_id for each in left)}) == len(left)
    assert states() == {"leased": len(left) + len(taken), "ready": MANY - len(left) - len(taken)}


def test_a_stock_ends_when_nothing_more_may_go() -> None:
    made = filled()
    taken = 0
    while made.wait(CLAIM):
        taken += len(made.take(CLAIM))
        made.fill(CLAIM)
    assert (taken, made.close()) == (MANY, [])


def test_what_the_thread_met_with_is_raised_to_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    made = filled()

    def gone(**_: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(stock, "claim", gone)
    while made.wait(1):
        made.take(1)
    with pytest.raises(OperationalError):
        made.fill(CLAIM)


def test_a_thread_that_loses_its_session_takes_nothing_with_it(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, calls = claim_letters, iter(range(99))

    def gone_the_third_time(**values: object) -> object:
        if next(calls) == 2:
            raise OperationalError("too many clients already")
        return claim(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(stock, "claim", gone_the_third_time)
    with PostOffice() as office:
        assert deliver(office) == MANY
    assert len(office.mails) == MANY
    assert states() == {"sent": MANY}


def test_keys_that_go_while_the_thread_works_end_the_run_and_hold_no_letter(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, calls = claim_letters, iter(range(9))

    def and_lose_the_keys(**values: object) -> object:
        if next(calls) == 2:
            monkeypatch.setattr(seal, "_index_path", lambda directory: directory / "nowhere")
        return claim(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(stock, "claim", and_lose_the_keys)
    with PostOffice() as office:
        deliver(office)
    found = states()
    sent = len(office.mails)
    assert CLAIM // 2 <= sent <= 2 * CLAIM
    assert found == {"sent": sent, "ready": MANY - sent}, "what was ready is given back"
    assert Incident.objects.filter(kind="keys").exists()
