"""What stands on a share picture and on a poster, and a short name for each version of it."""

from dataclasses import astuple, dataclass
from hashlib import sha256

EDITION = 1
"""How both are drawn: one more whenever that changes, so that nobody sees the old ones."""


@dataclass(frozen=True)
class Cover:
    """The words of a campaign page that people see elsewhere, and how they look.

    `address` is the short one, as it is typed; `code` the whole one, as the QR code holds it.
    """

    title: str
    organisation: str
    address: str
    language: str
    direction: str
    accent: str
    headings: str
    demand: str = ""
    call: str = ""
    code: str = ""

    @property
    def version(self) -> str:
        """The same for the same content, on every machine."""
        return sha256(repr((EDITION, astuple(self))).encode()).hexdigest()[:16]
