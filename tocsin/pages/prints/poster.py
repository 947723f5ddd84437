"""A poster to print on A4: the title, what is asked for, and a code that leads to the page."""

from functools import lru_cache
from threading import Lock

from tocsin.kit.colours import WHITE
from tocsin.pages.prints.codes import rows_of
from tocsin.pages.prints.cover import Cover
from tocsin.pages.prints.picture import SOFT
from tocsin.pages.prints.sheet import Sheet

WIDTH, HEIGHT = 595.28, 841.89
"""A4 in points."""

KEPT = 64
EDGE = 57
"""20 mm: no printer at home reaches further out."""

TITLE = (62, 56, 50, 45, 40, 36, 32, 28)
DEMAND = (24, 22, 20, 18, 16, 15)
CODE = 190

_one_at_a_time = Lock()


def poster_of(cover: Cover) -> bytes:
    """The poster as PDF; made once, and one at a time."""
    with _one_at_a_time:
        return _made(cover)


@lru_cache(maxsize=KEPT)
def _made(cover: Cover) -> bytes:
    sheet = Sheet(
        width=WIDTH, height=HEIGHT, language=cover.language, direction=cover.direction,
        title=cover.title,
    )  # fmt: skip
    sheet.set_author(cover.organisation)
    sheet.ring_out(WIDTH - 118, 150, colour=cover.accent, paper=WHITE, step=34)
    wide = WIDTH - 2 * EDGE
    sheet.place(cover.organisation, x=sheet.from_start(EDGE, 290), y=EDGE, width=290, height=60,
                sizes=(18, 16, 14), colour=SOFT)  # fmt: skip
    below = sheet.place(cover.title, x=EDGE, y=225, width=wide, height=250, sizes=TITLE,
                        wish=cover.headings)  # fmt: skip
    sheet.place(cover.demand, x=EDGE, y=below + 18, width=wide, height=545 - below, sizes=DEMAND)
    _lead_there(sheet, cover)
    return sheet.finished()


def _lead_there(sheet: Sheet, cover: Cover) -> None:
    """The code, what it is for, and the address for those who type."""
    top = HEIGHT - EDGE - CODE
    sheet.squares(rows_of(cover.code), x=sheet.from_start(EDGE, CODE), y=top, side=CODE)
    wide = WIDTH - 2 * EDGE - CODE - 22
    x = sheet.from_start(EDGE + CODE + 22, wide)
    sheet.place(cover.call, x=x, y=top + 14, width=wide, height=100, sizes=(34, 30, 26, 22, 19),
                colour=cover.accent, wish=cover.headings)  # fmt: skip
    sheet.place(cover.address, x=x, y=top + 114, width=wide, height=62, sizes=(19, 17, 15, 13, 11),
                at_bottom=True)  # fmt: skip
