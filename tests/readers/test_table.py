"""The table: a spreadsheet shows it, and obeys nothing in it."""

import csv
from io import StringIO

import pytest

from tests.readers.files import CONSENT, a_record
from tocsin.readers.table import COLUMNS, add_row, begin_table, harmless


def row_of(record: dict[str, object]) -> dict[str, str]:
    file = StringIO(newline="")
    begin_table(file)
    add_row(file, record)
    (row,) = csv.DictReader(StringIO(file.getvalue(), newline=""))
    return row


def test_each_record_is_a_row_with_the_newest_answer_and_all_of_them() -> None:
    later = {**CONSENT, "given": False, "day": "2026-04-01"}
    row = row_of(a_record(1, consents=[{**CONSENT, "purpose": "send"}, CONSENT, later]))
    assert list(row) == list(COLUMNS)
    assert (row["given"], row["email"], row["country"]) == ("Amina 1", "amina1@mail.example", "FR")
    assert (row["send"], row["news"], row["news_day"]) == ("yes", "no", "2026-04-01")
    assert row["news_words"] == CONSENT["words"]
    assert row["news_version"] == "fr 1"
    assert row["every_answer"].count("purpose") == 3


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1",
        " =1", "\u00a0=1", "\u3000＝1", "＝1", "＋1", "－1", "＠x", "|calc", "%0A",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_calculate_is_shown_instead(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert row_of(a_record(1, given=cell))["given"] == f"'{cell}"


@pytest.mark.parametrize("cell", ["Amina", "O'Brien", "ئامىنە", "", "a=b", "x@mail.example"])
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_quotes_and_line_ends_stay_within_their_cell() -> None:
    row = row_of(a_record(1, given='A","B\r\nC', family=None, consents=[]))
    assert row["given"] == 'A","B\r\nC'
    assert (row["family"], row["news"]) == ("None", "")


def test_a_purpose_that_nobody_knows_takes_no_column_of_another() -> None:
    row = row_of(a_record(1, consents=[{**CONSENT, "purpose": "email"}, {"purpose": ["x"]}]))
    assert row["email"] == "amina1@mail.example"
