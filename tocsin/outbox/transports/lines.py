"""The lines on which mail leaves, whatever they are made of."""

from types import TracebackType
from typing import Protocol, Self

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.folder import FolderLines
from tocsin.outbox.transports.provider import ProviderLines
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.transports.smtp import WAITS, SmtpLines, Waits
from tocsin.outbox.transports.ways import Folder, Way
from tocsin.outbox.verdicts.retry import Receipt


class Lines(Protocol):
    """Some connections to one way out; every mail handed over yields exactly one receipt."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...

    def open(self) -> Receipt | None:
        """Make sure that at least one connection is up: the fault, or None."""

    def hand_over(self, key: int, envelope: Envelope) -> None:
        """Offer a mail; returns at once. Raises ValueError for an address that is none."""

    def finished(self, *, wait: float) -> list[tuple[int, Receipt]]:
        """What has ended since the last call; waits up to that many seconds for the first."""

    def give_up(self, *, after: float) -> list[tuple[int, Receipt]]:
        """Wait so many seconds for what is under way, then hang up: the receipts of all."""


def lines_to(way: Way, *, name: str, connections: int, waits: Waits = WAITS) -> Lines:
    """Lines of the kind that the way asks for; `name` is how we introduce ourselves."""
    if isinstance(way, Relay):
        lines: SmtpLines[int] = SmtpLines(way, name=name, connections=connections, waits=waits)
        return lines
    if isinstance(way, Folder):
        return FolderLines(way, connections=connections)
    return ProviderLines(way, connections=connections, waits=waits)
