"""Small numbers are put together, and none of them is named."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.outcomes.few import FEW, Folded, fold


def test_few_people_somewhere_are_not_named() -> None:
    assert fold({"FR": 12, "KZ": 9, "TR": 3, "DE": 40}) == Folded(
        named=(("DE", 40), ("FR", 12)), names=2, together=12
    )


def test_nobody_is_nothing() -> None:
    assert fold({}) == fold({"FR": 0}) == Folded(named=())


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 30)))
def test_the_sum_stays_and_no_small_number_is_beside_a_name(numbers: dict[str, int]) -> None:
    folded = fold(numbers)
    assert sum(number for _name, number in folded.named) + folded.together == sum(numbers.values())
    assert all(number >= FEW for _name, number in folded.named)
