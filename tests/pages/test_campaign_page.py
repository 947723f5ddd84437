"""The campaign page: what a visitor reads, in which language, whatever the campaign's state."""

from html import unescape

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from tests.factories import TEXTS, a_campaign, a_campaign_page, a_target
from tests.pages.filling import filled, send
from tests.pages.reading import Sheet
from tocsin.campaigns.models import CampaignTarget
from tocsin.outcomes.models import Tally
from tocsin.pages.models import CampaignPage
from tocsin.pages.shares import shares_of
from tocsin.pages.show import Counter, address_of, recipient
from tocsin.targets.models import TargetAddress


def page_of(page: CampaignPage) -> Sheet:
    """The page as a visitor gets it."""
    return Sheet(Client().get(page.url))


def test_the_page_tells_the_story_with_facts_demands_and_recipients(french: CampaignPage) -> None:
    sheet = page_of(french)
    text = sheet.text()
    for words in (french.title, french.lead, "Who they are", "A committee asked.", "ministry"):
        assert words in text
    demands = [ol for ol in sheet.all("ol") if ol.get("class") == "demands"]
    assert len(list(demands[0])) == 4


def test_a_fact_carries_its_source_with_date_and_a_link_that_tells_nothing(
    french: CampaignPage,
) -> None:
    sheet = page_of(french)
    (link,) = [a for a in sheet.all("a") if a.get("href") == "https://source.example/report"]
    assert link.get("rel") == "noopener noreferrer"
    assert "10 mars 2026" in sheet.text()


def test_the_address_of_a_recipient_is_nowhere_on_the_page(french: CampaignPage) -> None:
    source = page_of(french).source
    for address in TargetAddress.objects.values_list("address", flat=True):
        assert address not in source


def test_the_rule_about_the_copy_is_said(french: CampaignPage, english: CampaignPage) -> None:
    assert "A copy goes to the embassy in the country you live in" in page_of(english).text()
    assert "Une copie part à l’ambassade dans le pays où vous vivez" in page_of(french).text()
    french.campaign.campaign_targets.filter(scope=CampaignTarget.Scope.COUNTRY).delete()
    assert "A copy goes" not in page_of(english).text()


def test_the_first_visitor_is_invited_to_be_the_first(english: CampaignPage) -> None:
    sheet = page_of(english)
    assert "Be the first to take part." in sheet.text()
    assert not sheet.all("progress")


@pytest.mark.parametrize(
    ("number", "language", "words", "step"),
    [
        (1, "en", "1 person takes part, and has confirmed it. Help us reach 100.", "100"),
        (1, "fr", "1 personne participe et l’a confirmé. Aidez-nous à atteindre 100.", "100"),
        (640, "en", "640 people take part, and have confirmed it. Help us reach 1,000.", "1000"),
        (1234, "fr", "1\u00a0234 personnes participent et l’ont confirmé.", "2500"),
    ],
)  # fmt: skip
def test_the_counter_says_its_number_in_words_and_as_progress(
    french: CampaignPage,
    english: CampaignPage,
    number: int,
    language: str,
    words: str,
    step: str,
) -> None:
    Tally.objects.create(campaign=french.campaign, confirmed=number)
    sheet = page_of({"fr": french, "en": english}[language])
    (progress,) = sheet.all("progress")
    assert words in sheet.text()
    assert (progress.get("value"), progress.get("max")) == (str(number), step)


def test_numbers_are_written_as_in_the_language() -> None:
    with translation.override("fr"):
        assert Counter(12345, 25000).words == "12\u00a0345"
    with translation.override("en"):
        assert Counter(12345, 25000).step_words == "25,000"


def test_each_language_is_offered_by_its_own_name(
    french: CampaignPage, english: CampaignPage
) -> None:
    links = {a.get("hreflang"): a for a in page_of(french).all("a") if a.get("hreflang")}
    assert links["en"].get("href") == english.url
    assert (links["en"].text, links["en"].get("lang")) == ("English", "en")
    assert (links["fr"].text, links["fr"].get("aria-current")) == ("Français", "true")


def test_a_page_in_one_language_offers_no_choice(db: None) -> None:
    assert not [a for a in page_of(a_campaign_page()).all("a") if a.get("hreflang")]


def test_no_country_is_chosen_for_the_visitor_and_seats_come_first(french: CampaignPage) -> None:
    sheet = page_of(french)
    assert sheet.value("country") == ""
    first, _rest = sheet.all("optgroup")
    assert [option.get("value") for option in first] == ["FR"]


def test_the_letter_to_edit_is_the_model_in_the_language_of_the_page(
    french: CampaignPage, english: CampaignPage
) -> None:
    for page in (french, english):
        sheet = page_of(page)
        assert sheet.value("letter").strip() == TEXTS[page.language]["body"]
        assert sheet.by_id("id_letter").get("lang") == page.language
        assert TEXTS[page.language]["closing"] in sheet.text()


def test_nothing_is_answered_in_advance(french: CampaignPage) -> None:
    boxes = [e for e in page_of(french).all("input") if e.get("type") in {"checkbox", "radio"}]
    assert len(boxes) == 3
    assert not [box for box in boxes if box.get("checked") is not None]


def test_every_field_has_a_label_that_is_seen_and_no_placeholder(french: CampaignPage) -> None:
    sheet = page_of(french)
    labelled = {label.get("for") for label in sheet.all("label")}
    fields = [*sheet.all("input"), *sheet.all("select"), *sheet.all("textarea")]
    for field in fields:
        assert field.get("type") == "hidden" or field.get("id") in labelled
        assert field.get("placeholder") is None
        assert field.get("required") is None


def test_what_can_be_filled_in_by_the_browser_says_so(french: CampaignPage) -> None:
    sheet = page_of(french)
    told = {name: sheet.by_id(f"id_{name}").get("autocomplete") for name in ("given", "family")}
    assert told == {"given": "given-name", "family": "family-name"}
    email = sheet.by_id("id_email")
    assert [email.get(name) for name in ("type", "autocomplete", "spellcheck", "dir")] == [
        "email",
        "email",
        "false",
        "ltr",
    ]


def test_what_somebody_writes_is_not_to_be_kept_by_the_browser(french: CampaignPage) -> None:
    sheet = page_of(french)
    assert [sheet.by_id(f"id_{name}").get("autocomplete") for name in ("own", "letter")] == [
        "off",
        "off",
    ]


def test_a_closed_campaign_keeps_its_story_and_its_number(french: CampaignPage) -> None:
    Tally.objects.create(campaign=french.campaign, confirmed=7)
    french.campaign.state = "closed"
    french.campaign.save()
    sheet = page_of(french)
    assert not sheet.all("form")
    assert "Cette campagne est terminée" in sheet.text()
    assert "7 personnes" in sheet.text()


def test_a_recipient_without_a_name_in_the_language_goes_by_another(db: None) -> None:
    target = a_target(kind="embassy", seat="FR")
    target.names.filter(language="fr").delete()
    shown = recipient(target, "fr")
    assert (shown.name, shown.language) == ("embassy FR", "en")


# -- Preview in the office ----------------------------------------------------------------------


def test_a_page_can_be_previewed_before_it_is_public(french: CampaignPage) -> None:
    draft = CampaignPage(
        campaign=a_campaign(),
        locale=french.locale,
        title="Pas encore",
        lead="…",
        call="Écrire",
        slug="pas-encore",
    )
    request = RequestFactory().get("/", headers={"Accept-Language": "en"})
    request.is_preview = True  # type: ignore[attr-defined]  # as Wagtail sets it
    with translation.override("en"):
        answer = draft.serve_preview(request, "")
    sheet = Sheet(answer)
    assert (answer.status_code, sheet.language) == (200, "fr")
    assert "Dans cet aperçu, le formulaire ne prend rien." in sheet.text()
    assert all(b.get("disabled") is not None for b in sheet.all("button"))


# -- Ways in and on -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "home"),
    [("fr-CA,fr;q=0.9", "/fr/"), ("en", "/en/"), ("ug,fr", "/ug/"), ("", "/en/"), ("*", "/en/")],
)  # fmt: skip
@pytest.mark.usefixtures("french", "english")
def test_the_front_door_leads_to_the_language_of_the_visitor(accepted: str, home: str) -> None:
    answer = Client().get("/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer["Location"]) == (302, home)
    assert not answer.cookies


def test_the_home_page_lists_the_campaigns_of_its_language(
    french: CampaignPage, english: CampaignPage
) -> None:
    sheet = Sheet(Client().get("/fr/"))
    addresses = [a.get("href") for a in sheet.all("a")]
    assert french.url in addresses
    assert english.url not in addresses


def test_what_is_shared_is_the_address_of_the_page_and_its_title(french: CampaignPage) -> None:
    assert address_of(french) == f"http://localhost{french.url}"
    shares = shares_of(address=address_of(french), title=french.title)
    assert shares is not None
    for share in shares.links:
        assert "localhost%2Ffr%2F" in share.url or "localhost" in unescape(share.url)


def test_open_graph_says_what_the_page_says(french: CampaignPage) -> None:
    told = {m.get("property"): m.get("content") for m in page_of(french).all("meta")}
    assert told["og:title"] == french.title
    assert told["og:url"] == address_of(french)
    assert told["og:description"] == french.search_description


@pytest.mark.parametrize("lack", ["addresses", "names"])
def test_no_form_is_shown_that_could_not_lead_to_a_letter(french: CampaignPage, lack: str) -> None:
    ministry = french.campaign.campaign_targets.get(target__kind="ministry").target
    getattr(ministry, lack).all().delete()
    assert "<form" not in Client().get(french.url).content.decode()


def test_a_neutral_title_stands_in_the_tab_and_not_on_the_page(french: CampaignPage) -> None:
    real = french.title
    assert Sheet(Client().get(french.url)).title == "Families wait"
    french.neutral_title = "Notes du mardi"
    french.save()
    for answer in (Client().get(french.url), send(french, filled(french, step="preview"))):
        assert Sheet(answer).title == "Notes du mardi"
        assert "".join(Sheet(answer).all("h1")[0].itertext()) == real
    wrong = Sheet(send(french, {"own": "\0"}))
    assert wrong.title.endswith("Notes du mardi")
