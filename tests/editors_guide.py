"""Lay out the guide for editors for the office: `make guide`."""

import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "docs" / "editors"
PLACE = ROOT / "tocsin" / "templates" / "office" / "help"
STATIC = ROOT / "tocsin" / "static"
PICTURES = STATIC / "tocsin" / "editors"
LANGUAGES = ("en", "fr")

PICTURE = re.compile(r"!\[(.+)\]\(\.\./\.\./tocsin/static/(.+)\)")
KINDS = {"title": "# ", "heading": "## ", "picture": "![", "points": "- ", "table": "| "}
"""How a line begins, by what it is; a step begins with its number, and all else is text."""
INLINE = (
    (r"\*\*(.+?)\*\*", r"<strong>\1</strong>"),
    (r"\*(.+?)\*", r"<em>\1</em>"),
    (r"`(.+?)`", r"<code>\1</code>"),
)


def source(language: str) -> str:
    """The guide as it is written."""
    return (SOURCES / f"guide.{language}.md").read_text(encoding="utf-8")


def lines_of(text: str) -> list[tuple[str, str]]:
    """Each line that is not empty, with what it is."""
    return [(_kind(line), line) for line in text.splitlines() if line and line[:2] != "|-"]


def _kind(line: str) -> str:
    if re.match(r"\d+\. ", line):
        return "steps"
    return next((kind for kind, begins in KINDS.items() if line.startswith(begins)), "text")


def laid_out(text: str) -> str:
    """The same as a part of a page that has its title already."""
    lines = lines_of(text)
    headings = [line for kind, line in lines if kind == "heading"]
    parts = ["{% load static %}"]
    for kind, group in groupby(lines, key=lambda each: each[0]):
        if kind == "heading" and headings:
            parts.append(_contents(headings))
            headings = []
        parts += BLOCKS[kind]([line for _kind, line in group])
    return "\n".join(parts) + "\n"


def _contents(headings: list[str]) -> str:
    links = [f'<li><a href="#{_key(each)}">{_words(each[3:])}</a></li>' for each in headings]
    return f'<nav aria-label="{{{{ page_title }}}}"><ol>{"".join(links)}</ol></nav>'


def _key(heading: str) -> str:
    return re.sub(r"\W+", "-", heading[3:].lower()).strip("-")


def _words(line: str) -> str:
    said = escape(line, quote=False)
    for pattern, html in INLINE:
        said = re.sub(pattern, html, said)
    return said


def _list(tag: str, lines: list[str]) -> Iterator[str]:
    yield f"<{tag}>"
    yield from (f"<li>{_words(line.split(' ', 1)[1])}</li>" for line in lines)
    yield f"</{tag}>"


def _picture(line: str) -> str:
    found = PICTURE.fullmatch(line)
    assert found, line
    address = f'{{% static "{found[2]}" %}}'
    return f'<p><img src="{address}" alt="{escape(found[1])}" loading="lazy"></p>'


def _table(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        first, second = (_words(cell.strip()) for cell in line.strip("|").split("|"))
        cells = f'<th scope="row">{first}</th><td>{second}</td>'
        if not number:
            cells = f'<th scope="col">{first}</th><th scope="col">{second}</th>'
        yield f"{'' if number else '<table>'}<tr>{cells}</tr>"
    yield "</table>"


BLOCKS: dict[str, Callable[[list[str]], Iterator[str]]] = {
    "title": lambda _lines: iter(()),
    "heading": lambda lines: (f'<h2 id="{_key(each)}">{_words(each[3:])}</h2>' for each in lines),
    "text": lambda lines: (f"<p>{_words(line)}</p>" for line in lines),
    "picture": lambda lines: (_picture(line) for line in lines),
    "points": lambda lines: _list("ul", lines),
    "steps": lambda lines: _list("ol", lines),
    "table": _table,
}


def main() -> None:
    """Write it in each language."""
    PLACE.mkdir(exist_ok=True)
    for language in LANGUAGES:
        (PLACE / f"{language}.html").write_text(laid_out(source(language)), encoding="utf-8")


if __name__ == "__main__":
    main()
