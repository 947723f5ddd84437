"""Files as they come: in every encoding, with every delimiter, broken, hostile, and too large."""

import codecs
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.targets.bad_rows import HEADER
from tests.targets.files import TODAY, as_csv, good
from tocsin.targets.importing.fields import guess_mapping, read_kind, tongues_of
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.table import MOST_BYTES, MOST_ROWS, Table, Unreadable

ACCENTS = "key,name\na,Le ministère de l’Élysée – œuvre\n"


def read(content: bytes) -> Table:
    return read_table(content, today=TODAY)


def refused(content: bytes) -> tuple[str, int]:
    """Why the file is refused, and in which line."""
    with pytest.raises(Unreadable) as raised:
        read(content)
    return str(raised.value.why), raised.value.line


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ACCENTS.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + ACCENTS.encode(), "UTF-8"),
        (codecs.BOM_UTF16_LE + ACCENTS.encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + ACCENTS.encode("utf-16-be"), "UTF-16"),
        (ACCENTS.encode("utf-16-le"), "UTF-16"),
        (ACCENTS.encode("utf-16-be"), "UTF-16"),
        (ACCENTS.encode("cp1252"), "Windows-1252"),
    ],
)
def test_an_encoding_is_recognised_and_said(content: bytes, encoding: str) -> None:
    table = read(content)
    assert table.encoding == encoding
    assert table.header == ("key", "name")
    assert table.records[0].cells == ("a", "Le ministère de l’Élysée – œuvre")


def test_one_broken_byte_is_told_and_does_not_turn_the_others_into_nonsense() -> None:
    broken = ACCENTS.encode().replace("Élysée".encode(), b"\xff" + "lysée".encode())
    table = read(broken)
    assert table.encoding == "UTF-8"
    assert table.records[0].cells[1] == "Le ministère de l’\ufffdlysée – œuvre"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_delimiter_is_recognised_also_where_others_stand_in_quotes(delimiter: str) -> None:
    header = ["key", 'name, "short"; or\tlong', "kind"]
    table = read(as_csv([["a", 'A; "B", C\tD', "x"]], delimiter=delimiter, header=header))
    assert table.delimiter == delimiter
    assert table.records[0].cells == ("a", 'A; "B", C\tD', "x")


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    table = read(b'key,name\r\n\r\na,"two\r\nlines"\r\n , \r\nb,x,,\r\n')
    assert [(row.number, row.cells, row.wrong) for row in table.records] == [
        (3, ("a", "two\r\nlines"), None),
        (5, ("b", "x"), None),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"key,name\n", "no_rows"),
        (b"key,name\n,\n", "no_rows"),
        (b"key\na\nb\n", "one_column"),
        (b"\x1f\x8b\x08", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1", "archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "not_text"),
        (bytes(range(1, 200)), "not_text"),
        (b"\0" * 1000, "not_text"),
        (b"key,name\n\x81\x8d\x8f\n", "not_text"),
        (b'key,name\na,"' + b"x" * 200_000 + b'"', "cell"),
        (b"," * 100_000 + b"\na,b", "too_many_columns"),
        (b"[" * 200_000, "too_deep"),
        (b'{"persons":' * 100_000, "too_deep"),
        (b"{", "json"),
        (b'{"persons": [' + b"9" * 5000 + b"]}", "json"),
        (b"[1, 2]", "not_popolo"),
        (b'{"persons": 3}', "not_popolo"),
        (b'{"persons": []}', "no_rows"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(content: bytes, why: str) -> None:
    assert refused(content)[0] == why


def test_a_spreadsheet_is_recognised_and_not_unpacked() -> None:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("xl/workbook.xml", "x" * 1000)
    assert refused(whole.getvalue()) == ("archive", 0)


def test_a_quotation_mark_that_nothing_closes_is_told_by_its_line() -> None:
    rows = b'key,name\na,"b\n' + b"c,d\n" * 60_000
    why, line = refused(rows)
    assert (why, line > 2) == ("cell", True)


def test_more_rows_or_bytes_than_are_read_are_refused() -> None:
    row = b"k,n\n"
    assert len(read(row * (MOST_ROWS + 1)).records) == MOST_ROWS
    assert refused(row * (MOST_ROWS + 2))[0] == "too_many_rows"
    assert refused(b"x" * (MOST_BYTES + 1)) == ("too_large", 0)
    records = b'{"persons": [' + b"0," * (MOST_ROWS + 1) + b"0]}"
    assert refused(records)[0] == "too_many_rows"


def test_a_row_of_a_hundred_thousand_cells_is_one_bad_row() -> None:
    table = read(b"key,name\na,b" + b",c" * 100_000 + b"\nd,e\n")
    assert [(len(row.cells), str(row.wrong)) for row in table.records] == [
        (2, "too_many_cells"),
        (2, "None"),
    ]


@given(some.binary(max_size=300))
def test_whatever_is_in_a_file_is_read_or_refused(content: bytes) -> None:
    try:
        table = read(content)
    except Unreadable:
        return
    assert table.records
    assert all(len(row.cells) <= len(table.header) for row in table.records)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (HEADER[:8], "key number kind country seat language name salutation"),
        (HEADER[8:], "address holder since checked postal name:en salutation:en"),
        (["Nom court", "Numéro", "Genre", "Pays", "Siège", "Langue"],
         "key number kind country seat language"),
        (["Intitulé", "Civilité", "Courriel", "Titulaire", "Depuis", "Vérifié le"],
         "name salutation address holder since checked"),
        (["Nom (fr)", "name_en", "Formule d’appel FR", "name zh-hans", "name_ar"],
         "name:fr name:en salutation:fr name:zh-hans name:ar"),
        (["KEY", " e-Mail ", "Adresse électronique", "", "colour", "name_xx"],
         "key address address - - -"),
        (["name", "name", "Nom", "key", "id"], "name - - key number"),
    ],
)  # fmt: skip
def test_a_heading_is_understood_in_english_and_in_french(headings: list[str], fields: str) -> None:
    languages = sorted({"fr", "en", "zh-hans"} | tongues_of(headings))
    found = guess_mapping(headings, languages)
    assert " ".join(each or "-" for each in found) == fields


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Ministère", "ministry"), ("EMBASSY", "embassy"), ("Chef d’État", "head_of_state"),
        ("head_of_state", "head_of_state"), ("Députée", "parliament"), ("société", "company"),
        ("other", "other"), ("king", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_kind_is_understood_in_english_and_in_french(cell: str, kind: str) -> None:
    assert read_kind(cell) == kind


def test_all_that_is_written_is_read() -> None:
    table = read(as_csv([good(1)], delimiter=";"))
    assert table.records[0].cells == tuple(good(1))
