"""What a file of targets is once it is read: headings, and rows of cells."""

from dataclasses import dataclass, field
from enum import StrEnum

from tocsin.targets.rules import Wrong

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 100_000
"""Characters; a longer one is a file that is broken, as by a quotation mark that nothing closes."""


class Why(StrEnum):
    """Why a file cannot be read at all; the faces say it in words."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    ARCHIVE = "archive"
    NOT_TEXT = "not_text"
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL = "cell"
    ONE_COLUMN = "one_column"
    JSON = "json"
    TOO_DEEP = "too_deep"
    NOT_POPOLO = "not_popolo"


class Unreadable(Exception):
    """The file is refused as a whole; `line` is where it was noticed, 0 where that says nothing."""

    def __init__(self, why: Why, line: int = 0) -> None:
        super().__init__(why, line)
        self.why = why
        self.line = line


@dataclass(frozen=True)
class Record:
    """One row, numbered as a spreadsheet does; `wrong` if it is none, whatever its cells say."""

    number: int
    cells: tuple[str, ...]
    wrong: Wrong | None = None


@dataclass(frozen=True)
class Table:
    """A file as it was read; `form` and `encoding` say how, so that somebody can see it."""

    header: tuple[str, ...]
    form: str
    encoding: str
    delimiter: str = ""
    records: list[Record] = field(default_factory=list)
