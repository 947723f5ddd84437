"""The example campaign says the same in every language that the public may read."""

import re
import unicodedata

import pytest
from django.conf import settings

from tests.demo.example import CAMPAIGN, EXAMPLE, read, shape, strings
from tocsin.demo.sample import LANGUAGES
from tocsin.pages.models import CampaignPage

ENGLISH = read("en")
SCRIPTS = {"ug": "ARABIC", "kk": "CYRILLIC", "zh-hans": "CJK"}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def test_it_is_there_in_every_language_of_the_public() -> None:
    assert set(LANGUAGES) == {code for code, _name in settings.LANGUAGES}


@each_language
def test_a_translation_has_the_shape_of_the_others(language: str) -> None:
    words = read(language)
    assert words["language"] == language
    assert shape(words) == shape(ENGLISH)


@each_language
def test_sources_days_and_figures_stay_what_they_are(language: str) -> None:
    facts, english = read(language)["page"]["facts"], ENGLISH["page"]["facts"]
    for fact, other in zip(facts, english, strict=True):
        assert fact["source_date"] == other["source_date"]
        for one, another in ((fact, other), (other, fact)):  # months are numbers in some
            assert set(re.findall(r"\d\d+", one["text"])) <= set(
                re.findall(r"\d+", another["text"])
            )


@each_language
def test_the_letter_of_voices_names_their_number(language: str) -> None:
    assert read(language)["collective"]["body"].count("{voices}") == 1


@each_language
def test_a_second_letter_makes_the_same_demands(language: str) -> None:
    words = read(language)
    demands = [
        re.findall(r"^\d\. .+$", each["body"], re.MULTILINE)
        for each in (words["wordings"][0], *words["variants"])
    ]
    assert len(demands[0]) == len(words["page"]["demands"])
    assert all(each == demands[0] for each in demands)
    subjects = {each["subject"] for each in (*words["wordings"], *words["variants"])}
    assert len(subjects) == 3


@each_language
def test_it_is_written_in_its_own_script(language: str) -> None:
    text = read(language)["page"]["lead"]
    letters = [unicodedata.name(sign, "") for sign in text if sign.isalpha()]
    script = SCRIPTS.get(language, "LATIN")
    assert sum(name.startswith(script) for name in letters) > 0.9 * len(letters)


@each_language
def test_lengths_fit_where_they_are_kept(language: str) -> None:
    page = read(language)["page"]
    for field, text in page.items():
        if isinstance(text, str):
            most = CampaignPage._meta.get_field(field).max_length
            assert most is None or len(text) <= most, field
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", page["slug"])


@each_language
def test_every_target_is_named_and_greeted(language: str) -> None:
    named = read(language)["targets"]
    assert list(named) == [target["slug"] for target in CAMPAIGN["targets"]]
    assert all(words["name"] and words["salutation"] for words in named.values())


@each_language
def test_no_address_in_it_leads_to_anybody(language: str) -> None:
    for _where, text in strings(read(language)):
        for address in re.findall(r"[\w.+-]+@[\w.-]*\w", text):
            assert address.rpartition(".")[2] in {"example", "test"}


@each_language
def test_it_is_plain_composed_unicode(language: str) -> None:
    text = (EXAMPLE / f"{language}.toml").read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not {sign for sign in text if unicodedata.category(sign) in {"Cf", "Co", "Cn"}}
