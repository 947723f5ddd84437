"""The world outside: a mail server that keeps what it takes, and quotes whoever it refuses."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.canaries import MARKER
from tests.eml import link_in, parse, text_of
from tocsin.demo.post_box import LOOPBACK, PostBox

REFUSALS = (
    "450 4.2.0 {said}: come back later",
    "451 4.3.0 queue file of {said} cannot be written",
    "550 5.1.1 {said}: user unknown",
    "550 5.7.1 we do not take what {said} writes",
    "554 5.6.0 message content rejected: {said}",
    "421 4.7.0 {said} too fast, closing",
)
"""How it is refused, in turn; each repeats all that the mail says of its author."""

MOST_QUOTED = 480  # letters: what fits into a line of an answer


class Spool(PostBox):
    """Takes every mail while `refuses` says no of it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, port=0)
        self.refuses: Callable[[str], bool] = lambda _: False
        self.refused = 0

    def url(self) -> str:
        """How to reach it, for the settings."""
        return f"smtp://{LOOPBACK}:{self.port}"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store it, or quote it."""
        mail = parse(bytes(envelope.original_content or b""))
        said = quoted(mail, envelope.rcpt_tos[0])
        if not self.refuses(said):
            return await super().handle_DATA(server, session, envelope)
        self.refused += 1
        return REFUSALS[self.refused % len(REFUSALS)].format(said=said)

    def mails(self) -> dict[str, list[EmailMessage]]:
        """What was taken so far, by recipient, in the order in which it came."""
        found: dict[str, list[EmailMessage]] = {}
        for path in sorted(self.directory.glob("*.eml")):
            mail = parse(path.read_bytes())
            found.setdefault(str(mail["X-Envelope-To"]), []).append(mail)
        return found

    def links(self) -> dict[str, str]:
        """The newest link for everybody who got a mail with one."""
        return {
            to: link_in(mails[-1])
            for to, mails in self.mails().items()
            if "http" in text_of(mails[-1])
        }


def quoted(mail: EmailMessage, recipient: str) -> str:
    """From whom it is, for whom, and what canaries sing in it, as a server repeats it."""
    lines = [line for line in text_of(mail).splitlines() if MARKER in line.lower()]
    people = [str(mail[name]) for name in ("From", "Reply-To", "To", "Subject")]
    return " ".join([recipient, *people, *lines])[:MOST_QUOTED]
