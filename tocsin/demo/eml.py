"""What can be read in a stored mail, however broken it is."""

import binascii
import codecs
import email.message
import email.parser
import itertools
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HEAD_BYTES = 64 * 1024
LONGEST_HEADER = 2_000
MOST_HEADERS = 200
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
FOLD = re.compile(r"\r?\n(?=[ \t])")
NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-\d{6}-[0-9a-f]{8}")
# Decoding these takes quadratic time, or is no reading of text at all.
NOT_FOR_MAIL = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
# Controls cannot stand in a page: each is shown as its picture.
VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421}


@dataclass(frozen=True)
class Mail:
    """One mail as text: the headers in their order, and the two parts a person may read."""

    name: str
    headers: tuple[tuple[str, str], ...]
    text: str | None = None
    html: str | None = None
    broken: bool = field(default=False)

    def header(self, *names: str) -> str:
        """The first of these headers that says something."""
        for wanted in names:
            for name, value in self.headers:
                if name.lower() == wanted.lower() and value:
                    return value
        return ""

    @property
    def arrived(self) -> datetime:
        return datetime.strptime(self.name.partition("Z")[0], "%Y%m%dT%H%M%S.%f").replace(
            tzinfo=UTC
        )


def stored_names(directory: Path) -> list[str]:
    """The names of all mails, newest first."""
    names = (path.stem for path in directory.glob("*.eml"))
    return sorted((name for name in names if NAME.fullmatch(name)), reverse=True)


def read_head(directory: Path, name: str) -> Mail:
    """A mail's headers alone, read quickly; raises OSError where there is no such mail."""
    with (directory / f"{name}.eml").open("rb") as file:
        head = file.read(HEAD_BYTES)
    message, broken = _parse(head.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    return Mail(name, _headers(message), broken=broken)


def read_mail(name: str, raw: bytes) -> Mail:
    """A whole mail; one that cannot be taken apart shows its headers, and is marked as broken."""
    message, broken = _parse(raw)
    text = html = None
    for part in _leaves(message):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment":
            continue
        if kind == "text/plain" and text is None:
            text = _words(part)
        if kind == "text/html" and html is None:
            html = _words(part)
    return Mail(name, _headers(message), text, html, broken)


def visible(text: str) -> str:
    """Text that can stand in a page: no lone surrogate, and no control character unseen."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return text.translate(VISIBLE)


def _parse(raw: bytes) -> tuple[email.message.Message, bool]:
    try:
        return email.parser.BytesParser().parsebytes(raw), False
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        # Parts within parts a thousand deep, or something the library did not foresee.
        return email.parser.BytesParser().parsebytes(raw, headersonly=True), True


def _leaves(message: email.message.Message) -> Iterator[email.message.Message]:
    """The parts that hold something, without the recursion of the library's own walk."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting = [each for each in inner if isinstance(each, email.message.Message)] + waiting
        else:
            yield part


def _words(part: email.message.Message) -> str:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        payload = None
    raw = payload if isinstance(payload, bytes) else b""
    try:
        charset = part.get_content_charset("utf-8")
    except (ValueError, LookupError):
        charset = "utf-8"
    return visible(_decode(raw, charset))


def _decode(raw: bytes, charset: str) -> str:
    try:
        if codecs.lookup(charset).name in NOT_FOR_MAIL:
            charset = "utf-8"
        return raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _headers(message: email.message.Message) -> tuple[tuple[str, str], ...]:
    found = itertools.islice(message.raw_items(), MOST_HEADERS)
    return tuple((visible(name), _header_text(value)) for name, value in found)


def _header_text(value: object) -> str:
    """A header as a person reads it; encoded words that cannot be decoded stay as they came."""
    raw = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    joined = BETWEEN_WORDS.sub("", FOLD.sub("", raw))[:LONGEST_HEADER]
    return visible(ENCODED_WORD.sub(_encoded_word, joined)).replace("\n", " ").strip()


def _encoded_word(found: re.Match[str]) -> str:
    charset, kind, text = found.groups()
    try:
        codecs.lookup(charset.partition("*")[0])
        ascii_text = text.encode("ascii")
        if kind in "qQ":
            raw = quopri.decodestring(ascii_text, header=True)
        else:
            raw = binascii.a2b_base64(ascii_text + b"==")
    except (LookupError, ValueError):
        return found.group()
    return _decode(raw, charset.partition("*")[0])
