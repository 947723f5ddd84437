"""Amina sees what is kept about her, corrects it, and has it erased, with a phone and a mailbox."""

import json
import re
import uuid

from playwright.sync_api import expect

from tests.eml import link_in
from tests.stories.conftest import Demo, Visit
from tests.stories.test_amina_writes import counted
from tests.stories.typing import OWN, ask_for_data, confirm, take_part
from tests.wait import until


def test_amina_sees_and_erases_what_is_kept_and_the_number_stays(phone: Visit, demo: Demo) -> None:
    email = f"amina.{uuid.uuid4().hex}@mail.example"
    page = phone.page
    before = counted(phone, demo)
    take_part(phone, demo, email=email, own=OWN)
    confirm(phone, demo, email=email)
    until(lambda: len(demo.letters_of(email)) == 2, what="two letters")
    until(lambda: counted(phone, demo) == before + 1, what="the counter")

    ask_for_data(phone, demo, email=email)
    assert email not in page.content(), "the answer comes from no address"
    link = link_in(demo.mail(email, 2))
    assert email.split("@", maxsplit=1)[0] not in link
    page.goto(link)
    for words in ("Amina", "Yusuf", OWN):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator(".draft")).to_have_count(2)

    with page.expect_download() as waiting:
        page.click("a[href$='/download/']")
    kept = json.loads(waiting.value.path().read_text())
    assert kept["actions"][0]["own"] == OWN

    page.click("a[href$='/erase/']")
    expect(page.locator("main")).to_contain_text(email)
    page.click("main form button")
    assert page.url.endswith("/your-data/erased/?record=1")
    page.goto(link)
    expect(page.locator(".draft, section.kept")).to_have_count(0)
    assert counted(phone, demo) == before + 1


def test_amina_corrects_her_name_before_she_confirms(phone: Visit, demo: Demo) -> None:
    email = f"amina.{uuid.uuid4().hex}@mail.example"
    page = phone.page
    take_part(phone, demo, email=email)
    confirm_link = link_in(demo.mail(email))
    ask_for_data(phone, demo, email=email)
    page.goto(link_in(demo.mail(email, 2)))
    page.click("a[href*='/correct/']")
    page.fill("[name=given]", "Amīna")
    page.click("main form button")
    expect(page.locator("[role=status]")).to_have_count(1)
    page.goto(confirm_link)
    expect(page.locator(".draft").first).to_contain_text(re.compile("Amīna Yusuf"))
