"""Opened records as a table that a spreadsheet can show, and does not obey."""

import csv
import json
from typing import IO, Any

COLUMNS = (
    *("record", "campaign", "way", "day", "given", "family", "email", "country", "language"),
    *("send", "send_day", "send_version", "send_words"),
    *("news", "news_day", "news_version", "news_words"),
    "every_answer",
)
PURPOSES = ("send", "news")
"""The questions that have columns of their own."""

CHANGED_SINCE = {"unknown": "changed since"}
"""Stands as the newest answer where there is one that could not be opened."""

_OBEYED = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""With which a cell begins that spreadsheets take for a formula, or a command."""


def begin_table(file: IO[str]) -> None:
    """The line with the names of the columns."""
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(COLUMNS)


def add_row(file: IO[str], told: dict[str, Any]) -> None:
    """One record; of several answers to one question the newest, and all of them at the end."""
    row: dict[str, object] = {
        "record": told.get("id", ""),
        **{name: told.get(name, "") for name in COLUMNS[1:9]},
        "every_answer": json.dumps(told["consents"], ensure_ascii=False),
    }
    for answer in told["consents"]:
        if answer == CHANGED_SINCE:
            # What can be taken back is the permission for news; the older answer is at the end.
            row |= dict.fromkeys(("news_day", "news_version", "news_words"), "")
            row["news"] = "unknown (changed since)"
            continue
        # The permission to send is worded as the way to take part asks for, and named after it.
        purpose = str(answer.get("purpose")).partition("_")[0]
        if purpose not in PURPOSES:
            continue
        row[purpose] = "yes" if answer.get("given") else "no"
        row[f"{purpose}_day"] = answer.get("day", "")
        row[f"{purpose}_version"] = f"{answer.get('language', '')} {answer.get('version', '')}"
        row[f"{purpose}_words"] = answer.get("words", "")
    cells = [harmless(str(row.get(name, ""))) for name in COLUMNS]
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(cells)


def harmless(cell: str) -> str:
    """The cell, with a ' before it if a spreadsheet would calculate it instead of showing it."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u3000").startswith(_OBEYED) else cell
