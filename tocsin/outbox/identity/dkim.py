"""DKIM: signs a mail for its From domain, so that a forger's mail looks different from ours.

RFC 6376 with relaxed canonical forms; RSA with SHA-256, and Ed25519 (RFC 8463) beside it if there
is such a key. A signature is a function of the mail, the key and the date: a mail signed again is
the same bytes.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tocsin.kit.key_files import write_key_file

Algorithm = Literal["rsa", "ed25519"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
RSA_BITS = 2048
"""Receivers refuse less than 1024; more than 2048 costs four times the work, and gains nothing."""

OVERSIGNED = (b"from", b"to", b"reply-to", b"subject", b"date", b"message-id")
"""Signed once more than they occur, so that nobody can add another one."""

SIGNED = (
    *OVERSIGNED,
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"content-language",
    b"auto-submitted",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)
"""Signed as often as they occur, in this order."""

LINE = 76
IN_A_STRING = 255  # RFC 1035, 3.3: of one string in a TXT record

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")


class KeyUnusable(Exception):
    """There is a key and it cannot be used, or none could be made; says which, and what to do."""


class KeyExists(FileExistsError):
    """There is a key of that name already; a key is never overwritten."""


@dataclass(frozen=True)
class SigningKey:
    """A private key, and the name under which the public one is found in the DNS."""

    domain: str
    selector: str
    algorithm: Algorithm
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False, compare=False)


def load_keys(directory: Path, *, domain: str) -> tuple[SigningKey, ...]:
    """The keys of a From domain, RSA first: `directory/<domain>/<selector>.rsa.pem` and the like.

    Empty if there are none. Raises KeyUnusable if there is one that cannot be used: a mail that
    should be signed must not leave without its signature. Two keys need two selectors, as at one
    name in the DNS there can be one of them only.
    """
    domain = _checked(domain, what="domain")
    folder = directory / domain
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise KeyUnusable(
            f"Cannot read {folder}: {error.strerror}. It must be a directory that Tocsin can read."
        ) from None
    keys: dict[str, SigningKey] = {}
    for algorithm in ALGORITHMS:
        for name in names:
            if not name.endswith(ending := f".{algorithm}.pem"):
                continue
            path = folder / name
            selector = _checked(name.removesuffix(ending), what=f"selector of {path}")
            if selector in keys:
                raise KeyUnusable(f"{path} has the selector of another key. {_REMEDY}")
            private = _private_key(path, algorithm=algorithm)
            keys[selector] = SigningKey(domain, selector, algorithm, private)
    return tuple(keys.values())


def make_signing_key(
    directory: Path, *, domain: str, selector: str, algorithm: Algorithm = "rsa"
) -> Path:
    """Make a key where `load_keys` finds it, readable by nobody else; raises KeyExists.

    It signs from the next `load_keys` on. Until its `dns_record` is published receivers cannot
    check what it signed.
    """
    folder = directory / _checked(domain, what="domain")
    selector = _checked(selector, what="selector")
    for taken in (folder / f"{selector}.{each}.pem" for each in ALGORITHMS):
        if taken.exists():
            raise KeyExists(f"{taken} is there already. Choose another selector.")
    private: RSAPrivateKey | Ed25519PrivateKey
    if algorithm == "rsa":
        private = generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    else:
        private = Ed25519PrivateKey.generate()
    for each in (directory, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
        each.chmod(0o700)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{selector}.{algorithm}.pem"
    if not write_key_file(path, pem):
        raise KeyExists(f"{path} is there already. Choose another selector.")
    return path


def dns_record(key: SigningKey) -> tuple[str, str]:
    """The name and the text of the TXT record by which receivers check the key's signatures."""
    public = key.private.public_key()
    if key.algorithm == "rsa":
        raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    text = f"v=DKIM1; k={key.algorithm}; p={base64.b64encode(raw).decode()}"
    return f"{key.selector}._domainkey.{key.domain}", text


def dns_strings(text: str) -> list[str]:
    """The text of a TXT record in the pieces that a zone file needs; they are read as one."""
    return [text[start : start + IN_A_STRING] for start in range(0, len(text), IN_A_STRING)]


def sign(mail: bytes, *, keys: Sequence[SigningKey], date: datetime) -> bytes:
    """The mail with a DKIM-Signature in front for each of the keys, in their order.

    Its lines end in CRLF. `date`, with its time zone, is when it says that it was signed: give
    the mail's own, and a mail sent again is the same bytes. Without keys it stays as it is.
    """
    if not keys:
        return mail
    if date.tzinfo is None:
        raise ValueError("the date has no time zone")
    head, body = _cut(mail)
    names, headers = _canonical_headers(head)
    body_hash = base64.b64encode(hashlib.sha256(_canonical_body(body)).digest())
    rest = b"t=%d; bh=%s;" % (int(date.timestamp()), body_hash)
    signatures = [_signature(key, names=names, headers=headers, rest=rest) for key in keys]
    return b"".join([*signatures, mail])


def _checked(name: str, *, what: str) -> str:
    """The name in lower case; it becomes part of a path, so it must be what it says it is."""
    if not name.isascii() or not _NAME.match(name := name.lower()):
        raise KeyUnusable(
            f"{name!r} cannot be the {what}. Use letters, digits, hyphens and full stops only, "
            "as in a name of the DNS."
        )
    return name


def _private_key(path: Path, *, algorithm: Algorithm) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyUnusable(
            f"Cannot read {path}: {error.strerror}. Tocsin must be able to read it."
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnusable(
            f"{path} is not a private key in PEM without a password. {_REMEDY}"
        ) from None
    if algorithm == "ed25519" and isinstance(private, Ed25519PrivateKey):
        return private
    if algorithm == "rsa" and isinstance(private, RSAPrivateKey):
        if private.key_size < RSA_BITS:
            raise KeyUnusable(
                f"{path} has {private.key_size} bits, and {RSA_BITS} are needed. {_REMEDY}"
            )
        return private
    raise KeyUnusable(f"{path} holds another kind of key than its name says. {_REMEDY}")


_REMEDY = "Move it away and make a new key with another selector."


def _cut(mail: bytes) -> tuple[bytes, bytes]:
    """The headers without their last line end, and the body."""
    if mail.startswith(b"\r\n"):
        return b"", mail[2:]
    head, _, body = mail.partition(b"\r\n\r\n")
    return head, body


def _canonical_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4. A last line without its end is given one, as the transport does."""
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    body = _single_spaces(body)
    if b" \r\n" in body:
        body = body.replace(b" \r\n", b"\r\n")
    end = len(body)
    while body.endswith(b"\r\n\r\n", 0, end):
        end -= 2
    return b"" if body[:end] == b"\r\n" else body[:end]


def _canonical_headers(head: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The names for `h=`, and what of the headers is signed (RFC 6376, 3.4.2 and 5.4.2)."""
    found: dict[bytes, list[bytes]] = {name: [] for name in SIGNED}
    unfolded = head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    for line in _single_spaces(unfolded).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        values = found.get(name.strip(b" ").lower())
        if colon and values is not None:
            values.append(value.strip(b" "))
    names: list[bytes] = []
    lines: list[bytes] = []
    for name, values in found.items():
        names += [name] * (len(values) + (name in OVERSIGNED))
        lines += [b"%s:%s\r\n" % (name, value) for value in reversed(values)]
    return tuple(names), b"".join(lines)


def _single_spaces(text: bytes) -> bytes:
    """Each run of spaces and tabs as one space."""
    if b"\t" in text:
        text = text.replace(b"\t", b" ")
    while b"  " in text:  # each turn halves every run
        text = text.replace(b"  ", b" ")
    return text


def _signature(key: SigningKey, *, names: tuple[bytes, ...], headers: bytes, rest: bytes) -> bytes:
    """The header of one key, folded. What is signed is itself, with an empty `b=`, at the end."""
    opening = _opening(key.domain, key.selector, key.algorithm, names)
    written = b"%s\r\n %s\r\n b=" % (opening, rest)
    unfolded = written.replace(b"\r\n ", b" ").removeprefix(b"DKIM-Signature: ")
    signed = b"%sdkim-signature:%s" % (headers, unfolded)
    if isinstance(key.private, RSAPrivateKey):
        raw = key.private.sign(signed, _PADDING, _SHA256)
    else:
        raw = key.private.sign(hashlib.sha256(signed).digest())
    letters = base64.b64encode(raw)
    width = LINE - len(" b=")
    lines = [letters[start : start + width] for start in range(0, len(letters), width)]
    return written + b"\r\n ".join(lines) + b"\r\n"


_PADDING, _SHA256 = PKCS1v15(), SHA256()


@lru_cache(maxsize=256)
def _opening(domain: str, selector: str, algorithm: Algorithm, names: tuple[bytes, ...]) -> bytes:
    """What is the same for all mails of a key with the same headers, in lines of at most 76."""
    pieces = [
        b"v=1;",
        b" a=%s-sha256;" % algorithm.encode(),
        b" c=relaxed/relaxed;",
        b" d=%s;" % domain.encode(),
        b" s=%s;" % selector.encode(),
        b" h=%s:" % names[0],
        *(b"%s:" % name for name in names[1:-1]),
        b"%s;" % names[-1],
    ]
    lines = [b"DKIM-Signature: "]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > LINE:
            lines.append(b" " + piece.removeprefix(b" "))
        else:
            lines[-1] += piece
    return b"\r\n".join(lines)
