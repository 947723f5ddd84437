"""A day with very much in it goes in pieces, while others send."""

from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import BRUNO, NOW, a_campaign
from tests.outbox.mails import a_letter
from tests.privacy.amina import letters_are, wrote
from tests.privacy.days import DUE, HOUR, keys, lived_until, sealed_on
from tests.privacy.test_killed import Killed
from tocsin.campaigns.models import Campaign
from tocsin.outbox.claim import claim, give_back
from tocsin.outbox.models import Message, MessageContent
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import SendingDomain
from tocsin.outcomes.audit import audit
from tocsin.privacy import shred
from tocsin.privacy.memory import DayKey, RetentionReport

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 3000


def many_waiting() -> None:
    """Amina's letters, and very many mails that wait since the same day."""
    wrote(a_campaign())
    first = post_message(lane="confirm", mail=a_letter(), now=NOW)
    sealed = first.content.sealed
    copies = [
        Message(
            lane="confirm",
            priority=first.priority,
            due_at=first.due_at,
            sending_domain=first.sending_domain,
        )
        for number in range(MANY)
    ]
    Message.objects.bulk_create(copies)
    MessageContent.objects.bulk_create(
        MessageContent(message=each, sealed=sealed) for each in copies
    )
    SendingDomain.objects.update(state="green")


def test_a_large_day_goes_in_pieces_and_nothing_is_counted_twice_or_lost() -> None:
    many_waiting()
    held: list[int] = []

    def counting(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql in (shred.CANCEL_PIECE, shred.CANCEL_ALL):
            held.append(rest[-1]["cursor"].rowcount)
        return result

    with connection.execute_wrapper(counting):
        lived_until(DUE + 3 * HOUR)
    assert max(held) <= shred.PIECE
    assert sum(held) == MANY + 4
    counts = RetentionReport.objects.get().counts
    assert (counts["other mails not sent"], counts["letters not sent"]) == (MANY + 2, 2)
    assert counts["mails emptied"] == MANY + 4
    assert (keys(), sealed_on(NOW)) == ([], 0)
    assert audit().holds


def test_killed_in_the_middle_of_a_large_day_the_next_run_goes_on() -> None:
    many_waiting()
    days = lived_until(DUE + HOUR, step=timedelta(days=1))
    days.at += 2 * HOUR
    for which in (shred.CANCEL_PIECE, shred.DROP_PIECE):
        pieces = 0

        def dies(execute: Any, sql: str, *rest: Any, which: str = which) -> Any:
            nonlocal pieces
            pieces += sql == which
            if pieces == 2:
                raise Killed
            return execute(sql, *rest)

        with connection.execute_wrapper(dies), pytest.raises(Killed):
            days.keep()
        assert DayKey.objects.get().state == "closing"
    assert keys() == []
    days.keep()
    counts = RetentionReport.objects.get().counts
    assert counts["other mails not sent"] + counts["letters not sent"] == MANY + 4
    assert counts["mails emptied"] == MANY + 4
    assert sealed_on(NOW) == 0


def test_a_worker_goes_on_claiming_while_a_large_day_is_closed() -> None:
    """Whatever it takes of that day in the meantime is taken from it, before the key goes."""
    many_waiting()
    days = lived_until(DUE + HOUR, step=timedelta(days=1))
    days.at += 2 * HOUR
    later = wrote(Campaign.objects.get(), person=BRUNO, now=days.at)
    stop, turns = Event(), [0]

    def work() -> None:
        while not stop.is_set():
            leases = claim(route="confirmations", most=50, owner=7, now=days.at)
            turns[0] += 1
            give_back(leases, owner=7, now=days.at)
        connection.close()

    worker = Thread(target=work)
    worker.start()
    days.keep()
    stop.set()
    worker.join(60)
    assert turns[0] > 1
    assert (keys(), sealed_on(NOW)) == ([str(days.at.date())], 0)
    assert RetentionReport.objects.get().counts["mails emptied"] == MANY + 4
    waiting = Message.objects.filter(state="ready")
    assert {each.content.pk for each in waiting} == {each.pk for each in waiting}
    assert waiting.filter(letter__action=later).count() == 2
    assert audit().holds


def test_what_comes_off_the_line_while_a_day_is_closed_is_cancelled_before_its_key_goes() -> None:
    action = wrote(a_campaign())
    line = Message.objects.filter(pk=letters_are(action, "sending")[0].pk)
    days = lived_until(DUE + HOUR, step=timedelta(days=1))
    days.at += 2 * HOUR
    when_the_key_was_gone: list[str] = []

    def comes_off(execute: Any, sql: str, *rest: Any) -> Any:
        if sql == shred.ACTIONS:
            when_the_key_was_gone.append(line.get().state)
        result = execute(sql, *rest)
        if sql == shred.CANCEL_PIECE and line.get().state == "sending":
            line.update(state="ready", lease_owner=None, lease_until=None)
        return result

    with connection.execute_wrapper(comes_off):
        days.keep()
    assert when_the_key_was_gone == ["cancelled"]
