"""A key on paper: written by hand, typed again, and every slip noticed."""

import pytest

from tests.readers.cast import CHIARA, SAMIRA
from tocsin.kit.age import NotAKey
from tocsin.readers.key_text import file_text, for_paper, read_secret

SECRET = CHIARA[0]
PAPER = "\n".join(for_paper(SECRET))


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET.lower(),
        f"  {SECRET}\r\n",
        file_text(SECRET, about="Tocsin: Chiara. AGE-SECRET-KEY-1 in a comment"),
        PAPER,
        PAPER.lower(),
        PAPER.replace(" ", "").replace("\n", " \n\n"),
        "\n".join(line.partition(":")[2] for line in for_paper(SECRET)),
    ],
)
def test_a_key_is_read_from_a_file_and_from_paper(text: str) -> None:
    assert read_secret(text) == SECRET


def test_on_paper_it_stands_in_short_rows_of_groups_of_four() -> None:
    rows = for_paper(SECRET)
    assert rows[0] == "0: AGE-SECRET-KEY-1"
    assert len(rows) == 5
    assert all(len(row) <= 22 for row in rows)


@pytest.mark.parametrize("place", range(0, 58, 7))
def test_one_wrong_letter_is_noticed(place: int) -> None:
    at = len("AGE-SECRET-KEY-1") + place
    wrong = SECRET[:at] + ("Q" if SECRET[at] != "Q" else "P") + SECRET[at + 1 :]
    with pytest.raises(NotAKey, match="a letter of the key is wrong"):
        read_secret("\n".join(for_paper(wrong)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no key of a reader"),
        (CHIARA[1], "no key of a reader"),
        ("\x00\xff", "no key of a reader"),
        (SECRET[:-4], "or some are missing"),
        (f"{SECRET}\n{SAMIRA[0]}", "more than one key"),
    ],
)
def test_what_is_no_key_is_said_to_be_none(text: str, reason: str) -> None:
    with pytest.raises(NotAKey, match=reason):
        read_secret(text)
