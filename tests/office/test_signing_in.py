"""A session that ended while somebody wrote: nothing of what they typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import a_draft
from tests.office.desk import chiara
from tests.office.test_guide import at
from tests.pages.reading import Answer
from tocsin.campaigns.models import Wording

pytestmark = pytest.mark.django_db

PASSWORD = "a long one, of her own"
LETTER = {
    "do": "save",
    "subject": "Où sont-ils ?",
    "body": 'Je vous demande où ils sont.\r\nعائلاتهم "تنتظر" <b>&amp;',
    "closing": "Veuillez agréer mes salutations.",
}


@pytest.fixture
def writer() -> Client:
    """Somebody who was signed in, and is not any more; her browser checks and is checked."""
    User.objects.create_superuser("chiara", password=PASSWORD)
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.get("/office/login/")
    return client


def hidden(answer: Answer) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    form = answer.content.decode().split("<form")[-1]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def token(client: Client) -> dict[str, str]:
    """What a form of that browser carries."""
    return {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}


def sign_in(client: Client, kept: dict[str, str], password: str = PASSWORD) -> Any:
    """From the page that asks for it."""
    return client.post("/office/login/", {**kept, "username": "chiara", "password": password})


def test_who_is_signed_out_signs_in_and_goes_on_with_what_she_typed(writer: Client) -> None:
    campaign = a_draft()
    url = at(campaign, "letter/fr/")
    Wording.objects.filter(campaign=campaign).delete()
    before = chiara().get(url).content.decode()
    mark = re.findall(r'name="mark" value="([^"]*)"', before)[0]
    asked = writer.post(url, {**token(writer), **LETTER, "mark": mark})
    assert asked.status_code == 401
    assert "What you typed is kept in this window" in asked.content.decode()
    assert not Wording.objects.exists()
    wrong = sign_in(writer, hidden(asked), "not hers")
    assert "kept in this window" in wrong.content.decode()
    again = sign_in(writer, hidden(wrong))
    assert "Nothing of it is saved yet" in unescape(again.content.decode())
    assert "no-store" in again.headers["Cache-Control"]
    sent = hidden(again)
    assert {name: sent[name] for name in LETTER} == LETTER
    assert not Wording.objects.exists()
    saved = writer.post(url, sent)
    assert saved.status_code == 302
    assert Wording.objects.get().body == LETTER["body"].replace("\r\n", "\n")


def test_who_signed_in_anew_elsewhere_is_offered_it_again(writer: Client) -> None:
    url = at(a_draft(), "letter/fr/")
    old = token(writer)
    writer.force_login(User.objects.get())
    writer.cookies["csrftoken"] = "x" * 32
    here = {"Sec-Fetch-Site": "same-origin"}
    asked = writer.post(url, {**old, **LETTER}, headers=here)
    assert asked.status_code == 200
    assert hidden(asked)["subject"] == LETTER["subject"]
    for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {}):
        answer = writer.post(url, {**old, **LETTER}, headers=elsewhere)
        assert answer.status_code == 403
        assert LETTER["closing"] not in answer.content.decode()


def test_who_signed_in_at_another_window_is_offered_what_this_one_kept(writer: Client) -> None:
    url = at(a_draft(), "letter/fr/")
    asked = hidden(writer.post(url, {**token(writer), **LETTER}))
    here = {"Sec-Fetch-Site": "same-origin"}
    fields = {**asked, "username": "chiara", "password": PASSWORD}
    writer.cookies["csrftoken"] = "x" * 32
    anew = writer.post("/office/login/", fields, headers=here)
    assert anew.status_code == 401
    assert hidden(anew)["kept"] == asked["kept"]
    assert hidden(anew)["next"] == url
    writer.force_login(User.objects.get())
    again = writer.post("/office/login/", fields, headers=here)
    assert f'action="{url}"' in again.content.decode()
    assert {name: hidden(again)[name] for name in LETTER} == LETTER
    assert "no-store" in again.headers["Cache-Control"]
    mallory = {**fields, "next": "https://mallory.example/office/"}
    for form, headers in (
        (fields, {"Sec-Fetch-Site": "cross-site"}),
        (fields, {}),
        (mallory, here),
    ):
        answer = writer.post("/office/login/", form, headers=headers)
        assert answer.status_code == 403
        assert LETTER["closing"] not in answer.content.decode()


def test_outside_of_the_office_nobody_is_asked_who_they_are(client: Client) -> None:
    for url in ("/fr/", "/fr/nothing/", "/robots.txt"):
        assert "Cookie" not in client.get(url).headers.get("Vary", "")


def test_nobody_else_can_put_words_there(writer: Client) -> None:
    url = at(a_draft(), "letter/fr/")
    answer = writer.post(url, LETTER, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    kept = {**token(writer), "next": "https://mallory.example/", "kept": '[["do", "save"]]'}
    onward = sign_in(writer, kept)
    assert (onward.status_code, onward.headers["Location"]) == (302, "/office/")


@pytest.mark.parametrize("kept", ["[", "{}", "[1]", '[["a"]]', "null", '"x"'])
def test_nonsense_is_nothing(writer: Client, kept: str) -> None:
    fields = {**token(writer), "next": "/office/account/", "kept": kept}
    assert sign_in(writer, fields).status_code == 302


def test_passwords_and_files_are_not_taken_along(writer: Client) -> None:
    fields = {**token(writer), "old_password": "secret!", "first_name": "Chiara"}
    file = SimpleUploadedFile("list.csv", b"slug,name")
    asked = writer.post("/office/account/", {**fields, "file": file})
    page = asked.content.decode()
    assert asked.status_code == 401
    assert "Only the file has to be chosen again." in page
    assert "secret!" not in page
    assert "Chiara" in hidden(asked)["kept"]


def test_what_a_script_sends_is_refused_as_it_expects(writer: Client) -> None:
    url = at(a_draft(), "letter/fr/")
    for said in ({"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}):
        answer = writer.post(url, {**token(writer), **LETTER}, headers=said)
        assert LETTER["closing"] not in answer.content.decode()
        assert answer.status_code in {302, 403}
