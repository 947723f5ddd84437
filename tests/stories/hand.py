"""A hand that is counted: each click and each field is one action, by mouse or by keyboard."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 250
HERE = "element => element === document.activeElement"
SAME_NAME = "element => element.name === document.activeElement.name"
"""Of radio buttons Tab comes to one; the arrows go to the others."""


class Hand:
    """What somebody does with a page; `count` is how often they did something."""

    def __init__(self, page: Page, *, by_keyboard: bool = False) -> None:
        self.page, self.by_keyboard, self.count = page, by_keyboard, 0

    def click(self, selector: str) -> None:
        """Press a button, follow a link."""
        self.count += 1
        found = self._found(selector)
        if self.by_keyboard:
            self._reach(found)
            self.page.keyboard.press("Enter")
        else:
            found.click()

    def tick(self, selector: str) -> None:
        """Choose a box or a way."""
        self.count += 1
        found = self._found(selector)
        if not self.by_keyboard:
            found.check()
        elif found.get_attribute("type") == "radio":
            self._reach(found, there=SAME_NAME)
            self.page.keyboard.press("Space")
            while not found.is_checked():
                self.page.keyboard.press("ArrowDown")
        else:
            self._reach(found)
            self.page.keyboard.press("Space")

    def paste(self, selector: str, words: str) -> None:
        """Put a text into a field, in place of what stood there."""
        self.count += 1
        found = self._found(selector)
        if self.by_keyboard:
            self._reach(found)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(words)
        elif found.get_attribute("contenteditable"):
            found.click()
            self.page.keyboard.insert_text(words)
        else:
            found.fill(words)

    def choose(self, selector: str, label: str) -> None:
        """Choose one of a list."""
        self.count += 1
        found = self._found(selector)
        if self.by_keyboard:
            self._reach(found)
            self.page.keyboard.type(label)
        else:
            found.select_option(label=label)

    def pick(self, selector: str, label: str) -> None:
        """Choose one of a list that is searched while one types."""
        self.count += 1
        found = self._found(selector)
        if not self.by_keyboard:
            self.page.get_by_role("option", name=label, exact=True).click()
            return
        self._reach(found)
        self.page.keyboard.type(label)
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def _found(self, selector: str) -> Locator:
        found = self.page.locator(selector).first
        found.wait_for()
        return found

    def _reach(self, found: Locator, *, there: str = HERE) -> None:
        """Press Tab until the keyboard is there."""
        for _stop in range(MOST_STOPS):
            if found.evaluate(there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not come to {found}")
