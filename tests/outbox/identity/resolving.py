"""A DNS in a dict, for rules that are told what others would have to ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.outbox.identity.spf import Answer, Kind

Zone = Mapping[str, Sequence[str]]
"""Records by `TXT name`; of an MX `10 host`, of a PTR the name."""


@dataclass
class Book:
    """What stands in the zone; nothing can be said now about the names in `unheard`."""

    zone: Zone
    unheard: Sequence[str] = ()
    asked: list[str] = field(default_factory=list)

    def ask(self, name: str, kind: Kind) -> Answer:
        """As spf.Resolver says."""
        self.asked.append(f"{kind} {name}")
        if name in self.unheard:
            return None
        return tuple(self.zone.get(f"{kind} {name}", ()))
