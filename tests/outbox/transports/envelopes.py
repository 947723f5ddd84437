"""Mails on their way to a line, as the send station hands them over, and their receipts."""

from tests.outbox.mails import LETTER, NOON
from tests.wait import until
from tocsin.outbox.compose import Mail, compose
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.lines import Lines
from tocsin.outbox.verdicts.retry import Receipt

MESSAGE = "5b1c0b6e0f0e4d5e9a532f7a3f0c1a00"


def an_envelope(mail: Mail = LETTER, *, attempt: int = 1, message: str = MESSAGE) -> Envelope:
    """Amina's letter, or another mail, at its first try or a later one."""
    return Envelope(
        sender=f"b+{message[:6]}.{attempt}.abcdefghij@bounce.letters.lumiere.example",
        recipient=mail.recipient,
        mail=compose(mail, message_id=f"{message}@letters.lumiere.example", date=NOON),
        ref=f"{message}.{attempt}",
    )


def receipts_from(lines: Lines, *, number: int) -> list[tuple[int, Receipt]]:
    """Wait until so many mails have ended: their receipts by key."""
    found: list[tuple[int, Receipt]] = []

    def all_have_ended() -> bool:
        found.extend(lines.finished(wait=0.1))
        return len(found) >= number

    until(all_have_ended, what="all receipts")
    return sorted(found, key=lambda each: each[0])
