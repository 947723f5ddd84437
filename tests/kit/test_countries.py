"""Countries are the ones people live in, named and sorted as a reader expects."""

import pytest

from tocsin.kit.countries import ALPHABETS, country_choices, country_codes, country_name

LANGUAGES = ["fr", "en", "ug", "kk", "zh-hans", "zh-hant"]


def test_a_country_is_a_country() -> None:
    codes = country_codes()
    assert len(codes) == 250
    assert {"CA", "FR", "BE", "CH", "US", "GB", "CN", "KZ", "TR", "PS", "TW", "XK"} <= codes
    assert not codes & {"EU", "UN", "XA", "XB", "ZZ", "AN", "SU", "YU", "UK", "AC", "IC", "QO"}
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in codes)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("CA", "fr", "Canada"),
        ("US", "fr", "États-Unis"),
        ("US", "fr-ca", "États-Unis"),
        ("US", "fr_CA", "États-Unis"),
        ("HK", "fr", "Hong Kong"),
        ("XK", "en", "Kosovo"),
        ("KZ", "kk", "Қазақстан"),
        ("KZ", "ug", "قازاقىستان"),
        ("CH", "zh-hans", "瑞士"),
        ("HK", "zh-hant", "香港"),
        ("SA", "zh-tw", "沙烏地阿拉伯"),
        ("GB", "kw", "Rywvaneth Unys"),
        ("CA", "kw", "Canada"),
        ("FR", "tlh", "France"),
        ("FR", "", "France"),
        ("FR", "../../etc", "France"),
    ],
)
def test_a_country_has_a_name_in_the_reader_s_language(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name


@pytest.mark.parametrize("code", ["ZZ", "fr", "", "FRA", "F\0"])
def test_what_is_no_country_has_no_name(code: str) -> None:
    with pytest.raises(KeyError):
        country_name(code, "fr")
    with pytest.raises(KeyError):
        country_choices("fr", first=[code])


@pytest.mark.parametrize("language", [*LANGUAGES, "tr", "de", "ar", "tlh"])
def test_every_country_can_be_chosen_once(language: str) -> None:
    choices = country_choices(language)
    assert {code for code, _ in choices} == country_codes()
    assert len({name for _, name in choices}) == len(choices) == 250
    assert all(name.strip() == name != "" for _, name in choices)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "Danemark Égypte Espagne États-Unis Finlande Hong-Kong"),
        ("en", "Afghanistan Åland_Islands Albania Zimbabwe"),
        ("kk", "Ауғанстан Әзербайжан Бельгия Қазақстан Ливан Өзбекстан Түркия Үндістан Филиппин"),
        ("ug", "ئالبانىيە ئەرمېنىيە ئاۋسترىيە پاكىستان فىرانسىيە قازاقىستان ئىسپانىيە ياپونىيە"),
        ("zh-hans", "阿富汗 比利时 法国 加拿大 美国 瑞士 英国 中国"),
        ("zh-hant", "中國 比利時 加拿大 法國 美國 英國 瑞士"),
    ],
)
def test_countries_stand_where_a_reader_looks(language: str, expected: str) -> None:
    order = [name.replace(" ", "_") for _, name in country_choices(language)]
    listed = [name for name in expected.split() if name in order]
    assert len(listed) >= 4
    assert sorted(listed, key=order.index) == listed


def test_an_alphabet_names_every_letter_once() -> None:
    assert len(ALPHABETS["kk"]) == len(set(ALPHABETS["kk"])) == 42
    assert len(ALPHABETS["ug"]) == len(set(ALPHABETS["ug"])) == 32
    for language, alphabet in ALPHABETS.items():
        letters = {c for _, name in country_choices(language) for c in name.lower() if c.isalpha()}
        assert letters <= {*alphabet, "ئ"}


def test_the_likely_countries_come_first_and_once() -> None:
    choices = country_choices("fr", first=("CA", "FR"))
    assert choices[:3] == [("CA", "Canada"), ("FR", "France"), ("AF", "Afghanistan")]
    assert len(choices) == 250
    assert sorted(choices) == sorted(country_choices("fr"))


def test_nobody_can_change_the_list_of_another() -> None:
    country_choices("fr").clear()
    assert len(country_choices("fr")) == 250
