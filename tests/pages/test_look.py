"""An organisation's look: a few tokens that are checked, over those of every page."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.pages.reading import Sheet
from tocsin.kit.colours import DAY, NIGHT, READABLE, contrast
from tocsin.organisations.models import Organisation
from tocsin.pages.look import look_of
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db


def sheets(page: CampaignPage) -> list[str]:
    """The style sheets that its page names."""
    found = Sheet(Client().get(page.url)).all("link")
    return [link.get("href", "") for link in found if link.get("rel") == "stylesheet"]


def tokens(css: str, name: str) -> list[str]:
    """Its colours by day and by night."""
    return re.findall(rf"--{name}:(#[0-9a-f]{{6}})", css)


def test_without_a_look_of_its_own_nothing_more_is_loaded(english: CampaignPage) -> None:
    assert len(sheets(english)) == 1


def test_its_colours_come_in_a_sheet_that_is_kept_until_they_change(english: CampaignPage) -> None:
    Organisation.objects.update(accent="#0B4F9E", headings="sans")
    [_ours, own] = sheets(english)
    answer = Client().get(own)
    css = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert tokens(css, "accent")[0] == "#0b4f9e"
    assert "--head:var(--sans)" in css
    Organisation.objects.update(accent="#6a1b4d")
    [_ours, other] = sheets(english)
    assert other != own
    assert "immutable" not in Client().get(own).headers["Cache-Control"]


@pytest.mark.parametrize("accent", ["#0b4f9e", "#000000", "#8f2a07", "#005f3c", "#4a0080"])
def test_a_colour_for_the_night_is_made_that_can_be_read(accent: str) -> None:
    css = look_of(Organisation(accent=accent))
    day, night = tokens(css, "accent")
    assert day == accent
    assert min(contrast(night, each) for each in NIGHT) >= READABLE
    for token, behind in (("link", (DAY, NIGHT)), ("on-accent", ((day,), (night,)))):
        for colour, grounds in zip(tokens(css, token), behind, strict=True):
            assert min(contrast(colour, each) for each in grounds) >= READABLE


def test_the_night_can_have_its_own_alone() -> None:
    css = look_of(Organisation(night_accent="#9ad0ff"))
    assert tokens(css, "accent") == ["#9ad0ff"]
    assert "prefers-color-scheme:dark" in css


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("accent", "#ffd0a0", "cannot be read well"),
        ("accent", "red;}", "six digits"),
        ("night_accent", "#101010", "cannot be read well"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(field: str, written: str, said: str) -> None:
    organisation = Organisation(
        slug="x", name="X", mail_domain="x.example", contact="x@x.example", **{field: written}
    )
    with pytest.raises(ValidationError) as refused:
        organisation.full_clean()
    assert said in refused.value.message_dict[field][0]


def test_there_is_no_look_of_nobody() -> None:
    assert Client().get("/en/look/nobody/0.css").status_code == 404
