"""The picture that stands beside a link to a campaign page: 1200 by 630 pixels, per language."""

import io
from functools import lru_cache
from threading import Lock

from PIL import Image
from pypdfium2 import PdfDocument

from tocsin.kit.colours import DAY, INK, blend
from tocsin.pages.prints.cover import Cover
from tocsin.pages.prints.sheet import Sheet

WIDTH, HEIGHT = 1200, 630
COLOURS = 64
"""Enough for three colours and the edges of letters."""

KEPT = 256
"""So many are kept in the memory of a process; each is about 30 kilobytes."""

EDGE = 72
TITLE = (88, 80, 72, 66, 60, 54, 48, 44, 40)
SMALL = (30, 27, 24)
PAPER = DAY[0]
SOFT = blend(INK, PAPER, 0.3)

_one_at_a_time = Lock()


def picture_of(cover: Cover) -> bytes:
    """The picture as PNG; drawn once, and one at a time, whoever asks for how many."""
    with _one_at_a_time:
        return _drawn(cover)


@lru_cache(maxsize=KEPT)
def _drawn(cover: Cover) -> bytes:
    found = PdfDocument(sheet_of(cover))
    try:
        pixels = found[0].render(scale=1).to_pil()
    finally:
        found.close()
    small = pixels.convert("RGB").quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    file = io.BytesIO()
    small.save(file, "PNG")
    return file.getvalue()


def sheet_of(cover: Cover) -> bytes:
    """The picture before it is one: a page of that size, with letters as letters."""
    sheet = Sheet(
        width=WIDTH, height=HEIGHT, language=cover.language, direction=cover.direction,
        title=cover.title,
    )  # fmt: skip
    sheet.fill(0, 0, WIDTH, HEIGHT, PAPER)
    sheet.ring_out(1052, 300, colour=cover.accent, paper=PAPER, step=66)
    sheet.fill(sheet.from_start(0, 14), 0, 14, HEIGHT, cover.accent)
    wide = 850
    x = sheet.from_start(EDGE, wide)
    sheet.place(cover.organisation, x=x, y=56, width=wide, height=52, sizes=SMALL, colour=SOFT)
    sheet.place(cover.title, x=x, y=128, width=wide, height=374, sizes=TITLE, wish=cover.headings)
    sheet.place(
        cover.address, x=x, y=522, width=wide, height=52, sizes=SMALL, colour=cover.accent,
        at_bottom=True,
    )  # fmt: skip
    return sheet.finished()
