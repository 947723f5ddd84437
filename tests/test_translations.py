"""Every sentence that a person may read is said in their language, whole, and compiled."""

import io
import re

import pytest
from babel.messages.mofile import read_mo, write_mo
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from tests.catalogues import (
    OFFICE,
    PACKAGE,
    PUBLIC,
    catalogue,
    folder,
    in_sources,
    in_templates,
    strings,
    wagtails,
    wanted,
    written,
)

FORMS = {"zh-hans": 1}
"""How many forms a language has for a number of things, where it is not two."""

DJANGOS = {
    "kk": "January February March April May June July August September October November December"
}
"""Words of Django's that we say in another way: Kazakh months are small inside a date."""

ALIKE = {
    "fr": {"Organisation", "institution"},
    "de": {"Organisation"},
    "es": {"Error:", "No"},
}
"""Words for the public that are the same in English."""

SCRIPTS = {"ug": r"[\u0600-\u06ff]", "kk": r"[\u0400-\u04ff]", "zh-hans": r"[\u4e00-\u9fff]"}

FOREIGN_MARKS = {
    "ug": r"[,;?](?=\s|$)",
    "zh-hans": r"(?<=[\u4e00-\u9fff])[,;:?!.](?=\s|$)",
}
"""Marks of punctuation that such a text does not have."""

QUOTES = {
    "de": "„“‚‘",
    "es": "«»",
    "tr": "“”’",
    "ug": "«»",
    "kk": "«»",
    "zh-hans": "“”‘’",
    "fr": "«»’",
}

every_language = pytest.mark.parametrize("language", [*OFFICE, *PUBLIC])


def text_of(translated: str) -> str:
    """What is read of it: no placeholder, no tag."""
    return re.sub(r"%\(\w+\)[sd]|<[^>]*>|=\?", "", translated)


def all_strings(language: str) -> list[tuple[str, str]]:
    """Each form of each entry, beside its English."""
    return [(key, text) for key, message in written(language).items() for text in strings(message)]


def test_templates_and_sources_are_really_searched() -> None:
    assert len(list(in_templates())) > 80
    assert len(list(in_sources())) > 150
    assert all(len(wanted(language)) > 300 for language in PUBLIC)
    assert len(wanted("fr")) > 2 * len(wanted("ug"))


def test_every_language_of_the_site_has_a_catalogue_and_no_other() -> None:
    there = {path.name for path in (PACKAGE / "locale").iterdir() if path.is_dir()}
    assert there == {folder(language).parent.name for language in (*OFFICE, *PUBLIC)}


@every_language
def test_every_text_is_there_in_every_form(language: str) -> None:
    found, missing = written(language), []
    for key, msgid in wanted(language).items():
        forms = 1 if isinstance(msgid, str) else FORMS.get(language, 2)
        entry = found.get(key)
        said = strings(entry) if entry else []
        if not entry or entry.fuzzy or len(said) != forms or not all(map(str.strip, said)):
            missing.append(msgid)
    assert not missing


@every_language
def test_nothing_in_a_catalogue_is_left_over(language: str) -> None:
    assert not catalogue(language).obsolete
    kept = set(written(language)) - set(DJANGOS.get(language, "").split())
    kept -= wagtails() if language in OFFICE else set()
    assert sorted(kept - set(wanted(language))) == []


@every_language
def test_nothing_is_left_in_english(language: str) -> None:
    public = wanted(PUBLIC[0])
    alike = {key for key, text in all_strings(language) if key == text and key in public}
    assert alike == ALIKE.get(language, set())


@every_language
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language))
    fresh.seek(0)
    with (folder(language) / "django.mo").open("rb") as file:
        assert [str((m.id, m.string)) for m in read_mo(file)][1:] == [
            str((m.id, m.string)) for m in read_mo(fresh)
        ][1:]


@every_language
def test_placeholders_and_tags_survive_the_translation(language: str) -> None:
    for message in written(language).values():
        texts = strings(message)
        english = [message.id] if isinstance(message.id, str) else message.id[-len(texts) :]
        for source, translated in zip(english, texts, strict=True):
            for pattern in (r"%\(\w+\)[sd]", r"</?\w+[^>]*>", r"%(?!\()"):
                assert sorted(re.findall(pattern, source)) == sorted(
                    re.findall(pattern, translated)
                ), source


@every_language
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    strange = set("„“”‚‘’«»‹›\"'") - set(QUOTES[language])
    assert [text for _, text in all_strings(language) if strange & set(text_of(text))] == []


@pytest.mark.parametrize(("language", "letter"), SCRIPTS.items())
def test_a_language_is_written_in_its_script(language: str, letter: str) -> None:
    assert [text for _, text in all_strings(language) if not re.search(letter, text)] == []


@pytest.mark.parametrize(("language", "marks"), FOREIGN_MARKS.items())
def test_punctuation_is_that_of_the_script(language: str, marks: str) -> None:
    assert [text for _, text in all_strings(language) if re.search(marks, text_of(text))] == []


@every_language
def test_each_number_gets_the_form_of_its_language(language: str) -> None:
    texts = (
        "%(number)s letter that waits here is not sent.",
        "%(number)s letters that wait here are not sent.",
    )
    said = strings(written(language)[texts[0]])
    with translation.override(language):
        heard = [ngettext(*texts, number) for number in (1, 2, 1_000_000)]
    assert heard == [said[0], said[-1], said[-1]]


@pytest.mark.parametrize("language", PUBLIC)
def test_what_only_the_office_says_is_never_half_translated(language: str) -> None:
    with translation.override(language):
        assert gettext("Your letter") != "Your letter"
        assert gettext("neutral title") == "neutral title"


def test_french_spaces_are_kept_together_and_nobody_is_a_target() -> None:
    for _key, text in all_strings("fr"):
        bare = text_of(text)
        assert not re.search(r"[^\u00a0\u202f:?!][:;?!»](?=\s|$)|«[^\u00a0\u202f]| [:;?!»]", bare)
        assert "'" not in bare
        assert not re.search(r"\bcibles?\b", bare)


def test_it_is_told_which_languages_await_a_native_reader() -> None:
    told = (PACKAGE.parent / "docs" / "translations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ([\w-]+) \| ([^|]+) \| ([^|]+) \|$", told, flags=re.MULTILINE)
    assert sorted(code for code, _by, _read in rows if code != "Code") == sorted(
        code for code, _name in settings.LANGUAGES
    )
    assert all(read.strip() for _code, _by, read in rows)
