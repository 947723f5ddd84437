"""Colours are compared as WCAG does, and one that cannot be read is refused."""

import pytest

from tocsin.kit.colours import (
    DAY,
    NIGHT,
    READABLE,
    NoColour,
    TooPale,
    blend,
    check_accent,
    contrast,
    ink_on,
    read_colour,
)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),  # the grey that just fails, known from every guide
        ("#767676", "#ffffff", 4.54),
        ("#b8370b", "#b8370b", 1.0),
    ],
)
def test_the_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("#B8370B", "#b8370b"), (" #abc ", "#aabbcc"), ("#000", "#000000")],
)
def test_a_colour_is_kept_in_one_way(written: str, kept: str) -> None:
    assert read_colour(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "red",
        "#12",
        "#12345",
        "#1234567",
        "#ggg",
        "b8370b",
        "#fff;}",
        "url(x)",
        "#١٢٣",
        "#fff\n}",
    ],
)
def test_what_is_no_colour_is_refused(written: str) -> None:
    with pytest.raises(NoColour):
        read_colour(written)


def test_an_accent_is_readable_on_all_that_lies_behind_it() -> None:
    assert check_accent("#8F2A07") == "#8f2a07"
    assert check_accent("#ffb08d", night=True) == "#ffb08d"


@pytest.mark.parametrize(("pale", "night"), [("#ffb08d", False), ("#8f2a07", True), ("#666", True)])
def test_one_that_is_too_pale_is_refused_with_its_worst_case(pale: str, *, night: bool) -> None:
    with pytest.raises(TooPale) as refused:
        check_accent(pale, night=night)
    worst = refused.value.contrast
    assert worst.ratio < READABLE
    assert worst.ratio == min(
        contrast(read_colour(pale), each) for each in (NIGHT if night else DAY)
    )


@pytest.mark.parametrize(("colour", "ink"), [("#ffff00", "#1f1b17"), ("#00008b", "#ffffff")])
def test_what_is_written_on_a_colour_is_what_reads_better(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink


def test_every_colour_has_an_ink_that_can_be_read() -> None:
    greys = [f"#{each:02x}{each:02x}{each:02x}" for each in range(256)]
    assert all(contrast(each, ink_on(each)) > 4.1 for each in greys)


def test_a_blend_goes_from_one_to_the_other() -> None:
    assert blend("#000000", "#ffffff", 0) == "#000000"
    assert blend("#000000", "#ffffff", 1) == "#ffffff"
    assert blend("#102030", "#304050", 0.5) == "#203040"
