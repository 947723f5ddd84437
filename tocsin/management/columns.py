"""Text in aligned columns, a bar of progress, and times in words, for the terminal."""

import math
from collections.abc import Sequence
from datetime import timedelta

BAR = 30
MOST_WORDS = 70  # of an answer, in a line of the terminal


def aligned(table: Sequence[Sequence[object]]) -> list[str]:
    """One line a row, the columns under one another; whole numbers to the right."""
    if not table:
        return []
    texts = [[_text(cell) for cell in row] for row in table]
    widths = [max(len(row[each]) for row in texts) for each in range(len(texts[0]))]
    lines = []
    for row, cells in zip(table, texts, strict=True):
        parts = [
            text.rjust(width) if isinstance(cell, int) else text.ljust(width)
            for cell, text, width in zip(row, cells, widths, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    return lines


def _text(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def in_short(words: str) -> str:
    """The beginning of what another side said, on one line and without control characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return plain if len(plain) <= MOST_WORDS else plain[: MOST_WORDS - 1] + "…"


def bar(done: int, whole: int) -> str:
    """How much of it is done, as a bar and in per cent; never full before it is."""
    share = done / whole if whole else 1.0
    full = math.floor(share * BAR)
    return f"[{'#' * full}{'.' * (BAR - full)}] {math.floor(share * 100):3}%"


def lasting(span: timedelta) -> str:
    """A length of time, as long as it is short in what matters: `3 h 20 min`, `2 days 4 h`."""
    minutes = math.ceil(span.total_seconds() / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} day{'s' * (days > 1)}{f' {hours} h' if hours else ''}"
    if hours:
        return f"{hours} h{f' {minutes} min' if minutes else ''}"
    return f"{minutes} min"
