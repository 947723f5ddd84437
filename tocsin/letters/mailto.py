"""The link that opens a letter in somebody's own mail program (RFC 6068)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

MOST = 1800
"""So long may the link be: mail programs and systems cut longer ones off without a word."""

LINE_END = "\r\n"

_UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters but the line feed: some programs take them for the end of a header."""


@dataclass(frozen=True)
class MailLink:
    """The link, and which of the texts that were offered it carries; -1 for none of them."""

    url: str
    carries: int


def mail_link(*, address: str, subject: str, texts: Sequence[str], most: int = MOST) -> MailLink:
    """A link to one address, with the first of the texts that is not too long for it.

    Every sign that means something in a link is written in percent: nothing in a subject or a text
    can add a recipient or a header.
    """
    local, _at, domain = address.rpartition("@")
    to = f"mailto:{quote(local, safe='')}@{quote(domain, safe='')}"
    titled = f"{to}?subject={_quoted(' '.join(subject.split()))}"
    for number, text in enumerate(texts):
        url = f"{titled}&body={_quoted(text.strip())}"
        if len(url) <= most:
            return MailLink(url, number)
    return MailLink(titled if len(titled) <= most else to, -1)


def _quoted(text: str) -> str:
    lines = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return quote(LINE_END.join(lines), safe="")
