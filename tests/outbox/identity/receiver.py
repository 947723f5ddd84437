"""A receiver of mail that checks its DKIM signatures, with a DNS of its own."""

from collections.abc import Sequence
from email import message_from_bytes

import dkim

from tocsin.outbox.identity.dkim import SigningKey, dns_record, dns_strings


class Receiver:
    """Knows the DNS records of those keys, and judges by dkimpy."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        records = [dns_record(key) for key in keys]
        self.records = {name: "".join(dns_strings(text)) for name, text in records}

    def accepts(self, mail: bytes, *, number: int = 0) -> bool:
        """Whether that signature of the mail, counted from its top, holds."""
        verifier = dkim.DKIM(arrived(mail))
        try:
            return bool(verifier.verify(number, dnsfunc=lambda name, **_: self._record(name)))
        except dkim.DKIMException:
            return False

    def _record(self, name: bytes) -> bytes:
        return self.records.get(name.decode().removesuffix("."), "").encode()


def arrived(mail: bytes) -> bytes:
    """The mail as it comes out of an SMTP conversation, where every line has its end."""
    return mail if mail.endswith(b"\r\n") else mail + b"\r\n"


def signatures(mail: bytes) -> list[dict[str, str]]:
    """The tags of the mail's signatures, from its top."""
    found = message_from_bytes(mail).get_all("DKIM-Signature") or []
    pairs = [[tag.partition("=") for tag in header.split(";")] for header in found]
    return [{name.strip(): "".join(text.split()) for name, _, text in tags} for tags in pairs]
