"""A state table is sound, or its flaws are said in words; a row moves only along its arrows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.states import State, allowed, flaws, moves

SOUND = {
    "pending": State("waits for the person", to=("released", "gone")),
    "released": State("on its way", to=("written", "pending")),
    "written": State("in the outbox"),
    "gone": State("withdrawn"),
}


def test_a_sound_table_has_no_flaws() -> None:
    assert flaws(SOUND, start="pending") == []


def test_a_table_that_is_meant_to_circle_has_no_flaws() -> None:
    assert flaws({"ok": State("a", ("full",)), "full": State("b", ("ok",))}, start="ok") == []


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (
            {"gone": State("x", to=("nowhere",))},
            "'gone' moves to 'nowhere', which is not in the table",
        ),
        ({"lost": State("x")}, "'lost' is out of reach from 'pending'"),
        ({"lost": State("x", to=("pending",))}, "'lost' is out of reach from 'pending'"),
        ({"gone": State("")}, "'gone' has no meaning"),
        ({"gone": State("x", to=("gone", "written"))}, "'gone' moves to itself"),
        ({"gone": State("x", to=("written", "written"))}, "'gone' has the same arrow twice"),
        ({"gone": State("x", to=("gone",))}, "'gone' leads to no end"),
    ],
)
def test_a_flaw_is_said_in_words(broken: dict[str, State], found: str) -> None:
    assert found in flaws({**SOUND, **broken}, start="pending")


def test_two_states_that_only_lead_to_each_other_are_a_dead_end() -> None:
    table = {**SOUND, "gone": State("x", to=("limbo",)), "limbo": State("y", to=("gone",))}
    assert flaws(table, start="pending") == ["'gone' leads to no end", "'limbo' leads to no end"]


def test_a_start_that_does_not_exist_is_the_only_flaw_named() -> None:
    assert flaws(SOUND, start="born") == ["the start 'born' is not in the table"]
    assert flaws({}, start="born") == ["the start 'born' is not in the table"]


def test_a_row_moves_only_along_its_arrows() -> None:
    assert [new for new in SOUND if allowed(SOUND, "pending", new)] == ["released", "gone"]
    assert not allowed(SOUND, "written", "pending")
    assert not allowed(SOUND, "pending", "pending")
    assert not allowed(SOUND, "pending", "nowhere")
    with pytest.raises(KeyError):
        allowed(SOUND, "nowhere", "pending")


def test_the_moves_stand_in_the_order_of_the_table() -> None:
    assert moves(SOUND) == [
        ("pending", "released"),
        ("pending", "gone"),
        ("released", "written"),
        ("released", "pending"),
    ]


NAMES = st.sampled_from("abcdef")
TABLES = st.dictionaries(
    NAMES, st.builds(State, st.just("x"), st.lists(NAMES, max_size=4).map(tuple))
)


@given(TABLES)
def test_a_table_without_flaws_can_be_walked_everywhere(table: dict[str, State]) -> None:
    if flaws(table, start="a"):
        return
    reached = {"a"}
    for _ in table:
        reached |= {new for old, new in moves(table) if old in reached}
    assert reached == set(table)
    for old in table:
        assert [new for new in table if allowed(table, old, new)] == [
            new for new in table if (old, new) in moves(table)
        ]
