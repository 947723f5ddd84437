"""Who a supporter is: the working copy, sealed."""

import json
from dataclasses import dataclass
from datetime import date

from tocsin.kit.addresses import Address, read_address
from tocsin.kit.seal import seal, unseal
from tocsin.supporters.models import Supporter


@dataclass(frozen=True)
class Person:
    """The names and the address that somebody gave; `family` may be empty."""

    given: str
    family: str
    address: Address

    @property
    def name(self) -> str:
        """The whole name, as it stands under the letter."""
        return f"{self.given} {self.family}".strip()


def keep_person(supporter: Supporter, *, person: Person, day: date, make: bool = True) -> None:
    """Seal the person into the row, under the key of the day on which they wrote, and save it.

    `make` as for kit.seal.seal.
    """
    plain = json.dumps([person.given, person.family, person.address.text]).encode()
    supporter.sealed = seal(plain, day=day, about=_about(supporter), make=make)
    supporter.save()


def open_person(supporter: Supporter) -> Person:
    """The person again; raises kit.seal.Unreadable once the key of that day is destroyed."""
    given, family, address = json.loads(unseal(supporter.sealed, about=_about(supporter)))
    return Person(given=given, family=family, address=read_address(address))


def _about(supporter: Supporter) -> str:
    return f"supporter:{supporter.pk}"
