"""Who may look at the mail desk, who may change what, and that a look changes nothing."""

import pytest
from django.test import Client

from tests.office.desk import a_clerk, an_outbox, chiara, text_of
from tocsin.office.mail_urls import NOUNS, URLS
from tocsin.office.words import (
    INCIDENT_WORDS,
    MAILBOX_WORDS,
    PHASE_WORDS,
    REASON_WORDS,
    SENDING_WORDS,
)
from tocsin.outbox.alarm import KINDS
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.verdicts.answers import REASONS

pytestmark = pytest.mark.django_db

ACTS = ("hold", "release", "believe", "cancel", "pause", "resume", "retry", "correct", "tune")
MORE_ACTS = ("cap", "stop", "doubts", "recall", "plan", "add", "words", "remove")


def test_every_page_of_the_desk_is_walked() -> None:
    outbox = an_outbox()
    # And two buttons: to close an incident, to undo.
    assert len(URLS) == len(outbox.pages()) + 2


def test_a_stranger_is_sent_to_the_door_from_every_page() -> None:
    client = Client()
    outbox = an_outbox()
    before = outbox.everything()
    for url in [*outbox.pages(), f"/office/mail/incidents/{outbox.incident.pk}/"]:
        answer = client.get(url)
        assert answer.status_code == 302, url
        assert answer["Location"].startswith("/office/login/")
        asked = client.post(url, {"do": "cancel"})
        assert asked.status_code == 401, url
        assert 'action="/office/login/"' in asked.content.decode()
    assert outbox.everything() == before


def test_whoever_has_no_permission_sees_nothing_and_changes_nothing() -> None:
    outbox = an_outbox()
    bruno = a_clerk()
    before = outbox.everything()
    for url in [*outbox.pages(), f"/office/mail/incidents/{outbox.incident.pk}/"]:
        for answer in (bruno.get(url), bruno.post(url, {"do": "pause"})):
            assert answer.status_code == 302, url
            assert answer["Location"] == "/office/"
        assert bruno.get(url, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403
    assert outbox.everything() == before
    assert 'href="/office/mail/"' not in bruno.get("/office/").content.decode()


def test_the_permission_for_one_noun_opens_its_pages_alone() -> None:
    outbox = an_outbox()
    for noun in sorted(set(outbox.pages().values())):
        clerk = a_clerk(f"view_{noun}")
        opened = {url for url in outbox.pages() if clerk.get(url).status_code == 200}
        assert opened == {url for url, about in outbox.pages().items() if about == noun}


def test_whoever_may_look_finds_no_button_and_may_press_none() -> None:
    outbox = an_outbox()
    clerk = a_clerk(*(f"view_{noun}" for noun in NOUNS))
    before = outbox.everything()
    for url in outbox.pages():
        page = clerk.get(url).content.decode()
        assert 'name="do"' not in page, url
        for do in (*ACTS, *MORE_ACTS):
            assert clerk.post(url, {"do": do}).status_code == 302, url
    clerk.post(f"/office/mail/incidents/{outbox.incident.pk}/")
    assert outbox.everything() == before


def test_whoever_may_change_may_look() -> None:
    outbox = an_outbox()
    clerk = a_clerk(*(f"change_{noun}" for noun in NOUNS))
    assert {clerk.get(url).status_code for url in outbox.pages()} == {200}


def test_a_look_changes_nothing_whatever_stands_in_the_address() -> None:
    outbox = an_outbox()
    before = outbox.everything()
    client = chiara()
    for url in outbox.pages():
        for do in (*ACTS, *MORE_ACTS):
            asked = (
                f"?do={do}&mark=x&seen={outbox.message.pk}.held.0.1&which=found&right=a@b.example"
            )
            assert client.get(url + asked).status_code == 200
    assert client.get(f"/office/mail/incidents/{outbox.incident.pk}/").status_code == 405
    assert outbox.everything() == before


def test_without_its_token_a_form_changes_nothing() -> None:
    outbox = an_outbox()
    before = outbox.everything()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = chiara().cookies
    for url in outbox.pages():
        assert strict.post(url, {"do": "pause"}).status_code == 403
    assert outbox.everything() == before


def test_an_act_that_no_page_offers_is_refused() -> None:
    outbox = an_outbox()
    before = outbox.everything()
    for url in outbox.pages():
        if url not in ("/office/mail/", "/office/mail/now/") and not url.endswith("s/"):
            assert chiara().post(url, {"do": "explode"}).status_code == 400
    assert outbox.everything() == before


@pytest.mark.parametrize(
    "path",
    [
        "messages/6b1f6e0e-6a52-4f0d-9a4e-0d2a3b4c5d6e/",
        "mailboxes/0/",
        "mailboxes/99999999999999999999/",
        "domains/0/",
        "routes/nowhere/",
        "our-domains/0/",
        "mailings/0/",
        "mailings/0/recall/",
        "voices/0/",
        "voices/wordings/0/",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert chiara().get(f"/office/mail/{path}").status_code == 404
    post = chiara().post(f"/office/mail/{path}", {"do": "pause", "mark": ""})
    assert post.status_code in (400, 404)


def test_no_page_shows_who_wrote() -> None:
    outbox = an_outbox()
    for url in outbox.pages():
        text = text_of(chiara().get(url))
        assert "Amina" not in text, url
        assert "amina" not in text, url


def test_a_page_that_was_opened_by_the_staff_is_kept_by_no_cache() -> None:
    for url in an_outbox().pages():
        assert "no-store" in chiara().get(url)["Cache-Control"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_speaks_the_language_of_the_reader(language: str) -> None:
    outbox = an_outbox()
    for url in outbox.pages():
        answer = chiara(language).get(url)
        assert answer.status_code == 200
    words = {"fr": "la boîte n’existe pas", "en": "the mailbox does not exist"}
    assert words[language] in chiara(language).get("/office/mail/messages/").content.decode()


# -- words ---------------------------------------------------------------------------------------


def test_every_reason_and_state_has_its_word() -> None:
    assert set(REASONS) <= set(REASON_WORDS)
    assert {"crashed", "unreadable", "suppressed", "by_hand", "paused", "stopped"} <= set(
        REASON_WORDS
    )
    assert set(MAILBOX_WORDS) == set(Mailbox.State.values)
    assert set(SENDING_WORDS) == set(SendingDomain.State.values)
    phases = {"connect", "tls", "auth", "mail", "rcpt", "data", "body", "dot", "done"}
    assert set(PHASE_WORDS) == phases


def test_an_incident_says_in_the_office_what_the_log_says() -> None:
    assert {kind: str(words) for kind, words in INCIDENT_WORDS.items()} == KINDS
