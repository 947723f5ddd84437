"""From the bytes of a file to its rows: which encoding, which form, which delimiter."""

import codecs
import csv
import io
from datetime import date

from tocsin.targets.importing.popolo import read_popolo
from tocsin.targets.importing.table import (
    MOST_BYTES,
    MOST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Record,
    Table,
    Unreadable,
    Why,
)
from tocsin.targets.rules import Wrong

DELIMITERS = (",", ";", "\t")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!")
"""How a zip begins, and with it every spreadsheet of today; gzip; an old spreadsheet; 7z, RAR."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
MOST_CONTROLS = 0.1
"""A text has tabs and line ends; more than a tenth of other control characters is no text."""


def read_table(data: bytes, *, today: date) -> Table:
    """The rows of a CSV or Popolo file; raises Unreadable. A bad row is a row, and not refused."""
    if len(data) > MOST_BYTES:
        raise Unreadable(Why.TOO_LARGE)
    if data.startswith(ARCHIVES):
        raise Unreadable(Why.ARCHIVE)
    text, encoding = decode(data)
    if not text.strip():
        raise Unreadable(Why.EMPTY)
    if text.lstrip()[0] in "{[":
        return read_popolo(text, encoding=encoding, today=today)
    return _read_csv(text, encoding)


def decode(data: bytes) -> tuple[str, str]:
    """The text, and what its encoding is called; raises Unreadable."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding, "replace")
            return _plain(text), NAMES[encoding]
    if data[1:2] == data[3:4] == b"\0":
        encoding = "utf-16-le"
    elif data[0:1] == data[2:3] == b"\0":
        encoding = "utf-16-be"
    else:
        encoding = _eight_bits(data)
    try:
        # What a broken byte was nobody knows: its row is told, as one that cannot be read.
        text = data.decode(encoding, "replace" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError:
        raise Unreadable(Why.NOT_TEXT) from None
    return _plain(text), NAMES[encoding]


def _eight_bits(data: bytes) -> str:
    """UTF-8, even with a byte broken here and there; else what Windows writes in the West."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = sum(sign > "\x7f" for sign in text) - broken
    return "utf-8" if broken <= beyond else "cp1252"


def _plain(text: str) -> str:
    odd = sum(sign < " " and sign not in "\t\r\n" for sign in text)
    if odd > len(text) * MOST_CONTROLS:
        raise Unreadable(Why.NOT_TEXT)
    return text


def _read_csv(text: str, encoding: str) -> Table:
    delimiter = _delimiter(text)
    csv.field_size_limit(MOST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    table: Table | None = None
    try:
        for number, cells in enumerate(lines, start=1):
            if table is None:
                if len(cells) > MOST_COLUMNS:
                    raise Unreadable(Why.TOO_MANY_COLUMNS, 1)
                if len(cells) < 2:
                    raise Unreadable(Why.ONE_COLUMN, 1)
                header = tuple(cell.strip() for cell in cells)
                table = Table(header, "CSV", encoding, delimiter)
            elif any(cell.strip() for cell in cells):
                if len(table.records) == MOST_ROWS:
                    raise Unreadable(Why.TOO_MANY_ROWS, lines.line_num)
                table.records.append(_record(number, cells, len(table.header)))
    except csv.Error:
        raise Unreadable(Why.CELL, lines.line_num) from None
    if table is None or not table.records:
        raise Unreadable(Why.NO_ROWS)
    return table


def _record(number: int, cells: list[str], width: int) -> Record:
    """Empty cells that a spreadsheet left behind the last heading say nothing."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) > width:
        # The rest of a hundred thousand cells is not worth keeping.
        return Record(number, tuple(cells[:width]), Wrong.TOO_MANY_CELLS)
    return Record(number, tuple(cells), Wrong.TOO_FEW_CELLS if len(cells) < width else None)


def _delimiter(text: str) -> str:
    """What stands most often between the headings, outside of quotation marks."""
    head = text.lstrip("\r\n").split("\n", 1)[0][:MOST_CELL]
    outside = "".join(head.split('"')[::2])
    return max(DELIMITERS, key=outside.count)
