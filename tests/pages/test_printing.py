"""Share picture, poster and code of a page: where they are, for how long, and for whom."""

import io
from urllib.parse import urlsplit

import pytest
from django.test import Client
from PIL import Image
from pypdfium2 import PdfDocument
from zxingcpp import read_barcode

from tests.factories import a_campaign_page
from tests.pages.filling import everything_kept
from tests.pages.reading import HTML, Sheet
from tocsin.campaigns.models import Campaign
from tocsin.organisations.models import Organisation
from tocsin.outcomes.sources import CHANNELS
from tocsin.pages.models import CampaignPage

BASE = "http://localhost"
GOING, ENDED = ("open", "paused"), ("won", "closed", "archived")


def metas(page: CampaignPage) -> dict[str, str]:
    sheet = Sheet(Client().get(page.url))
    found = list(sheet.root.iter(f"{HTML}meta"))
    return {
        each.get("property") or each.get("name") or "": each.get("content", "") for each in found
    }


def picture_path(page: CampaignPage) -> str:
    address = metas(page)["og:image"]
    assert address.startswith(f"{BASE}/fr/campaigns/")
    return urlsplit(address).path


def files(page: CampaignPage) -> list[str]:
    place = f"/{page.language}/campaigns/{page.pk}/"
    return [f"{place}picture/0.png", f"{place}poster.pdf", f"{place}code.svg", f"{place}code.png"]


def test_a_page_names_its_picture_in_words_that_programs_read(french: CampaignPage) -> None:
    found = metas(french)
    assert found["og:image:width"] == "1200"
    assert found["og:image:height"] == "630"
    assert found["og:image:alt"] == french.title
    assert found["twitter:card"] == "summary_large_image"
    answer = Client().get(urlsplit(found["og:image"]).path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


@pytest.mark.parametrize("state", [*GOING, *ENDED])
def test_a_picture_is_there_whatever_became_of_the_campaign(
    french: CampaignPage, state: str
) -> None:
    Campaign.objects.update(state=state)
    assert Client().get(picture_path(french)).status_code == 200


def test_a_picture_is_kept_for_ever_and_another_one_has_another_address(
    french: CampaignPage,
) -> None:
    first = picture_path(french)
    assert first == picture_path(french)
    kept = Client().get(first)
    assert "immutable" in kept["Cache-Control"]
    CampaignPage.objects.update(title="Où sont-ils maintenant ?")
    second = picture_path(french)
    Organisation.objects.update(accent="#0b4f9e")
    third = picture_path(french)
    assert len({first, second, third}) == 3
    old = Client().get(first)
    assert old.content == Client().get(third).content != kept.content
    assert old["Cache-Control"] == "public, max-age=60"


def test_who_has_it_already_is_told_no_more_than_that(french: CampaignPage) -> None:
    for path in (picture_path(french), *files(french)[1:]):
        mark = Client().get(path)["ETag"]
        again = Client().get(path, headers={"If-None-Match": mark})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", mark)
        assert "max-age" in again["Cache-Control"]
        assert Client().get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    CampaignPage.objects.update(title="x")
    path = files(french)[1]
    changed = Client().get(path, headers={"If-None-Match": mark})
    assert changed.status_code == 200


def test_the_poster_leads_to_the_page_by_the_channel_of_posters(french: CampaignPage) -> None:
    answer = Client().get(files(french)[1])
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{french.slug}.pdf"'
    found = PdfDocument(answer.content)
    code = read_barcode(found[0].render(scale=1).to_pil())
    assert code is not None
    assert code.text == f"{BASE}{french.url}?s=poster"
    assert Client().get(urlsplit(code.text).path, {"s": "poster"}).status_code == 200
    text = found[0].get_textpage().get_text_range()
    assert f"localhost{french.url}".rstrip("/") in text
    assert french.campaign.organisation.name in text


def test_the_code_leads_to_the_page_by_the_channel_of_codes(french: CampaignPage) -> None:
    answer = Client().get(files(french)[3])
    code = read_barcode(Image.open(io.BytesIO(answer.content)).convert("L"))
    assert code is not None
    assert code.text == f"{BASE}{french.url}?s=qr"
    assert {"qr", "poster"} <= {*CHANNELS}
    assert Client().get(files(french)[2])["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("state", [*GOING, *ENDED])
def test_a_poster_is_offered_while_letters_can_be_written_or_will_be(
    french: CampaignPage, state: str
) -> None:
    Campaign.objects.update(state=state)
    path = files(french)[1]
    sheet = Sheet(Client().get(french.url))
    hrefs = [link.get("href") for link in sheet.all("a")]
    assert (path in hrefs) == (state in GOING)
    assert Client().get(path).status_code == (200 if state in GOING else 410)
    assert files(french)[3] in hrefs
    assert files(french)[2] in sheet.loaded()
    assert (sheet.dead_anchors(), sheet.repeated_ids(), sheet.inline_code()) == ([], [], [])


def test_there_is_nothing_of_a_page_that_is_not_public(french: CampaignPage) -> None:
    for path in files(french):
        assert Client().get(path.replace("/fr/", "/en/")).status_code == 404
        assert Client().get(path.replace(f"/{french.pk}/", "/999999/")).status_code == 404
        assert Client().post(path).status_code == 405
    french.unpublish()
    for path in files(french):
        assert Client().get(path).status_code == 404


def test_nothing_is_kept_of_those_who_look(french: CampaignPage) -> None:
    before = everything_kept()
    for path in files(french):
        answer = Client().get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert everything_kept() == before


def test_a_page_in_uyghur_has_all_of_it(french: CampaignPage) -> None:
    page = a_campaign_page(french.campaign, language="ug")
    CampaignPage.objects.filter(pk=page.pk).update(title="ئائىلىلەر خەۋەر كۈتۈۋاتىدۇ")
    for path in files(page):
        assert Client().get(path).status_code == 200
