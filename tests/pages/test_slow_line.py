"""What `python -m bench.page` measures is a slow line, and a page beyond the limit is told."""

import pytest

from bench.page import LIMIT, is_within, line, peer_line
from bench.slow_line import LATENCY, Paint, look
from tests.pages.aside import Aside


def paints(*seconds: float) -> list[Paint]:
    return [Paint(each, "h1", 29.0, 6) for each in seconds]


def test_a_page_waits_for_the_line(site: str, aside: Aside) -> None:
    paint = aside.do(look, f"{site}/fr/sans-nouvelles/")
    # For the page and then for its style sheet, before anything can be painted.
    assert paint.seconds > 2 * LATENCY / 1000
    assert paint.kilobytes > 10
    assert paint.requests > 2


def test_a_page_that_is_not_there_is_not_measured(site: str, aside: Aside) -> None:
    with pytest.raises(AssertionError, match="answers 404"):
        aside.do(look, f"{site}/fr/nowhere/")


@pytest.mark.parametrize(
    ("seconds", "is_good"), [((9.0, LIMIT, 0.1), True), ((LIMIT + 0.1, 9.0, 0.1), False)]
)
def test_the_median_counts(seconds: tuple[float, ...], *, is_good: bool) -> None:
    assert is_within(paints(*seconds)) is is_good
    assert line("page", paints(*seconds)).endswith("MISSED") is not is_good


def test_a_peer_stands_beside_the_page_of_its_round() -> None:
    told = peer_line("peer", paints(4.0, 6.0, 9.0), paints(2.0, 2.0, 1.0))
    assert told == "peer: LCP 6 (4-9) s (<h1>, 29 KB, 6 requests), 3 (2-9) times ours"
