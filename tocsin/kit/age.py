"""The only door to age: seal for people whose private keys are elsewhere, open with one of them.

Sealing has no sender: who sealed cannot open. What comes out is an ordinary age file, which the
program `age` opens without us.
"""

from collections.abc import Iterable

import pyrage
from pyrage import x25519

SECRET_MARK = "AGE-SECRET-KEY-"  # noqa: S105 - how a private key begins, not one
"""By what a private key is recognised wherever it should not be."""


class NotAKey(ValueError):
    """The text is no age key of the kind that is needed, or a letter of it is wrong."""


class OtherKey(Exception):
    """It was sealed for others: this key does not open it."""


class Damaged(Exception):
    """The bytes are not what was sealed."""


def make_identity() -> tuple[str, str]:
    """A fresh pair: the private key, and the public one to seal for."""
    made = x25519.Identity.generate()
    return str(made), str(made.to_public())


def public_of(secret: str) -> str:
    """The public key that belongs to a private one; raises NotAKey."""
    return str(_identity(secret).to_public())


def need_public(text: str) -> None:
    """Raise NotAKey unless it is a public key, written as age writes it."""
    if str(_recipient(text)) != text:
        raise NotAKey("not written as age writes it")


def seal_for(plain: bytes, keys: Iterable[str]) -> bytes:
    """Seal so that each of these public keys' owners alone can open it; raises NotAKey."""
    sealed: bytes = pyrage.encrypt(plain, [_recipient(each) for each in keys])
    return sealed


def open_sealed(sealed: bytes, *, secret: str) -> bytes:
    """What was sealed; raises OtherKey, Damaged or NotAKey."""
    try:
        plain: bytes = pyrage.decrypt(sealed, [_identity(secret)])
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise OtherKey from None
        raise Damaged(str(error)) from None
    return plain


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise NotAKey(str(error)) from None


def _identity(secret: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(secret)
    except pyrage.IdentityError as error:
        raise NotAKey(str(error)) from None
