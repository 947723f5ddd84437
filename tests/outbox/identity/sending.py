"""A sending domain in good order, as its zone says, to be spoilt record by record."""

from collections.abc import Mapping, Sequence

from tests.outbox.identity.resolving import Book
from tocsin.outbox.identity.dkim import SigningKey, dns_record
from tocsin.outbox.identity.dns_rules import Sender, look
from tocsin.outbox.identity.finding import Finding

OURS = "letters.ngo.test"
BACK = f"bounce.{OURS}"
RELAY = "192.0.2.10"
SPF = "v=spf1 ip4:192.0.2.0/28 -all"

GOOD: dict[str, Sequence[str]] = {
    f"TXT {OURS}": ["a word of somebody else", SPF],
    f"TXT {BACK}": [SPF],
    f"TXT _dmarc.{OURS}": ["v=DMARC1; p=none"],
    f"MX {OURS}": ["10 mx.ngo.test"],
    f"MX {BACK}": ["20 far.ngo.test", "10 mx.ngo.test"],
    "A mx.ngo.test": ["192.0.2.25"],
}


def zone_of(*keys: SigningKey, **changes: Sequence[str]) -> dict[str, Sequence[str]]:
    """The good zone with those keys in it, and with changes: `TXT_OURS`, `MX_BACK`, `TXT_DMARC`."""
    names = {"OURS": OURS, "BACK": BACK, "DMARC": f"_dmarc.{OURS}", "HOST": "mx.ngo.test"}
    signed = {f"TXT {name}": [text] for name, text in map(dns_record, keys)}
    changed = {
        f"{kind} {names[place]}": records
        for (kind, _, place), records in ((key.partition("_"), changes[key]) for key in changes)
    }
    return {**GOOD, **signed, **changed}


def findings(sender: Sender, zone: dict[str, Sequence[str]], *unheard: str) -> dict[str, Finding]:
    """What is found, by its name."""
    found = look(sender, resolver=Book(zone, unheard))
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


def oks(found: dict[str, Finding]) -> dict[str, bool | None]:
    """Only whether each is in order."""
    return {name: each.ok for name, each in found.items()}


def served(zone: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], Sequence[str]]:
    """The zone as a name server has it."""
    found: dict[tuple[str, str], Sequence[str]] = {}
    for key, records in zone.items():
        kind, _, name = key.partition(" ")
        dot = "." if kind in ("MX", "PTR") else ""
        found[name, kind] = [f"{record.removesuffix('.')}{dot}" for record in records]
    return found
