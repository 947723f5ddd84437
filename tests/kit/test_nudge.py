"""A nudge wakes a station once, and only for what was committed."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tocsin.kit.nudge import nudge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_a_nudge_leaves_one_job_however_often_it_comes() -> None:
    for _ in range(3):
        nudge("send")
    nudge("write")
    assert sorted(waiting()) == ["send", "write"]


def test_a_nudge_waits_for_the_commit() -> None:
    with transaction.atomic():
        nudge("send")
        assert waiting() == []
    assert waiting() == ["send"]


def test_what_is_rolled_back_nudges_nobody() -> None:
    with transaction.atomic():
        nudge("send")
        transaction.set_rollback(True)
    assert waiting() == []


def scheduled() -> list[tuple[str, bool]]:
    rows = ProcrastinateJob.objects.order_by("id").filter(status="todo")
    return [(job.task_name, job.scheduled_at is not None) for job in rows]


def test_a_nudge_for_later_leaves_one_job_however_often_it_comes() -> None:
    for seconds in (5, 5, 60):
        nudge("send", later=timedelta(seconds=seconds))
    [job] = ProcrastinateJob.objects.all()
    assert job.scheduled_at
    wait = job.scheduled_at - timezone.now()
    assert timedelta() < wait <= timedelta(seconds=5)


def test_who_asks_for_later_is_in_nobodys_way_who_asks_for_now() -> None:
    nudge("send", later=timedelta(hours=1))
    nudge("send")
    nudge("send", later=timedelta(hours=1))
    nudge("send")
    assert scheduled() == [("send", True), ("send", False)]


def test_each_station_has_its_own_later() -> None:
    nudge("send", later=timedelta(hours=1))
    nudge("write", later=timedelta(hours=1))
    assert scheduled() == [("send", True), ("write", True)]


def test_a_nudge_for_later_waits_for_the_commit_as_well() -> None:
    with transaction.atomic():
        nudge("send", later=timedelta(hours=1))
        transaction.set_rollback(True)
    assert scheduled() == []
