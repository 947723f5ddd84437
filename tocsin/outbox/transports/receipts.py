"""Answers of a mail server: made of its bytes, and kept without the people they name."""

import re
from collections.abc import Collection, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses
from typing import TYPE_CHECKING

from tocsin.outbox.pace import is_shared
from tocsin.outbox.verdicts.retry import Phase, Receipt

if TYPE_CHECKING:
    from tocsin.outbox.envelope import Envelope

MOST_ANSWER = 2 * 1024 * 1024  # bytes of one answer; a server that says more is not listened to
READ_ANSWER = 4096  # characters of it that are looked at
KEPT_ANSWER = 500  # characters of it that are kept

LINE = re.compile(rb"([0-9]{3})(?:([ -])(.*))?", re.DOTALL)
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
ADDRESS = re.compile(r"[^\s<>\"'(),;:]+(@|%40|=40)[^\s<>\"'(),;:]+", re.IGNORECASE)
PEOPLE = re.compile(rb"^(?:from|reply-to):(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
PERSON = re.compile(
    r"\s*(?:\"([^\"\\]*)\"|([^\"<>@,;:\\()]*))\s*<([^\s<>@,;:\\()\"]+)@[^\s<>@]+>\s*"
)
"""One name and one address, as most write them: no library is needed to take them apart."""

WORD = re.compile(r"\w+")
AMID = re.compile(r"(?<=[\w,;:] )[^\W\d]\w*")
"""A word that does not begin its sentence."""

USUAL = frozenset(
    WORD.findall(
        "0 2 5 6 a as by e for is it its my of on ok the to you okay thank thanks accepted action"
        " complete completed delivered delivery done email mail message queued received requested"
    )
)
"""With these words mail is taken. An answer of them alone names nobody, whoever is called so."""


class Garbled(Exception):
    """What they say is no answer, or has no end."""


class Ear:
    """Makes answers of bytes, however these were cut on their way."""

    def __init__(self) -> None:
        self._rest = bytearray()  # of a line
        self._texts: list[bytes] = []  # of the lines of an answer
        self._size = 0

    def hear(self, words: bytes) -> Iterator[tuple[int, bytes]]:
        """Code and text of each answer that is now complete; raises Garbled after the good ones."""
        self._rest += words
        if b"\n" in words:
            *lines, rest = bytes(self._rest).split(b"\n")
            self._rest = bytearray(rest)
            for line in lines:
                self._size += len(line) + 1
                found = LINE.fullmatch(line.rstrip(b"\r"))
                if not found:
                    raise Garbled("an answer that is none")
                code, dash, text = found.groups(b"")
                self._texts.append(text)
                if dash != b"-":
                    whole = b"\n".join(self._texts)
                    self._texts, self._size = [], 0
                    yield int(code), whole
        if self._size + len(self._rest) > MOST_ANSWER:
            raise Garbled("an answer without an end")

    def is_amid(self) -> bool:
        """Whether a part of an answer was heard, and not yet its end."""
        return bool(self._rest or self._texts)


def receipt_of(
    phase: Phase,
    code: int | None,
    text: bytes | str,
    *,
    about: "Envelope | None" = None,
    secrets: Collection[str] = (),
) -> Receipt:
    """The receipt of an answer: `text` is kept without names, `heard` is what they really said."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    if len(words) > READ_ANSWER:
        # Not half an address, which nobody would recognise as one.
        words = words[:READ_ANSWER].rpartition(" ")[0]
    found = ENHANCED.match(words)
    enhanced = found[0] if found else ""
    if enhanced:
        lines = words.split("\n")
        words = "\n".join(each.removeprefix(enhanced).lstrip() for each in lines)
    try:
        if _is_usual(words) and not secrets:
            kept = " ".join(words.split())
        else:
            said = text_in(about) if code is None or code >= 400 or _is_talkative(words) else ""
            kept = redact(words, names={*secrets, *named_in(about)}, said=said)
    except Exception:
        # Of a mail whose names nobody can read, no answer is kept; what it means stays.
        kept = ""
    return Receipt(phase, code, enhanced, kept, heard=words)


def _is_usual(words: str) -> bool:
    return (
        len(words) <= KEPT_ANSWER
        and words.isascii()
        and words.isprintable()
        and USUAL.issuperset(WORD.findall(words.lower()))
    )


def _is_talkative(words: str) -> bool:
    """Whether a yes says more than the number by which they know the mail."""
    return len(set(WORD.findall(words.lower())) - USUAL) > 2


def named_in(envelope: "Envelope | None") -> set[str]:
    """The words by which a mail names its author, and the local part of its recipient.

    A mail that we wrote by ourselves goes to a supporter: of that one the domain counts as well,
    unless very many people share it.
    """
    if envelope is None:
        return set()
    local, _, domain = envelope.recipient.rpartition("@")
    found = {local}
    mail = envelope.mail
    end = mail.find(b"\r\n\r\n")
    if b"\r\nAuto-Submitted: " in mail[: max(end, 0)] and not is_shared(domain.lower()):
        found.add(domain)
    for field in PEOPLE.finditer(mail, 0, len(mail) if end < 0 else end):
        for name, local in _people(field[1].decode(errors="replace")):
            found |= {local, *local.split("."), *name.split()}
    found.discard("")
    return found


def text_in(envelope: "Envelope | None") -> str:
    """What the mail says, in plain text: an answer may repeat it."""
    if envelope is None:
        return ""
    part = message_from_bytes(envelope.mail, policy=default).get_body(("plain",))
    return str(part.get_content()) if part else ""


def _people(field: str) -> list[tuple[str, str]]:
    """Name and local part of everybody in a field of the head."""
    if person := PERSON.fullmatch(field.replace("\n", " ")):
        return [(_decoded(person[1] or person[2] or ""), person[3])]
    return [
        (_decoded(name), address.rpartition("@")[0])
        for name, address in getaddresses([" ".join(field.split())])
    ]


def _decoded(name: str) -> str:
    return str(make_header(decode_header(name))) if "=?" in name else name


def redact(text: str, *, names: Collection[str], said: str = "") -> str:
    """An answer that may be kept in clear: printable, short, naming no mailbox and no person.

    Servers like to repeat who was written to, by whom, in more than one spelling, and some what
    was `said`: the text of the mail.
    """
    words = text
    if not words.isprintable():
        words = "".join(each if each.isprintable() else " " for each in words)
    if said:
        words = _unquoted(words, said)
    words = ADDRESS.sub("…@…", words)
    lowered = words.lower() if words.isascii() else ""
    for name in sorted(names, key=len, reverse=True):
        if lowered and name.isascii() and name.lower() not in lowered:
            continue  # the usual case, and quick to see
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", words, flags=re.IGNORECASE)
    return " ".join(words.split())[:KEPT_ANSWER]


def _unquoted(words: str, said: str) -> str:
    """The words without what they repeat: three words in a row, and what may be a name alone."""
    texts = WORD.findall(said.lower())
    rows = set(zip(texts, texts[1:], texts[2:], strict=False))
    names = {each.lower() for each in AMID.findall(said) if each[0].isupper() or not each.isascii()}
    found = list(WORD.finditer(words))
    spelled = [each[0].lower() for each in found]
    taken = {at for at, word in enumerate(spelled) if word in names}
    for at in range(len(spelled) - 2):
        if tuple(spelled[at : at + 3]) in rows:
            taken |= {at, at + 1, at + 2}
    for at in sorted(taken, reverse=True):
        start, end = found[at].span()
        words = f"{words[:start]}…{words[end:]}"
    return re.sub(r"…(\W{1,3}…)+", "…", words)
