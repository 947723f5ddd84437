"""Gulnar, whose relatives live there: she takes part, and nobody learns that it is she."""

import uuid
from urllib.parse import parse_qs

from playwright.sync_api import Page, expect

from tests.eml import name_in, text_of
from tests.stories.conftest import Demo, Visit
from tests.stories.typing import confirm, press, send_when_it_may
from tests.wait import until

OWN = "Une voix de plus."
TELLING = "Je m’appelle Gulnar, +33 6 12 34 56 78."


def an_address() -> str:
    return f"gulnar.{uuid.uuid4().hex}@mail.example"


def fill_shielded(page: Page, *, email: str, own: str) -> None:
    page.check("[name=way][value=shielded]")
    page.fill("[name=email]", email)
    page.select_option("[name=country]", "NO")
    page.fill("[name=own]", own)
    page.locator(".permission [name=send]:visible").check()
    page.check("#id_news_no")


def test_gulnar_takes_part_and_the_ministry_reads_a_supporter_in_norway(
    phone: Visit, demo: Demo
) -> None:
    letters_alone = str.maketrans("0123456789", "ghijklmnop")  # digits could be a telephone number
    email, marker = an_address(), f"{OWN} {uuid.uuid4().hex[:12].translate(letters_alone)}"
    page = phone.page
    page.goto(demo.campaign_url)
    expect(page.locator("[name=given]")).to_be_visible()
    fill_shielded(page, email=email, own=marker)
    expect(page.locator("[name=given]")).to_be_hidden()
    assert page.locator(".permission:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    send_when_it_may(page)
    confirm(phone, demo, email=email)
    expect(page.locator("h1")).to_contain_text("six heures")

    mine = until(
        lambda: [m for m in demo.mails("protocol@ministry") if marker in text_of(m)],
        what="her letter",
    )
    [letter] = mine
    assert name_in(letter, "From").startswith("A supporter in Norway via ")
    assert letter["From"].addresses[0].addr_spec.startswith("supporter.")
    assert letter["Reply-To"] is None
    whole = letter.as_string().casefold()
    assert "gulnar" not in whole
    assert email.partition("@")[0] not in whole
    assert phone.refused == []
    assert phone.strangers(demo.site) == []
    assert phone.kept() == ([], [])


def test_words_that_tell_who_she_is_are_shown_and_asked_about_once(
    phone: Visit, demo: Demo
) -> None:
    page = phone.page
    page.goto(demo.campaign_url)
    fill_shielded(page, email=an_address(), own=TELLING)
    press(page, "send")
    expect(page.locator("[role=alert]")).to_contain_text("ils peuvent dire qui vous êtes")
    expect(page.locator(".telltales .found")).to_contain_text("+33 6 12 34 56 78")
    page.check("[name=sure]")
    send_when_it_may(page)
    expect(page.locator("h1")).to_contain_text("messagerie")


def test_the_page_warns_while_she_types_and_sends_nothing_for_it(desk: Visit, demo: Demo) -> None:
    page = desk.page
    page.goto(demo.campaign_url_en)
    before = len(desk.asked)
    warning = page.locator(".telltales")
    fill_shielded(page, email="gulnar.osman@mail.example", own="I ask for news.")
    expect(warning).to_be_hidden()
    for typed, found in (
        ("Ask Osman.", "Osman"),
        ("My name is nobody's.", "My name is"),
        ("Write to g@x.example.", "g@x.example"),
        ("I live at 12 Long Wharf Street now.", "12 Long Wharf Street"),
        ("J’habite 3 rue des Lilas.", "3 rue"),
        ("Call +47 22 33 44 55.", "+47 22 33 44 55"),
    ):
        page.fill("[name=own]", typed)
        expect(warning).to_be_visible()
        assert found in warning.locator(".found").inner_text()
    page.fill("[name=own]", "Since 2018-08-30 a million people, 2017–2019.")
    expect(warning).to_be_hidden()
    assert [url for url in desk.asked[before:] if not url.endswith(".svg")] == []
    assert desk.refused == []


def test_the_risk_check_suggests_a_way_and_no_answer_leaves(desk: Visit, demo: Demo) -> None:
    page = desk.page
    sent: list[str] = []
    desk.context.on("request", lambda request: sent.append(request.post_data or request.url))
    page.goto(demo.campaign_url_en)
    page.set_viewport_size({"width": 360, "height": 740})
    sent.clear()
    page.locator(".risk summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".risk .guidance")).to_be_hidden()
    page.locator("#risk_relatives").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-advice=lent]")).to_be_visible()
    expect(page.locator("[data-advice=open]")).to_be_hidden()
    page.locator(".risk .pick button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=way][value=lent]")).to_be_checked()
    expect(page.locator("[name=way][value=lent]")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [url for url in sent if not url.endswith(".svg")] == []
    fill_shielded(page, email=an_address(), own="")
    press(page, "preview")
    forms = [text for text in sent if "issued=" in text]
    names = {
        "issued", "way", "given", "family", "email", "country", "own", "letter", "send", "news",
        "step", "variant",
    }  # fmt: skip
    # The line is tried first, then the browser sends the same.
    assert [set(parse_qs(form, keep_blank_values=True)) for form in forms] == [names] * 2
    page.reload()
    assert page.locator(".risk input:checked").count() == 0
    assert desk.kept() == ([], [])
    assert desk.refused == []


def test_without_javascript_the_same_advice_stands_as_text(phone: Visit, demo: Demo) -> None:
    page = phone.page
    page.goto(demo.campaign_url)
    page.click(".risk summary")
    shown = page.locator(".risk").inner_text()
    for words in ("proches ou des amis", "passeport", "cet appareil"):
        assert words in shown
    expect(page.locator("p.note", has_text="Même protégé·e")).to_be_visible()
