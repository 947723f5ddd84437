"""Lines are broken where a reader would, and nothing stands out of its box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.pages.prints.lines import Block, clusters, fit, words, wrap


def by_letters(text: str) -> float:
    """Every letter is as wide as it is high."""
    return float(len(text))


def set_in(
    text: str, *, width: float, height: float, sizes: tuple[float, ...] = (4, 2, 1)
) -> Block:
    return fit(text, measure=by_letters, width=width, height=height, sizes=sizes, leading=1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ("one two", "three")),
        ("他们在哪里？请说", ("他们在哪", "里？请说")),  # the mark stays with its character
        ("他们在哪里呢「请」", ("他们在哪里", "呢「请」")),
        ("a\u00a0b c", ("a\u00a0b c",)),
        ("l’histoire d’un", ("l’histoire", "d’un")),
    ],
)
def test_lines_end_where_a_reader_would_end_them(text: str, lines: tuple[str, ...]) -> None:
    limit = max(map(len, lines))
    assert wrap(words(text, by_letters), limit) == lines


def test_the_largest_size_that_has_room_is_taken() -> None:
    assert set_in("ab cd", width=20, height=4) == Block(4, ("ab cd",))
    assert set_in("ab cd", width=10, height=4) == Block(2, ("ab cd",))
    assert set_in("ab cd", width=8, height=8) == Block(4, ("ab", "cd"))


def test_lines_are_about_as_long_as_one_another() -> None:
    assert set_in("aa aa aa aa aa", width=11, height=2, sizes=(1,)).lines == ("aa aa aa", "aa aa")
    assert set_in("aa aa aa aa", width=10, height=2, sizes=(1,)).lines == ("aa aa", "aa aa")


def test_a_word_that_no_line_can_hold_is_broken_at_the_smallest_size() -> None:
    found = set_in("abcdefghij", width=4, height=4)
    assert found == Block(1, ("abcd", "efgh", "ij"))


def test_what_has_no_room_is_cut_and_says_so() -> None:
    found = set_in("aa bb cc dd ee", width=5, height=2)
    assert found == Block(1, ("aa bb", "cc d…"), is_whole=False)
    assert set_in("x" * 100, width=4, height=1) == Block(1, ("xxx…",), is_whole=False)


def test_a_letter_is_never_parted_from_what_stands_on_it() -> None:
    assert clusters("ئ\u064eb\u200dc") == ["ئ\u064e", "b\u200d", "c"]
    assert set_in("a\u0301" * 4, width=4, height=4, sizes=(1,)).lines == ("a\u0301" * 2,) * 2


@given(
    st.text(alphabet="ab é\u0301家，」「…\u200dئۇ", max_size=60).map(str.strip),
    st.integers(2, 12),
    st.integers(1, 6),
)
def test_whatever_comes_stays_in_its_box(text: str, width: int, height: int) -> None:
    found = set_in(" ".join(text.split()), width=width, height=height)
    assert len(found.lines) * found.size <= max(height, 1)
    for line in found.lines:
        longest = max(map(len, clusters(line)), default=0)
        assert by_letters(line) * found.size <= max(width, longest + 1)
    if found.is_whole:
        assert "".join(found.lines).replace(" ", "") == "".join(text.split())
