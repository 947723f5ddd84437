"""The canary run, small: what people typed is in no file of ours, and a leak would be found."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bench.canaries import canary, read_canary
from bench.canary import Searched, day_keys, look, pass_the_window, plant_and_find
from bench.drama import Drama
from bench.leaks import LEAKS
from bench.stage import Stage
from bench.surfer import surf
from tests.browser import REMEDY

BY_BROWSER = "came with a browser"
PEOPLE = 24  # at least one for each thing that can happen to somebody


@dataclass(frozen=True)
class Run:
    """One run, and what was found while the keys were there and after they were destroyed."""

    stage: Stage
    drama: Drama
    during: Searched
    after: Searched


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with Stage() as stage:
        drama = Drama(stage, people=PEOPLE)
        drama.play(also=surf)
        keys = day_keys(stage)
        assert keys
        during = look(stage, keys)
        pass_the_window(stage)
        yield Run(stage, drama, during, look(stage, keys))


def test_during_the_run_no_file_of_ours_holds_what_somebody_typed(run: Run) -> None:
    assert run.during.ours == {}
    idle = {name for name, times in run.drama.acts.items() if not times}
    assert idle <= {BY_BROWSER}


def test_the_mail_that_was_handed_over_says_it_all_as_it_must(run: Run) -> None:
    arrived = {hit.what for hit in run.during.outside if hit.place == "mail handed over"}
    assert {
        "canary (given name)",
        "canary (family name)",
        "canary (e-mail address)",
        "canary (own sentence)",
        "canary (letter)",
        "canary (corrected name)",
    } <= arrived


def test_a_browser_keeps_it_where_it_opens_its_windows_again_and_a_private_one_nowhere(
    run: Run,
) -> None:
    if not run.drama.acts[BY_BROWSER]:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(REMEDY)
    kept = [hit for hit in run.during.outside if hit.place == "the browser's profile"]
    files = {hit.file.partition("_")[0] for hit in kept}
    assert files <= {"Session", "Tabs", "Web Data"}
    assert {hit.what for hit in kept if hit.file == "Web Data"}.isdisjoint(
        {"canary (own sentence)", "canary (letter)"}
    )
    assert any(run.stage.private_profile.rglob("*"))
    assert [hit for hit in run.during.outside if hit.place == "a private window"] == []


def test_the_keys_of_days_are_in_their_directory_alone_and_nine_days_later_nowhere(
    run: Run,
) -> None:
    assert run.during.keys != {}
    assert run.during.keys_elsewhere() == []
    assert run.after.keys == {}


def test_after_the_window_nothing_is_left_in_any_file_of_ours(run: Run) -> None:
    assert run.after.ours == {}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_that_is_planted_is_found(run: Run, name: str) -> None:
    assert plant_and_find(run.stage, name, number=list(LEAKS).index(name))


def test_a_canary_tells_whose_it_is_and_what_it_was_typed_into() -> None:
    found = read_canary(canary(765_432, "o").upper())
    assert found
    assert (found.person, found.field) == (765_432, "own sentence")
    assert read_canary(canary(1, "o")[:-1]) is None
