"""The blocks of a story: what a visitor sees of each, and when somebody's words are gone."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from tests.factories import NOW, a_campaign_page, a_draft, an_organisation
from tests.pages.asking import in_state
from tests.pages.pictures.photographs import a_picture
from tests.pages.reading import Sheet
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.pages.models import CampaignPage
from tocsin.pages.preparing import all_points, copy_pages
from tocsin.pages.withdrawing import take_off

pytestmark = pytest.mark.django_db

WORDS = "My brother was a baker."
REFERENCE = "W-77"
TODAY = timezone.now().date()


def tell(page: CampaignPage, *blocks: tuple[str, Any]) -> CampaignPage:
    """The page tells these blocks, and has done so since its last version."""
    page.story = [*blocks]
    page.save()
    page.save_revision()
    return page


def quoted(**more: str) -> tuple[str, dict[str, str]]:
    """Words of a witness."""
    return "testimony", {"text": WORDS, "consent": REFERENCE, **more}


def a_consent(page: CampaignPage, **more: Any) -> WitnessConsent:
    """The witness permitted it."""
    given = {"reference": REFERENCE, "given_on": TODAY, "to_be_quoted": True, **more}
    organisation = given.pop("organisation", page.campaign.organisation)
    made: WitnessConsent = WitnessConsent.objects.create(organisation=organisation, **given)
    return made


def read(page: CampaignPage) -> str:
    """The page as a visitor gets it."""
    return Client().get(page.url).content.decode()


def test_every_block_is_shown(french: CampaignPage) -> None:
    fact = {"text": "300 are held.", "source_name": "A report", "source_url": "https://r.example"}
    moments = [
        {"date": date(2018, 3, 2), "known": "year", "text": "Later <b>"},
        {"date": date(2017, 7, 1), "known": "month", "text": "First"},
    ]
    news = [
        {"date": date(2026, 1, 2), "text": "<p>An old answer</p>"},
        {"date": date(2026, 3, 4), "text": "<p>A new answer</p>"},
    ]
    tell(
        french,
        ("fact", {**fact, "source_date": date(2018, 8, 30)}),
        ("quote", {"text": "Tell them.", "who": "The chair", "where": "Geneva", "url": ""}),
        quoted(language="ug"),
        ("timeline", {"heading": "How", "moments": moments}),
        ("updates", {"updates": news}),
        ("call", {"text": "It takes minutes."}),
    )
    a_consent(french)
    sheet = Sheet(Client().get(french.url))
    text = sheet.text()
    for words in ("300 are held.", "30 août 2018", "The chair, Geneva", WORDS, "Later <b>", "2018"):
        assert words in text
    assert "Témoin, nom non communiqué" in text
    assert text.index("juillet 2017") < text.index("Later <b>")
    assert text.index("A new answer") < text.index("An old answer")
    assert "Ce qui s’est passé jusqu’ici" in text
    [quote] = [b for b in sheet.all("blockquote") if b.get("lang")]
    assert (quote.get("lang"), quote.get("dir")) == ("ug", "rtl")
    assert "story.css" in sheet.source
    assert len([a for a in sheet.all("a") if a.get("href") == "#form"]) == 2
    assert REFERENCE not in sheet.source


def test_a_plain_story_loads_nothing_more(french: CampaignPage) -> None:
    assert "story.css" not in read(french)


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_nobody_is_called_to_a_form_that_is_not_there(french: CampaignPage, state: str) -> None:
    tell(french, ("call", {"text": "It takes minutes."}))
    assert "It takes minutes." in read(french)
    assert "It takes minutes." not in in_state(french, state).answer().content.decode()


@pytest.mark.parametrize(
    ("consent", "is_shown"),
    [
        ({}, True),
        ({"until": TODAY}, True),
        ({"until": TODAY - timedelta(days=1)}, False),
        ({"withdrawn_on": TODAY}, False),
        ({"to_be_quoted": False}, False),
        ({"given_on": TODAY + timedelta(days=1)}, False),
        ({"reference": "W-7"}, False),
        (None, False),
    ],
)
def test_a_witness_is_quoted_as_long_as_the_consent_holds(
    french: CampaignPage, consent: dict[str, Any] | None, *, is_shown: bool
) -> None:
    tell(french, quoted(name="Nour"))
    if consent is not None:
        a_consent(french, **consent)
    assert (WORDS in read(french)) == is_shown


def test_the_consent_of_another_organisation_allows_nothing(french: CampaignPage) -> None:
    tell(french, quoted())
    a_consent(french, organisation=an_organisation())
    assert WORDS not in read(french)


def test_words_that_are_withdrawn_leave_every_page_and_every_version(
    french: CampaignPage, english: CampaignPage
) -> None:
    other = ("quote", {"text": "It stays.", "who": "Somebody"})
    for page in (french, english):
        tell(page, quoted(), other, quoted(consent="W-78"))
        tell(page, other, quoted(consent=f" {REFERENCE} "), quoted(consent="W-78"))
    elsewhere = tell(a_campaign_page(), quoted())
    assert take_off(a_consent(french, withdrawn_on=TODAY)) == 6
    for page in CampaignPage.objects.all():
        versions = [
            json.loads(version.content["story"])
            for version in Revision.objects.filter(object_id=str(page.pk))
        ]
        for story in [*versions, list(page.story.raw_data)]:
            under = [b["value"]["consent"].strip() for b in story if b["type"] == "testimony"]
            assert under == ([REFERENCE] if page.pk == elsewhere.pk else ["W-78"])
            assert page.pk == elsewhere.pk or any(b["type"] == "quote" for b in story)


def test_words_leave_the_versions_from_before_their_reference_stood_there_too() -> None:
    page = tell(a_campaign_page(), quoted())
    [block] = page.story.get_prep_value()

    def a_version(**value: str) -> Revision:
        told = [{**block, "value": {**block["value"], **value}}]
        page.story = page.story.stream_block.to_python(told)
        return page.save_revision()

    others = a_consent(page, reference="W-2")
    kept = a_version(consent=others.reference, text="Another witness.")
    for typed in ("", "W-", REFERENCE):
        a_version(consent=typed)
    take_off(a_consent(page, withdrawn_on=TODAY))
    left = str([each.content["story"] for each in page.revisions.all()])
    assert WORDS not in left
    assert "Another witness." in str(Revision.objects.get(pk=kept.pk).content)


def a_draft_page(*blocks: tuple[str, Any]) -> CampaignPage:
    """Of a campaign that is prepared."""
    return tell(a_campaign_page(a_draft(), language="en"), *blocks)


def lacking(page: CampaignPage) -> dict[str, tuple[str, ...]]:
    """What keeps its campaign from opening, of the pages."""
    points = all_points(page.campaign, now=NOW)
    names = ("story", "pictures", "witnesses")
    return {point.name: point.lacks for point in points if not point.done and point.name in names}


def test_a_draft_does_not_open_with_a_picture_that_nobody_is_told_of() -> None:
    image = a_picture()
    assert lacking(a_draft_page(("image", {"image": image, "alt": " "}))) == {"pictures": ("en",)}
    assert lacking(a_draft_page(("image", {"image": None, "alt": "A"}))) == {"pictures": ("en",)}
    assert lacking(a_draft_page(("image", {"image": image, "alt": "A house"}))) == {}
    assert lacking(a_draft_page(("image", {"image": image, "decorative": True}))) == {}


def test_a_draft_does_not_open_with_a_witness_who_did_not_permit_it() -> None:
    page = a_draft_page(quoted())
    assert lacking(page) == {"witnesses": ("en",)}
    a_consent(page, given_on=NOW.date())
    assert lacking(page) == {}


def test_a_copy_has_all_blocks_and_the_same_rules() -> None:
    page = a_draft_page(quoted(), ("image", {"image": a_picture(), "alt": "A house"}))
    copy = a_draft(organisation=page.campaign.organisation)
    copy_pages(page.campaign, copy)
    copied = CampaignPage.objects.get(campaign=copy)
    assert [block.block_type for block in copied.story] == ["testimony", "image"]
    assert lacking(copied) == {"witnesses": ("en",)}


def test_a_picture_stands_in_two_formats_with_its_words_and_its_size(french: CampaignPage) -> None:
    image = a_picture(focal_point_x=10, focal_point_y=10)
    shown = {"image": image, "alt": "A <house>", "credit": "A friend", "shape": "wide"}
    tell(french, ("image", shown), ("image", {"image": image, "decorative": True, "alt": "x"}))
    sheet = Sheet(Client().get(french.url))
    first, second, _code = sheet.all("img")
    assert (first.get("alt"), second.get("alt")) == ("A <house>", "")
    assert (first.get("width"), first.get("height")) == ("300", "200")
    assert (first.get("loading"), second.get("loading")) == (None, "lazy")
    assert [s.get("type") for s in sheet.all("source")] == ["image/avif"] * 2
    assert "Image\u00a0: A friend" in sheet.text()
    assert Client().get(str(first.get("src"))).status_code == 200


def test_a_page_whose_picture_is_lost_is_there_without_it(french: CampaignPage) -> None:
    image = a_picture()
    tell(french, ("image", {"image": image, "alt": "A house"}))
    image.file.storage.delete(image.file.name)
    assert "<picture" not in read(french)
    image.delete()
    assert Client().get(french.url).status_code == 200


def test_who_follows_the_feed_reads_the_newest_of_what_happened(french: CampaignPage) -> None:
    news = [
        {"date": date(2026, 3, 4), "text": "<p>A <b>new</b> &amp; kind answer</p><p>&lt;b&gt;</p>"},
        {"date": date(2026, 1, 2), "text": "<p>An old one</p>"},
    ]
    tell(french, ("updates", {"updates": news}))
    feed = Client().get("/fr/campaigns.atom").content.decode()
    # Escaped as text of the page that the summary is, and once more to stand in a feed.
    said = "Families wait for news. 4 mars 2026 – A new &amp;amp; kind answer &amp;lt;b&amp;gt;"
    assert said in feed
    assert "An old one" not in feed


def test_the_feed_asks_for_no_picture(french: CampaignPage) -> None:
    shown = ("image", {"image": a_picture(), "decorative": True})
    tell(french, shown, ("updates", {"updates": [{"date": TODAY, "text": "<p>An answer</p>"}]}))
    with CaptureQueriesContext(connection) as asked:
        assert "An answer" in Client().get("/fr/campaigns.atom").content.decode()
    assert not [each for each in asked if "campaignimage" in each["sql"]]
