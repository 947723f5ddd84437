"""Fields in square brackets: which are known, what is filled in, what is said of a mistake."""

import pytest

from tocsin.campaigns.fields import (
    FIELDS,
    HOLDER,
    MINE,
    ORGANISATION,
    RECIPIENT,
    Mistake,
    empty_in,
    fields_in,
    fill,
    mistakes_in,
    name_in,
)

VALUES = {RECIPIENT: "the ministry", HOLDER: "", ORGANISATION: "The Letter Table"}


def test_each_field_has_one_name_in_each_language_and_no_two_share_one() -> None:
    languages = {"en", "fr", "de", "es", "tr", "kk", "ug", "zh-hans"}
    assert {frozenset(names) for names in FIELDS.values()} == {frozenset(languages)}
    for field in FIELDS:
        for language in languages:
            assert fields_in(name_in(field, language)) == {field}
    assert name_in(RECIPIENT, "xx") == name_in(RECIPIENT, "en")


@pytest.mark.parametrize(
    "written",
    ["[nom de l’organisation]", "[nom de l'organisation]", "[ Nom  de L’Organisation ]"],
)
def test_a_field_is_known_in_any_language_and_however_it_is_typed(written: str) -> None:
    assert fill(f"Hello {written}!", VALUES) == "Hello The Letter Table!"


@pytest.mark.parametrize(
    "text",
    [
        *("[my sister]", "[]", "[[[", "]", "{recipient}", "{0}", "%(recipient)s", "{{ name }}"),
        *("[name of\nthe recipient]", "[" * 5000, "[" + "x" * 9000 + "]", "[person in the post]"),
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert fill(text, VALUES) == text


def test_what_a_name_says_is_never_read_for_fields_and_is_one_line() -> None:
    values = {RECIPIENT: "[name of the organisation]\r\nBcc: x", ORGANISATION: "[my country]"}
    text = "[name of the recipient] / [[name of the organisation]]"
    assert fill(text, values) == "[name of the organisation] Bcc: x / [[my country]]"


def test_which_fields_would_be_empty() -> None:
    texts = ["[my country] [person in the post]", "[name of the recipient]"]
    assert empty_in(texts, VALUES) == [HOLDER, MINE]
    assert empty_in([], VALUES) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "[name of the recipent]",
            Mistake("name of the recipent", is_closed=True, nearest="[name of the recipient]"),
        ),
        (
            "[nom du destinatair]",
            Mistake("nom du destinatair", is_closed=True, nearest="[name of the recipient]"),
        ),
        ("[sic]", Mistake("sic", is_closed=True)),
        ("Dear [name of the", Mistake("name of the", is_closed=False)),
        ("[ [my country]", Mistake(" ", is_closed=False)),
    ],
)
def test_a_mistake_is_named_with_what_may_be_meant(text: str, found: Mistake) -> None:
    assert list(mistakes_in(text, language="en")) == [found]


@pytest.mark.parametrize("text", ["", "[…]", "[...] [1]", "[my country] {x} ]", "[mon pays]"])
def test_what_is_no_mistake_is_let_be(text: str) -> None:
    assert list(mistakes_in(text, language="en")) == []
