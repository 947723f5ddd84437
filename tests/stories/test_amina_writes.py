"""Amina reads the page on her phone, writes, confirms; her letter arrives as it was shown."""

import re
import uuid

from playwright.sync_api import expect

from tests.eml import link_in, text_of
from tests.stories.conftest import Demo, Visit
from tests.stories.typing import OWN, confirm, fill, press, send_when_it_may, shown_letters
from tests.wait import until

HEADERS = {
    "X-Envelope-From", "X-Envelope-To", "From", "Reply-To", "To", "Subject", "Date", "Message-ID",
    "Content-Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


def test_amina_writes_and_both_letters_arrive_word_for_word(phone: Visit, demo: Demo) -> None:
    email = f"amina.{uuid.uuid4().hex}@mail.example"
    page = phone.page
    page.goto(demo.campaign_url)
    before = counted(phone, demo)
    fill(page, given="Amina", family="Yusuf", email=email, country="FR", own=OWN)
    press(page, "preview")
    promised = shown_letters(page)
    assert len(promised) == 2
    assert all("Amina Yusuf" in text and OWN in text for _, _, text in promised)
    assert page.input_value("[name=email]") == email, "what was typed is still there"

    send_when_it_may(page)
    expect(page.locator(".address")).to_contain_text(email)
    assert "check-mail" in page.url

    link = link_in(demo.mail(email))
    page.goto(link)
    assert shown_letters(page) == promised
    assert counted(phone, demo) == before, "looking at it has changed nothing"
    page.goto(link)
    page.click("form button.button")
    assert "thanks" in page.url

    until(lambda: len(demo.letters_of(email)) == 2, what="two letters")
    arrived = demo.letters_of(email)
    assert {(m["Subject"], text_of(m)) for m in arrived} == {(s, t) for _, s, t in promised}
    for mail in arrived:
        assert set(mail.keys()) == HEADERS
        assert mail["Reply-To"] == f"Amina Yusuf <{email}>"
        assert mail["From"].addresses[0].username.startswith("amina.yusuf.")
        assert mail["From"].addresses[0].domain == "letters.tocsin.example"
        assert str(mail["X-Envelope-To"]) == mail["To"].addresses[0].addr_spec
        assert mail.get_content_type() == "text/plain"
    until(lambda: counted(phone, demo) == before + 1, what="the counter")


def test_a_second_click_on_the_link_sends_nothing_twice(phone: Visit, demo: Demo) -> None:
    email = f"amina.{uuid.uuid4().hex}@mail.example"
    page = phone.page
    page.goto(demo.campaign_url)
    fill(page, given="Amina", family="", email=email, country="SN")
    send_when_it_may(page)
    confirm(phone, demo, email=email)
    until(lambda: demo.letters_of(email), what="the letter")
    page.goto(link_in(demo.mail(email)))
    assert "thanks" in page.url
    assert len(demo.letters_of(email)) == 1


def test_who_presses_too_soon_or_forgets_something_loses_nothing(phone: Visit, demo: Demo) -> None:
    page = phone.page
    page.goto(demo.campaign_url)
    page.fill("[name=given]", "Amina")
    page.fill("[name=own]", OWN)
    page.fill("[name=email]", "amina at mail.example")
    press(page, "send")
    assert page.title().startswith("Erreur")
    assert page.input_value("[name=given]") == "Amina"
    assert page.input_value("[name=own]") == OWN
    assert page.input_value("[name=email]") == "amina at mail.example"
    for name in ("way", "email", "country", "news"):
        link = page.locator(f"[role=alert] a[href='#id_{name}']")
        expect(link).to_have_count(1)
    page.locator("[role=alert] a[href='#id_email']").click()
    assert page.evaluate("document.activeElement?.id ?? ''") in ("id_email", "")


def counted(visit: Visit, demo: Demo) -> int:
    """The number on the page; nobody yet is said in words, without a bar."""
    text = visit.context.request.get(demo.campaign_url).text()
    found = re.search(r'<progress[^>]* value="(\d+)"', text)
    assert found or "Soyez" in text
    return int(found[1]) if found else 0
