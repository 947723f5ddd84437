"""Read a page as strictly as the standard allows, and ask it questions."""

import re
from collections import Counter
from http.cookies import SimpleCookie
from typing import Protocol
from xml.etree.ElementTree import Element

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
LOADED = {"link": "href", "img": "src", "script": "src", "iframe": "src", "source": "srcset"}
"""What a browser fetches without being asked."""
NEVER_RUN = "application/ld+json"
"""A script element of this type is text for machines: a browser does not look into it."""


class Answer(Protocol):
    """What Django or its test client answered."""

    status_code: int
    cookies: SimpleCookie

    @property
    def content(self) -> bytes:
        """The page."""


class Sheet:
    """A page that was answered, parsed; a page that is not valid is an error."""

    def __init__(self, answer: Answer) -> None:
        self.source = answer.content.decode()
        self.root: Element = html5lib.HTMLParser(strict=True).parse(self.source)

    def all(self, tag: str) -> list[Element]:
        """Every element of that name."""
        return list(self.root.iter(HTML + tag))

    def text(self) -> str:
        """All that can be read, with single spaces; those that may not break stay."""
        return re.sub(r"[ \t\r\n]+", " ", "".join(self.root.itertext()))

    @property
    def title(self) -> str:
        """What the tab says."""
        return (self.all("title")[0].text or "").strip()

    @property
    def language(self) -> str:
        """The language that the page says it is in."""
        return self.all("html")[0].get("lang", "")

    def by_id(self, name: str) -> Element:
        """The one element of that id."""
        (found,) = [element for element in self.root.iter() if element.get("id") == name]
        return found

    def value(self, name: str) -> str:
        """What stands in a field."""
        element = self.by_id(f"id_{name}")
        if element.tag == HTML + "textarea":
            return "".join(element.itertext())
        if element.tag == HTML + "select":
            chosen = [o for o in element.iter(HTML + "option") if o.get("selected") is not None]
            return chosen[0].get("value", "") if chosen else ""
        return element.get("value", "")

    def hidden(self, name: str) -> str:
        """The value of a hidden field."""
        (found,) = [e for e in self.all("input") if e.get("name") == name]
        return found.get("value", "")

    def repeated_ids(self) -> list[str]:
        """Ids that stand there more than once."""
        ids = Counter(element.get("id") for element in self.root.iter() if element.get("id"))
        return [str(name) for name, number in ids.items() if number > 1]

    def dead_anchors(self) -> list[str]:
        """References inside the page that lead nowhere."""
        ids = {element.get("id") for element in self.root.iter()}
        wanted = []
        for element in self.root.iter():
            for name in ("for", "aria-labelledby", "aria-describedby"):
                wanted += (element.get(name) or "").split()
            if (href := element.get("href") or "").startswith("#"):
                wanted.append(href[1:])
        return [name for name in wanted if name not in ids]

    def loaded(self) -> list[str]:
        """Addresses that the browser fetches by itself."""
        return [
            element.get(attribute) or ""
            for tag, attribute in LOADED.items()
            for element in self.all(tag)
            if element.get("rel") not in ("canonical", "alternate")
            and element.get("type") != NEVER_RUN
        ]

    def inline_code(self) -> list[str]:
        """Styles and scripts inside the page, which a strict content policy forbids."""
        tags = [element.tag for element in self.all("style")]
        scripts = [each for each in self.all("script") if each.get("type") != NEVER_RUN]
        tags += [each.tag for each in scripts if not each.get("src")]
        attributes = [
            name
            for element in self.root.iter()
            for name in element.attrib
            if name == "style" or name.startswith("on")
        ]
        return tags + attributes
