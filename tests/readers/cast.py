"""Readers whom every organisation of the tests has, and their keys: made once, as it takes time."""

from datetime import date
from pathlib import Path

from django.conf import settings

from tocsin.kit.age import make_identity, open_sealed
from tocsin.readers.files import accept_list
from tocsin.readers.record import unpack
from tocsin.readers.signed_list import Reader, ReaderList, new_signer, sign_list

CHIARA, SAMIRA, PAPER = (make_identity() for _ in range(3))
"""Two readers and the recovery key, each private and public."""

SIGNER, SIGNER_PUBLIC = new_signer()


def a_list(organisation: str = "table", **changes: object) -> ReaderList:
    """The list of the cast, not signed yet, but for the changes."""
    told: dict[str, object] = {
        "organisation": organisation,
        "number": 1,
        "made": date(2026, 1, 5),
        "until": date(2099, 1, 5),
        "readers": (Reader("Chiara", CHIARA[1]), Reader("Samira", SAMIRA[1])),
        "recovery": Reader("recovery", PAPER[1]),
        "signer": SIGNER_PUBLIC,
    }
    return ReaderList(**{**told, **changes})  # type: ignore[arg-type]  # what a test changes


def signed(readers: ReaderList, *, by: str = SIGNER) -> bytes:
    """The file of the list."""
    return sign_list(readers, secret=by)


def let_read(organisation: str) -> None:
    """From now on records of the organisation are sealed for the cast."""
    accept_list(lists(), signed(a_list(organisation)))


def lists() -> Path:
    """Where the lists of readers are in this test."""
    return Path(settings.KEYS_DIR) / "readers"


def opened(sealed: bytes | memoryview, *, secret: str = CHIARA[0]) -> dict[str, object]:
    """What a reader finds in a sealed record."""
    return unpack(open_sealed(bytes(sealed), secret=secret))
