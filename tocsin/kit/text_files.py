"""Text as people's programs save it: in which encoding, with what between its columns."""

import codecs

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
MOST_CONTROLS = 0.1
"""A text has tabs and line ends; more than a tenth of other control characters is no text."""
DELIMITERS = (",", ";", "\t")
LONGEST_HEAD = 100_000
"""Characters of the first line that are looked at."""


class NotText(Exception):
    """Whatever these bytes are, nobody reads them."""


def decode(data: bytes) -> tuple[str, str]:
    """The text, and what its encoding is called; raises NotText.

    What a broken byte of UTF-8 was nobody knows: U+FFFD stands in its place.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding, "replace")
            return _plain(text), NAMES[encoding]
    if data[1:2] == data[3:4] == b"\0":
        encoding = "utf-16-le"
    elif data[0:1] == data[2:3] == b"\0":
        encoding = "utf-16-be"
    else:
        encoding = _eight_bits(data)
    try:
        text = data.decode(encoding, "replace" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError:
        raise NotText from None
    return _plain(text), NAMES[encoding]


def delimiter_of(text: str) -> str:
    """What stands most often between the headings, outside of quotation marks."""
    head = text.lstrip("\r\n").split("\n", 1)[0][:LONGEST_HEAD]
    outside = "".join(head.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _eight_bits(data: bytes) -> str:
    """UTF-8, even with a byte broken here and there; else what Windows writes in the West."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = sum(sign > "\x7f" for sign in text) - broken
    return "utf-8" if broken <= beyond else "cp1252"


def _plain(text: str) -> str:
    odd = sum(sign < " " and sign not in "\t\r\n" for sign in text)
    if odd > len(text) * MOST_CONTROLS:
        raise NotText
    return text
