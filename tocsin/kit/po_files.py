"""Files of translations as translators' programs read and write them: gettext's PO, in UTF-8."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO, StringIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

MOST_BYTES = 2_000_000
MOST_ENTRIES = 5000


class Why(StrEnum):
    """Why a file is refused as a whole."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_PO = "not_po"
    TOO_MANY = "too_many"


class FileRefused(ValueError):
    """Nothing of the file is used; says why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Entry:
    """One text: where it stands, what it says there, and in the other language.

    An unsure one is to be looked at again; `before` is what the original said when it was made.
    """

    place: str
    original: str
    translation: str
    unsure: bool = False
    before: str = ""
    comment: str = ""


@dataclass(frozen=True)
class PoFile:
    """The entries, of which work (`of`, a short name) and into which language."""

    of: str
    language: str
    entries: tuple[Entry, ...]


def write_file(file: PoFile, *, now: datetime) -> bytes:
    """The file for a translator's program; `now` is when it was made."""
    book = Catalog(
        locale=_as_locale(file.language),
        project=file.of,
        version="1",
        header_comment="# Write the translations into msgstr. Everything else stays as it is.",
        creation_date=now,
        revision_date=now,
        charset="utf-8",
        fuzzy=False,
    )
    for entry in file.entries:
        message = book.add(
            entry.original,
            entry.translation,
            flags=["fuzzy"] if entry.unsure else (),
            auto_comments=[entry.comment] if entry.comment else (),
            previous_id=entry.before,
            context=entry.place,
        )
        # "50 % des" is no placeholder, and translators' programs insist on what is marked so.
        message.flags.discard("python-format")
    written = BytesIO()
    write_po(written, book, width=0, include_previous=True)
    return written.getvalue()


def read_file(data: bytes) -> PoFile:
    """What a translator sent back; raises FileRefused."""
    if not data.strip():
        raise FileRefused(Why.EMPTY)
    if len(data) > MOST_BYTES:
        raise FileRefused(Why.TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(Why.NOT_UTF8) from None
    try:
        # Without a locale of its own: that of the header may be one that there is not.
        book = read_po(StringIO(text.replace("\r\n", "\n")), abort_invalid=True)
        language = str(book.locale_identifier or "")
    except (PoFileError, ValueError, TypeError, LookupError, IndexError, AttributeError):
        raise FileRefused(Why.NOT_PO) from None
    entries = tuple(_entries(book))
    if not entries:
        raise FileRefused(Why.NOT_PO)
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(Why.TOO_MANY)
    return PoFile(str(book.project or ""), language.replace("_", "-").lower(), entries)


def _entries(book: Catalog) -> Iterable[Entry]:
    """Those with an original; of plural forms, which no text of ours has, the first."""
    for message in book:
        if not message.id:
            continue
        said, meant = message.string, message.id
        yield Entry(
            place=str(message.context or ""),
            original=str(meant if isinstance(meant, str) else meant[0]),
            translation=str(said if isinstance(said, str) else (said or [""])[0] or ""),
            unsure=message.fuzzy,
        )


def _as_locale(language: str) -> str:
    """`zh-hans` as gettext writes it: zh_Hans."""
    first, _dash, rest = language.partition("-")
    return f"{first}_{rest.title() if len(rest) > 2 else rest.upper()}" if rest else first
