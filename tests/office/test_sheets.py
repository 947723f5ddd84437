"""Files that are tables: read again by others' programs, and nothing in them is a formula."""

import csv
import io
import zipfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.office.sheets import Line, as_csv, as_xlsx, harmless

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "|calc",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =HYPERLINK(1)",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "\N{NO-BREAK SPACE}=1",
]


def read_csv(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def read_xlsx(content: bytes) -> list[list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[tuple(row) for row in sheet.values] for sheet in book.worksheets]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_in_either_file(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert read_csv(b"".join(as_csv([(text,)])))[0][0].startswith("'")
    (((cell,),),) = read_xlsx(b"".join(as_xlsx([(text,)])))
    assert str(cell).startswith("'")


@pytest.mark.parametrize("text", ["", "France", "a=1", "10 March", "où", "ئۇيغۇر", "1-2"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_csv_for_excel_in_french_begins_with_a_mark_and_has_semicolons() -> None:
    content = b"".join(as_csv([("été", 5), ("a;b", 6)], delimiter=";", bom=True))
    assert content == '\ufeffété;5\r\n"a;b";6\r\n'.encode()


def test_an_empty_table_is_a_file_all_the_same() -> None:
    assert b"".join(as_csv([])) == b""
    assert read_xlsx(b"".join(as_xlsx([]))) == [[]]


def test_numbers_stay_numbers_and_texts_texts() -> None:
    assert read_xlsx(b"".join(as_xlsx([("campaign", 12, "007", "<&>", "a\x01b")]))) == [
        [("campaign", 12, "007", "<&>", "a\ufffdb")]
    ]


def test_what_does_not_fit_on_a_sheet_goes_on_with_the_next() -> None:
    lines: list[Line] = [(number,) for number in range(7)]
    found = read_xlsx(b"".join(as_xlsx(lines, most=3)))
    assert found == [[(0,), (1,), (2,)], [(3,), (4,), (5,)], [(6,)]]
    exactly = read_xlsx(b"".join(as_xlsx(lines[:6], most=3)))
    assert [len(sheet) for sheet in exactly] == [3, 3]


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_file_is_sent_before_it_is_made(
    make: Callable[[Iterator[Line]], Generator[bytes]],
) -> None:
    read = 0

    def lines() -> Iterator[Line]:
        nonlocal read
        for number in range(200_000):
            read = number
            yield (f"line {number}", number)

    pieces = make(lines())
    next(pieces)
    assert read < 50_000
    pieces.close()


def test_a_workbook_is_whole_by_the_rules_of_archives(tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(b"".join(as_xlsx([("a", 1)] * 1000)))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert "[Content_Types].xml" in archive.namelist()


@given(st.lists(st.lists(st.text(max_size=20) | st.integers(), min_size=1, max_size=4)))
def test_whatever_is_in_it_a_csv_is_read_again(lines: list[list[str | int]]) -> None:
    sound = [[str(c).encode("utf-8", "replace").decode() for c in line] for line in lines]
    found = read_csv(b"".join(as_csv(sound)))
    assert [[harmless(cell) for cell in line] for line in sound] == found
