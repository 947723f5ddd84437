"""What in somebody's words may tell who they are, and what is let through."""

import time

import pytest
from django.conf import settings

from tests.demo.example import read
from tocsin.actions.telltales import telltales

GULNAR = ("Gülnar", "Osman", "gulnar.osman87")

TELLING = {
    "I ask you as Osman.": "Osman",
    "gulnar asks you": "gulnar",
    "Moi, GÜLNAR": "GÜLNAR",
    "Write to g.o@mail.example please": "g.o@mail.example",
    "Call +33 6 12 34 56 78": "+33 6 12 34 56 78",
    "Call (0033)612345678": "(0033)612345678",
    "اتصل ٠٦١٢٣٤٥٦٧٨": "٠٦١٢٣٤٥٦٧٨",
    "J’habite 12 bis, rue des Lilas": "12 bis, rue",
    "at 221 Baker Street": "221 Baker Street",
    "My name is nobody's business": "My name is",
    "Je m'appelle autrement": "Je m'appelle",
    "Je m’appelle autrement": "Je m’appelle",
    "My sister waits": "My sister",
    "Ma sœur attend": "Ma sœur",
    "Mi hermana espera": "Mi hermana",
    "Me llamo de otra manera": "Me llamo",
    "Vivo en la calle Mayor, 12": "calle Mayor, 12",
    "Ich frage nach meiner Mutter.": "meiner Mutter",
    "Ich heiße anders": "Ich heiße",
    "Lindenstraße 12": "Lindenstraße 12",
    "Annem bekliyor": "Annem",
    "Atatürk Caddesi": "Atatürk Caddesi",
    "Менің атым басқа": "Менің атым",
    "Анам күтіп отыр": "Анам",
    "Абай көшесі, 5": "көшесі, 5",
    "我的妈妈在等": "我的妈",
    "我叫别的": "我叫",
    "中山路12号": "路12号",
    "مېنىڭ ئىسمىم باشقا": "مېنىڭ ئىسمىم",
    "ئانام كۈتۈۋاتىدۇ": "ئانام",
}


@pytest.mark.parametrize(("text", "found"), TELLING.items())
def test_what_may_tell_who_wrote_is_found_as_it_stands_there(text: str, found: str) -> None:
    assert found in telltales(text, names=GULNAR)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I ask you where they are.",
        "Since 2018-08-30, and in 2017–2019, 1,000,000 people.",
        "The Osmanthus is in flower.",
        "Article 9, 36 and 41 of the constitution.",
        "Il y a 3 routes vers la paix.",
        "Çıkarım budur: herkes cevap bekliyor.",
        "Allgemeine Frauen- und Menschenrechte gelten am 12. Tag.",
        "Бұл мәселе бәріне ортақ.",
        "我们请求答复。",
    ],
)
def test_what_anybody_could_write_is_let_through(text: str) -> None:
    assert telltales(text, names=GULNAR) == []


def test_a_name_is_found_in_a_script_without_spaces() -> None:
    assert telltales("我叫阿依古丽，请回答。", names=["阿依古丽"]) == ["阿依古丽", "我叫"]


@pytest.mark.parametrize("names", [("伟", "王"), ("王", "伟"), ("伟", "王", "wei")])
def test_a_name_of_one_sign_and_one_sign_is_found_where_both_stand_in_a_row(
    names: tuple[str, ...],
) -> None:
    assert telltales("请回答王伟。", names=names) == ["王伟"]
    assert telltales("国王与伟大", names=names) == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_model_letters_of_the_example_tell_of_nobody(language: str) -> None:
    example = read(language)
    for wording in example["wordings"]:
        assert telltales(wording["body"], names=GULNAR) == []


def test_signs_in_a_name_are_no_pattern() -> None:
    assert telltales("aaa", names=["a.*", "(((", "a{3}"]) == []


def test_each_is_named_once_and_not_too_many() -> None:
    assert telltales("Osman, Osman", names=GULNAR) == ["Osman"]


def test_ones_own_name_comes_first_however_much_else_is_found() -> None:
    many = "My mother, my brother, my father, my sister and my husband. +1 613 555 0123. Gulnar"
    found = telltales(many, names=GULNAR)
    assert found[0] == "Gulnar"
    assert len(found) == 7


def test_one_long_word_takes_no_time() -> None:
    began = time.process_time()
    telltales("a" * 8000 + "@" + "b." * 4000, names=())
    assert time.process_time() - began < 5


def test_a_long_letter_is_looked_through_at_once() -> None:
    """Nothing that was typed makes a pattern go back and forth."""
    for text in ("1 " * 4000, "a" * 8000, "1 a" * 2600, "@" * 8000, "+(" * 4000, "12 aa-" * 1300):
        telltales(text, names=GULNAR)
