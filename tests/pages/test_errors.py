"""Pages of trouble: in the visitor's language, without the database, without a trace of ours."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from tests.pages.reading import Sheet
from tocsin.pages import errors
from tocsin.pages.errors import Trouble, handler500, trouble_page

TROUBLES = [trouble for trouble in vars(errors).values() if isinstance(trouble, Trouble)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: str(trouble.status))
def test_every_trouble_has_a_page_that_needs_no_database(trouble: Trouble, language: str) -> None:
    with translation.override(language):  # and no fixture opens the database for this test
        answer = trouble_page(RequestFactory().get("/"), trouble)
        sheet = Sheet(answer)
        assert (answer.status_code, sheet.language) == (trouble.status, language)
        assert str(trouble.text) in sheet.text()
        assert not answer.cookies


def test_every_trouble_speaks_french() -> None:
    for trouble in TROUBLES:
        with translation.override("en"):
            english = (str(trouble.title), str(trouble.text))
        with translation.override("fr"):
            assert str(trouble.title) != english[0]
            assert str(trouble.text) != english[1]


def test_statuses_that_visitors_can_meet_are_all_there() -> None:
    assert {400, 403, 404, 405, 410, 413, 415, 500, 503} == {t.status for t in TROUBLES}


def test_our_own_fault_shows_no_trace_of_it() -> None:
    answer = handler500(RequestFactory().get("/fr/"))
    assert answer.status_code == 500
    assert "Traceback" not in answer.content.decode()


def test_a_crash_answers_in_the_language_of_the_address(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("tocsin.pages.views.languages_of_address", crash)
    for language in ("fr", "en"):
        answer = Client(raise_request_exception=False).get(f"/{language}/privacy/")
        sheet = Sheet(answer)
        assert (answer.status_code, sheet.language) == (500, language)
        assert "secret" not in sheet.source


@pytest.mark.parametrize(
    ("accepted", "language"), [("fr", "fr"), ("en", "en"), ("ug", "ug"), ("ar", "en")]
)
def test_an_address_without_language_answers_in_that_of_the_browser(
    db: None, accepted: str, language: str
) -> None:
    answer = Client().get("/nowhere.php", headers={"Accept-Language": accepted})
    assert answer.status_code == 404
    assert Sheet(answer).language == language


@pytest.mark.django_db
def test_a_strange_form_for_the_office_gets_a_page_of_ours() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "fr"})
    answer = strict.post("/office/login/", {"username": "chiara", "password": "x"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert 'lang="fr"' in text
    assert "CSRF" not in text


@pytest.mark.django_db
def test_a_body_without_length_is_still_looked_at() -> None:
    answer = Client().generic(
        "POST",
        "/fr/letter/confirm/cut/",
        b"",
        content_type="application/json",
        headers={"transfer-encoding": "chunked"},
    )
    assert answer.status_code == 415
