"""The gate: everything a person typed, and every mail header, passes here or is refused."""

import re
import unicodedata
from enum import StrEnum


class Reason(StrEnum):
    """Why a text was refused; the faces say it in words."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_MARKS = "too_many_marks"
    SEPARATOR = "separator"
    CONTROL = "control"
    BIDI = "bidi"
    SURROGATE = "surrogate"
    PRIVATE_USE = "private_use"
    NONCHARACTER = "noncharacter"
    UNREADABLE = "unreadable"
    TAG = "tag"
    ENCODED_WORD = "encoded_word"
    LINK = "link"
    ADDRESS = "address"
    FORMULA = "formula"
    NO_LETTER = "no_letter"


class Refused(ValueError):
    """The text may not pass; says why and which code point, never the text itself."""

    def __init__(self, reason: Reason, point: int | None = None) -> None:
        super().__init__(reason, point)
        self.reason = reason
        self.point = point

    def __str__(self) -> str:
        return self.reason if self.point is None else f"{self.reason} U+{self.point:04X}"


# The tallest stack anybody writes, a Tibetan seed syllable, has eight marks on one letter.
MOST_MARKS = 8
# A letter of any script with its marks fits into six bytes on average over a line.
BYTES_EACH = 6
# RFC 5322, 2.1.1: a line of mail. Given names, family name and "via" somebody share it.
MOST_HEADER_BYTES = 998
MOST_NAME_BYTES = 400
MOST_BLANK_LINES = 2

# What is refused wherever it stands. Line ends are those of `str.splitlines`: wider than CR and
# LF, because the mail package breaks headers at all of them.
REFUSED = {
    Reason.SEPARATOR: r"\n\v\f\r\x1c-\x1e\x85\u2028\u2029",
    Reason.CONTROL: r"\x00-\x1f\x7f-\x9f",
    Reason.BIDI: r"\u202a-\u202e\u2066-\u2069",
    Reason.SURROGATE: r"\ud800-\udfff",
    Reason.PRIVATE_USE: r"\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd",
    Reason.NONCHARACTER: r"\ufdd0-\ufdef"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17)),
    Reason.UNREADABLE: r"\ufffd",
    Reason.TAG: r"\U000e0001\U000e0020-\U000e007f",
}
_REFUSED = re.compile("|".join(f"(?P<{reason}>[{points}])" for reason, points in REFUSED.items()))
# The one place where tags belong: the flags of England, Scotland and Wales.
_TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")

# Invisible and without a use in a name or a letter: dropped, as nobody meant to type them.
# (soft hyphen, grapheme joiner, direction marks, fillers, word joiner, BOM, annotations, …)
DROPPED = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164"
    r"\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000\U000e0002-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
# Invisible, but some scripts are misspelt without them: kept there, dropped elsewhere.
ZWSP, ZWNJ, ZWJ, MVS = "\u200b", "\u200c", "\u200d", "\u180e"
# Arabic to Mandaic, Mongolian, Phags-pa, presentation forms, the younger cursive scripts.
CURSIVE = (
    r"\u0620-\u08ff\u1807\u1820-\u18aa\ua840-\ua87f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    r"\U00010ac0-\U00010aff\U00010d00-\U00010d3f\U00010f30-\U00010fdf\U0001e900-\U0001e95f"
)
# Devanagari to Tibetan, Myanmar, Khmer, Balinese to Lepcha, Vedic, Tifinagh, and their kin.
STACKING = (
    r"\u0900-\u0dff\u0f00-\u109f\u1700-\u17b3\u17b6-\u17ff\u1a20-\u1aaf\u1b00-\u1c4f\u1cd0-\u1cff"
    r"\u2d30-\u2d7f\ua800-\ua82f\ua880-\ua8ff\ua930-\ua9ff\uaa00-\uaadf\uaae0-\uaaff\uabc0-\uabff"
    r"\U00010a00-\U00010a5f\U00011000-\U00011fff"
)
MONGOLIAN = r"\u1820-\u18a8\u18aa"
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
)
HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
EMOJI = (
    r"\u2190-\u21ff\u2300-\u2328\u232b-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    r"\U0001f000-\U0001faff\U0001fc00-\U0001fffd"
)
_STRAY = re.compile(
    rf"[{DROPPED}]"
    rf"|(?<![{CURSIVE}{STACKING}{EMOJI}\ufe0f]){ZWJ}"
    rf"|(?<=[{EMOJI}\ufe0f]){ZWJ}(?![{EMOJI}])"
    rf"|(?<![{CURSIVE}{STACKING}]){ZWNJ}|(?<=[{CURSIVE}]){ZWNJ}(?![{CURSIVE}{STACKING}])"
    rf"|(?<![{UNSPACED}]){ZWSP}|{ZWSP}(?![{UNSPACED}])"
    rf"|(?<![{MONGOLIAN}\u180b-\u180d\u180f]){MVS}|{MVS}(?![{MONGOLIAN}])"
    # Variation selectors choose a shape of the character before them; one each.
    rf"|(?<![{MONGOLIAN}{MVS}])[\u180b-\u180d\u180f]"
    rf"|(?<![{HAN}])[\U000e0100-\U000e01ef]"
    rf"|(?:^|(?<=[\s\ufe00-\ufe0f{ZWSP}{ZWNJ}{ZWJ}{MVS}]))[\ufe00-\ufe0f]"
)
_SPACE_RUN = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK_LINES = re.compile(rf"\n{{{MOST_BLANK_LINES + 2},}}")
# A spreadsheet calculates what begins so; some read the full-width signs too.
_FORMULA = re.compile(r"[=+\-@＝＋－＠]")
# A name field is a way to make us mail somebody's link to a third person.
_LINK = re.compile(
    r"://|\bwww\.|\.[a-z]{2,}/|\w\.(?:com|net|org|info|biz|xyz|top|site|online|shop|click|link)\b",
    re.IGNORECASE,
)


def clean_name(text: str, *, most: int = 120, optional: bool = False) -> str:
    """A person's name in any script, ready for a letter, a mail header, a spreadsheet."""
    name = clean_line(text, most=most, optional=optional)
    if len(name.encode()) > MOST_NAME_BYTES:
        raise Refused(Reason.TOO_LONG)
    if _FORMULA.match(name):
        raise Refused(Reason.FORMULA, ord(name[0]))
    if "@" in name or "＠" in name:
        raise Refused(Reason.ADDRESS)
    if _LINK.search(name):
        raise Refused(Reason.LINK)
    if name and not any(unicodedata.category(point)[0] == "L" for point in name):
        raise Refused(Reason.NO_LETTER)
    return name


def clean_line(text: str, *, most: int, optional: bool = False) -> str:
    """One line of at most `most` characters, its spaces single and ordinary.

    An empty line is refused unless it is `optional`. Up to 166 characters, what comes out
    passes `safe_header`.
    """
    _refuse_excess(text, most=most)
    _refuse_points(text)
    line = _SPACE_RUN.sub(" ", _settle(text)).strip(" ")
    _refuse_encoded_word(line)
    return _measured(line, most=most, optional=optional)


def clean_text(text: str, *, most: int, optional: bool = False) -> str:
    """Lines and paragraphs of at most `most` characters, else as typed; line ends are LF.

    Markup is text like any other: pages show it escaped, mail is text/plain.
    """
    _refuse_excess(text, most=most)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    _refuse_points(text.replace("\n", " "))
    text = "\n".join(line.rstrip() for line in _settle(text).split("\n"))
    text = _BLANK_LINES.sub("\n" * (MOST_BLANK_LINES + 1), text).strip("\n")
    return _measured(text, most=most, optional=optional)


def safe_header(value: str) -> str:
    """The value, unchanged, if it may become a mail header; nothing is repaired here."""
    _refuse_points(value)
    _refuse_encoded_word(value)
    if len(value.encode()) > MOST_HEADER_BYTES:
        raise Refused(Reason.TOO_LONG)
    return value


def _refuse_excess(text: str, *, most: int) -> None:
    """Before any work is done on it: a megabyte is not worth reading."""
    if len(text) > most * BYTES_EACH:
        raise Refused(Reason.TOO_LONG)


def _refuse_points(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if found := _REFUSED.search(_TAGGED_FLAG.sub("", text)):
        raise Refused(Reason(str(found.lastgroup)), ord(found[0]))


def _settle(text: str) -> str:
    """NFC without stray invisible characters; each one dropped may leave another astray."""
    while True:
        # First, because normalising a long run of marks takes quadratic time.
        _refuse_stacks(text)
        settled = _STRAY.sub("", unicodedata.normalize("NFC", text))
        if settled == text:
            return text
        text = settled


def _refuse_stacks(text: str) -> None:
    if text.isascii():
        return
    height = 0
    for point in text:
        is_mark = unicodedata.combining(point) or unicodedata.category(point) in ("Mn", "Me")
        height = height + 1 if is_mark else 0
        if height > MOST_MARKS:
            raise Refused(Reason.TOO_MANY_MARKS, ord(point))


def _refuse_encoded_word(line: str) -> None:
    """RFC 2047: a mail reader would decode it into something that never passed the gate.

    The opening is enough to refuse: what closes it may be appended later.
    """
    if "=?" in line:
        raise Refused(Reason.ENCODED_WORD)


def _measured(text: str, *, most: int, optional: bool) -> str:
    if not text and not optional:
        raise Refused(Reason.EMPTY)
    if _length(text) > most or len(text.encode()) > most * BYTES_EACH:
        raise Refused(Reason.TOO_LONG)
    return text


def _length(text: str) -> int:
    """Characters as a reader counts them, nearly: marks and joiners belong to their letter."""
    if text.isascii():
        return len(text)
    return sum(unicodedata.category(point) not in ("Mn", "Mc", "Me", "Cf") for point in text)
