"""Codes of languages, as the house writes them."""

from babel import Locale, UnknownLocaleError


def read_language(text: str) -> str:
    """The code of a language that there is: `fr`, `zh-hans`; ValueError for any other text."""
    code = text.strip().lower().replace("_", "-")
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("no language has this code") from None
    return code
