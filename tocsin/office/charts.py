"""Where the columns and bars of a chart stand: numbers in, places out, drawn by a template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 200
"""Of the drawing, in units of about a pixel on a telephone; elsewhere it is drawn larger."""
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 26
WIDEST = 40.0
"""A single column is no wall."""
BAR_ROW, BAR_TOP, BAR_HEIGHT = 38, 18, 12
MOST_TICKS = 5

Say = Callable[[int], str]


@dataclass(frozen=True)
class Mark:
    """One column or bar, with what is said of it; places are text, as SVG has them."""

    x: str
    y: str
    width: str
    height: str
    label: str
    value: str


@dataclass(frozen=True)
class Word:
    """A word or a number beside an axis; `anchor` is start, middle or end."""

    x: str
    y: str
    text: str
    anchor: str = "end"


@dataclass(frozen=True)
class Chart:
    """A drawing; nothing is drawn where there is no number above nothing."""

    width: int
    height: int
    marks: tuple[Mark, ...] = ()
    lines: tuple[Word, ...] = ()
    names: tuple[Word, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not self.marks


def columns(points: Sequence[tuple[str, int]], *, say: Say) -> Chart:
    """A number over time, one column each, with the first, middle and last name below."""
    most = max((number for _name, number in points), default=0)
    if most <= 0:
        return Chart(WIDTH, HEIGHT)
    ticks = ticks_up_to(most)
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = wide / len(points)
    width = min(step * 0.8, WIDEST)

    def at(number: int) -> float:
        return TOP + high * (1 - number / ticks[-1])

    def middle(index: int) -> float:
        return LEFT + step * (index + 0.5)

    marks = tuple(
        Mark(
            x=_place(middle(index) - width / 2),
            y=_place(at(number)),
            width=_place(width),
            height=_place(TOP + high - at(number)),
            label=name,
            value=say(number),
        )
        for index, (name, number) in enumerate(points)
        if number > 0
    )
    lines = tuple(Word(_place(LEFT - 6), _place(at(tick)), say(tick)) for tick in ticks)
    return Chart(WIDTH, HEIGHT, marks, lines, _names(points, middle))


def bars(points: Sequence[tuple[str, int]], *, say: Say) -> Chart:
    """A number for each name, one below the other, the name above its bar."""
    most = max((number for _name, number in points), default=0)
    if most <= 0:
        return Chart(WIDTH, 0)
    marks = tuple(
        Mark(
            x="0",
            y=_place(index * BAR_ROW + BAR_TOP),
            width=_place(max(1.0, WIDTH * number / most) if number > 0 else 0.0),
            height=_place(BAR_HEIGHT),
            label=name,
            value=say(number),
        )
        for index, (name, number) in enumerate(points)
    )
    return Chart(WIDTH, BAR_ROW * len(points), marks)


def ticks_up_to(most: int) -> list[int]:
    """Round numbers from nothing to at least `most`, a few of them."""
    size = 1
    while True:
        for first in (1, 2, 5):
            step = first * size
            count = -(-most // step)
            if count < MOST_TICKS:
                return [step * each for each in range(count + 1)]
        size *= 10


def _names(points: Sequence[tuple[str, int]], middle: Callable[[int], float]) -> tuple[Word, ...]:
    """As many as there is room for, whatever they are called."""
    last = len(points) - 1
    y = _place(HEIGHT - 8)
    if last == 0:
        return (Word(_place(middle(0)), y, points[0][0], "middle"),)
    named = [Word(_place(LEFT), y, points[0][0], "start")]
    if last >= 4:
        named.append(Word(_place(middle(last // 2)), y, points[last // 2][0], "middle"))
    return (*named, Word(_place(WIDTH - RIGHT), y, points[last][0], "end"))


def _place(number: float) -> str:
    """As SVG reads it, in every language of the reader."""
    return f"{number:.1f}".removesuffix(".0")
