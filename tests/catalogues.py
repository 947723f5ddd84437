"""What is marked for translation, what of it the public reads, and the catalogues that answer."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import wagtail
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parent.parent / "tocsin"
SOURCE = "en"
OFFICE = tuple(code for code, _ in settings.OFFICE_LANGUAGES if code != SOURCE)
PUBLIC = tuple(code for code, _ in settings.LANGUAGES if code not in (*OFFICE, SOURCE))
"""Languages in which everything is said, and those in which the public's part is."""

# What a visitor meets, on a page or in a mail; in these folders all but what only the office shows.
SEEN = (
    "templates/pages/*", "templates/pages/story/*", "templates/mail/*", "pages/*.py",
    "actions/ask.py", "letters/draft.py",
    "letters/collective.py", "letters/own.py", "privacy/ask.py",
)  # fmt: skip
UNSEEN = ("pages/models.py", "pages/blocks.py", "pages/page_form.py", "pages/publishing.py")
KINDS = (
    *("ministry", "embassy", "head of state", "member of parliament", "company", "institution"),
)
"""Marked where the office names its fields, and shown under each name on the public pages."""

CALLS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
}
"""What marks a text for translation, and how many texts it takes: singular and plural."""

Msgid = str | tuple[str, ...]


def msgids(source: str, *, name: str) -> Iterator[Msgid]:
    """The texts marked in a Python source, in which a template may be written, too."""
    for node in ast.walk(ast.parse(source, name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if number := CALLS.get(called):
            texts = [a.value for a in node.args[:number] if isinstance(a, ast.Constant)]
            if len(texts) == number and all(isinstance(text, str) for text in texts):
                yield str(texts[0]) if number == 1 else tuple(map(str, texts))


def in_templates() -> Iterator[tuple[Path, Msgid]]:
    """The texts of the templates: Django turns them into calls of gettext, one after another."""
    for path in sorted(PACKAGE.glob("templates/**/*.*")):
        calls = re.findall(
            r"(?:ngettext|gettext|_)\((?:[^()]|\"[^\"]*\"|'[^']*')*\)",
            templatize(path.read_text(encoding="utf-8"), origin=str(path)),
        )
        for call in calls:
            for msgid in msgids(call, name=str(path)):
                yield path, msgid


def in_sources() -> Iterator[tuple[Path, Msgid]]:
    """The texts of the Python files."""
    for path in sorted(PACKAGE.glob("**/*.py")):
        for msgid in msgids(path.read_text(encoding="utf-8"), name=str(path)):
            yield path, msgid


def _key(msgid: Msgid) -> str:
    """By what a catalogue finds a text: its singular."""
    return msgid if isinstance(msgid, str) else msgid[0]


@cache
def everything() -> dict[str, Msgid]:
    """All that is marked, by its singular."""
    found = [msgid for _path, msgid in (*in_sources(), *in_templates())]
    return {
        _key(msgid): msgid for msgid in sorted(found, key=lambda each: not isinstance(each, str))
    }


def public_places() -> dict[Msgid, set[str]]:
    """What the public reads, and in which files it stands."""
    seen = {path for pattern in SEEN for path in PACKAGE.glob(pattern)}
    seen -= {PACKAGE / name for name in UNSEEN}
    places: defaultdict[str, set[str]] = defaultdict(set)
    for path, msgid in (*in_sources(), *in_templates()):
        if path in seen or _key(msgid) in KINDS:
            places[_key(msgid)].add(str(path.relative_to(PACKAGE)))
    return {everything()[key]: files for key, files in places.items()}


@cache
def wanted(language: str) -> dict[str, Msgid]:
    """What has to be said in a language, by its singular."""
    if language in OFFICE:
        return everything()
    return {_key(msgid): msgid for msgid in public_places()}


def folder(language: str) -> Path:
    """Where a language's catalogue lies."""
    return PACKAGE / "locale" / to_locale(language) / "LC_MESSAGES"


@cache
def catalogue(language: str) -> Catalog:
    """The catalogue as it is written."""
    with (folder(language) / "django.po").open("rb") as file:
        return read_po(file, locale=to_locale(language))


def written(language: str) -> dict[str, Message]:
    """The entries of a catalogue by their singular, without its head."""
    entries = [message for message in catalogue(language) if message.id]
    return {each.id if isinstance(each.id, str) else each.id[0]: each for each in entries}


@cache
def wagtails(language: str = SOURCE) -> set[str]:
    """What Wagtail says: its texts in English, or its own translation of them."""
    found: set[str] = set()
    for path in Path(wagtail.__file__).parent.glob(f"**/locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for each in read_po(file):
                singular = each.id if isinstance(each.id, str) else each.id[0]
                found.add(singular if language == SOURCE else strings(each)[0])
    return found - {""}


def strings(message: Message) -> list[str]:
    """The translation of an entry: one text, or one for each plural form."""
    text = message.string or ""
    return [text] if isinstance(text, str) else list(text)
