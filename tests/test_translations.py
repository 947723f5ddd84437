"""Every sentence that a person may read exists in French, whole, and compiled."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parent.parent / "tocsin"
FRENCH = PACKAGE / "locale" / "fr" / "LC_MESSAGES"
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


@pytest.fixture(scope="module")
def french() -> Catalog:
    """The catalogue as it is written."""
    with (FRENCH / "django.po").open("rb") as file:
        return read_po(file, locale="fr")


def strings(message: Message) -> list[str]:
    """The French of an entry: one text, or singular and plural."""
    text = message.string or ""
    return [text] if isinstance(text, str) else list(text)


def test_every_marked_text_has_its_french(french: Catalog) -> None:
    missing = []
    for path, msgid in [*in_sources(), *in_templates()]:
        found = french.get(msgid if isinstance(msgid, str) else msgid[0])
        if not found or found.fuzzy or not all(strings(found)):
            missing.append((path.name, msgid))
    assert not missing


def test_templates_and_sources_are_really_searched() -> None:
    assert len(list(in_templates())) > 80
    assert len(list(in_sources())) > 150


def test_nothing_in_the_catalogue_is_unfinished_or_left_over(french: Catalog) -> None:
    marked = {m if isinstance(m, str) else m[0] for _p, m in [*in_sources(), *in_templates()]}
    kept = {m.id if isinstance(m.id, str) else m.id[0]: m for m in french if m.id}
    assert not [text for text, message in kept.items() if message.fuzzy or not message.string]
    assert not french.obsolete
    assert sorted(set(kept) - marked) == []


def test_the_compiled_catalogue_is_the_written_one(french: Catalog) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, french)
    fresh.seek(0)
    with (FRENCH / "django.mo").open("rb") as file:
        assert [str((m.id, m.string)) for m in read_mo(file)][1:] == [
            str((m.id, m.string)) for m in read_mo(fresh)
        ][1:]


def test_placeholders_and_tags_survive_the_translation(french: Catalog) -> None:
    for message in french:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        translated = strings(message)[-1]
        for pattern in (r"%\(\w+\)[sd]", r"</?\w+[^>]*>"):
            assert sorted(re.findall(pattern, english)) == sorted(re.findall(pattern, translated))


def test_french_spaces_are_kept_together_and_nobody_is_a_target(french: Catalog) -> None:
    for message in french:
        for text in strings(message) if message.id else []:
            bare = re.sub(r"%\(\w+\)[sd]|<[^>]*>|=\?", "", text)
            assert not re.search(
                r"[^\u00a0\u202f:?!][:;?!»](?=\s|$)|«[^\u00a0\u202f]| [:;?!»]", bare
            )
            assert "'" not in bare
            assert not re.search(r"\bcibles?\b", bare)
