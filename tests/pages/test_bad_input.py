"""Bad input: the right status, a page that says what to do, the typed kept, nothing stored."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests import hostile
from tests.pages.filling import FORM, body_of, everything_kept, filled, send, send_raw, take_url
from tests.pages.reading import Answer, Sheet
from tocsin.pages.freshness import issue
from tocsin.pages.models import CampaignPage

TEXT_FIELDS = ("given", "family", "email", "country", "own", "letter", "send", "news", "issued")
PERSONAL = ("given", "family", "email", "own", "letter")
AGAIN = {
    "fr": "appuyez de nouveau sur le bouton",
    "en": "press the button again",
}


@pytest.fixture
def untouched(french: CampaignPage, english: CampaignPage) -> Iterator[None]:
    """Whatever the test does: no row of any table is another one afterwards."""
    before = everything_kept()
    yield
    assert everything_kept() == before


def refused(answer: Answer, *, status: int = 422) -> Sheet:
    """The page of a refusal, which is valid and sets no cookie."""
    assert answer.status_code == status
    assert not answer.cookies
    sheet = Sheet(answer)
    assert not sheet.repeated_ids()
    return sheet


@pytest.mark.usefixtures("untouched")
def test_an_empty_form_says_what_is_missing_in_the_language_of_the_page(
    french: CampaignPage, english: CampaignPage
) -> None:
    for page, title, wanted in [
        (french, "Erreur", ["Indiquez votre prénom.", "Choisissez le pays où", "Cochez la case"]),
        (english, "Error:", ["Enter your given names.", "Choose the country you", "Tick the box"]),
    ]:
        sheet = refused(send(page, {}))
        assert sheet.language == page.language
        assert sheet.title.startswith(title)
        for sentence in wanted:
            assert sheet.text().count(sentence) == 2, sentence  # in the summary, and at the field


@pytest.mark.parametrize("field", ["given", "email", "country", "send", "news"])
@pytest.mark.usefixtures("untouched")
def test_one_missing_field_is_named_and_everything_else_is_kept(
    french: CampaignPage, field: str
) -> None:
    fields = filled(french, own="Ma tante", **{field: ""})
    sheet = refused(send(french, fields))
    (link,) = [a for a in sheet.all("a") if a.get("href") == f"#id_{field}"]
    assert "".join(link.itertext()).strip()
    assert sheet.by_id(f"id_{field}_error") is not None
    for name in {"given", "family", "email", "country", "own"} - {field}:
        assert sheet.value(name) == fields[name]


@pytest.mark.parametrize(
    "address", ["amina", "amina@", "@mail.example", "a b@mail.example", "amina@mail", "é@x.example"]
)
@pytest.mark.usefixtures("untouched")
def test_an_address_that_cannot_be_is_refused(french: CampaignPage, address: str) -> None:
    sheet = refused(send(french, filled(french, email=address)))
    assert sheet.by_id("id_email").get("aria-invalid") == "true"
    assert "id_email_error" in (sheet.by_id("id_email").get("aria-describedby") or "")
    assert sheet.value("email") == address


@pytest.mark.parametrize("country", ["ZZ", "fr", "FRA", "Atlantis", "XX\x00", "'"])
@pytest.mark.usefixtures("untouched")
def test_a_country_that_does_not_exist_is_refused(french: CampaignPage, country: str) -> None:
    assert refused(send(french, filled(french, country=country))).value("country") == ""


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.usefixtures("untouched")
def test_a_megabyte_in_any_field_is_too_much(french: CampaignPage, field: str) -> None:
    sheet = refused(send(french, filled(french, **{field: "A" * 1_000_000})), status=413)
    assert sheet.language == "fr"
    assert "Raccourcissez" in sheet.text()


@pytest.mark.parametrize("field", PERSONAL)
@pytest.mark.usefixtures("untouched")
def test_a_text_that_is_too_long_is_kept_for_shortening(french: CampaignPage, field: str) -> None:
    long = "a" * 60_000
    assert refused(send(french, filled(french, **{field: long}))).value(field) == long


@pytest.mark.parametrize("field", ["given", "family"])
@pytest.mark.usefixtures("untouched")
def test_header_injection_in_a_name_is_refused(french: CampaignPage, field: str) -> None:
    for attack in hostile.HEADER_INJECTIONS:
        if attack.rstrip("\x00\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029 ") == attack or "\t" in attack:
            continue  # what is stray around or between words is tidied away by the gate
        refused(send(french, filled(french, **{field: attack})))


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_header_injection_never_makes_a_header(french: CampaignPage, field: str) -> None:
    for attack in hostile.HEADER_INJECTIONS[::7]:
        answer = send(french, filled(french, **{field: attack}))
        assert answer.status_code in {303, 422}
        assert "Bcc" not in answer.headers
        assert not any("\n" in value or "\r" in value for value in answer.headers.values())


@pytest.mark.usefixtures("untouched")
def test_what_no_letter_can_carry_is_refused_and_shown_by_a_sign(french: CampaignPage) -> None:
    kinds = [hostile.BIDI[:3], hostile.SURROGATES, hostile.NONCHARACTERS, ["A\0B", "A\x1bB"]]
    for attack in itertools.chain.from_iterable(kinds):
        everywhere = dict.fromkeys(PERSONAL, f"Amina {attack}")
        sheet = refused(send(french, filled(french, **everywhere)))
        for field in PERSONAL:
            assert "\ufffd" in sheet.value(field), (field, ascii(attack))
            assert sheet.by_id(f"id_{field}_error") is not None


@pytest.mark.usefixtures("untouched")
def test_controls_in_a_name_are_refused(french: CampaignPage) -> None:
    for attack in hostile.CONTROLS[::5]:
        if "\t" not in attack:
            refused(send(french, filled(french, given=attack)))


@pytest.mark.usefixtures("untouched")
def test_stacks_tags_and_private_signs_are_refused(french: CampaignPage) -> None:
    for attack in [*hostile.ZALGO[:5], *hostile.TAGS, *hostile.PRIVATE_USE]:
        refused(send(french, filled(french, own=attack)))


@pytest.mark.usefixtures("untouched")
def test_formulas_links_and_addresses_are_no_names(french: CampaignPage) -> None:
    attacks = [hostile.FORMULAS, hostile.LINKS, hostile.ADDRESSES, hostile.NO_LETTERS]
    for kind in attacks:
        for attack in kind[:4]:
            refused(send(french, filled(french, given=attack)))


@pytest.mark.usefixtures("untouched")
def test_an_invisible_name_is_no_name(french: CampaignPage) -> None:
    for attack in hostile.INVISIBLE[:8]:
        assert (
            refused(send(french, filled(french, given=attack))).by_id("id_given_error") is not None
        )


@pytest.mark.usefixtures("untouched")
def test_markup_is_shown_as_it_was_typed_and_never_becomes_markup(french: CampaignPage) -> None:
    for attack in hostile.MARKUP:
        everywhere = dict.fromkeys(PERSONAL, attack)
        sheet = refused(send(french, filled(french, **everywhere, country="")))
        assert [sheet.value(field) for field in PERSONAL] == [attack] * len(PERSONAL)
        assert not sheet.inline_code()
        code = f"/fr/campaigns/{french.pk}/code.svg"
        assert all(address.startswith(("/static/", code)) for address in sheet.loaded())


def test_markup_in_a_letter_is_text(french: CampaignPage) -> None:
    attack = "<script>alert(1)</script></div><img src=x>"
    answer = send(french, filled(french, letter=attack, step="preview"))
    source = answer.content.decode()
    assert answer.status_code == 200
    assert attack not in source
    assert attack in unescape(source)
    assert not Sheet(answer).inline_code()


@pytest.mark.usefixtures("untouched")
def test_an_emptied_letter_brings_the_model_letter_back(french: CampaignPage) -> None:
    sheet = refused(send(french, filled(french, letter=" \n ")))
    assert "Je vous demande" in sheet.value("letter")


# -- Time ---------------------------------------------------------------------------------------


def issued_ago(page: CampaignPage, **ago: float) -> dict[str, str]:
    """A good form whose page was made so long ago."""
    return filled(page, issued=issue(page.pk, now=timezone.now() - timedelta(**ago)))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("ago", [{"seconds": 1}, {"hours": 13}, {"hours": -2}])
def test_a_form_too_young_or_too_old_asks_to_press_again(
    french: CampaignPage, english: CampaignPage, language: str, ago: dict[str, float]
) -> None:
    page = {"fr": french, "en": english}[language]
    sheet = refused(send(page, issued_ago(page, **ago)))
    assert AGAIN[language] in sheet.text()
    assert (sheet.value("given"), sheet.value("email")) == ("Amina", "amina@mail.example")


def test_pressing_again_after_half_a_day_is_enough(french: CampaignPage) -> None:
    sheet = Sheet(send(french, issued_ago(french, hours=13)))
    again = filled(french, issued=sheet.hidden("issued"))
    assert send(french, again).status_code == 303


def test_a_form_that_came_too_fast_just_has_to_wait(french: CampaignPage) -> None:
    young = issued_ago(french, seconds=1)
    assert Sheet(send(french, young)).hidden("issued") == young["issued"]


@pytest.mark.usefixtures("untouched")
def test_a_forged_cut_or_foreign_time_is_refused(
    french: CampaignPage, english: CampaignPage
) -> None:
    good = filled(french)["issued"]
    for token in [
        "",
        "x",
        good[:-1],
        good[1:],
        good + "a",
        filled(english)["issued"],
        "::",
        "1:1:",
    ]:
        sheet = refused(send(french, filled(french, issued=token)))
        assert AGAIN["fr"] in sheet.text()


# -- Requests that are no form --------------------------------------------------------------------


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_the_form_comes_by_post_only(french: CampaignPage, method: str) -> None:
    answer = getattr(Client(), method)(take_url(french))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_page_is_there_to_be_read(french: CampaignPage, method: str) -> None:
    sheet = refused(getattr(Client(), method)(french.url), status=405)
    assert sheet.language == "fr"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=x", "application/json", "text/plain", "text/xml", "", "x"],
)
def test_another_kind_of_body_is_not_read(french: CampaignPage, kind: str) -> None:
    answer = Client().post(take_url(french), body_of(filled(french)), content_type=kind)
    assert refused(answer, status=415).language == "fr"


@pytest.mark.usefixtures("untouched")
def test_another_encoding_is_not_read(french: CampaignPage) -> None:
    answer = Client().post(
        take_url(french), body_of(filled(french)), content_type=f"{FORM}; charset=utf-16"
    )
    refused(answer, status=400)


@pytest.mark.usefixtures("untouched")
def test_ten_thousand_fields_are_too_many(french: CampaignPage) -> None:
    many = body_of(filled(french)) + b"".join(b"&f%d=1" % number for number in range(10_000))
    sheet = refused(send_raw(french, many), status=400)
    assert sheet.language == "fr"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "body",
    [b"", b"%", b"given=%ff%fe&family=%c3", b"\xff\xfe\x00", b"&&&===", b"given=%00", b"a" * 9999],
)
def test_bytes_that_are_no_text_are_refused(french: CampaignPage, body: bytes) -> None:
    refused(send_raw(french, body))


@pytest.mark.usefixtures("untouched")
def test_a_field_that_comes_twice_counts_once(french: CampaignPage) -> None:
    body = body_of(filled(french)) + b"&country=ZZ"
    assert refused(send_raw(french, body)).value("given") == "Amina"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://mallory.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://testserver.mallory.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_on_a_foreign_page_is_refused(french: CampaignPage, headers: dict[str, str]) -> None:
    assert refused(send(french, headers=headers), status=403).language == "fr"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {},
    ],
)
def test_a_form_on_our_own_page_comes_in(french: CampaignPage, headers: dict[str, str]) -> None:
    assert send(french, headers=headers).status_code == 303


def test_a_page_that_does_not_exist_takes_nothing(french: CampaignPage) -> None:
    answer = Client().post("/fr/letter/take/999999/", body_of(filled(french)), content_type=FORM)
    assert refused(answer, status=404).language == "fr"


@pytest.mark.usefixtures("untouched")
def test_a_foreign_host_name_is_refused(french: CampaignPage) -> None:
    assert send(french, headers={"Host": "mallory.example"}).status_code == 400
