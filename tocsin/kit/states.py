"""A state table: what each state means, and where it may go from there."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """One state: a sentence for people, and the states it may move to."""

    meaning: str
    to: tuple[str, ...] = ()


def flaws(table: Mapping[str, State], *, start: str) -> list[str]:
    """What is wrong with the table, in words; an empty list for a sound one."""
    if start not in table:
        return [f"the start '{start}' is not in the table"]
    found = [f"'{name}' has no meaning" for name, state in table.items() if not state.meaning]
    for old, new in moves(table):
        if new not in table:
            found.append(f"'{old}' moves to '{new}', which is not in the table")
        if new == old:
            found.append(f"'{old}' moves to itself")
    for name, state in table.items():
        if len(set(state.to)) < len(state.to):
            found.append(f"'{name}' has the same arrow twice")
    reached = _reached(table, start)
    found += [f"'{name}' is out of reach from '{start}'" for name in table if name not in reached]
    return found + _dead_ends(table)


def allowed(table: Mapping[str, State], old: str, new: str) -> bool:
    """Whether a row may move from `old` to `new`; KeyError if `old` is no state."""
    return new in table[old].to


def moves(table: Mapping[str, State]) -> list[tuple[str, str]]:
    """Every allowed move, as (from, to), in the order of the table."""
    return [(old, new) for old, state in table.items() for new in state.to]


def _reached(table: Mapping[str, State], start: str) -> set[str]:
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name in table and name not in reached:
            reached.add(name)
            ahead.extend(table[name].to)
    return reached


def _dead_ends(table: Mapping[str, State]) -> list[str]:
    """States that circle for ever; a table without any final state is meant to circle."""
    ends = {name for name, state in table.items() if not state.to}
    if not ends:
        return []
    return [f"'{name}' leads to no end" for name in table if not _reached(table, name) & ends]
