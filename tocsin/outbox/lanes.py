"""The lanes of the outbox: which mail goes before which, and by which route."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LaneRules:
    """The smaller number goes first; each route has connections of its own."""

    priority: int
    route: str


LANES: Mapping[str, LaneRules] = {
    # Somebody sits before a screen and waits for it: nothing may ever be in its way.
    "confirm": LaneRules(priority=10, route="confirmations"),
    "staff": LaneRules(priority=15, route="confirmations"),
    "letter": LaneRules(priority=20, route="letters"),
    "update": LaneRules(priority=30, route="letters"),
}

ROUTES = ("confirmations", "letters")
"""In the order of their numbers, by which their locks are named."""


def lanes_of(route: str) -> list[str]:
    """The lanes that go by that route."""
    return [name for name, rules in LANES.items() if rules.route == route]
