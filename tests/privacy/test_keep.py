"""Retention: gone when its time has come, never before, and told in numbers."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.factories import AMINA, BRUNO, NOW, a_campaign, an_action
from tests.privacy.days import (
    DAY,
    DUE,
    HOUR,
    PROMISED,
    keys,
    lived_until,
    open_incidents,
    sealed_on,
    written,
)
from tocsin.actions.models import Action
from tocsin.actions.release import Confirmed, confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.kit.seal import Unreadable
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.models import Message, MessageContent
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.outcomes.tally import tally_due
from tocsin.privacy.ask import send_data_link
from tocsin.privacy.memory import DayKey, RetentionReport
from tocsin.privacy.models import DataMail
from tocsin.privacy.shred import DROP_CONTENTS
from tocsin.supporters.models import Consent, Supporter
from tocsin.supporters.person import open_person

pytestmark = pytest.mark.django_db


def test_the_day_is_there_until_its_time_and_gone_before_the_promise() -> None:
    action = written()
    days = lived_until(DUE)
    assert keys() == ["2026-03-10"]
    assert open_person(action.supporter) == AMINA
    days.live(timedelta(hours=3))
    assert days.at < PROMISED
    assert keys() == []
    assert sealed_on(NOW) == 0
    with pytest.raises(Unreadable):
        open_person(Supporter.objects.get())


def test_what_waits_is_cancelled_and_counted_and_the_books_still_balance() -> None:
    written()
    Message.objects.filter(pk=Letter.objects.first().message_id).update(  # type: ignore[union-attr]
        state="held", reason="policy"
    )
    lived_until(DUE + 3 * HOUR)
    letters = Message.objects.filter(lane="letter").values_list("state", "reason")
    assert list(letters) == [("cancelled", "expired")] * 2
    assert not MessageContent.objects.exists()
    report = RetentionReport.objects.get()
    assert (report.what, report.day) == ("day", NOW.date())
    assert report.counts["letters not sent"] == 2
    assert audit().holds
    assert Tally.objects.get().confirmed == 1
    assert Consent.objects.count() == 1, "what was permitted stays, without the name"


def test_a_letter_in_doubt_is_not_sent_again() -> None:
    written()
    letter = Message.objects.filter(lane="letter")
    first = letter.first()
    assert first
    letter.filter(pk=first.pk).update(state="leased", lease_owner=5)
    letter.filter(pk=first.pk).update(state="sending")
    letter.filter(pk=first.pk).update(state="in_doubt", reason="in_doubt", lease_owner=None)
    lived_until(DUE + 3 * HOUR)
    first.refresh_from_db()
    assert (first.state, first.reason) == ("cancelled", "expired")
    assert RetentionReport.objects.get().counts["letters in doubt for ever"] == 1


def test_a_letter_that_may_have_arrived_is_not_reported_as_not_sent() -> None:
    written()
    once_in_doubt, taken_after_all = Message.objects.filter(lane="letter")
    Message.objects.filter(pk=once_in_doubt.pk).update(doubts=1)
    Message.objects.filter(pk=taken_after_all.pk).update(state="held", reason="sent_after_all")
    lived_until(DUE + 3 * HOUR)
    counts = RetentionReport.objects.get().counts
    assert counts["letters in doubt for ever"] == 2
    assert "letters not sent" not in counts


def test_a_letter_that_comes_off_the_line_while_its_day_is_emptied_is_cancelled_and_counted() -> (
    None
):
    written()
    first = Message.objects.filter(lane="letter").first()
    assert first
    line = Message.objects.filter(pk=first.pk)
    line.update(state="leased", lease_owner=5)
    line.update(state="sending")

    def comes_off(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql == DROP_CONTENTS and line.get().state == "sending":
            line.update(state="held", reason="expired", lease_owner=None)
        return execute(sql, *rest)

    with connection.execute_wrapper(comes_off):
        days = lived_until(DUE + 3 * HOUR)
    days.keep()
    assert line.get().state == "cancelled"
    assert RetentionReport.objects.get().counts["letters not sent"] == 2
    assert (sealed_on(NOW), DayKey.objects.get().state) == (0, "done")
    assert audit().holds


def test_of_a_mail_with_a_link_to_ones_data_no_fingerprint_outlives_its_content() -> None:
    a_campaign()
    send_data_link(address=AMINA.address, language="fr", now=NOW)
    assert DataMail.objects.exists()
    lived_until(DUE + 3 * HOUR)
    assert not DataMail.objects.exists()
    assert not MessageContent.objects.exists()
    assert RetentionReport.objects.get().counts["other mails not sent"] == 1


def test_a_day_with_a_letter_on_the_line_is_not_done_before_it_has_come_off() -> None:
    written()
    first = Message.objects.filter(lane="letter").first()
    assert first
    line = Message.objects.filter(pk=first.pk)
    line.update(state="leased", lease_owner=5)
    line.update(state="sending")
    days = lived_until(DUE + 3 * HOUR)
    assert keys() == []
    assert sealed_on(NOW) == 1
    assert DayKey.objects.get().state == "closing"
    line.update(state="ready", reason="rate", lease_owner=None)
    days.keep()
    assert (line.get().state, sealed_on(NOW)) == ("cancelled", 0)
    assert DayKey.objects.get().state == "done"


def test_who_was_confirmed_and_never_written_is_nowhere_and_not_counted() -> None:
    action = an_action(a_campaign())
    confirm_action(action_id=action.pk, revision=1)
    tally_due(now=NOW)
    lived_until(DUE + 3 * HOUR)
    assert not Action.objects.exists()
    assert not Supporter.objects.exists()
    assert Tally.objects.get().confirmed == 0
    assert audit().holds
    again = an_action(Campaign.objects.get(), now=PROMISED)
    assert again.state == "pending", "the person may write anew"


def test_a_letter_that_nobody_confirms_is_erased_after_72_hours_and_not_before() -> None:
    action = an_action(a_campaign(), now=NOW.replace(hour=23, minute=59))
    days = lived_until(NOW.replace(hour=23, minute=59) + timedelta(hours=72))
    assert Action.objects.filter(pk=action.pk).exists()
    days.live(timedelta(hours=3))
    assert not Action.objects.exists()
    assert not Supporter.objects.exists()
    assert not MessageContent.objects.exists()
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.GONE
    report = RetentionReport.objects.get()
    assert (report.what, report.counts) == ("unconfirmed", {"actions": 1})


def test_a_letter_confirmed_on_the_last_day_goes_with_the_day_it_was_written() -> None:
    action = an_action(a_campaign())
    confirm_action(action_id=action.pk, revision=1)
    write_due(now=NOW + timedelta(hours=71))
    assert keys() == ["2026-03-10"]
    lived_until(DUE + 3 * HOUR)
    assert not MessageContent.objects.exists()


def test_another_day_is_left_alone() -> None:
    written()
    later = an_action(Campaign.objects.get(), person=BRUNO, now=NOW + DAY)
    confirm_action(action_id=later.pk, revision=1)
    lived_until(DUE + 3 * HOUR)
    assert keys() == ["2026-03-11"]
    assert open_person(Supporter.objects.get(pk=later.supporter_id)) == BRUNO


def test_a_second_run_has_nothing_left_to_do() -> None:
    written()
    days = lived_until(DUE + 3 * HOUR)
    before = list(RetentionReport.objects.values())
    assert days.keep() == 0
    assert list(RetentionReport.objects.values()) == before


@pytest.mark.parametrize("gone", ["keys", "keys/days"])
def test_while_the_keys_are_not_there_nothing_is_destroyed_and_somebody_is_told(
    gone: str, tmp_path: Path
) -> None:
    written()
    days = lived_until(DUE + HOUR)
    days.at += 2 * HOUR
    (tmp_path / gone).rename(tmp_path / "elsewhere")
    assert days.keep() == 0
    assert open_incidents() == {"retention"}
    assert sealed_on(NOW) > 0
    assert Message.objects.filter(lane="letter", state="ready").count() == 2
    (tmp_path / "elsewhere").rename(tmp_path / gone)
    assert days.keep() == 1
    assert open_incidents() == set()
    assert sealed_on(NOW) == 0


def test_a_day_whose_key_somebody_else_destroyed_is_emptied_in_its_time(keys_dir: Path) -> None:
    written()
    days = lived_until(NOW + 2 * DAY)
    (keys_dir / "days" / "2026-03-10.key").unlink()
    days.keep()
    assert sealed_on(NOW) > 0
    days.live(DUE + 3 * HOUR - days.at, step=6 * HOUR)
    assert sealed_on(NOW) == 0
