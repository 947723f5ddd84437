"""Take the pictures of the guide for editors anew, in each of its languages: `make screenshots`."""

import io
from collections.abc import Iterator

import psycopg
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page

from tests.demo_in_browser import demo_in_browser, enter_office
from tests.editors_guide import LANGUAGES, PICTURES
from tests.stories.conftest import DESK, Demo
from tests.wait import until

WIDTH, QUALITY = 960, 40
TITLES = {"en": "Where are they?", "fr": "Où sont-ils ?"}
LIST = """short name,kind,country,language,name,salutation,e-mail
ministry-xa,ministry,CN,en,Ministry of Public Order,Excellency,order@state.example
ministry-xb,ministry,CN,en,Ministry of Justice,Excellency,justice@state.example
ministry xc,ministry,CN,en,Ministry of Nothing,Excellency,nothing@state.example
"""
"""Of whom nobody was ever; one short name is not in order."""

COUNTED = """
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT campaign.id, known.by, current_date - ago, known.name, (30 - ago) * 7 % 23 + known.most
    FROM (SELECT id FROM tocsin_campaign ORDER BY id LIMIT 1) AS campaign
    CROSS JOIN generate_series(1, 29) AS ago
    CROSS JOIN (VALUES ('country', 'FR', 40), ('country', 'KZ', 12), ('country', 'DE', 10),
        ('language', 'fr', 40), ('language', 'en', 12), ('way', 'open', 40), ('way', 'lent', 12),
        ('variant', '1', 30), ('variant', '2', 25)) AS known (by, name, most)
    ON CONFLICT DO NOTHING
"""
SUMMED = """
    INSERT INTO tocsin_tally (campaign_id, confirmed, erased, voices, erased_voices)
    SELECT campaign_id, sum(number), 0, 0, 0 FROM tocsin_daycount WHERE by = 'country'
    GROUP BY campaign_id
    ON CONFLICT (campaign_id) DO UPDATE SET confirmed = excluded.confirmed
"""
"""A month in which people came, so that the board has something to show."""


def main() -> None:
    """Run a demo, go through its office, and keep what an editor sees."""
    PICTURES.mkdir(exist_ok=True)
    with demo_in_browser() as (demo, browser):
        with psycopg.connect(demo.database_url, autocommit=True) as database:
            database.execute(COUNTED)
            database.execute(SUMMED)
        for language in LANGUAGES:
            take(browser, demo, language)


def take(browser: Browser, demo: Demo, language: str) -> None:
    """All pictures in one language."""
    page = browser.new_page(viewport=DESK, locale=language, reduced_motion="reduce")
    enter_office(page, demo)
    for name in look_around(page, demo.office_url, language):
        keep(f"{name}.{language}", page.screenshot())
    page.close()


def look_around(page: Page, office: str, language: str) -> Iterator[str]:
    """The screens of the guide, one after the other."""
    page.goto(f"{office}campaign/new/")
    page.fill("[name=title]", TITLES[language])
    page.fill("[name=slug]", f"spring-{language}")
    page.select_option("[name=language]", language)
    page.click(".guide form button[type=submit]")
    page.wait_for_url("**/office/campaign/*/?saved")
    yield "overview"
    page.goto(f"{office}campaign/{first(page, office)}/")
    campaign = page.url
    page.click(f".guide .mail-more a:has-text('({language})')")
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")
    page.locator("[name=lead]").evaluate("field => field.scrollIntoView()")
    yield "editor"
    for name, place in (("targets", "targets/"), ("letter", f"letter/{language}/")):
        page.goto(f"{campaign}{place}")
        yield name
    page.goto(f"{office}board/")
    yield "board"
    page.goto(f"{office}mail/")
    yield "mail"
    yield from read_a_list(page, office)


def first(page: Page, office: str) -> str:
    """The number of the example campaign: the first that there was."""
    page.goto(f"{office}campaigns/")
    found = page.locator("main a[href^='/office/campaign/']")
    links = [str(each.get_attribute("href")) for each in found.all()]
    return str(min(int(link.strip("/").split("/")[2]) for link in links))


def read_a_list(page: Page, office: str) -> Iterator[str]:
    """An import that is checked, and has a bad row."""
    file = FilePayload(name="ministries.csv", mimeType="text/csv", buffer=LIST.encode())
    page.goto(f"{office}targets/import/")
    page.set_input_files("[name=file]", file)
    page.click(".mail-form button")
    page.click("button[value=check]")

    def is_checked() -> bool:
        page.reload()
        return bool(page.locator("button[value=run]").count())

    until(is_checked, what="the check of the list")
    yield "import"


def keep(name: str, picture: bytes) -> None:
    """Write a picture, small enough for a repository."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)))
    image.save(PICTURES / f"{name}.webp", "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
