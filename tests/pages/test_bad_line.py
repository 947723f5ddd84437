"""A form on a line that breaks: what was typed stays in the page, and goes out once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.factories import a_campaign, a_campaign_page
from tests.pages.aside import Aside
from tests.pages.serving import served
from tocsin.actions.models import Action
from tocsin.actions.words import open_words
from tocsin.pages.freshness import issue
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

OWN = "My aunt does not answer any more."
TAKE = "**/take/**"


@pytest.fixture
def page(db: None, static: None) -> CampaignPage:
    """A page in English."""
    return a_campaign_page(a_campaign(), language="en")


@pytest.fixture
def opened(page: CampaignPage) -> Iterator[tuple[str, str]]:
    """Where it is served, and when it was opened: a minute ago, as if somebody had read it."""
    with served() as site:
        yield site + page.url, issue(page.pk, now=timezone.now() - timedelta(minutes=1))


def fill(tab: Page, opened: tuple[str, str]) -> None:
    address, issued = opened
    tab.goto(address)
    tab.eval_on_selector("[name=issued]", "(field, issued) => { field.value = issued }", issued)
    tab.fill("[name=given]", "Amina")
    tab.fill("[name=email]", "amina@mail.example")
    tab.select_option("[name=country]", "FR")
    tab.fill("[name=own]", OWN)
    tab.check("[name=send]")
    tab.check("#id_news_no")


def press(tab: Page) -> None:
    tab.get_by_role("button", name="Send my letter").click()


def expect_all_there(tab: Page) -> None:
    expect(tab.locator("[name=own]")).to_have_value(OWN)
    expect(tab.locator("[name=email]")).to_have_value("amina@mail.example")
    expect(tab.locator("[name=send]")).to_be_checked()


def test_without_a_line_all_stays_and_goes_when_it_is_back(
    aside: Aside, opened: tuple[str, str]
) -> None:
    def look(tab: Page) -> None:
        fill(tab, opened)
        tab.context.set_offline(True)
        press(tab)
        expect(tab.get_by_text("The line is gone.")).to_be_visible()
        expect_all_there(tab)
        assert tab.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        tab.context.set_offline(False)
        expect(tab.get_by_text("The connection is back: press the button again.")).to_be_visible()
        press(tab)
        expect(tab.get_by_text("amina@mail.example")).to_be_visible()
        assert "/check-mail/" in tab.url

    aside.do(look)
    assert open_words(Action.objects.get()).own == OWN


def test_an_answer_that_gets_lost_leaves_one_action(aside: Aside, opened: tuple[str, str]) -> None:
    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    def look(tab: Page) -> None:
        fill(tab, opened)
        tab.route(TAKE, lose)
        press(tab)
        expect(tab.get_by_text("The line is gone.")).to_be_visible()
        expect_all_there(tab)
        tab.unroute(TAKE)
        press(tab)
        expect(tab.get_by_text("amina@mail.example")).to_be_visible()

    aside.do(look)
    assert Action.objects.get().revision == 2


def test_a_line_that_never_answers_is_given_up(aside: Aside, opened: tuple[str, str]) -> None:
    def look(tab: Page) -> None:
        fill(tab, opened)
        tab.evaluate("AbortSignal.timeout = () => AbortSignal.abort()")
        press(tab)
        expect(tab.get_by_text("The line is gone.")).to_be_visible()
        expect_all_there(tab)

    aside.do(look)
    assert not Action.objects.exists()


def test_pressing_twice_sends_once(aside: Aside, opened: tuple[str, str]) -> None:
    def look(tab: Page) -> int:
        fill(tab, opened)
        sent: list[str] = []
        tab.on("request", lambda request: sent.append(request.method))
        tab.evaluate(
            "() => { const b = document.querySelector('[value=send]'); b.click(); b.click() }"
        )
        expect(tab.get_by_text("amina@mail.example")).to_be_visible()
        return sent.count("POST")

    assert aside.do(look) == 1
    assert Action.objects.get().revision == 1


def test_what_is_complained_about_is_shown_as_ever(aside: Aside, opened: tuple[str, str]) -> None:
    def look(tab: Page) -> None:
        fill(tab, opened)
        tab.fill("[name=email]", "amina at mail")
        press(tab)
        expect(tab.get_by_role("heading", name="Please look at this again")).to_be_visible()
        expect(tab.locator("[name=own]")).to_have_value(OWN)

    aside.do(look)
    assert not Action.objects.exists()


def test_the_preview_comes_over_the_same_line(aside: Aside, opened: tuple[str, str]) -> None:
    def look(tab: Page) -> None:
        fill(tab, opened)
        tab.context.set_offline(True)
        tab.get_by_role("button", name="Preview my letter").click()
        expect(tab.get_by_text("The line is gone.")).to_be_visible()
        tab.context.set_offline(False)
        tab.get_by_role("button", name="Preview my letter").click()
        expect(tab.get_by_role("heading", name="These 2 letters will be sent")).to_be_visible()

    aside.do(look)
