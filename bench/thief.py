"""What somebody can try who has a dump of the database, and knows all of this program."""

import base64
import binascii
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from tocsin.kit.addresses import AddressRefused, canonical, read_address

MARK = 8  # bytes by which a value of the dump is recognised, so that cut hashes are as well
FEW = 40  # rows; what is secret for all stands in a small table
PURPOSES = ("action", "guard", "data mail", "suppression", "bounce", "retention")
"""What the blind index is asked for, as anybody can read in the source."""

PLAIN = ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")
TOKEN = re.compile(rb"[A-Za-z0-9+/_=.%@-]{8,}")
ADDRESS = re.compile(rb"[^\s\"'<>,;:()]+@[^\s\"'<>,;:()]+")
SALT = "salt"
Construction = Callable[[bytes], bytes]


@dataclass
class Loot:
    """A dump, taken apart: what may be a hash of somebody, what may be a key, what is clear."""

    marks: set[bytes] = field(default_factory=set)
    keys: set[bytes] = field(default_factory=set)
    salts: set[bytes] = field(default_factory=set)
    clear: set[str] = field(default_factory=set)
    values: int = 0

    def add(self, value: bytes) -> None:
        """A value as it stands in a column, and whatever it may spell."""
        for spelled in spellings(value):
            if len(spelled) >= MARK:
                self.marks.add(spelled[:MARK])


def spellings(value: bytes) -> Iterator[bytes]:
    """The bytes themselves, and those for which they may stand in hex or base64."""
    yield value
    for token in TOKEN.findall(value) if len(value) < 10_000 else ():
        with suppress(ValueError):
            yield bytes.fromhex(token.decode())
        with suppress(binascii.Error):
            padded = token.translate(bytes.maketrans(b"-_", b"+/")) + b"=="
            yield base64.b64decode(padded)


def read_dump(dump: bytes) -> Loot:
    """Every value of every table of a plain `pg_dump`."""
    # Only where there is one: in the long words of sealed bytes the search would take for ever.
    named = (ADDRESS.findall(word) for word in dump.split() if b"@" in word)
    loot = Loot(clear={each.decode("latin-1").lower() for found in named for each in found})
    columns: list[str] = []
    rows: list[list[bytes]] = []
    for line in dump.split(b"\n"):
        if line.startswith(b"COPY ") and line.endswith(b"FROM stdin;"):
            columns = line.partition(b"(")[2].partition(b")")[0].decode().split(", ")
            rows = []
        elif line == b"\\." and columns:
            _loot_table(loot, columns, rows)
            columns = []
        elif columns:
            rows.append([_value(each) for each in line.split(b"\t")])
    return loot


def _loot_table(loot: Loot, columns: list[str], rows: list[list[bytes]]) -> None:
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            loot.values += 1
            loot.add(value)
            if name == SALT:
                loot.salts.add(value)
            if len(rows) <= FEW and 8 <= len(value) <= 64 and _is_random(value):
                loot.keys.add(value)


def _value(written: bytes) -> bytes:
    # COPY doubles the backslash with which PostgreSQL begins bytes.
    if written.startswith(b"\\\\x"):
        return bytes.fromhex(written[3:].decode())
    return written


def _is_random(value: bytes) -> bool:
    """Whether it may be a key: bytes that are no words."""
    return any(byte > 126 or byte < 9 for byte in value) and len(Counter(value)) > len(value) // 2


def constructions(loot: Loot) -> dict[str, Construction]:
    """Every way from an address to bytes that somebody may think of, by name."""
    ways: dict[str, Construction] = {}
    for name in PLAIN:
        ways[name] = lambda text, name=name: hashlib.new(name, text).digest()  # type: ignore[misc]
    for number, key in enumerate(sorted(loot.keys | loot.salts)):
        ways[f"hmac {number}"] = lambda text, key=key: hmac.digest(key, text, "sha256")  # type: ignore[misc]
        ways[f"salted {number}"] = lambda text, key=key: hashlib.sha256(key + text).digest()  # type: ignore[misc]
        ways[f"keyed {number}"] = lambda text, key=key: hashlib.blake2b(text, key=key[:64]).digest()  # type: ignore[misc]
    keys = [b"", bytes(32), *sorted(loot.keys | loot.salts)]
    for number, key in enumerate(keys):
        for purpose in PURPOSES:
            for salt in (b"", *sorted(loot.salts)):
                # As kit/seal.py does it, with whatever may be the key.
                inner = hmac.digest(
                    key, b"tocsin.blind:" + purpose.encode() + b":" + salt, "sha256"
                )
                ways[f"{purpose} {number} {salt.hex()}"] = (
                    lambda text, inner=inner: hmac.digest(inner, text, "sha256")  # type: ignore[misc]
                )
    return ways


def spelled(address: str) -> set[bytes]:
    """How an address may have been written before it was hashed."""
    found = {address, address.lower(), address.strip().lower()}
    with suppress(AddressRefused):
        found.add(canonical(read_address(address)))
    return {each.encode() for each in found}


def known(loot: Loot, candidates: Iterable[str]) -> dict[str, str]:
    """Which of these addresses the dump gives away, and by which construction."""
    ways = list(constructions(loot).items())
    marks, found = loot.marks, dict[str, str]()
    for candidate in candidates:
        texts = spelled(candidate)
        if any(text.decode() in loot.clear for text in texts):
            found[candidate] = "in clear"
            continue
        for text in texts:
            for name, way in ways:
                if way(text)[:MARK] in marks:
                    found[candidate] = name
    return found
