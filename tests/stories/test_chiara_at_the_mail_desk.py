"""Chiara at the mail desk: she sees why a letter is held, corrects the address, and it goes."""

import re
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Demo, Visit
from tests.stories.test_chiara_looks_after_it import enter
from tests.stories.typing import confirm, take_part
from tests.wait import until

WORDS = "550 5.1.1 user unknown, says the ministry's server"
OURS = ".mail-desk"

HOLD = """
    WITH held AS (
        UPDATE tocsin_message AS message
        SET state = 'held', reason = 'mailbox_invalid', tried = 1, attempts = 1
        FROM tocsin_mailbox AS box WHERE box.id = mailbox_id AND box.address = %(address)s
        AND message.state = 'ready' RETURNING message.id
    )
    INSERT INTO tocsin_attempt (message_id, number, at, outcome, phase, code, enhanced, text)
    SELECT id, 1, date_trunc('hour', now()), 'mailbox_invalid', 'rcpt', 550, '5.1.1', %(words)s
    FROM held RETURNING message_id
"""
MINISTRY = """
    SELECT address FROM tocsin_mailbox AS box
    JOIN tocsin_message AS message ON message.mailbox_id = box.id WHERE box.state = 'ok'
    GROUP BY address ORDER BY count(*) DESC, address
"""
"""To it goes a letter of everybody; to an embassy only those from one country."""
CLOSE = "UPDATE tocsin_mailbox SET state = 'invalid', words = %(words)s WHERE address = %(address)s"
OPEN = "UPDATE tocsin_mailbox SET state = 'ok', words = '' WHERE address = %(address)s"
CORRECT = "UPDATE tocsin_targetaddress SET address = %(address)s WHERE address = %(right)s"


@pytest.fixture
def closed(desk: Visit, demo: Demo) -> Iterator[tuple[str, str]]:
    """A mailbox of a ministry that does not exist any more, and the right address of it."""
    with psycopg.connect(demo.database_url, autocommit=True) as database:
        write(desk, demo)
        found = until(lambda: database.execute(MINISTRY).fetchall(), what="a mailbox")[0]
        right = f"right.{uuid.uuid4().hex}@mfa.example"
        asked = {"address": found[0], "words": WORDS, "right": right}
        database.execute(CLOSE, asked)
        yield found[0], right
        database.execute(CORRECT, asked)
        database.execute(OPEN, asked)


def write(desk: Visit, demo: Demo) -> None:
    """Somebody takes part, and confirms."""
    email = f"amina.{uuid.uuid4().hex}@mail.example"
    take_part(desk, demo, email=email)
    confirm(desk, demo, email=email)


def a_held_letter(desk: Visit, demo: Demo, address: str) -> None:
    """Somebody writes to it; its server says that nobody is there."""
    write(desk, demo)
    asked = {"address": address, "words": WORDS}
    with psycopg.connect(demo.database_url, autocommit=True) as database:
        until(lambda: database.execute(HOLD, asked).fetchall(), what="a letter to hold")


def at_the_desk(desk: Visit, demo: Demo) -> Page:
    desk.context.set_extra_http_headers({"Accept-Language": "en"})
    enter(desk, demo)
    desk.page.goto(f"{demo.office_url}mail/")
    return desk.page


def test_a_held_letter_goes_when_its_address_is_corrected(
    desk: Visit, demo: Demo, closed: tuple[str, str]
) -> None:
    address, right = closed
    a_held_letter(desk, demo, address)
    page = at_the_desk(desk, demo)
    page.click(f"{OURS} a:has-text('the mailbox does not exist')")
    page.locator("tbody tr", has_text=address).first.locator("th a").click()
    expect(page.locator(OURS)).to_contain_text(WORDS)
    expect(page.locator(OURS)).to_contain_text("550 5.1.1")
    page.click(f"{OURS} dd a:has-text('{address}')")
    expect(page.locator(OURS)).to_contain_text("does not exist: its letters are held")
    page.fill("[name=right]", "nobody")
    page.click("button[value=correct]")
    expect(page.locator(".error-message")).to_have_text(
        "This is not an address that mail could go to."
    )
    page.fill("[name=right]", right)
    page.click("button[value=correct]")
    expect(page.locator(".messages")).to_contain_text(re.compile("goe?s? again"))
    assert right in str(demo.mail(right)["To"])
    assert desk.strangers(demo.site) == []


def test_the_desk_fetches_its_figures_again_while_it_is_open(desk: Visit, demo: Demo) -> None:
    desk.page.clock.install()
    page = at_the_desk(desk, demo)
    desk.asked.clear()
    page.clock.run_for(11_000)
    until(lambda: any("/office/mail/now/" in url for url in desk.asked), what="a second look")
    expect(page.locator("[data-mail-now]")).to_contain_text("What waits")


def test_every_button_is_reached_by_the_keyboard(
    desk: Visit, demo: Demo, closed: tuple[str, str]
) -> None:
    a_held_letter(desk, demo, closed[0])
    page = at_the_desk(desk, demo)
    page.goto(f"{demo.office_url}mail/messages/")
    page.locator("[name=seen]").first.focus()
    page.keyboard.press("Space")
    page.locator("button[value=hold]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("moved on")


def places(page: Page, demo: Demo) -> list[str]:
    """Every list, and the first row of each."""
    lists = [f"{demo.office_url}waiting/", f"{demo.office_url}mail/"]
    names = ("messages", "mailboxes", "domains", "routes", "our-domains", "mailings", "incidents")
    for name in names:
        lists.append(f"{demo.office_url}mail/{name}/")
        page.goto(lists[-1])
        first = page.locator(f"{OURS} tbody th a").first
        if first.count():
            lists.append(demo.site + str(first.get_attribute("href")))
    return lists
