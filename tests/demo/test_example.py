"""The example campaign's words are complete, alike in both languages, safe to send, well set."""

import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

import pytest

from tests.demo.example import (
    CAMPAIGN,
    EXAMPLE,
    LANGUAGES,
    WORDS,
    Prose,
    letters,
    prose,
    sentences,
    shape,
    strings,
    wording,
)

# Spelt as escapes: on a screen they cannot be told from a plain space.
NBSP, NARROW_NBSP = "\u00a0", "\u202f"

# What a stranger sees over a shoulder, in an address bar, a history, a list of tabs.
SEEN_IN_PASSING = ("slug", "title", "seo_title", "search_description")
TELLING = re.compile(
    r"chin|xinjiang|u[iy]?[gï]\w*h?our|uyghur|kazakh|musul|muslim|islam|\bcamps?\b|prison|d[ée]ten|tortur|!",
    re.IGNORECASE,
)

# Words that are frequent in one language and do not exist in the other.
ONLY_IN = {
    "fr": r"le|la|les|des|une|et|est|sont|dans|pour|vous|votre|que|qui|avec|sur|leurs|ne|pas",
    "en": r"the|and|of|to|is|are|in|for|you|your|that|which|with|their|they|not|have",
}

every_text = pytest.mark.parametrize("piece", prose(*LANGUAGES), ids=lambda p: f"{p[0]}:{p[1]}")
every_language = pytest.mark.parametrize("language", LANGUAGES)


# The two languages say the same.


def test_both_languages_have_the_same_shape() -> None:
    assert shape(WORDS["fr"]) == shape(WORDS["en"])


def test_both_languages_take_their_facts_from_sources_of_the_same_day() -> None:
    days = {
        language: [fact["source_date"] for fact in WORDS[language]["page"]["facts"]]
        for language in LANGUAGES
    }
    assert days["fr"] == days["en"]


def test_both_languages_name_the_same_figures() -> None:
    for fact_fr, fact_en in zip(*(WORDS[lg]["page"]["facts"] for lg in LANGUAGES), strict=True):
        figures = [sorted(re.findall(r"\d+", fact["text"])) for fact in (fact_fr, fact_en)]
        assert figures[0] == figures[1], fact_en["text"]


@every_language
def test_a_file_says_which_language_it_is(language: str) -> None:
    assert WORDS[language]["language"] == language


@every_text
def test_no_text_slips_into_the_other_language(piece: Prose) -> None:
    text = piece.text
    for language in LANGUAGES:  # the organisation keeps its name, whatever its language
        text = text.replace(WORDS[language]["organisation_name"], "")
    if piece.where == "organisation_name":
        return  # a name, the same in every language
    other = "en" if piece.language == "fr" else "fr"
    strangers = re.findall(rf"\b(?:{ONLY_IN[other]})\b", text, re.IGNORECASE)
    assert strangers == [], piece.where


@every_text
def test_no_sentence_was_left_untranslated(piece: Prose) -> None:
    if piece.where == "organisation_name":
        return  # a name, the same in every language
    other = "en" if piece.language == "fr" else "fr"
    assert not piece.text or piece.text not in {text for _, text in strings(WORDS[other])}


# Who is written to.


def test_the_ministry_and_six_embassies_are_written_to() -> None:
    assert [(t["kind"], t["country"], t["seat"], t["language"]) for t in CAMPAIGN["targets"]] == [
        ("ministry", "CN", "", "en"),
        ("embassy", "CN", "CA", "en"),
        ("embassy", "CN", "FR", "fr"),
        ("embassy", "CN", "BE", "fr"),
        ("embassy", "CN", "CH", "fr"),
        ("embassy", "CN", "US", "en"),
        ("embassy", "CN", "GB", "en"),
    ]


def test_everyone_writes_to_the_ministry_and_only_its_country_to_an_embassy() -> None:
    for target in CAMPAIGN["targets"]:
        assert target["scope"] == ("country" if target["seat"] else "everyone"), target["slug"]


@every_language
def test_every_target_has_a_name_of_its_own_and_a_salutation(language: str) -> None:
    named = WORDS[language]["targets"]
    assert list(named) == [target["slug"] for target in CAMPAIGN["targets"]]
    assert len({words["name"] for words in named.values()}) == len(named)
    for words in named.values():
        assert words["salutation"].endswith(","), words["name"]


def test_no_letter_of_the_example_can_reach_a_real_mailbox() -> None:
    everything = [*strings(CAMPAIGN), *(found for lg in LANGUAGES for found in strings(WORDS[lg]))]
    addresses = [a for _, text in everything for a in re.findall(r"[\w.+-]+@[\w.-]*\w", text)]
    assert len(addresses) > len(CAMPAIGN["targets"])
    for host in (
        CAMPAIGN["organisation"]["mail_domain"],
        *(a.rpartition("@")[2] for a in addresses),
    ):
        assert host.rpartition(".")[2] in {"example", "test"}, host


def test_no_two_targets_share_an_address_or_a_name() -> None:
    for key in ("slug", "address"):
        values = [target[key] for target in CAMPAIGN["targets"]]
        assert len(set(values)) == len(values) == 7, key


def test_slugs_are_fit_for_an_address_bar() -> None:
    slugs = [
        CAMPAIGN["slug"],
        CAMPAIGN["organisation"]["slug"],
        *(target["slug"] for target in CAMPAIGN["targets"]),
        *(WORDS[language]["page"]["slug"] for language in LANGUAGES),
    ]
    for slug in slugs:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", slug), slug


# The page.


@every_language
def test_what_is_seen_in_passing_betrays_nobody(language: str) -> None:
    for key in SEEN_IN_PASSING:
        assert not TELLING.search(WORDS[language]["page"][key]), key
    assert not TELLING.search(CAMPAIGN["slug"])


@every_language
def test_the_page_is_complete(language: str) -> None:
    page = WORDS[language]["page"]
    assert 4 <= len(page["story"]) <= 6
    assert 5 <= len(page["facts"]) <= 7
    assert len(page["demands"]) >= 4
    assert 2 <= len(sentences(page["lead"])) <= 3
    assert 2 <= len(sentences(page["after"]["text"])) <= 3
    assert len(page["call"]) <= 20  # the words of a button
    assert len(page["seo_title"]) <= 60
    assert len(page["search_description"]) <= 160


@every_language
def test_a_story_reads_on_a_phone(language: str) -> None:
    for block in WORDS[language]["page"]["story"]:
        paragraphs = block["text"].split("\n\n")
        assert 1 <= len(paragraphs) <= 3
        for paragraph in paragraphs:
            assert "\n" not in paragraph
            assert len(paragraph.split()) <= 55, paragraph
            for sentence in sentences(paragraph):
                assert len(sentence.split()) <= 30, sentence


@every_language
def test_every_fact_has_a_source_with_name_day_and_link(language: str) -> None:
    for fact in WORDS[language]["page"]["facts"]:
        assert fact["text"]
        assert fact["source_name"]
        assert date(2017, 1, 1) <= date.fromisoformat(fact["source_date"]) <= date(2026, 12, 31)
        link = urlsplit(fact["source_url"])
        assert (link.scheme, link.query, link.fragment) == ("https", "", "")
        assert "." in link.netloc
        assert link.path.strip("/")


@every_language
def test_the_figure_of_a_million_is_always_an_estimate_somebody_cited(language: str) -> None:
    for _, where, text in prose(language):
        for paragraph in text.split("\n\n"):
            if "million" in paragraph:
                assert re.search(r"estimat", paragraph), where
                assert re.search(r"Nations Unies|United Nations", paragraph), where


@every_language
def test_demands_reach_inside_the_country_and_outside(language: str) -> None:
    demands = " ".join(demand["text"] for demand in WORDS[language]["page"]["demands"])
    for word in {"fr": ("Xinjiang", "étranger"), "en": ("Xinjiang", "abroad")}[language]:
        assert word.lower() in demands.lower()


# The letters.


@every_language
def test_there_is_a_default_wording_and_one_for_embassies(language: str) -> None:
    assert [words["kind"] for words in WORDS[language]["wordings"]] == ["", "embassy"]
    assert wording(language, "")["body"]
    assert 1 <= len(sentences(wording(language, "embassy")["opening"])) <= 2


@every_language
def test_a_subject_is_one_short_calm_line(language: str) -> None:
    for words in WORDS[language]["wordings"]:
        assert 10 <= len(words["subject"]) <= 78, words["subject"]
        assert not re.search(r"[\n!]", words["subject"])
        assert words["subject"] != words["subject"].upper()


@every_language
def test_a_letter_is_long_enough_to_say_it_and_short_enough_to_be_read(language: str) -> None:
    for words in WORDS[language]["wordings"]:
        if words["body"]:
            assert 150 <= len(words["body"].split()) <= 260


@every_language
def test_a_letter_speaks_in_the_first_person_from_its_first_word(language: str) -> None:
    assert re.match(r"Je |I ", wording(language, "")["body"])


@every_language
def test_a_letter_makes_every_demand_of_the_page_in_order(language: str) -> None:
    demands = WORDS[language]["page"]["demands"]
    numbers = re.findall(r"^(\d+)\. ", wording(language, "")["body"], re.MULTILINE)
    assert numbers == [str(number + 1) for number in range(len(demands))]


@every_language
def test_a_letter_is_ready_for_every_target_of_its_language(language: str) -> None:
    written = list(letters(language))
    assert len(written) == {"fr": 3, "en": 4}[language]
    for letter in written:
        assert not re.search(r"[{}%\[\]<>_]", letter), "a hole to fill in"


@every_language
def test_no_line_of_a_letter_means_something_to_a_machine(language: str) -> None:
    for letter in letters(language):
        for line in letter.splitlines():  # a formula, a quotation, the end of a mail, of a mailbox
            assert not line.startswith(("=", "+", "-", "@", "\t", " ", ">", ".", "From ")), line


@every_language
def test_a_letter_insults_nobody(language: str) -> None:
    for letter in letters(language):
        assert "!" not in letter
        assert not re.search(r"\b[A-ZÀ-Þ]{5,}\b", letter), "shouting"
        assert not re.search(r"r[ée]gime|nazi|g[ée]nocid|barbar|criminels|murder|Chinese\b", letter)


# What a person agrees to.


@every_language
def test_consent_names_who_sends_what_to_whom_and_for_how_long(language: str) -> None:
    text = WORDS[language]["consents"]["send"]["text"].replace(NBSP, " ")
    assert WORDS[language]["organisation_name"] in text
    assert CAMPAIGN["organisation"]["contact"] in text
    promised = {
        "fr": ("ministère", "ambassade", "opinion politique", "article 9", "8 jours", "retirer"),
        "en": ("Ministry", "embassy", "political opinion", "Article 9", "8 days", "withdraw"),
    }
    for words in promised[language]:
        assert words in text


@every_language
@pytest.mark.parametrize("purpose", ["send_shielded", "send_lent"])
def test_consent_to_be_unnamed_says_what_is_seen_and_what_is_kept(
    language: str, purpose: str
) -> None:
    text = WORDS[language]["consents"][purpose]["text"].replace(NBSP, " ")
    assert WORDS[language]["organisation_name"] in text
    assert CAMPAIGN["organisation"]["contact"] in text
    promised = {
        "fr": ("ministère", "opinion politique", "article 9", "adresse courriel", "8 jours"),
        "en": ("Ministry", "political opinion", "Article 9", "e-mail address", "8 days"),
    }
    for words in promised[language]:
        assert words in text
    never = {"fr": "en mon nom", "en": "in my name"}
    assert never[language] not in text


@every_language
def test_consent_to_news_is_a_question_of_its_own(language: str) -> None:
    consents = WORDS[language]["consents"]
    assert list(consents) == ["send", "send_shielded", "send_lent", "news"]
    # The first versions did not say that a sealed record is kept.
    assert [consent["version"] for consent in consents.values()] == [2, 2, 2, 1]
    assert sentences(consents["news"]["text"])[0].endswith("?")
    for consent in consents.values():  # it becomes a label: one line, no markup
        assert not re.search(r"[\n<>*]", consent["text"])


# The setting of the type.


@pytest.mark.parametrize("name", ["campaign", *LANGUAGES])
def test_a_file_is_plain_composed_unicode(name: str) -> None:
    text = (EXAMPLE / f"{name}.toml").read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    hidden = {
        c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    }
    assert hidden <= {"\n"}


@every_text
def test_no_text_has_stray_space(piece: Prose) -> None:
    assert piece.text == piece.text.strip()
    assert not re.search(r"\s{2,}", piece.text.replace("\n\n", "\n")), piece.where
    assert not re.search(r"[^\S\n]\n|\n[^\S\n]|\n{3}", piece.text), piece.where


@every_text
def test_quotation_marks_and_apostrophes_are_curved(piece: Prose) -> None:
    assert not re.search(r"['\"`´]|\.\.\.|--", piece.text), piece.where
    assert not re.search(r"[“”]" if piece.language == "fr" else r"[«»]", piece.text), piece.where


@pytest.mark.parametrize("piece", prose("fr"), ids=lambda p: p[1])
def test_french_marks_are_bound_to_their_word(piece: Prose) -> None:
    text = piece.text
    assert not re.search(f"(?<!{NARROW_NBSP})[;?!]", text), "a fine space before ; ? !"
    assert not re.search(f"(?<!{NBSP})[:»]", text), "a non-breaking space before : »"
    assert not re.search(f"«(?!{NBSP})", text), "a non-breaking space after «"
    assert text.count("«") == text.count("»")


@pytest.mark.parametrize("piece", prose("en"), ids=lambda p: p[1])
def test_english_marks_follow_their_word_at_once(piece: Prose) -> None:
    assert not re.search(r"\s[;:?!,.]", piece.text)
    assert not {NBSP, NARROW_NBSP} & set(piece.text)
    assert piece.text.count("“") == piece.text.count("”")
