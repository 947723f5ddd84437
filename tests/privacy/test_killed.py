"""Whoever is killed while a day is destroyed: nothing is left by halves and readable."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from tests.at_once import at_once
from tests.factories import AMINA, BRUNO, NOW, a_campaign, an_action
from tests.outbox.test_leases import another_session
from tests.outbox.test_locks import somebody_waits
from tests.privacy.days import (
    DAY,
    DUE,
    HOUR,
    emptied,
    forget_everything,
    keys,
    lived_until,
    sealed_on,
    written,
)
from tests.wait import until
from tocsin.actions.release import confirm_action
from tocsin.letters.models import Letter
from tocsin.outcomes.audit import audit
from tocsin.privacy.memory import DayKey, RetentionReport
from tocsin.supporters.models import Supporter
from tocsin.supporters.person import open_person

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_at(number: int) -> Iterator[list[int]]:
    """What is said to the database or the disk is a step each; the one of that number fails."""
    steps = [0]

    def step() -> None:
        steps[0] += 1
        if steps[0] == number:
            raise Killed

    def asking(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "pg_advisory_unlock" not in sql:
            step()
        return execute(sql, *rest)

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(asking):
        for name in ("unlink", "fsync"):
            real = getattr(os, name)

            def trapped(*words: Any, real: Any = real, **more: Any) -> Any:
                step()
                return real(*words, **more)

            patch.setattr(os, name, trapped)
        yield steps


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step_nothing_is_half_gone_and_readable() -> None:
    number, was_killed = 0, True
    while was_killed:
        number += 1
        campaign = a_campaign()
        written(campaign)
        waiting = an_action(campaign, person=BRUNO)
        confirm_action(action_id=waiting.pk, revision=1)
        days = lived_until(DUE + HOUR, step=DAY)
        days.at += 2 * HOUR
        with killed_at(number):
            try:
                days.keep()
                was_killed = False
            except Killed:
                pass
        if keys():
            assert emptied(NOW) == set()
            hers = Supporter.objects.get(pk=Letter.objects.first().action.supporter_id)  # type: ignore[union-attr]
            assert open_person(hers) == AMINA
        days.keep()
        assert (keys(), sealed_on(NOW)) == ([], 0)
        assert DayKey.objects.get().state == "done"
        counts = RetentionReport.objects.get().counts
        assert counts["letters not sent"] == 2
        assert counts["actions erased that were released"] == 1
        assert audit().holds
        forget_everything()
    assert number > 20


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_destroy_a_day_once() -> None:
    written()
    days = lived_until(DUE + HOUR, step=DAY)
    days.at += 2 * HOUR
    assert sorted(at_once([days.keep] * 2)) == [0, 1]
    assert RetentionReport.objects.get().counts["letters not sent"] == 2


@pytest.mark.django_db(transaction=True)
def test_who_empties_a_day_waits_for_an_action_and_holds_nothing_behind_it() -> None:
    """As whoever erases a person goes: the action first, then what hangs on it."""
    action = written()
    days = lived_until(DUE + HOUR, step=DAY)
    days.at += 2 * HOUR

    def work() -> None:
        days.keep()
        connection.close()

    with another_session() as other:
        other.execute("SELECT 1 FROM tocsin_action WHERE id = %s FOR UPDATE", [action.pk])
        worker = Thread(target=work)
        worker.start()
        until(somebody_waits, what="the worker to wait")
        for statement in BEHIND_AN_ACTION:
            assert other.execute(statement).fetchall()
        other.commit()
        worker.join(60)
    assert DayKey.objects.get().state == "done"


BEHIND_AN_ACTION = (
    "SELECT 1 FROM tocsin_message FOR UPDATE NOWAIT",
    "SELECT 1 FROM tocsin_messagecontent FOR UPDATE NOWAIT",
    "SELECT 1 FROM tocsin_supporter FOR UPDATE NOWAIT",
    "SELECT 1 FROM tocsin_tally FOR UPDATE NOWAIT",
)
