"""Canaries: words that nobody uses, one for each field that a made-up person types into."""

from dataclasses import dataclass

MARKER = "zqxjvk"
"""Every canary begins with it; whoever finds it, in whatever encoding, has found a person."""

WIDE = "ẑẋẓ"
"""Stands before the marker in names and words: letters that encodings for ASCII cannot leave be."""

FIELDS = {
    "g": "given name",
    "f": "family name",
    "m": "e-mail address",
    "o": "own sentence",
    "l": "letter",
    "n": "corrected name",
    "w": "refused input",
    "p": "path",
    "q": "query",
    "u": "header",
    "c": "cookie",
    "b": "foreign body",
    "s": "sign-in",
    "h": "provider's report",
}
DIGITS = "bcdfghmnprstvwxz"
PLACES = 5  # so many digits have room for a million people
SIZE = len(MARKER) + 1 + PLACES


@dataclass(frozen=True)
class Canary:
    """Whose it is, and what they typed it into."""

    person: int
    field: str


def canary(person: int, field: str) -> str:
    """The twelve small letters of that person for that field, named by its letter in FIELDS."""
    digits = ""
    for _ in range(PLACES):
        person, digit = divmod(person, len(DIGITS))
        digits = DIGITS[digit] + digits
    return f"{MARKER}{field}{digits}"


def read_canary(text: str) -> Canary | None:
    """What a text says that begins with a canary; None if it was cut off before the end."""
    rest = text[len(MARKER) : SIZE].lower()
    if len(rest) <= PLACES or rest[0] not in FIELDS or not set(rest[1:]) <= set(DIGITS):
        return None
    number = 0
    for digit in rest[1:]:
        number = number * len(DIGITS) + DIGITS.index(digit)
    return Canary(number, FIELDS[rest[0]])
