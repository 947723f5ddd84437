"""The list of readers: for whom an organisation's records are sealed, signed by its own hand.

At least two readers and one recovery key, all public. The key that signs was made with the others,
offline, and never was on the server. Plain: bytes in, a list or a reason out.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tocsin.kit.age import SECRET_MARK, NotAKey, need_public
from tocsin.kit.gate import Refused, clean_line

FORMAT = "readers 1"
SIGNER_MARK = "TOCSIN-SIGNER-KEY-1-"
"""How the private key of a signer begins, in its file."""

FEWEST, MOST = 2, 20
MOST_BYTES = 64 * 1024
MOST_LABEL = 60
SLUG = re.compile(r"[A-Za-z0-9_-]{1,50}")
_HEX = re.compile(r"[0-9a-f]+")
_FIELDS = {
    *("tocsin", "organisation", "number", "made", "until"),
    *("readers", "recovery", "signer", "signature"),
}
_PRIVATE = (SECRET_MARK.lower(), SIGNER_MARK.lower(), "private key-----")


class ListRefused(Exception):
    """The list is not one to seal for; says why, in a sentence."""


@dataclass(frozen=True)
class Reader:
    """One who can open: a name for people, and the public key."""

    label: str
    key: str


@dataclass(frozen=True)
class ReaderList:
    """Whom the records of one organisation are sealed for.

    `number` grows with each list of the same signer; `until` is the last day on which it counts.
    """

    organisation: str
    number: int
    made: date
    until: date
    readers: tuple[Reader, ...]
    recovery: Reader
    signer: str

    @property
    def everybody(self) -> tuple[Reader, ...]:
        """The readers, and the recovery key."""
        return (*self.readers, self.recovery)

    @property
    def keys(self) -> tuple[str, ...]:
        """For which public keys to seal."""
        return tuple(each.key for each in self.everybody)

    @property
    def fingerprint(self) -> str:
        """32 digits that stand for the whole list with its signer, to be compared by telephone."""
        return hashlib.sha256(_canonical(self)).hexdigest()[:32]


def need_label(label: str) -> None:
    """Raise ListRefused unless it is one plain line, which nothing that prints it can obey."""
    try:
        fit = clean_line(label, most=MOST_LABEL) == label
    except Refused:
        fit = False
    if not fit:
        raise ListRefused(f"a label must be one plain line of {MOST_LABEL} characters at most")


def in_groups(text: str) -> str:
    """A fingerprint as it is read aloud: eight groups of four."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4)).upper()


def new_signer() -> tuple[str, str]:
    """A fresh pair to sign lists with: private and public."""
    made = Ed25519PrivateKey.generate()
    return SIGNER_MARK + made.private_bytes_raw().hex(), made.public_key().public_bytes_raw().hex()


def signer_of(secret: str) -> str:
    """The public key of a signer; raises NotAKey."""
    return _signer(secret).public_key().public_bytes_raw().hex()


def sign_list(unsigned: ReaderList, *, secret: str) -> bytes:
    """The file of the list; raises ListRefused if it would not be accepted."""
    signature = _signer(secret).sign(_canonical(unsigned)).hex()
    told = {**_told(unsigned), "signature": signature}
    content = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()
    read_list(content)
    return content


@lru_cache(maxsize=16)
def read_list(content: bytes) -> ReaderList:
    """The list that is in a file, complete and truly signed; raises ListRefused.

    By whom it has to be signed, and whether it still counts, is the caller's to ask.
    """
    if len(content) > MOST_BYTES:
        raise ListRefused("it is far too large for a list of readers")
    if any(mark in content.decode("latin-1").lower() for mark in _PRIVATE):
        raise ListRefused(
            "there is a PRIVATE KEY in it. Take it off this machine, hold that key for known to "
            "others, and make new keys with `tocsin keys new`"
        )
    told = _tree(content)
    found = _list(told)
    _refuse_unfit(found)
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.signer))
        public.verify(bytes.fromhex(_text(told, "signature")), _canonical(found))
    except (InvalidSignature, ValueError):
        raise ListRefused("its signature is wrong: it was changed after it was signed") from None
    return found


def _canonical(readers: ReaderList) -> bytes:
    """What is signed: the same bytes however the file is laid out."""
    return json.dumps(_told(readers), sort_keys=True, separators=(",", ":")).encode()


def _told(readers: ReaderList) -> dict[str, Any]:
    return {
        "tocsin": FORMAT,
        "organisation": readers.organisation,
        "number": readers.number,
        "made": readers.made.isoformat(),
        "until": readers.until.isoformat(),
        "readers": [{"label": each.label, "key": each.key} for each in readers.readers],
        "recovery": {"label": readers.recovery.label, "key": readers.recovery.key},
        "signer": readers.signer,
    }


def _tree(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ListRefused("it is not a list of readers, or not all of it") from None
    if not isinstance(told, dict) or told.get("tocsin") != FORMAT or set(told) != _FIELDS:
        raise ListRefused("it is not a list of readers of this version of Tocsin")
    return told


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name stands twice")
    return told


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("not a number")


def _list(told: dict[str, Any]) -> ReaderList:
    readers, number = told["readers"], told["number"]
    if not isinstance(readers, list) or not FEWEST <= len(readers) <= MOST:
        raise ListRefused(f"there must be at least {FEWEST} readers, and {MOST} at most")
    if type(number) is not int or not 1 <= number < 10**6:
        raise ListRefused("its number is not one")
    if not told["recovery"]:
        raise ListRefused("there is no recovery key in it")
    try:
        made, until = (date.fromisoformat(_text(told, name)) for name in ("made", "until"))
    except ValueError:
        raise ListRefused("its dates are not dates") from None
    signer = _text(told, "signer")
    if len(signer) != 64 or not _HEX.fullmatch(signer):
        raise ListRefused("it does not say who signed it")
    return ReaderList(
        organisation=_text(told, "organisation"),
        number=number,
        made=made,
        until=until,
        readers=tuple(_reader(each) for each in readers),
        recovery=_reader(told["recovery"]),
        signer=signer,
    )


def _reader(told: Any) -> Reader:
    if not isinstance(told, dict) or set(told) != {"label", "key"}:
        raise ListRefused("a reader is a label and a key, and nothing else")
    reader = Reader(_text(told, "label"), _text(told, "key"))
    need_label(reader.label)
    try:
        need_public(reader.key)
    except NotAKey:
        raise ListRefused(f"the key of {reader.label} is no public key of age (age1…)") from None
    return reader


def _refuse_unfit(found: ReaderList) -> None:
    if not SLUG.fullmatch(found.organisation):
        raise ListRefused("it does not say of which organisation it is")
    if len(set(found.keys)) < len(found.keys):
        raise ListRefused("the same key stands in it twice: each reader needs a key of their own")
    if len({each.label.casefold() for each in found.everybody}) < len(found.keys):
        raise ListRefused("the same label stands in it twice")


def _text(told: dict[str, Any], name: str) -> str:
    text = told[name]
    if not isinstance(text, str):
        raise ListRefused(f"{name} must be a text")
    return text


def _signer(secret: str) -> Ed25519PrivateKey:
    bare = secret.removeprefix(SIGNER_MARK)
    try:
        # Without its beginning it is any key, and not one that was made to sign lists.
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(bare if bare != secret else ""))
    except ValueError:
        raise NotAKey("not the key of a signer") from None
