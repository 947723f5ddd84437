"""Private keys as texts: in a file, on paper, and read back from either."""

import re

from tocsin.kit.age import SECRET_MARK, NotAKey, public_of

ROW = 4
"""Groups in a row, of four characters each: as much as one keeps in mind while writing."""

_COMMENT = re.compile(r"#.*")
_ROW_NUMBER = re.compile(r"^\s*\d+\s*:", re.MULTILINE)
_SPACE = re.compile(r"[\s-]+")
_BARE_MARK = _SPACE.sub("", SECRET_MARK)


def file_text(secret: str, *, about: str) -> str:
    """The file of a private key; the program `age` reads it as well."""
    return f"# {about}\n{secret}\n"


def for_paper(secret: str) -> list[str]:
    """The key of a reader in rows to be written by hand.

    It uses neither B, I, O nor, behind its beginning, the digit 1; capitals are as good as not. A
    wrong letter is noticed when it is read back.
    """
    groups = [secret[start : start + 4] for start in range(len(SECRET_MARK) + 1, len(secret), 4)]
    rows = [groups[start : start + ROW] for start in range(0, len(groups), ROW)]
    return [f"0: {SECRET_MARK}1"] + [f"{n}: {' '.join(row)}" for n, row in enumerate(rows, start=1)]


def read_secret(text: str) -> str:
    """The one private key of a reader in a text, from a file or from paper; raises NotAKey."""
    bare = _SPACE.sub("", _ROW_NUMBER.sub("", _COMMENT.sub("", text))).upper()
    if not bare.startswith(_BARE_MARK):
        raise NotAKey("there is no key of a reader in it (AGE-SECRET-KEY-1…)")
    if bare.count(_BARE_MARK) > 1:
        raise NotAKey("there is more than one key in it: give one")
    secret = SECRET_MARK + bare.removeprefix(_BARE_MARK)
    try:
        public_of(secret)
    except NotAKey:
        raise NotAKey(
            "a letter of the key is wrong, or some are missing: compare it with the paper"
        ) from None
    return secret
