"""What may stand in the directory: the same rules for a form and for an import."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from tocsin.kit.addresses import AddressReason, AddressRefused, read_address
from tocsin.kit.countries import country_codes
from tocsin.kit.gate import Reason, Refused, clean_line, clean_text
from tocsin.kit.languages import read_language

MOST_KEY = 80
MOST_NUMBER = 100
MOST_NAME = 160
"""Beside an address it still fits into the header of a mail."""
MOST_POSTAL = 500
MOST_ADDRESSES = 5
MOST_CODE = 40
MOST_POSTCODE = 12
"""Letters and digits, without what divides them."""


class Wrong(StrEnum):
    """Why a value, or a row of a file, cannot be taken; the faces say it in words."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    LINE_BREAK = "line_break"
    CONTROL = "control"
    BIDI = "bidi"
    UNREADABLE = "unreadable"
    MARKS = "marks"
    ENCODED = "encoded"
    FORMULA = "formula"
    KEY = "key"
    KEY_TWICE = "key_twice"
    NUMBER_TWICE = "number_twice"
    CONFLICT = "conflict"
    ARCHIVED = "archived"
    MERGED = "merged"
    KIND = "kind"
    COUNTRY = "country"
    NO_SEAT = "no_seat"
    LANGUAGE = "language"
    NO_NAME = "no_name"
    NO_SALUTATION = "no_salutation"
    NO_AT = "no_at"
    LOCAL = "local"
    NOT_ASCII_LOCAL = "not_ascii_local"
    DOMAIN = "domain"
    ADDRESS_TOO_LONG = "address_too_long"
    TOO_MANY_ADDRESSES = "too_many_addresses"
    DATE = "date"
    FUTURE = "future"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    NOT_A_RECORD = "not_a_record"
    DANGLING = "dangling"
    POSTCODE = "postcode"
    LOST_ZERO = "lost_zero"
    TWO_NAMES = "two_names"
    NO_AREA_NAME = "no_area_name"
    AREA = "area"


class Unfit(ValueError):
    """The value may not stand there; says why, never the value itself."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


_BY_GATE = {
    Reason.EMPTY: Wrong.MISSING,
    Reason.TOO_LONG: Wrong.TOO_LONG,
    Reason.SEPARATOR: Wrong.LINE_BREAK,
    Reason.CONTROL: Wrong.CONTROL,
    Reason.BIDI: Wrong.BIDI,
    Reason.TOO_MANY_MARKS: Wrong.MARKS,
    Reason.ENCODED_WORD: Wrong.ENCODED,
}
_BY_ADDRESS = {
    AddressReason.EMPTY: Wrong.MISSING,
    AddressReason.NO_AT: Wrong.NO_AT,
    AddressReason.LOCAL: Wrong.LOCAL,
    AddressReason.NOT_ASCII_LOCAL: Wrong.NOT_ASCII_LOCAL,
    AddressReason.DOMAIN: Wrong.DOMAIN,
    AddressReason.TOO_LONG: Wrong.ADDRESS_TOO_LONG,
}
_KEY = re.compile(r"[-a-zA-Z0-9_]+")
FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
"""A spreadsheet calculates what begins so; some read the full-width signs too."""
# Day, month, year as Europe writes them; never month first: nobody could tell the two apart.
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})", re.ASCII),
)


def read_key(text: str) -> str:
    """The short name by which a target is known; raises Unfit, as all that follow."""
    if len(text) > MOST_KEY:
        raise Unfit(Wrong.TOO_LONG)
    if not _KEY.fullmatch(text):
        raise Unfit(Wrong.KEY if text else Wrong.MISSING)
    return text


def read_line(text: str, *, most: int = MOST_NAME) -> str:
    """One line that may stand in a letter and in a spreadsheet."""
    try:
        line = clean_line(text, most=most)
    except Refused as refused:
        raise Unfit(_BY_GATE.get(refused.reason, Wrong.UNREADABLE)) from None
    if FORMULA.match(line):
        raise Unfit(Wrong.FORMULA)
    return line


def read_postal(text: str) -> str:
    """Lines as they stand on an envelope; "" for none."""
    try:
        return clean_text(text, most=MOST_POSTAL, optional=True)
    except Refused as refused:
        raise Unfit(_BY_GATE.get(refused.reason, Wrong.UNREADABLE)) from None


def read_mail_address(text: str) -> str:
    """An address that mail can go to, its domain in small letters."""
    try:
        return read_address(text).text
    except AddressRefused as refused:
        raise Unfit(_BY_ADDRESS[refused.reason]) from None


def read_country(text: str) -> str:
    """The ISO code of a country, in capitals."""
    code = text.strip().upper()
    if code not in country_codes():
        raise Unfit(Wrong.COUNTRY if code else Wrong.MISSING)
    return code


def read_tongue(text: str) -> str:
    """The code of a language."""
    try:
        return read_language(text)
    except ValueError:
        raise Unfit(Wrong.LANGUAGE if text.strip() else Wrong.MISSING) from None


def read_postcode(text: str) -> str:
    """A postcode as it is compared: capitals and digits, without what people put between them."""
    plain = unicodedata.normalize("NFKC", text).upper()
    code = re.sub(r"[\s.\-\u2010-\u2015]", "", plain)
    if not code.isalnum() or not code.isascii() or len(code) > MOST_POSTCODE:
        raise Unfit(Wrong.POSTCODE if code else Wrong.MISSING)
    return code


def read_postcodes(text: str) -> list[str]:
    """Those of a cell, each once, divided by commas, semicolons or bars."""
    codes = (read_postcode(each) for each in re.split(r"[,;|]", text) if each.strip())
    return list(dict.fromkeys(codes))


def read_day(text: str, *, today: date) -> date:
    """A day that is not to come, written 2026-03-10, 10/03/2026 or 10.03.2026."""
    found = next((each for form in _DATES if (each := form.fullmatch(text.strip()))), None)
    if found is None:
        raise Unfit(Wrong.DATE)
    try:
        day = date(**{name: int(digits) for name, digits in found.groupdict().items()})
    except ValueError:
        raise Unfit(Wrong.DATE) from None
    if day > today:
        raise Unfit(Wrong.FUTURE)
    return day
