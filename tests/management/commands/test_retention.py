"""`tocsin retention`: what is kept until when, what was destroyed, and whether that is true."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import NOW, a_campaign, an_action
from tocsin.kit.seal import make_keys
from tocsin.outbox.watch import Incident
from tocsin.privacy.memory import LivedClock, RetentionReport
from tocsin.privacy.reports import write_report
from tocsin.privacy.schedule import record
from tocsin.stations import run_station
from tocsin.supporters.models import Supporter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys_dir(tmp_path: Path, settings: LazySettings) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    make_keys(settings.KEYS_DIR)
    return tmp_path / "keys"


def told(*words: str) -> str:
    out = StringIO()
    call_command("retention", *words, stdout=out)
    return out.getvalue()


def test_it_prints_the_record_of_processing_and_nothing_else() -> None:
    assert told("--record") == record()


def test_it_says_what_is_kept_and_when_each_key_is_due() -> None:
    an_action(a_campaign(), now=timezone.now())
    run_station("keep_to_schedule")
    said = told()
    assert "the area: until 7 days after that day, 8 at the latest" in said
    assert "1 keys of days are there" in said
    assert "kept, to be destroyed on" in said
    assert "0 reports, all as they were written" in said


def test_it_shows_the_last_reports() -> None:
    write_report(what="day", day=NOW.date(), on=NOW.date(), counts={"letters not sent": 4})
    said = told()
    assert "4 letters not sent" in said
    assert "1 reports, all as they were written" in said


def test_it_fails_when_a_report_was_changed() -> None:
    write_report(what="day", day=NOW.date(), on=NOW.date(), counts={"letters not sent": 4})
    RetentionReport.objects.update(counts={"letters not sent": 0})
    with pytest.raises(CommandError, match="at number 1"):
        told()


def test_keys_that_are_older_than_anybody_remembers_wait_for_a_word_about_the_clock(
    keys_dir: Path,
) -> None:
    an_action(a_campaign())
    assert run_station("keep_to_schedule") == 0
    assert Incident.objects.get(kind="clock").closed is False
    assert (keys_dir / "days" / "2026-03-10.key").exists()
    assert "the worker goes by that" in told("--trust-clock")
    assert run_station("keep_to_schedule") == 1
    assert not list((keys_dir / "days").iterdir())
    assert not Supporter.objects.exists()
    assert Incident.objects.get(kind="clock").closed is True


def test_a_believed_time_that_cannot_be_read_is_one_line_and_ends_with_a_word(
    keys_dir: Path,
) -> None:
    (keys_dir / "believed.time").write_text("nonsense", encoding="ascii")
    assert run_station("keep_to_schedule") == 0
    assert Incident.objects.get().kind == "retention"
    told("--trust-clock")
    assert run_station("keep_to_schedule") == 0
    assert LivedClock.objects.exists()
    assert Incident.objects.get().closed is True


def test_keys_that_are_not_there_are_one_line(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "nowhere"
    with pytest.raises(CommandError, match="Nothing is destroyed until that is mended"):
        told()
