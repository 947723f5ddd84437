"""Why something cannot stand in the directory, in words, and what its fields are called."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.targets.importing.fields import BY_LANGUAGE, FIELDS
from tocsin.targets.importing.table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Why
from tocsin.targets.rules import Wrong

WRONG_WORDS: dict[Wrong, Promise] = {
    Wrong.MISSING: _("It is missing."),
    Wrong.TOO_LONG: _("It is too long."),
    Wrong.LINE_BREAK: _("It has more than one line."),
    Wrong.CONTROL: _("There is a character in it that cannot be shown."),
    Wrong.BIDI: _("There is a character in it that turns the direction of writing."),
    Wrong.UNREADABLE: _("A character in it cannot be read: the file was saved or read wrongly."),
    Wrong.MARKS: _("A letter in it bears too many marks."),
    Wrong.ENCODED: _("There is =? in it, which mail programs take for something else."),
    Wrong.FORMULA: _("It begins like a formula; a spreadsheet would calculate it."),
    Wrong.KEY: _("A short name has only letters without accents, digits, hyphens and _."),
    Wrong.KEY_TWICE: _("Another row of the file has the same short name."),
    Wrong.NUMBER_TWICE: _("Another row of the file has the same number elsewhere."),
    Wrong.CONFLICT: _("Short name and number elsewhere belong to two different targets."),
    Wrong.ARCHIVED: _("This target is archived: take it back first, or leave out the row."),
    Wrong.MERGED: _("This target was merged into another: leave out the row."),
    Wrong.KIND: _("There is no such kind of target."),
    Wrong.COUNTRY: _("No country has this code of two letters."),
    Wrong.NO_SEAT: _("An embassy needs the country in which it sits."),
    Wrong.LANGUAGE: _("No language has this code. Write it like fr."),
    Wrong.NO_NAME: _("A new target needs a name."),
    Wrong.NO_SALUTATION: _("A name needs the salutation of a letter, in the same language."),
    Wrong.NO_AT: _("An address needs an @."),
    Wrong.LOCAL: _("What stands before the @ cannot be."),
    Wrong.NOT_ASCII_LOCAL: _("Before the @ stands a letter that mail systems do not know."),
    Wrong.DOMAIN: _("What stands behind the @ is no domain."),
    Wrong.ADDRESS_TOO_LONG: _("An address has at most 254 characters, 64 before the @."),
    Wrong.TOO_MANY_ADDRESSES: _("A target has at most five addresses."),
    Wrong.DATE: _("Write a date like 2026-03-10 or 10/03/2026."),
    Wrong.FUTURE: _("The date has not come yet."),
    Wrong.TOO_MANY_CELLS: _("The row has more cells than there are headings."),
    Wrong.TOO_FEW_CELLS: _("The row has fewer cells than there are headings."),
    Wrong.NOT_A_RECORD: _("It is no record, as Popolo has them."),
    Wrong.DANGLING: _("It names somebody or something that is not in the file."),
    Wrong.POSTCODE: _("A postcode has at most twelve letters and digits."),
    Wrong.LOST_ZERO: _("A digit less than the others have: did a spreadsheet take a zero away?"),
    Wrong.TWO_NAMES: _("Another row gives this area another name."),
    Wrong.NO_AREA_NAME: _("A new area needs a name."),
    Wrong.AREA: _("The table of areas that you chose has no such area."),
}
"""One sentence for each."""

WHY_WORDS: dict[Why, Promise] = {
    Why.EMPTY: _("The file is empty."),
    Why.TOO_LARGE: _("The file is larger than %(most)s megabytes: divide it."),
    Why.ARCHIVE: _("This is a spreadsheet or an archive. Save it as CSV, and choose that file."),
    Why.NOT_TEXT: _("This is not a text. Save the list as CSV, in UTF-8."),
    Why.NO_ROWS: _("There is no row below the headings."),
    Why.TOO_MANY_ROWS: _("The file has more than %(rows)s rows: divide it."),
    Why.TOO_MANY_COLUMNS: _("The file has more than %(columns)s columns. Is it a list of targets?"),
    Why.CELL: _("In line %(line)s a cell does not end. Is a quotation mark missing?"),
    Why.ONE_COLUMN: _("There is only one column: none of , ; and tab divides the headings."),
    Why.JSON: _("The file begins like JSON, and breaks off or has a fault in line %(line)s."),
    Why.TOO_DEEP: _("The file is nested too deep to be read."),
    Why.NOT_POPOLO: _(
        "JSON is read as Popolo: lists of persons, organizations, posts, memberships."
    ),
}
"""Why a file is refused as a whole."""

FIELD_WORDS: dict[str, Promise] = {
    "key": _("short name"),
    "number": _("number elsewhere"),
    "kind": _("kind"),
    "country": _("country"),
    "seat": _("seat"),
    "language": _("language"),
    "name": _("name, in the target’s language"),
    "salutation": _("salutation, in the target’s language"),
    "address": _("address"),
    "holder": _("person in the post"),
    "since": _("in the post since"),
    "checked": _("last checked"),
    "postal": _("postal address"),
    "area": _("code of the area"),
    "postcode": _("postcode"),
    "area_name": _("name of the area"),
}
"""What each field of a file is called."""

IN_LANGUAGE: dict[str, Promise] = {
    "name": _("name (%(language)s)"),
    "salutation": _("salutation (%(language)s)"),
}


def why_words(why: Why, line: int, *, rows: int = MOST_ROWS) -> str:
    """Why a file is refused, with the numbers that belong to it; `rows` are the most it may be."""
    limits = {"most": MOST_BYTES // 1_000_000, "rows": rows, "columns": MOST_COLUMNS}
    return str(WHY_WORDS[why]) % {**limits, "line": line}


def field_words(name: str) -> str:
    """A field in words; the heading of a column stays as it is."""
    kind, _colon, language = name.partition(":")
    if language and kind in IN_LANGUAGE:
        return str(IN_LANGUAGE[kind]) % {"language": language}
    return str(FIELD_WORDS.get(name, name))


def field_choices(languages: Iterable[str]) -> list[tuple[str, str]]:
    """All that a column can be."""
    by_language = [f"{name}:{language}" for name in BY_LANGUAGE for language in languages]
    return [(name, field_words(name)) for name in (*FIELDS, *by_language)]
