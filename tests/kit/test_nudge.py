"""A nudge wakes a station once, and only for what was committed."""

import pytest
from django.db import connection, transaction
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
