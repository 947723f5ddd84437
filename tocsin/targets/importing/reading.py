"""From the bytes of a file to its rows: which encoding, which form, which delimiter."""

import csv
import io
from datetime import date

from tocsin.kit.text_files import NotText, decode, delimiter_of
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

ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!")
"""How a zip begins, and with it every spreadsheet of today; gzip; an old spreadsheet; 7z, RAR."""


def read_table(data: bytes, *, today: date, most: int = MOST_ROWS) -> Table:
    """The rows of a CSV or Popolo file, `most` of a CSV; raises Unreadable.

    A bad row is a row, and not refused.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(Why.TOO_LARGE)
    if data.startswith(ARCHIVES):
        raise Unreadable(Why.ARCHIVE)
    try:
        text, encoding = decode(data)
    except NotText:
        raise Unreadable(Why.NOT_TEXT) from None
    if not text.strip():
        raise Unreadable(Why.EMPTY)
    if text.lstrip()[0] in "{[":
        return read_popolo(text, encoding=encoding, today=today)
    return _read_csv(text, encoding, most=most)


def _read_csv(text: str, encoding: str, *, most: int) -> Table:
    delimiter = delimiter_of(text)
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
                if len(table.records) == most:
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
