"""The line: every station runs by name, on the clock and when it is nudged."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from tests.factories import NOW, a_campaign, an_action
from tests.outbox.test_leases import another_session
from tocsin.actions.release import confirm_action
from tocsin.letters.models import Letter
from tocsin.outcomes.models import Tally
from tocsin.stations import LINE, run_station


def test_every_station_is_on_the_clock_once_a_minute() -> None:
    told = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert told == dict.fromkeys(LINE, "* * * * *")


def test_at_most_one_run_of_a_station_waits() -> None:
    assert {name: app.tasks[name].queueing_lock for name in LINE} == {name: name for name in LINE}


@pytest.mark.django_db
def test_a_station_with_nothing_due_moves_nothing() -> None:
    assert [run_station(name) for name in ("write", "tally")] == [0, 0]


@pytest.mark.django_db
def test_the_line_carries_a_released_action_on() -> None:
    action = an_action(a_campaign(), now=NOW)
    confirm_action(action_id=action.pk, revision=1)
    assert run_station("write") == 1
    assert run_station("tally") == 1
    assert Letter.objects.count() == 2
    assert Tally.objects.get().confirmed == 1


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_a_station_whose_session_broke_works_again_the_next_time() -> None:
    run_station("tally")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with another_session() as session:
        session.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert run_station("tally") == 0
