"""SMTP lines for the tests: one mail after the other, or many at once."""

from tests.post_office import PostOffice, with_habit
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.transports.smtp import SmtpLines, Waits
from tocsin.outbox.verdicts.retry import Receipt

SHORT = Waits(connect=5, command=5, body=5, dot=2, farewell=1)
HASTY = Waits(connect=0.4, command=0.4, body=0.4, dot=0.4, farewell=0.4)
ENVELOPE = Envelope(
    sender="bounce@letters.lumiere.example",
    recipient="amina.yusuf@mailbox.example",
    mail=b"Subject: x\r\n\r\n.a dot\r\n..two\r\n.\r\nend\r\n",
)
PATIENCE = 60.0


def lines_to(
    relay: Relay, *, connections: int = 1, waits: Waits = SHORT, name: str = "act.test"
) -> SmtpLines[int]:
    """Lines to that relay."""
    return SmtpLines(relay, name=name, connections=connections, waits=waits)


def all_finished(lines: SmtpLines[int], count: int) -> dict[int, Receipt]:
    """The receipts of so many mails, each of which must come once."""
    found: dict[int, Receipt] = {}
    while len(found) < count:
        ended = lines.finished(wait=PATIENCE)
        assert ended, f"only {len(found)} of {count} mails came back"
        for key, receipt in ended:
            assert key not in found, "a mail has two receipts"
            found[key] = receipt
    return found


def say(lines: SmtpLines[int], envelope: Envelope = ENVELOPE) -> Receipt:
    """Hand one mail over, and wait for its receipt."""
    lines.hand_over(0, envelope)
    return all_finished(lines, 1)[0]


def over(relay: Relay, envelope: Envelope = ENVELOPE, *, waits: Waits = SHORT) -> Receipt:
    """The receipt of one mail over a line of its own."""
    with lines_to(relay, waits=waits) as lines:
        return say(lines, envelope)


def hand_over(office: PostOffice, envelope: Envelope = ENVELOPE) -> Receipt:
    """The receipt of one mail to that office, which opens for it."""
    with office, lines_to(office.relay()) as lines:
        return say(lines, envelope)


def said_to(habit: str) -> Receipt:
    """The receipt from an office with the habit of that name."""
    return hand_over(with_habit(habit))
