"""A browser in a thread of its own, for tests that use the database of this process as well."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import arguments

P = ParamSpec("P")
T = TypeVar("T")


class Aside:
    """Where the browser is: Django and Playwright do not bear each other in one thread."""

    def __init__(self, browser: Browser, pool: ThreadPoolExecutor) -> None:
        self._browser, self._pool = browser, pool

    def do(self, look: Callable[Concatenate[Page, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `look` finds with the page of a browser that has no history, and keeps none."""

        def look_there() -> T:
            with self._browser.new_context() as context:
                return look(context.new_page(), *args, **kwargs)

        return self._pool.submit(look_there).result()


@contextmanager
def browser_aside(path: str, *more: str) -> Iterator[Aside]:
    """The Chromium at `path`, started with `more` arguments, for as long as it takes."""
    with ThreadPoolExecutor(1) as pool:
        playwright = pool.submit(lambda: sync_playwright().start()).result()
        launch = playwright.chromium.launch
        browser = pool.submit(launch, executable_path=path, args=[*arguments(), *more]).result()
        try:
            yield Aside(browser, pool)
        finally:
            pool.submit(browser.close).result()
            pool.submit(playwright.stop).result()
