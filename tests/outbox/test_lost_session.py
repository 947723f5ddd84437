"""A run whose session ends while letters are on the line: what was taken is told all the same."""

from datetime import timedelta
from types import TracebackType
from typing import Self

import pytest
from django.db import OperationalError, connection

from tests.outbox.mails import NOON, a_message, last_attempt
from tests.outbox.test_leases import another_session
from tocsin.kit.stopping import stopping
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Route
from tocsin.outbox.send import Run
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.verdicts.retry import Receipt

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])

TAKEN = Receipt("done", 250, "2.0.0", "Ok")
OWNER = 7


class Lines:
    """One mail ends in good time; after the next the database goes, and we are told to stop."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        pass

    def open(self) -> Receipt | None:
        return None

    def hand_over(self, key: int, envelope: Envelope) -> None:
        del envelope
        self.keys.append(key)

    def finished(self, *, wait: float) -> list[tuple[int, Receipt]]:
        del wait
        self.asked += 1
        if self.asked == 1:
            return [(self.keys.pop(0), TAKEN)]
        with connection.cursor() as cursor, another_session() as session:
            cursor.execute("SELECT pg_backend_pid()")
            session.execute("SELECT pg_terminate_backend(%s, 5000)", cursor.fetchone())
        stopping.set()
        return [(self.keys.pop(0), TAKEN)]

    def give_up(self, *, after: float) -> list[tuple[int, Receipt]]:
        del after
        ended, self.keys = [(key, TAKEN) for key in self.keys], []
        return ended


def test_what_ended_in_time_and_what_ended_at_the_stop_are_both_told_in_a_new_session() -> None:
    letters = [a_message() for _ in range(3)]
    route = Route.objects.create(name="letters", number=1)
    run = Run(Lines(), route=route, owner=OWNER, connections=2, now=NOON)
    try:
        with pytest.raises(OperationalError):
            run.go()
    finally:
        stopping.clear()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert [last_attempt(letter).outcome for letter in letters] == ["sent"] * 3
    assert take_back_due(now=NOON + timedelta(hours=1)) == 0
