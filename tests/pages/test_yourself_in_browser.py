"""Writing without us, in a real browser: copied, printed, handed to a mail program, by hand too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pages.aside import Aside
from tests.pages.serving import served
from tests.readers.cast import let_read
from tocsin.campaigns.models import Campaign
from tocsin.demo.sample import load_example
from tocsin.outcomes.said import said
from tocsin.pages.models import CampaignPage

PAGE = re.compile(rb"/Type\s*/Page[^s]")
WATCH_PRINT = "window.print = () => { window.sheets = [...document.querySelectorAll('.sheet')]\
.filter((sheet) => sheet.parentElement.matches('.printing')).length }"


@pytest.fixture
def site(db: None, static: None) -> Iterator[str]:
    """The example campaign, served."""
    let_read(load_example().organisation.slug)
    Campaign.objects.update(first_way="open")
    with served() as address:
        yield address


@pytest.fixture
def url(site: str) -> str:
    """Where the letters are."""
    page = CampaignPage.objects.get(locale__language_code="fr")
    return f"{site}{page.url}yourself/"


def both_letters(page: Page, url: str) -> None:
    """The ministry's and that of the embassy in France."""
    page.goto(url)
    page.select_option("#country", "FR")
    page.click("main form button")


def copied(page: Page, url: str) -> tuple[str, str, str]:
    """What the second button puts into the clipboard, the letter, and what is said then."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    both_letters(page, url)
    own = page.locator(".own").nth(1)
    own.locator(".copy").click()
    status = own.locator("[role=status]")
    status.filter(has_text=re.compile(r"\S")).wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    return text, own.locator("textarea").input_value(), status.inner_text()


def test_the_whole_letter_is_copied(aside: Aside, url: str) -> None:
    text, letter, told = aside.do(copied, url)
    assert text == letter
    assert len(letter) > 1500
    assert "[Votre nom]" in letter
    assert told == "Copié."


def selected(page: Page, url: str) -> tuple[int, int, bool]:
    """How much is selected where the clipboard is closed to us, of how much; and who is focused."""
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page.goto(url)
    page.click(".copy")
    page.wait_for_function("document.activeElement.matches('textarea')")
    area = page.locator("textarea")
    length = area.evaluate("area => area.selectionEnd - area.selectionStart")
    return length, len(area.input_value()), area.evaluate("area => area.readOnly")


def test_where_the_clipboard_is_closed_the_letter_is_selected(aside: Aside, url: str) -> None:
    length, whole, is_read_only = aside.do(selected, url)
    assert length == whole > 1500
    assert is_read_only


def on_paper(page: Page, url: str, folder: Path) -> tuple[list[str], int, str]:
    """What is seen on paper, how many sheets, and where the picture of the first is."""
    both_letters(page, url)
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": 700, "height": 990})
    picture = folder / "sheet.png"
    page.screenshot(path=picture)
    seen = page.locator("body").inner_text()
    return seen.splitlines(), len(PAGE.findall(page.pdf(format="A4"))), str(picture)


def test_each_letter_comes_on_a_sheet_of_its_own_and_nothing_else(
    aside: Aside, url: str, tmp_path: Path
) -> None:
    lines, sheets, picture = aside.do(on_paper, url, tmp_path)
    assert Path(picture).stat().st_size > 10_000
    text = "\n".join(lines)
    assert sheets in (2, 3, 4)  # a long letter goes on, on the next one
    for words in ("Lieu et date", "1 Example Square", "Excellence,", "Signature"):
        assert words in text
    for words in ("Quitter", "Copier", "messagerie", "Avez-vous", "cookie", "@", "Table", "["):
        assert words not in text
    assert text.count("Lieu et date") == 2


def printed(page: Page, url: str) -> tuple[int, list[bool], int]:
    """How many letters are marked as the printer starts; which are seen then; and after."""
    page.add_init_script(WATCH_PRINT)
    both_letters(page, url)
    page.locator(".print").nth(1).click()
    page.emulate_media(media="print")
    seen = [page.locator(".sheet").nth(number).is_visible() for number in (0, 1)]
    marked = page.evaluate("window.sheets")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    return marked, seen, page.locator(".printing").count()


def test_one_letter_is_printed_alone(aside: Aside, url: str) -> None:
    assert aside.do(printed, url) == (1, [False, True], 0)


def without_script(page: Page, url: str) -> tuple[list[str], int, str, str]:
    """All of it by hand: what buttons there are, letters, a link, and where one is at the end."""
    browser = page.context.browser
    assert browser
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        both_letters(page, url)
        buttons = page.locator("button:visible").all_inner_texts()
        letters = page.locator("textarea[readonly]").count()
        mailto = page.locator("a.mail").first.get_attribute("href") or ""
        while page.locator("[name=how]").count():  # who is too fast is asked again, and does it
            page.click("[name=how][value=post]")
        return buttons, letters, mailto, page.url


def test_without_script_everything_can_be_done(aside: Aside, url: str) -> None:
    buttons, letters, mailto, end = aside.do(without_script, url)
    assert buttons == [
        "Montrer les lettres",
        "J’ai écrit par courriel",
        "J’ai posté une lettre",
    ]
    assert letters == 2
    assert mailto.startswith("mailto:protocol@ministry.cn.example?subject=")
    assert end == f"{url}written/"
    assert said(Campaign.objects.get()) == 1


def carried_over(page: Page, url: str) -> tuple[str, list[str], str]:
    """What was typed in the form, in the letters; and where it can be read afterwards."""
    page.goto(url.removesuffix("yourself/"))
    page.check("[name=way][value=open]")
    page.fill("[name=given]", "Amina")
    page.fill("[name=own]", "Ma tante se tait.")
    page.select_option("[name=country]", "FR")
    page.click("[value=yourself]")
    page.wait_for_url(url)
    letters = [each.input_value() for each in page.locator("textarea").all()]
    return page.url, letters, page.content()


def test_the_words_come_along_from_the_form_and_the_name_does_not(aside: Aside, url: str) -> None:
    at, letters, source = aside.do(carried_over, url)
    assert at == url  # the address of the page tells nothing
    assert len(letters) == 2
    assert all("Ma tante se tait." in letter for letter in letters)
    assert "Amina" not in source
