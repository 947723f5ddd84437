"""Help with the letter: in the browser alone, a hint at a time, and nothing is taken away."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.factories import a_campaign, a_campaign_page, a_second_letter, an_action
from tests.pages.aside import Aside
from tests.pages.filling import everything_kept, filled, send
from tests.pages.reading import Sheet
from tests.pages.serving import served
from tests.readers.cast import let_read
from tocsin.actions.models import Action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.demo.sample import load_example
from tocsin.outcomes.alike import LEAST, alike_of_five
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

ALL = (SHIELDED, OPEN, LENT)
KINDS = ("equal", "share", "harsh", "person", "address")


@pytest.fixture
def site(db: None, static: None) -> Iterator[str]:
    """The pages, on a line."""
    with served() as address:
        yield address


def hinted(tab: Page) -> dict[str, str]:
    """What the hints say now, by their kind."""
    return {
        kind: text
        for kind in KINDS
        if (text := tab.locator(f".help .{kind}").inner_text() if shown(tab, kind) else "")
    }


def shown(tab: Page, kind: str) -> bool:
    return tab.locator(f".help .{kind}").is_visible()


def hints_for(tab: Page, address: str, texts: dict[str, str], way: str) -> dict[str, str]:
    """What the hints say once these were typed."""
    tab.goto(address)
    if way:
        tab.check(f"[name=way][value={way}]")
    for name, text in texts.items():
        tab.fill(f"[name={name}]", text)
    return hinted(tab)


def hints(
    aside: Aside, site: str, page: CampaignPage, way: str = "", **texts: str
) -> dict[str, str]:
    return aside.do(hints_for, site + page.url, texts, way)


def test_a_letter_that_was_left_alone_is_like_all_others(aside: Aside, site: str) -> None:
    page = a_campaign_page(language="en")
    assert list(hints(aside, site, page)) == ["equal"]
    said = hints(aside, site, page, own="I have friends who wait.")
    assert list(said) == ["share"]
    assert "%" in said["share"]


def test_how_much_is_ones_own_is_measured_in_sentences(aside: Aside, site: str) -> None:
    page = a_campaign_page(language="en")
    said = hints(aside, site, page, letter="Nothing is left of the model. Not a word.")
    assert "100%" in said["share"]


@pytest.mark.parametrize(
    ("own", "kind", "found"),
    [
        ("You are idiots and liars.", "harsh", "idiots · liars"),
        ("Vous êtes des menteurs.", "harsh", "menteurs"),
        ("你们是骗子", "harsh", "骗子"),
        ("Сендер өтірікшісіңдер", "harsh", "өтірікшісіңдер"),
        ("Please free Mr Tohti at once", "person", "Mr Tohti"),
        ("I ask you where Ilham Tohti is", "person", "Ilham Tohti"),
        ("Annem bekliyor", "person", "Annem"),
        ("Wo ist Frau Tohti?", "person", "Frau Tohti"),
        ("Answer me at a.b@mail.example", "address", "a.b@mail.example"),
        ("I live in 221 Baker Street", "address", "221 Baker Street"),
    ],
)
def test_a_gentle_word_about_what_closes_ears_or_exposes_somebody(
    aside: Aside, site: str, own: str, kind: str, found: str
) -> None:
    said = hints(aside, site, a_campaign_page(language="en"), own=own)
    assert found in said.pop(kind)
    assert list(said) == ["share"]


@pytest.mark.parametrize(
    "own",
    [
        "Families in Xinjiang wait. Please answer them.",
        "The familiar answer of the United Nations stands on this page.",
        "La monstrance est un objet, la bouche se tait.",
    ],
)
def test_what_anybody_may_say_is_not_hinted_at(aside: Aside, site: str, own: str) -> None:
    page = a_campaign_page(language="en")
    page.lead = "So say the United Nations."
    page.save_revision().publish()
    assert list(hints(aside, site, page, own=own)) == ["share"]


def test_shielded_an_address_is_warned_of_once_and_a_name_of_two_signs_too(
    aside: Aside, site: str
) -> None:
    page = a_campaign_page(a_campaign(ways=ALL), language="en")
    address = site + page.url

    def look(tab: Page) -> None:
        tab.goto(address)
        tab.check("[name=way][value=open]")
        tab.fill("[name=given]", "伟")
        tab.fill("[name=family]", "王")
        tab.check("[name=way][value=shielded]")
        tab.fill(
            "[name=own]", "我叫王伟。+33 6 12 34 56 78, calle Mayor 12, мен Анам, Lindenstraße 1"
        )
        found = tab.locator(".telltales .found")
        for each in ("王伟", "我叫", "+33 6 12 34 56 78"):
            expect(found).to_contain_text(each)
        expect(tab.locator(".help .address")).to_be_hidden()

    aside.do(look)


def test_the_letters_of_the_example_are_hinted_at_in_no_language(aside: Aside, site: str) -> None:
    """Each model letter is typed in as if it were somebody's own."""
    campaign = load_example()
    let_read(campaign.organisation.slug)
    bodies = dict(campaign.wordings.filter(text="").values_list("language", "body"))
    pages = CampaignPage.objects.filter(campaign=campaign).select_related("locale")
    letters = [(site + page.url, bodies[page.language]) for page in pages]

    def look(tab: Page) -> list[dict[str, str]]:
        return [hints_for(tab, address, {"letter": f"{body} ."}, OPEN) for address, body in letters]

    assert [said for said in aside.do(look) if set(said) != {"share"}] == []


def test_nothing_of_it_leaves_the_browser(aside: Aside, site: str) -> None:
    page = a_campaign_page(language="en")
    address = site + page.url

    def look(tab: Page) -> list[str]:
        tab.goto(address, wait_until="networkidle")
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.fill("[name=own]", "You idiots, where is Ilham Tohti? a@mail.example")
        expect(tab.locator(".help .harsh")).to_be_visible()
        return [*asked, *tab.evaluate("[...Object.keys(localStorage), document.cookie]")]

    assert aside.do(look) == [""]


def test_the_name_stands_under_the_letter_as_it_is_typed(aside: Aside, site: str) -> None:
    page = a_campaign_page(language="en")
    address = site + page.url

    def look(tab: Page) -> None:
        tab.goto(address)
        tab.fill("[name=given]", "Amina")
        tab.fill("[name=family]", "Yusuf")
        tab.select_option("[name=country]", "FR")
        expect(tab.locator(".signature")).to_have_text("Amina Yusuf, France")

    aside.do(look)


def a_page_of_two_letters() -> CampaignPage:
    campaign = a_campaign()
    a_second_letter(campaign)
    return a_campaign_page(campaign, language="en")


@pytest.mark.parametrize("without", ["", "**/*.js"])
def test_another_letter_is_one_button_away_and_ones_own_words_stay(
    aside: Aside, site: str, without: str
) -> None:
    page = a_page_of_two_letters()
    bodies = {model.body.strip() for model in page.campaign.wordings.filter(text="", language="en")}
    address = site + page.url

    def look(tab: Page) -> None:
        if without:
            tab.route(without, lambda route: route.abort())
        tab.goto(address)
        tab.fill("[name=given]", "Amina")
        seen = set()
        for _each in range(2):
            seen.add(tab.locator("[name=letter]").input_value())
            tab.get_by_role("button", name="Show me another letter").click()
            tab.wait_for_load_state()
        assert seen == bodies
        assert tab.locator("[name=given]").input_value() == "Amina"
        tab.fill("[name=letter]", "My own letter.")
        tab.get_by_role("button", name="Show me another letter").click()
        expect(tab.get_by_text("The letter has words of your own, so it stays.")).to_be_visible()
        expect(tab.locator("[name=letter]")).to_have_value("My own letter.")

    aside.do(look)


def hidden(sheet: Sheet, name: str) -> str | None:
    """What the form sends back by itself."""
    [found] = [each for each in sheet.all("input") if each.get("name") == name]
    return found.get("value")


def test_asking_for_another_letter_complains_of_nothing_and_keeps_nothing() -> None:
    page = a_page_of_two_letters()
    before = everything_kept()
    answer = send(page, {"step": "another", "variant": "1", "letter": "", "email": "not one"})
    sheet = Sheet(answer)
    assert answer.status_code == 200
    assert (hidden(sheet, "variant"), sheet.value("email")) == ("2", "not one")
    assert not [each for each in sheet.all("p") if each.get("class") == "error"]
    assert everything_kept() == before


@pytest.mark.parametrize("variant", ["", "1", "7", "-1", "x" * 5000, "\x00"])
def test_which_letter_it_was_is_told_by_its_words(variant: str) -> None:
    page = a_page_of_two_letters()
    second = page.campaign.wordings.get(language="en", variant=2).body
    assert send(page, filled(page, own="", letter=second, variant=variant)).status_code == 303
    action = Action.objects.get()
    assert (action.variant, action.is_own, open_words(action)) == (2, False, Words())


def test_a_letter_of_ones_own_is_counted_to_the_one_it_began_as() -> None:
    page = a_page_of_two_letters()
    assert send(page, filled(page, letter="Mine.", variant="2")).status_code == 303
    action = Action.objects.get()
    assert (action.variant, action.is_own) == (2, True)


def test_each_letter_is_as_often_first() -> None:
    page = a_page_of_two_letters()
    first = [hidden(Sheet(Client().get(page.url)), "variant") for _each in range(30)]
    assert set(first) == {"1", "2"}


def letters_of(campaign: Campaign, *, own: int, equal: int) -> None:
    """So many letters of both kinds, written."""
    action = an_action(campaign, words=Words())
    columns = {
        field.attname: getattr(action, field.attname)
        for field in Action._meta.concrete_fields
        if field.attname not in ("id", "supporter_id", "blind", "state", "is_own")
    }
    supporter = action.supporter
    for number in range(own + equal):
        supporter.pk = None
        supporter._state.adding = True
        supporter.save()
        Action.objects.create(
            supporter=supporter,
            blind=number.to_bytes(16),
            state="written",
            is_own=number < own,
            **columns,
        )


@pytest.mark.parametrize(
    ("own", "equal", "fifths"),
    [(LEAST - 1, 0, 0), (0, LEAST - 1, 0), (20, 80, 4), (100, 0, 0), (0, 100, 5), (69, 31, 2)],
)
def test_how_many_are_alike_is_said_when_there_are_enough(
    own: int, equal: int, fifths: int
) -> None:
    campaign = a_campaign()
    letters_of(campaign, own=own, equal=equal)
    assert alike_of_five(campaign) == fifths
    source = Sheet(Client().get(a_campaign_page(campaign, language="en").url)).source
    assert (f"Of five letters here, {fifths} are the same" in source) == (fifths > 1)
