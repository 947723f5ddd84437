"""Rows of a table of areas: what a column can be, and whether a row makes sense by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.targets import rules
from tocsin.targets.importing.checking import Finding, shortened
from tocsin.targets.importing.fields import by_phrase, plain_words
from tocsin.targets.importing.table import Record, Table
from tocsin.targets.rules import Unfit, Wrong

MOST_AREA_ROWS = 100_000
"""A postcode a row: the largest countries have some tens of thousands."""

AREA_FIELDS = ("postcode", "area", "area_name")
"""The columns that we know."""

MEANT: dict[str, str] = {
    "postcode": "postcode|postcodes|postal code|postal codes|zip|zip code|plz|code postal"
    "|codes postaux|code poste",
    "area": "area|area code|code|constituency|constituency code|circonscription"
    "|code circonscription|code de la circonscription|code departement|zone|code zone",
    "area_name": "area name|name|constituency name|nom|nom de la zone|nom circonscription"
    "|nom de la circonscription|libelle",
}
"""The headings by which each column is recognised, without accents."""

_FIELD_OF = by_phrase(MEANT)


@dataclass
class AreaRow:
    """What a row says: these postcodes, perhaps none, lie in that area; "" where it is silent."""

    number: int
    code: str = ""
    name: str = ""
    postcodes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def guess_area_mapping(header: Sequence[str]) -> list[str]:
    """What each column is, each once, "" for those that we do not know."""
    found: list[str] = []
    for heading in header:
        meant = _FIELD_OF.get(plain_words(heading), "")
        found.append("" if meant in found else meant)
    return found


def check_area(table: Table, record: Record, mapping: Sequence[str]) -> AreaRow:
    """What the row says, and everything that is wrong with it."""
    row = AreaRow(record.number)
    if record.wrong:
        first = record.cells[0] if record.cells else ""
        row.findings.append(Finding("", shortened(first), record.wrong))
        return row
    for number, (name, cell) in enumerate(zip(mapping, record.cells, strict=True)):
        if name and cell.strip():
            try:
                _take(row, name, cell.strip())
            except Unfit as unfit:
                heading = table.header[number] or name
                row.findings.append(Finding(heading, shortened(cell), unfit.wrong))
    if not row.code and not row.findings:
        row.findings.append(Finding("area", "", Wrong.MISSING))
    return row


def find_lost_zeros(rows: Sequence[AreaRow]) -> None:
    """Find those postcodes that are one digit short: a spreadsheet takes a first zero away."""
    digits = {each for row in rows for each in row.postcodes if each.isdecimal()}
    longest = max(map(len, digits), default=0)
    for row in rows:
        for each in row.postcodes:
            if each.isdecimal() and len(each) == longest - 1:
                row.findings.append(Finding("postcode", each, Wrong.LOST_ZERO))


def find_two_names(rows: Sequence[AreaRow]) -> None:
    """Find the areas that the rows call by different names: nobody knows which is right."""
    called: dict[str, set[str]] = {}
    for row in rows:
        if row.name and not row.findings:
            called.setdefault(row.code, set()).add(row.name)
    for row in rows:
        if row.name and len(called.get(row.code, ())) > 1:
            row.findings.append(Finding("area_name", shortened(row.name), Wrong.TWO_NAMES))


def _take(row: AreaRow, name: str, cell: str) -> None:
    if name == "postcode":
        row.postcodes = rules.read_postcodes(cell)
    elif name == "area":
        row.code = rules.read_line(cell, most=rules.MOST_CODE)
    else:
        row.name = rules.read_line(cell)


def names_by_code(rows: Sequence[AreaRow]) -> Mapping[str, str]:
    """What the good rows call each area."""
    return {row.code: row.name for row in rows if row.name and not row.findings}
