"""Tables as files, made line by line: CSV and XLSX, in which nothing is a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape

Cell = str | int
Line = Sequence[Cell]

PIECE = 64 * 1024
"""Bytes that are sent on at once."""
LINES_AT_ONCE = 500
MOST_LINES = 1_048_576
"""More do not fit on one sheet of an XLSX: the next sheet begins."""

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
FORMULA = re.compile(r"[\s\x00]*[=+\-@|\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""What a program that opens the file might calculate, whatever stands before it."""
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{sheets}</Types>'
)
TYPE = (
    '<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships'
    ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'
)
RELATION = f'<Relationship Id="rId{{number}}" Type="{OFFICE}/{{kind}}" Target="{{target}}"/>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{{each}}</sheets></workbook>'
)
SHEET = '<sheet name="{number}" sheetId="{number}" r:id="rId{number}"/>'
OPENING = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}"><sheetData>'
)
CLOSING = "</sheetData></worksheet>"


@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a program would read a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(lines: Iterable[Line], *, delimiter: str = ",", bom: bool = False) -> Iterator[bytes]:
    """The table in UTF-8, each line ended as RFC 4180 says, in pieces."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if bom:
        yield BOM
    for line in lines:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in line])
        if buffer.tell() > PIECE:
            yield _emptied(buffer)
    yield _emptied(buffer)


def as_xlsx(lines: Iterable[Line], *, most: int = MOST_LINES) -> Iterator[bytes]:
    """The table as a workbook, at most so many lines a sheet: packed as it is made, kept nowhere.

    The parts that name the sheets come last, when it is known how many there are.
    """
    pipe = _Pipe()
    rest = iter(lines)
    number = 0
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while (line := next(rest, None)) is not None or not number:
            number += 1
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as sheet:
                sheet.write(OPENING.encode())
                first = () if line is None else (line,)
                on_sheet = islice(chain(first, rest), most)
                while some := list(islice(on_sheet, LINES_AT_ONCE)):
                    sheet.write("".join([_row(each) for each in some]).encode())
                    if pipe.size > PIECE:
                        yield pipe.empty()
                sheet.write(CLOSING.encode())
        for name, text in _frame(number).items():
            archive.writestr(name, text)
    yield pipe.empty()


def _emptied(buffer: io.StringIO) -> bytes:
    found = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return found


def _frame(sheets: int) -> dict[str, str]:
    numbers = range(1, sheets + 1)
    book = RELATION.format(number=1, kind="officeDocument", target="xl/workbook.xml")
    parts = "".join(
        RELATION.format(number=each, kind="worksheet", target=f"worksheets/sheet{each}.xml")
        for each in numbers
    )
    return {
        "xl/workbook.xml": WORKBOOK.format(each="".join(SHEET.format(number=n) for n in numbers)),
        "xl/_rels/workbook.xml.rels": RELATIONS.format(each=parts),
        "_rels/.rels": RELATIONS.format(each=book),
        "[Content_Types].xml": TYPES.format(
            sheets="".join(TYPE.format(number=each) for each in numbers)
        ),
    }


def _row(line: Line) -> str:
    return f"<row>{''.join([_cell(cell) for cell in line])}</row>"


@lru_cache(maxsize=4096)
def _cell(cell: Cell) -> str:
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    text = escape(NOT_IN_XML.sub("\ufffd", harmless(cell)))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


class _Pipe(io.RawIOBase):
    """What is written into it waits to be sent on."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        found = bytes(piece)
        self._waiting.append(found)
        self.size += len(found)
        return len(found)

    def empty(self) -> bytes:
        """All that waits."""
        found = b"".join(self._waiting)
        self._waiting.clear()
        self.size = 0
        return found
