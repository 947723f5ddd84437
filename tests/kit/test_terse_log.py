"""The log tells where it broke, never what somebody typed."""

import logging
import logging.config
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tocsin.actions.links import make_check_link
from tocsin.kit.addresses import read_address
from tocsin.kit.terse_log import TerseFormatter

SECRET = "amina@mail.example"


def record_of(message: str, *args: object, crashed: bool = False) -> logging.LogRecord:
    trace = None
    if crashed:
        try:
            int(SECRET)
        except ValueError:
            trace = sys.exc_info()
    return logging.LogRecord("tocsin", logging.ERROR, __file__, 1, message, args, trace)


def test_a_crash_tells_its_place_and_kind_and_not_its_words() -> None:
    told = TerseFormatter().format(record_of("Internal Server Error: %s", SECRET, crashed=True))
    assert SECRET not in told
    assert "ValueError" in told
    assert "test_terse_log.py" in told
    assert "record_of" in told


def test_a_sentence_of_ours_is_told_with_a_crash() -> None:
    told = TerseFormatter().format(record_of("the words cannot be read any more", crashed=True))
    assert "the words cannot be read any more" in told
    assert SECRET not in told


def test_a_time_is_told_to_the_hour() -> None:
    record = record_of("started")
    record.created = 0
    assert TerseFormatter().format(record).startswith("1970-01-01 00h ERROR tocsin: started")


def test_a_page_that_is_answered_with_a_fault_is_not_named() -> None:
    record = record_of("%s: %s", "Service Unavailable", f"/fr/letter/check-mail/{SECRET}/")
    record.name = "django.request"
    assert SECRET not in TerseFormatter().format(record)


@pytest.mark.parametrize("path", ["letter/check-mail/{}/", "letter/confirm/{}/"])
def test_no_link_is_logged_while_the_keys_are_away(
    path: str,
    client: Client,
    settings: LazySettings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = make_check_link(
        campaign_page_id=1, address=read_address("amina@mail.example"), now=timezone.now()
    )
    settings.KEYS_DIR = tmp_path / "away"
    logging.config.dictConfig(settings.LOGGING)
    client.get(f"/fr/{path.format(token)}")
    said = capsys.readouterr().err
    assert token not in said
