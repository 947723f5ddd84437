"""The log tells where it broke, never what somebody typed."""

import logging
import sys

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
