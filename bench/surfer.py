"""Somebody with a real browser, whose profile is searched afterwards."""

from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, sync_playwright

from bench.stage import Stage
from bench.visits import PAGE, Person
from tests.browser import arguments, find_chromium
from tests.stories.typing import fill, press, send_when_it_may
from tests.wait import until

FIRST = 800_000


def surf(stage: Stage) -> int:
    """Let one take part in a window as it comes, one in a private one; 0 if there is no browser.

    Each has a profile of its own; the browser is closed, so that all of it is written.
    """
    # In a thread of its own: whoever calls may have a browser open already.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_surf, stage).result()


def _surf(stage: Stage) -> int:
    program = find_chromium()
    if program is None:
        return 0
    surfers = (stage.profile, Person(FIRST)), (stage.private_profile, Person(FIRST + 1))
    with sync_playwright() as playwright:
        for profile, person in surfers:
            window = playwright.chromium.launch_persistent_context(
                profile, executable_path=program, args=arguments(), timeout=60_000
            )
            if profile is stage.private_profile:
                assert window.browser  # noqa: S101 - whoever was launched has one
                # What has no profile is, for the browser, a private window.
                _take_part(window.browser.new_context().new_page(), stage, person)
            else:
                _take_part(window.new_page(), stage, person)
            window.close()
    return len(surfers)


def _take_part(page: Page, stage: Stage, person: Person) -> None:
    page.goto(stage.url + PAGE)
    fill(page, **person.typed())
    press(page, "preview")
    page.wait_for_selector("#preview h3")
    send_when_it_may(page)
    link = until(
        lambda: stage.spool.links().get(person.address), within=120, what="a mail to confirm"
    )
    assert link  # noqa: S101 - it was waited for
    page.goto(link)
    page.click("form button.button")
