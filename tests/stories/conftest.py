"""The whole of Tocsin, running as `make demo` runs it, and a browser in front of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.browser import REMEDY, arguments, find_chromium
from tests.eml import parse
from tests.wait import until

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}

HIDDEN = """async () => [
    sessionStorage.length,
    (await indexedDB.databases()).length,
    (await caches.keys()).length,
    (await navigator.serviceWorker.getRegistrations()).length,
]"""


@dataclass(frozen=True)
class Demo:
    """A running demo: where its pages are, where its mail arrives."""

    campaign_url: str
    campaign_url_en: str
    post_box_url: str
    mail_dir: Path
    office_url: str
    office_user: str
    office_password: str
    database_url: str

    @property
    def site(self) -> str:
        """The address of the site, without a path."""
        return self.office_url.removesuffix("/office/")

    def mails(self, address: str) -> list[EmailMessage]:
        """What has arrived for an address so far, in the order of arrival."""
        found = [parse(path.read_bytes()) for path in sorted(self.mail_dir.glob("*.eml"))]
        return [mail for mail in found if address in str(mail["X-Envelope-To"])]

    def letters_of(self, email: str) -> list[EmailMessage]:
        """The letters that have arrived anywhere, and whose answers would go to `email`."""
        return [mail for mail in self.mails("@") if email in str(mail["Reply-To"])]

    def mail(self, address: str, number: int = 1) -> EmailMessage:
        """The mail of that number for an address; waits for it."""
        return until(lambda: self.mails(address)[number - 1 :], what=f"mail for {address}")[0]


def start_demo(home: Path, *options: str) -> tuple[subprocess.Popen[bytes], Demo]:
    """`tocsin demo` on free ports with its data in `home`, once it says that it is ready."""
    ready = home / "ready.json"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TOCSIN_", "DJANGO_"))}
    clean.pop("DATABASE_URL", None)
    said = home / "said.txt"
    command = [sys.executable, "-m", "tocsin.cli", "demo", "--data", str(home / "data")]
    command += ["--port", "0", "--mail-port", "0", "--post-box-port", "0"]
    command += ["--ready-file", str(ready), *options]
    with said.open("w") as out:
        process = subprocess.Popen(command, env=clean, stdout=out, stderr=subprocess.STDOUT)
    until(lambda: ready.exists() or process.poll() is not None, within=170, what="the demo")
    if process.poll() is not None:
        pytest.fail(f"the demo did not start:\n{said.read_text()}")
    told = json.loads(ready.read_text())
    return process, Demo(**{**told, "mail_dir": Path(told["mail_dir"])})


def stop_demo(process: subprocess.Popen[bytes]) -> int:
    """What Ctrl-C does; returns the exit code, which comes within ten seconds."""
    process.send_signal(signal.SIGINT)
    return process.wait(timeout=15)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all stories; each has its own address, so none is in another's way."""
    process, running = start_demo(tmp_path_factory.mktemp("demo"))
    yield running
    assert stop_demo(process) == 0


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium, for tests that do without the database of this process: see `aside`."""
    path = need_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments())
        yield browser
        browser.close()


def need_chromium() -> str:
    """Where it is; without one a test is skipped, and fails in continuous integration."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(REMEDY)
    return path


class Visit:
    """One person's browser: what it asked for, what it kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", lambda message: self._listen(message.text))
        self.page: Page = context.new_page()

    def strangers(self, own: str) -> list[str]:
        """Every address that was asked for beyond the site itself."""
        return [url for url in self.asked if not url.startswith((own, "data:", "blob:"))]

    def kept(self) -> object:
        """Cookies, and what a script could have stored."""
        return self.context.cookies(), self.context.storage_state(indexed_db=True)["origins"]

    def hidden(self) -> object:
        """What a script of this page could have stored where no state of the browser shows it."""
        return self.page.evaluate(HIDDEN)

    def _listen(self, said: str) -> None:
        """The browser says in its console what the policy of a page made it refuse."""
        if "Content Security Policy" in said or "Trusted" in said:
            self.refused.append(said)


@pytest.fixture(params=["with", "without"], ids=["with JavaScript", "without JavaScript"])
def phone(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Visit]:
    """A small phone, with and without JavaScript."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=request.param == "with")
    yield Visit(context)
    context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Visit]:
    """A wide screen."""
    context = chromium.new_context(viewport=DESK)
    yield Visit(context)
    context.close()
