"""Mallory types Bruno's address; Bruno says that it was not him."""

import uuid

from playwright.sync_api import expect

from tests.eml import link_in
from tests.stories.conftest import Demo, Visit
from tests.stories.typing import confirm, take_part


def test_bruno_says_it_was_not_him_and_nothing_is_left(phone: Visit, demo: Demo) -> None:
    email = f"bruno.{uuid.uuid4().hex}@mail.example"
    take_part(phone, demo, email=email)
    link = link_in(demo.mail(email))
    phone.page.goto(link)
    phone.page.click("form[action*=refuse] button")
    assert "erased" in phone.page.url
    answer = phone.page.goto(link)
    assert answer is not None
    assert answer.status == 410
    assert demo.letters_of(email) == []


def test_bruno_is_shown_what_mallory_wrote_before_he_can_confirm_it(
    phone: Visit, demo: Demo
) -> None:
    email = f"bruno.{uuid.uuid4().hex}@mail.example"
    take_part(phone, demo, email=email, own="Bruno wrote this.")
    link = link_in(demo.mail(email))
    phone.page.goto(link)
    stale = phone.context.new_page()
    stale.goto(link)
    take_part(phone, demo, email=email, own="Mallory wrote this.")
    demo.mail(email, 2)
    stale.click("form button.button")
    expect(stale.locator(".draft").first).to_contain_text("Mallory wrote this.")
    assert "confirm" in stale.url


def test_a_stranger_sees_the_same_for_an_address_that_took_part(phone: Visit, demo: Demo) -> None:
    email = f"bruno.{uuid.uuid4().hex}@mail.example"
    take_part(phone, demo, email=email)
    unknown = phone.page.locator("main").inner_text()
    confirm(phone, demo, email=email)
    take_part(phone, demo, email=email)
    assert phone.page.locator("main").inner_text() == unknown
    assert "déjà" in demo.mail(email, 2)["Subject"]
