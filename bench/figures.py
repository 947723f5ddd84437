"""Figures with what they are compared to, and the table in which they are printed."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Goal:
    """What the median of a figure, or of its ratio, shall be at least or at most."""

    of: Literal["figure", "ratio"]
    sense: Literal["at least", "at most"]
    bound: float

    def __str__(self) -> str:
        return f"{self.of} {self.sense} {number(self.bound)}"


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured in each round, beside its peer in that round."""

    what: str
    unit: str
    measured: Sequence[float]
    peers: Sequence[float]
    peer: str
    goal: Goal | None = None

    @property
    def ratios(self) -> list[float]:
        """Of each round."""
        pairs = zip(self.measured, self.peers, strict=True)
        return [one / other if other else float(one > 0) for one, other in pairs]

    @property
    def is_reached(self) -> bool:
        """True as well where there is no goal."""
        if self.goal is None:
            return True
        found = statistics.median(self.ratios if self.goal.of == "ratio" else self.measured)
        return (
            found >= self.goal.bound if self.goal.sense == "at least" else found <= self.goal.bound
        )

    def cells(self) -> tuple[str, ...]:
        """As it stands in the table."""
        verdict = ("reached" if self.is_reached else "MISSED") if self.goal else ""
        return (
            self.what,
            f"{spread(self.measured)} {self.unit}",
            f"{spread(self.ratios)} of {self.peer}",
            str(self.goal or ""),
            verdict,
        )


HEAD = ("figure", "median (min-max)", "ratio", "goal", "")


def table(figures: Sequence[Figure]) -> str:
    """The figures below each other."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    padded = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
              for row in rows]  # fmt: skip
    return "\n".join(line.rstrip() for line in padded)


def spread(values: Sequence[float]) -> str:
    """The median, and from where to where they go if there are several."""
    middle = number(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({number(min(values))}-{number(max(values))})"


def number(value: float) -> str:
    """Three digits that count, which is more than a shared machine can repeat."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1e}"
