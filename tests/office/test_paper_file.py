"""Lists of sheets as people save them: each bad row with its reason, and nothing half-read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.office.paper_file import MOST_BYTES, MOST_ROWS, Bad, Wrong, read_sheets
from tocsin.outcomes.paper import Sheet

TODAY = date(2026, 3, 10)
DAY = date(2026, 3, 9)

ALIKE = [
    b"day,place,number\n2026-03-09,Lyon,1200\n",
    b"day;place;number\r\n09/03/2026;Lyon;1200\r\n",
    b"Number\tPlace\tDay\n1200\tLyon\t9.3.2026",
    "\ufeffjour;lieu;nombre\r\n2026-03-09;Lyon;1 200\r\n".encode(),
    "jour;lieu;nombre\r\n2026-03-09;Lyon;1\u202f200\r\n".encode("utf-16"),
    "date;ville;signatures;remarque é\r\n2026-03-09;  Lyon ;1200;x\r\n\r\n".encode("cp1252"),
]


@pytest.mark.parametrize("content", ALIKE)
def test_lists_are_read_as_programs_save_them(content: bytes) -> None:
    assert read_sheets(content, today=TODAY) == ([(2, Sheet(DAY, "Lyon", 1200))], [])


@pytest.mark.parametrize(
    ("row", "field", "why"),
    [
        (",Lyon,3", "day", Wrong.NO_DAY),
        ("2026-02-30,Lyon,3", "day", Wrong.NO_DAY),
        ("31/13/2026,Lyon,3", "day", Wrong.NO_DAY),
        ("20260309,Lyon,3", "day", Wrong.NO_DAY),
        ("2026-03-11,Lyon,3", "day", Wrong.LATER_DAY),
        ("2026-03-09,,3", "place", Wrong.NO_PLACE),
        ("2026-03-09,a@mail.example,3", "place", Wrong.PLACE),
        (f"2026-03-09,{'x' * 81},3", "place", Wrong.PLACE),
        ("2026-03-09,a\x07b,3", "place", Wrong.PLACE),
        ("2026-03-09,Lyon,", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon,0", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon,-4", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon,4.5", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon,1000001", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon,٣", "number", Wrong.NO_NUMBER),
        ("2026-03-09,Lyon,=1+1", "number", Wrong.NO_NUMBER),
    ],
)
def test_a_bad_row_is_named_with_its_field_and_reason(row: str, field: str, why: Wrong) -> None:
    content = f"day,place,number\n2026-03-09,Paris,1\n{row}\n".encode()
    sheets, bad = read_sheets(content, today=TODAY)
    assert sheets == [(2, Sheet(DAY, "Paris", 1))]
    assert [(each.row, each.field, each.why) for each in bad] == [(3, field, why)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Wrong.NO_HEADER),
        (b"a,b,c\n1,2,3", Wrong.NO_HEADER),
        (b"day,day,place,number\n", Wrong.NO_HEADER),
        (b"day,place,number\n,,\n\n", Wrong.NO_ROWS),
        (b"PK\x03\x04\x00\x00zip", Wrong.NOT_TEXT),
        (b"day,place,number\n2026-03-09,\x00,3", Wrong.NOT_TEXT),
        (b'day,place,number\n2026-03-09,"' + b"x" * 200_000 + b'",3', Wrong.NOT_TEXT),
        (b"\xff\xfe\x00", Wrong.NOT_TEXT),
        (b"x" * (MOST_BYTES + 1), Wrong.TOO_LARGE),
        (b"day,place,number\n" + b"2026-03-09,L,1\n" * (MOST_ROWS + 1), Wrong.TOO_MANY),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes, why: Wrong) -> None:
    sheets, bad = read_sheets(content, today=TODAY)
    assert sheets == []
    assert [each.why for each in bad] == [why]


def test_a_bad_value_is_cut_short() -> None:
    content = b"day,place,number\n2026-03-09,Lyon," + b"9" * 500
    assert read_sheets(content, today=TODAY)[1] == [Bad(2, "number", "9" * 60, Wrong.NO_NUMBER)]


@given(st.binary(max_size=300))
def test_nothing_makes_it_fall(content: bytes) -> None:
    for given_bytes in (content, b"day,place,number\n" + content):
        sheets, bad = read_sheets(given_bytes, today=TODAY)
        assert sheets or bad
