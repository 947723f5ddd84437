"""Chiara, from an idea to an open campaign with a test letter in her own mailbox."""

import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.eml import link_in, name_in, text_of
from tests.pages.eyes import RULES
from tests.stories.conftest import Demo, Visit
from tests.stories.hand import Hand
from tests.stories.test_chiara_looks_after_it import enter
from tests.wait import until

MOST_ACTIONS = 60
OURS = ".guide"
STORY = "Des familles attendent des nouvelles depuis des années."
LETTER = "Je vous demande où sont les personnes détenues, et de le dire à leurs familles."


def begin(hand: Hand, demo: Demo, slug: str) -> str:
    """A new campaign; returns the address of its overview."""
    hand.click("a[href='/office/campaign/new/']")
    hand.paste("[name=title]", "Où sont-ils ?")
    hand.paste("[name=slug]", slug)
    hand.click(f"{OURS} form button[type=submit]")
    hand.page.wait_for_url("**/office/campaign/*/?saved")
    return hand.page.url.removesuffix("?saved")


def write_the_page(hand: Hand) -> None:
    """Story and demands, in the editor of the page."""
    page = hand.page
    hand.click(f"{OURS} .mail-more a")
    page.wait_for_url("**/office/pages/*/edit/")
    hand.paste("[name=lead]", "Leurs familles demandent où ils sont.")
    hand.paste("[name=call]", "Écrire maintenant")
    for name, words in (("story", STORY), ("demands", "Dites aux familles où ils sont.")):
        hand.click(f"[data-contentpath={name}] .c-sf-add-button")
        if name == "story":  # of which there are blocks of several kinds
            hand.pick(".w-combobox input", "partie du récit")
        field = "[contenteditable=true]" if name == "story" else "textarea"
        hand.paste(f"[data-contentpath={name}] {field}", words)
    hand.paste("[name=after_heading]", "Et ensuite ?")
    hand.paste("[name=after_text]", "Nous continuons de demander.")
    hand.click("footer button.action-save")
    expect(page.locator(".messages .success")).to_be_visible()


def write_to(hand: Hand, url: str, address: str) -> None:
    """Whom, how, and in which words."""
    hand.page.goto(url)
    hand.count += 1
    hand.click(f"{OURS} nav li:nth-child(2) a")
    hand.paste("#new_name", "Le ministère")
    hand.paste("#new_salutation", "Monsieur le Ministre,")
    hand.paste("#new_address", address)
    hand.choose("#new_country", "Chine")
    hand.click("button[value=new]")
    hand.click(f"{OURS} .guide-next a")
    hand.paste("[name=goal]", "500")
    hand.click("button[value=save]")
    hand.page.wait_for_url("**/ways/?saved")  # who goes on before that may be too quick for it
    hand.click(f"{OURS} .guide-next a")
    hand.paste("[name=subject]", "Où sont-ils ?")
    hand.paste("[name=body]", LETTER)
    hand.paste("[name=closing]", "Veuillez agréer, Monsieur le Ministre, mes salutations.")
    hand.click("button[value=save]")
    hand.page.wait_for_url("**/letter/fr/?saved")
    expect(hand.page.locator(".messages .success")).to_be_visible()


def try_it_out(hand: Hand, demo: Demo, url: str, email: str) -> None:
    """The test run: the real form, the confirmation, the letter."""
    page = hand.page
    hand.click(f"{OURS} nav li:nth-child(1) a")
    hand.paste("#test_address", email)
    hand.click("button[value=test]")
    page.wait_for_url("**/letter/rehearsal/**")
    hand.paste("[name=given]", "Chiara")
    hand.paste("[name=family]", "Rossi")
    hand.choose("[name=country]", "Italie")
    hand.tick(".permission [name=send]")
    hand.tick("#id_news_no")
    send(hand)
    while page.locator("[role=alert]").count():
        expect(page.locator("[role=alert] li")).to_have_count(0)
        send(hand)
    page.goto(link_in(demo.mail(email)))
    hand.count += 1
    hand.click("main form button.button")
    letter = demo.mail(email, 2)
    assert name_in(letter, "To") == "Le ministère"
    assert LETTER in text_of(letter)
    assert email in str(letter["To"])
    assert STORY not in text_of(letter)


def send(hand: Hand) -> None:
    """The button of the form; who is faster than a person presses again."""
    with hand.page.expect_navigation():
        hand.click("button[name=step][value=send]")


def open_it(hand: Hand, url: str) -> None:
    """She has seen the letter, and opens."""
    page = hand.page

    def offered() -> bool:
        page.goto(url)
        return bool(page.locator("button[value=seen]").count())

    until(offered, what="the button that says so")
    hand.count += 1
    hand.click("button[value=seen]")
    hand.click("a[href$='/do/open/']")
    hand.click(f"{OURS} form button[type=submit]")
    expect(page.locator(".messages .success")).to_be_visible()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_from_an_idea_to_an_open_campaign(desk: Visit, demo: Demo, by: str) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": "fr"})
    enter(desk, demo)
    hand = Hand(desk.page, by_keyboard=by == "keyboard")
    slug = f"nouvelles-{uuid.uuid4().hex[:8]}"
    email = f"chiara.{uuid.uuid4().hex}@office.example"
    ministry = f"ministre.{uuid.uuid4().hex[:8]}@state.example"
    public = f"{demo.site}/fr/{slug}/"
    url = begin(hand, demo, slug)
    write_the_page(hand)
    write_to(hand, url, ministry)
    assert desk.context.request.get(public).status == 404
    try_it_out(hand, demo, url, email)
    open_it(hand, url)
    assert desk.context.request.get(public).status == 200
    desk.page.goto(public)
    expect(desk.page.locator("h1")).to_have_text("Où sont-ils ?")
    assert desk.page.locator("[name=issued]").count() == 1
    assert demo.mails(ministry) == []
    assert desk.strangers(demo.site) == []
    assert hand.count <= MOST_ACTIONS, hand.count


def test_a_form_that_comes_back_can_be_read_by_everybody(desk: Visit, demo: Demo) -> None:
    desk.context.set_extra_http_headers({"Accept-Language": "fr"})
    enter(desk, demo)
    page = desk.page
    url = begin(Hand(page), demo, f"lisible-{uuid.uuid4().hex[:8]}")
    page.goto(f"{url}letter/fr/")
    page.click("button[value=save]")
    expect(page.locator("[role=alert]")).to_be_visible()
    found = Axe().run(page, context=OURS, options=RULES).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
