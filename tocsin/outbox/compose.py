"""One e-mail from what it says to its bytes, checked by reading them back."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.policy import default as modern
from email.utils import getaddresses
from typing import Any

from tocsin.kit.gate import Refused, safe_header

LONGEST_LINE = 998  # RFC 5322, 2.1.1
LINE = 76  # RFC 2045 and 2047: of encoded text
LONGEST_WORD = 60  # of plain text in a header; what is longer is encoded, so that it can be folded
ENCODED_BYTES = 39  # per encoded word: 64 characters, which leaves room for the header's name

ADDRESSED = ("From", "To", "Reply-To")
COPIED = (
    *ADDRESSED,
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
)


class Malformed(ValueError):
    """The mail cannot be built so that a parser reads what was asked; never quotes the mail."""


@dataclass(frozen=True)
class Mail:
    """What one e-mail says; `automatic` asks machines not to answer it."""

    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    reply_to: tuple[str, str] | None
    subject: str
    text: str
    language: str
    html: str | None = None
    automatic: bool = False


def compose(mail: Mail, *, message_id: str, date: datetime) -> bytes:
    """The mail as bytes of 7 bits; the same arguments give the same bytes. Raises Malformed.

    `message_id` comes without its angle brackets, `date` with its time zone.
    """
    asked = _headers(mail, message_id=message_id, date=date)
    built = EmailMessage(policy=_OURS)
    built.set_content(_lines(mail.text), subtype="plain", charset="utf-8")
    if mail.html is not None:
        built.add_alternative(_lines(mail.html), subtype="html", charset="utf-8")
        built.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32])
        for part in built.iter_parts():
            del part["MIME-Version"]  # belongs to the whole
    shape = [(name, built[name]) for name in built if name.startswith("Content-")]
    for name in set(built):
        del built[name]
    for name, value in [*asked.items(), *shape]:
        built[name] = value
    content = built.as_bytes()
    _check(content, mail=mail, asked=asked)
    return content


def readdressed(content: bytes, *, recipient: str) -> bytes:
    """The same mail to another address of the same recipient; raises Malformed.

    Everything else stays as it was, to the byte.
    """
    head, gap, body = content.partition(b"\r\n\r\n")
    read = BytesParser(policy=modern).parsebytes(content)
    [mailbox] = read["To"].addresses
    name = _decoded(getaddresses([dict(read.raw_items())["To"]])[0][0])
    to = _written("To", [_mailbox(_address(name, recipient))]).removesuffix(b"\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    changed = [to if field.lower().startswith(b"to:") else field for field in fields]
    written = b"\r\n".join(changed) + gap + body
    again = BytesParser(policy=modern).parsebytes(written)
    kept = [item for item in again.raw_items() if item[0] != "To"]
    if kept != [item for item in read.raw_items() if item[0] != "To"] or not _reads_as(
        again["To"], Address(name, addr_spec=recipient), written=dict(again.raw_items())["To"]
    ):
        raise Malformed(f"it does not read as before with another address than {mailbox.domain}")
    _check_lines(written)
    return written


def _headers(mail: Mail, *, message_id: str, date: datetime) -> dict[str, str | Address | datetime]:
    if date.tzinfo is None:
        raise Malformed("the date has no time zone")
    headers: dict[str, str | Address | datetime] = {
        "From": _address(mail.sender_name, mail.sender),
        "To": _address(mail.recipient_name, mail.recipient),
    }
    if mail.reply_to:
        headers["Reply-To"] = _address(*mail.reply_to)
    headers["Subject"] = _safe(mail.subject)
    headers["Date"] = date.replace(microsecond=0)
    headers["Message-ID"] = f"<{_safe(message_id)}>"
    if mail.automatic:
        headers["Auto-Submitted"] = "auto-generated"
    headers["Content-Language"] = _safe(mail.language)
    headers["MIME-Version"] = "1.0"
    return headers


def _address(name: str, address: str) -> Address:
    if not address.isascii():
        # Needs SMTPUTF8 all the way to the mailbox; we do not assume that anybody offers it.
        raise Malformed("an address is not ASCII")
    name, address = _safe(name), _safe(address)
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise Malformed("an address cannot be written as one") from None


def _safe(value: str) -> str:
    try:
        return safe_header(value)
    except Refused as error:
        raise Malformed(f"a header is refused: {error}") from None


def _lines(text: str) -> str:
    """The text with one kind of line end, and one of them at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


class _OurFolding(EmailPolicy):
    """The modern policy with our own writing of what people typed.

    Where the standard library (3.11) folds a long name with a comma it loses the quotes, and one
    mailbox reads as two. What we write is either short and plain, or made of encoded words.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name in ADDRESSED:
            return _written(name, [_mailbox(address) for address in value.addresses])
        if name == "Subject":
            return _written(name, [_words(str(value))])
        if name in COPIED:
            return _written(name, [[str(value)]])
        return super().fold_binary(name, value)


_OURS = _OurFolding(linesep="\r\n", cte_type="7bit", max_line_length=LINE)


def _mailbox(address: Address) -> list[str]:
    """The pieces of a mailbox, between which a line may be folded."""
    name = address.display_name
    if not name:
        return [address.addr_spec]
    if _is_plain(name) and len(name) <= LONGEST_WORD:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{quoted}"', f"<{address.addr_spec}>"]
    return [*_encoded(name), f"<{address.addr_spec}>"]


def _words(text: str) -> list[str]:
    words = text.split(" ")
    if _is_plain(text) and all(len(word) <= LONGEST_WORD for word in words):
        return words
    return _encoded(text)


def _is_plain(text: str) -> bool:
    """Whether no parser can disagree about the spaces and characters of the text."""
    return text.isascii() and text.isprintable() and " ".join(text.split()) == text


def _encoded(text: str) -> list[str]:
    """The text as encoded words (RFC 2047), none of which cuts a character in two."""
    chunks = [b""]
    for character in text:
        raw = character.encode()
        if len(chunks[-1]) + len(raw) > ENCODED_BYTES:
            chunks.append(b"")
        chunks[-1] += raw
    return [f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in chunks]


def _written(name: str, mailboxes: list[list[str]]) -> bytes:
    """One header of ASCII pieces, folded before the piece that would pass column 76."""
    lines = [f"{name}:"]
    for piece in ", ".join(" ".join(pieces) for pieces in mailboxes).split(" "):
        if len(lines[-1]) + 1 + len(piece) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {piece}"
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _check(content: bytes, *, mail: Mail, asked: dict[str, str | Address | datetime]) -> None:
    """Raise Malformed unless a parser reads from the bytes exactly what was asked."""
    _check_lines(content)
    read = BytesParser(policy=modern).parsebytes(content)
    expected = [*asked, "Content-Type"]
    parts: list[MIMEPart] = [read]
    kinds = {"text/plain": mail.text}
    if mail.html is None:
        expected.append("Content-Transfer-Encoding")
    else:
        parts, kinds["text/html"] = list(read.iter_parts()), mail.html
    if sorted(read.keys()) != sorted(expected):
        raise Malformed("its headers are not those expected")
    written = dict(read.raw_items())
    for name, value in asked.items():
        if not _reads_as(read[name], value, written=written[name]):
            raise Malformed(f"its {name} does not read as what was asked")
    if [part.get_content_type() for part in parts] != list(kinds):
        raise Malformed("its parts are not those expected")
    for part, (kind, text) in zip(parts, kinds.items(), strict=True):
        if part.defects or _lines(part.get_content()) != _lines(text):
            raise Malformed(f"its {kind} does not read as what was asked")


def _check_lines(content: bytes) -> None:
    lines = content.split(b"\r\n")
    if not content.isascii() or b"\0" in content:
        raise Malformed("it is not made of 7-bit characters")
    if any(b"\r" in line or b"\n" in line or len(line) > LONGEST_LINE for line in lines):
        raise Malformed("it has a line that no mail may have")


def _reads_as(header: Any, value: str | Address | datetime, *, written: str) -> bool:
    if header.defects:
        return False
    if isinstance(value, datetime):
        return bool(header.datetime == value)
    if isinstance(value, str):
        return str(header) == value
    return [mailbox.addr_spec for mailbox in header.addresses] == [value.addr_spec] and [
        _decoded(name) for name, _ in getaddresses([written])
    ] == [value.display_name]


def _decoded(name: str) -> str:
    """A display name as every mail program reads it.

    Not by the modern parser: up to Python 3.11 it leaves spaces between encoded words.
    """
    return str(make_header(decode_header(name)))
