"""Two days after a letter was handed over it is empty, and everything else of it stands."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import AMINA, BRUNO, NOW, a_campaign
from tests.outbox.test_leases import another_session
from tests.privacy.amina import letters_are, took_part, wrote
from tests.privacy.canaries import traces_of_amina
from tests.privacy.days import DAY, DUE, HOUR, lived_until
from tests.privacy.test_killed import Killed, killed_at
from tocsin.actions.models import Action
from tocsin.kit.clock import to_the_hour
from tocsin.letters.models import Letter
from tocsin.outbox.feedback import note_event
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.privacy import handed
from tocsin.privacy.ask import send_data_link
from tocsin.privacy.disclose import disclose
from tocsin.privacy.handed import NEXT, empty_handed_over
from tocsin.privacy.memory import DayKey, RetentionReport, Walk
from tocsin.privacy.models import DataMail
from tocsin.privacy.rights import Corrected, correct_name, erase_person
from tocsin.supporters.models import Supporter

pytestmark = pytest.mark.django_db

HANDED_OVER = to_the_hour(NOW)
AFTER = HANDED_OVER + timedelta(hours=48)


def handed_over(state: str = "sent", *, action: Action | None = None) -> Action:
    """Amina's letters, and her confirmation, came to that end in the hour of the stories."""
    action = action or wrote(a_campaign())
    letters_are(action, state)
    confirmations = [each.message_id for each in action.confirmations.all()]
    Message.objects.filter(pk__in=confirmations, state="ready").update(state="cancelled")
    return action


def contents() -> int:
    return MessageContent.objects.count()


def is_readable(action: Action) -> bool:
    action.refresh_from_db()
    hers = Supporter.objects.get(pk=action.supporter_id)
    assert bool(action.sealed_words) == bool(hers.sealed), "both, or neither"
    return bool(hers.sealed)


@pytest.mark.parametrize("state", ["sent", "delivered", "bounced", "failed", "cancelled"])
def test_48_hours_after_its_end_a_letter_is_empty_and_not_before(state: str) -> None:
    action = handed_over(state)
    empty_handed_over(at=AFTER - timedelta(minutes=1))
    assert (contents(), is_readable(action)) == (3, True)
    assert empty_handed_over(at=AFTER) == 3
    assert (contents(), is_readable(action)) == (0, False)


def test_what_a_letter_was_and_what_is_counted_stays() -> None:
    action = handed_over()
    before = list(Message.objects.order_by("pk").values())
    empty_handed_over(at=AFTER)
    assert list(Message.objects.order_by("pk").values()) == before
    assert Letter.objects.filter(action=action).count() == 2
    assert Tally.objects.get().confirmed == 1
    assert audit().holds


def test_nothing_of_her_is_left_but_fingerprints_and_what_is_sealed_for_the_readers() -> None:
    handed_over()
    empty_handed_over(at=AFTER)
    left = {(found.table, found.what) for found in traces_of_amina()}
    assert left == {("tocsin_action", "blind"), ("record", "sealed")}


@pytest.mark.parametrize("state", ["ready", "leased", "sending", "held", "in_doubt"])
def test_a_letter_that_is_not_at_its_end_keeps_what_it_needs(state: str) -> None:
    action, other = handed_over(), wrote(a_campaign(), person=BRUNO)
    letters_are(other, state)
    empty_handed_over(at=AFTER + 5 * DAY)
    assert MessageContent.objects.filter(message__letter__action=other).count() == 2
    assert is_readable(other)
    assert not is_readable(action)


def test_a_person_is_emptied_when_all_her_letters_were_handed_over() -> None:
    action = handed_over()
    late = Letter.objects.filter(action=action).latest("pk").message
    Message.objects.filter(pk=late.pk).update(due_at=HANDED_OVER + 30 * HOUR)
    empty_handed_over(at=AFTER)
    assert (contents(), is_readable(action)) == (1, True)
    empty_handed_over(at=AFTER + 30 * HOUR)
    assert (contents(), is_readable(action)) == (0, False)


def test_who_has_not_confirmed_is_not_emptied_though_the_mail_was_sent() -> None:
    action = took_part(a_campaign())
    row = Message.objects.filter(lane="confirm")
    for step in ("leased", "sending", "sent"):
        row.update(state=step, lease_owner=None if step == "sent" else 7)
    empty_handed_over(at=AFTER)
    assert (contents(), is_readable(action)) == (0, True)


def test_your_data_says_that_it_is_deleted() -> None:
    action = handed_over()
    empty_handed_over(at=AFTER)
    (kept,) = disclose(address=AMINA.address).actions
    assert (kept.given, kept.family, kept.email, kept.own, kept.letter) == (None,) * 5
    assert [(each.state, each.subject, each.text) for each in kept.letters] == [
        ("sent", "", "")
    ] * 2
    assert len(kept.consents) == 2
    corrected = correct_name(
        action_id=action.pk, address=AMINA.address, given="Amīna", family="Yusuf"
    )
    assert corrected is Corrected.TOO_LATE
    assert erase_person(address=AMINA.address, now=AFTER) == 1
    assert not Action.objects.exists()


def test_a_bounce_that_comes_late_still_counts_and_names_nobody() -> None:
    action = handed_over()
    empty_handed_over(at=AFTER)
    message = Letter.objects.filter(action=action).earliest("pk").message
    words = "550 5.1.1 Amina Yusuf wrote to nobody"
    assert note_event(
        message_id=message.pk, attempt=1, kind="bounced", words=words, now=AFTER + DAY
    )
    message.refresh_from_db()
    assert (message.state, message.tries.get().text) == ("bounced", "")


def test_the_fingerprint_of_a_mail_with_a_link_goes_with_its_content() -> None:
    a_campaign()
    send_data_link(address=AMINA.address, language="fr", now=NOW)
    Message.objects.update(state="cancelled")
    empty_handed_over(at=AFTER)
    assert (contents(), DataMail.objects.count()) == (0, 0)


def test_it_stands_in_the_report_of_its_day() -> None:
    handed_over()
    lived_until(DUE + 3 * HOUR)
    counts = RetentionReport.objects.get().counts
    assert counts["mails emptied after 48 hours"] == 3
    assert counts["people emptied after 48 hours"] == 1
    assert "people emptied" not in counts
    assert "letters not sent" not in counts


def test_the_time_is_the_one_that_was_lived_through() -> None:
    handed_over()
    days = lived_until(NOW + 3 * HOUR, step=HOUR)
    days.off = 400 * DAY
    days.live(40 * HOUR)
    assert contents() == 3
    days.off = timedelta()
    days.live(5 * HOUR)
    assert contents() == 0


def test_between_two_hours_nothing_is_looked_for() -> None:
    handed_over()
    empty_handed_over(at=AFTER)
    asked: list[str] = []

    def listening(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listening):
        empty_handed_over(at=AFTER + timedelta(minutes=40))
    assert len(asked) == 1, "how far the walk has come"
    assert NEXT not in asked


def test_a_walk_that_is_not_through_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    handed_over()
    monkeypatch.setattr(handed, "BATCH", 1)
    monkeypatch.setattr(handed, "TURN", -1.0)
    assert empty_handed_over(at=AFTER) == 0
    assert Walk.objects.get().after is not None
    monkeypatch.setattr(handed, "TURN", 60.0)
    assert empty_handed_over(at=AFTER + timedelta(minutes=1)) == 3
    assert Walk.objects.get().after is None


@pytest.mark.django_db(transaction=True)
def test_an_action_that_somebody_holds_is_not_waited_for() -> None:
    action = handed_over()
    with another_session() as other:
        other.execute("SELECT 1 FROM tocsin_action WHERE id = %s FOR UPDATE", [action.pk])
        worker = Thread(target=_empty_and_go, args=(AFTER,))
        worker.start()
        worker.join(20)
        assert not worker.is_alive()
        assert MessageContent.objects.filter(message__lane="letter").count() == 2
        other.rollback()
    empty_handed_over(at=AFTER + HOUR)
    assert (contents(), is_readable(action)) == (0, False)


def _empty_and_go(at: datetime) -> None:
    empty_handed_over(at=at)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step_the_next_run_goes_on_and_counts_once() -> None:
    action = handed_over()
    DayKey.objects.create(day=NOW.date(), born=NOW.date(), seen=NOW.date())
    number, was_killed = 0, True
    while was_killed:
        number += 1
        with killed_at(number):
            try:
                empty_handed_over(at=AFTER)
                was_killed = False
            except Killed:
                assert (contents(), is_readable(action)) == (3, True)
    assert number > 8
    assert (contents(), is_readable(action)) == (0, False)
    assert DayKey.objects.get().counts == {
        "mails emptied after 48 hours": 3,
        "people emptied after 48 hours": 1,
    }


def test_of_a_mail_with_a_link_to_ones_own_data_nothing_is_left() -> None:
    handed_over()
    send_data_link(address=AMINA.address, language="fr", now=NOW)
    link = DataMail.objects.get().message
    Message.objects.filter(pk=link.pk).update(state="leased", lease_owner=7)
    Message.objects.filter(pk=link.pk).update(state="sending")
    Message.objects.filter(pk=link.pk).update(state="sent", lease_owner=None, due_at=HANDED_OVER)
    Attempt.objects.create(message=link, number=1, at=HANDED_OVER, outcome="sent")
    others = Message.objects.exclude(pk=link.pk).count()
    empty_handed_over(at=AFTER)
    assert not DataMail.objects.exists()
    assert not Attempt.objects.filter(message_id=link.pk).exists()
    assert Message.objects.count() == others
    assert audit().holds
