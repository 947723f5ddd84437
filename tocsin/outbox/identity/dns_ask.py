"""Asking the DNS, so that an answer that says no and no answer are two things."""

import time
from contextlib import suppress

import dns.exception
import dns.name
import dns.rdata
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT

from tocsin.outbox.identity.spf import Answer, Kind

PATIENCE = 5.0
"""Seconds for one question, over all name servers and tries."""

PATIENCE_IN_ALL = 15.0
"""Seconds for all that stay without an answer; after them nothing new is asked."""


class Nameserver:
    """The system's name servers, or the one at that address and port; remembers what it heard.

    What it heard does not grow old: make a new one for each look.
    """

    def __init__(self, place: tuple[str, int] | None = None, *, patience: float = PATIENCE) -> None:
        self._heard: dict[tuple[str, Kind], Answer] = {}
        self._patience = patience
        self._waited = 0.0
        self._resolver = dns.resolver.Resolver(configure=False)
        if place:
            self._resolver.nameservers = [place[0]]
            self._resolver.port = place[1]
        else:
            # A machine without a name server: every question is one that could not be asked.
            with suppress(dns.resolver.NoResolverConfiguration):
                self._resolver = dns.resolver.Resolver()
        self._resolver.cache = None

    def ask(self, name: str, kind: Kind) -> Answer:
        """The records, empty if there are none; None if nobody could tell. As spf.Resolver says."""
        asked = (name.lower().removesuffix("."), kind)
        if asked not in self._heard:
            self._heard[asked] = self._ask(*asked)
        return self._heard[asked]

    def _ask(self, name: str, kind: Kind) -> Answer:
        if self._waited >= PATIENCE_IN_ALL:
            return None
        began = time.monotonic()
        try:
            absolute = dns.name.from_text(name)
            found = self._resolver.resolve(
                absolute, kind, search=False, lifetime=self._patience, raise_on_no_answer=False
            )
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.NameTooLong):
            return ()
        except (dns.name.EmptyLabel, dns.name.BadEscape, dns.name.IDNAException):
            return ()  # there can be no such name
        except dns.exception.DNSException:
            self._waited += time.monotonic() - began
            return None
        return tuple(_text(each) for each in found.rrset or ())


def _text(record: dns.rdata.Rdata) -> str:
    if isinstance(record, TXT):
        return _printable(b"".join(record.strings).decode(errors="replace"))
    if isinstance(record, MX):
        return f"{record.preference} {_host(record.exchange)}"
    if isinstance(record, PTR):
        return _host(record.target)
    return record.to_text()


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True) or "."


def _printable(text: str) -> str:
    """What a stranger wrote may end on a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
