"""The desk of signatures on paper, and what the public sees of them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import NOW, a_campaign, a_campaign_page
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_board import figures
from tests.pages.reading import Answer
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.paper import PaperCount, Sheet, enter_sheets, signed_on_paper

pytestmark = pytest.mark.django_db

LYON = {"do": "sheet", "day": "2026-03-09", "place": "Lyon, marché", "number": "40"}


def desk(campaign: Campaign) -> str:
    return f"/office/board/{campaign.slug}/paper/"


def send(client: Client, campaign: Campaign, content: bytes) -> Answer:
    file = SimpleUploadedFile("list.csv", content)
    return client.post(desk(campaign), {"do": "file", "file": file}, follow=True)


def test_a_sheet_is_entered_and_who_did_it_is_written_down() -> None:
    campaign = a_campaign()
    page = text_of(chiara().post(desk(campaign), LYON, follow=True))
    assert "40 signatures are entered." in page
    assert "Lyon, marché" in page
    assert PaperCount.objects.get().who == "chiara"
    assert (
        figures(chiara().get(f"/office/board/{campaign.slug}/").content.decode())[
            "signed on paper, not among those confirmed"
        ]
        == "40"
    )


@pytest.mark.parametrize("name", ["day", "place", "number"])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(name: str) -> None:
    campaign = a_campaign()
    answer = chiara().post(desk(campaign), {**LYON, name: "@"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{name}_error"' in page
    assert all(f'value="{value}"' in page for key, value in LYON.items() if key not in (name, "do"))
    assert signed_on_paper(campaign) == 0


def test_the_same_sheet_again_is_asked_about() -> None:
    campaign = a_campaign()
    client = chiara()
    client.post(desk(campaign), LYON)
    assert "are there already" in text_of(client.post(desk(campaign), LYON))
    client.post(desk(campaign), {**LYON, "again": "on"})
    assert signed_on_paper(campaign) == 80


def test_a_list_is_taken_whole_or_not_at_all() -> None:
    campaign = a_campaign()
    good = b"day;place;number\n2026-03-09;Lyon;40\n2026-03-09;Paris;2\n"
    page = text_of(send(chiara(), campaign, good + b"2026-03-09;;x\n"))
    assert "Nothing was entered" in page
    assert "Say where they signed." in page
    assert "Write a whole number from 1 to 1,000,000." in page
    assert signed_on_paper(campaign) == 0
    assert "42 signatures are entered." in text_of(send(chiara(), campaign, good))
    page = text_of(send(chiara(), campaign, good))
    assert page.count("are there already") == 2
    assert signed_on_paper(campaign) == 42


def test_no_file_is_no_list() -> None:
    page = text_of(chiara().post(desk(a_campaign()), {"do": "file"}, follow=True))
    assert "Choose a file first." in page


def test_an_entry_is_taken_back_on_the_page_and_once() -> None:
    campaign = a_campaign()
    client = chiara()
    client.post(desk(campaign), LYON)
    entry = re.search(r'name="entry" value="(\d+)"', client.get(desk(campaign)).content.decode())
    assert entry
    asked = {"do": "undo", "entry": entry[1]}
    assert "taken back by a second one" in text_of(client.post(desk(campaign), asked, follow=True))
    assert "Nothing was done" in text_of(client.post(desk(campaign), asked, follow=True))
    assert (signed_on_paper(campaign), PaperCount.objects.count()) == (0, 2)
    page = client.get(desk(campaign)).content.decode()
    assert 'name="entry"' not in page
    for nonsense in ("", "x", "9" * 30, "-1"):
        client.post(desk(campaign), {"do": "undo", "entry": nonsense})
    assert client.post(desk(campaign), {"do": "explode"}).status_code == 400


def test_nobody_enters_anything_for_a_foreign_campaign() -> None:
    ours, theirs = a_campaign(), a_campaign()
    bruno = a_clerk("view_papercount", "add_papercount", of=(ours.organisation,))
    assert bruno.get(desk(ours)).status_code == 200
    assert bruno.get(desk(theirs), follow=True).status_code == 404
    assert bruno.post(desk(theirs), LYON, follow=True).status_code == 404
    assert PaperCount.objects.count() == 0


def test_who_may_only_look_changes_nothing() -> None:
    campaign = a_campaign()
    bruno = a_clerk("view_papercount", of=(campaign.organisation,))
    assert '<form method="post"' not in bruno.get(desk(campaign)).content.decode().split("main")[-1]
    assert bruno.post(desk(campaign), LYON).status_code == 302
    assert PaperCount.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "personnes ont signé sur papier"), ("en", "people have signed on paper")],
)
def test_the_public_sees_it_apart_from_those_who_confirmed(language: str, words: str) -> None:
    page = a_campaign_page(language=language)
    url = page.url
    assert words not in Client().get(url).content.decode()
    sheet = Sheet(NOW.date(), "Lyon", 1234)
    enter_sheets(campaign=page.campaign, sheets=[sheet], who="chiara", now=NOW)
    shown = text_of(Client().get(url))
    assert re.search(rf"1.234 {words}\.", shown)
    assert "1,234 people take part" not in shown
