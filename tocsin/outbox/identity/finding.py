"""One thing that was looked at: whether it is in order, what is there, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What a look found; `ok` is None if it could not be asked now, or cannot be told from here.

    `found` says what is there; `remedy` what to do, or to publish, in the form of a zone file.
    """

    name: str
    ok: bool | None
    found: str
    remedy: str = ""


def well(name: str, found: str, remedy: str = "") -> Finding:
    """It is in order; a remedy is then a piece of advice."""
    return Finding(name, ok=True, found=found, remedy=remedy)


def wrong(name: str, found: str, remedy: str = "") -> Finding:
    """It is certainly not in order."""
    return Finding(name, ok=False, found=found, remedy=remedy)


def unknown(name: str, found: str, remedy: str = "") -> Finding:
    """It could not be asked, which is nobody's fault."""
    return Finding(name, ok=None, found=found, remedy=remedy)
