"""What the browser is told with every answer: pages, errors, files, and the way to the onion."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from tocsin.kit.headers import CSP, Policy, low_trace, say

ONION_HOST = f"{'tocsin2' * 8}.onion"
ONION = f"http://{ONION_HOST}"


def test_a_policy_is_said_as_browsers_read_it() -> None:
    policy: Policy = {"default-src": [CSP.NONE], "img-src": [CSP.SELF, "data:"]}
    assert say(policy) == "default-src 'none'; img-src 'self' data:"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda client: client.get("/fr/privacy/"), 200),
        (lambda client: client.get("/"), 302),
        (lambda client: client.get("/fr/nothing/"), 404),
        (
            lambda client: client.post(
                "/fr/letter/take/1/", headers={"Origin": "https://x.example"}
            ),
            403,
        ),
        (lambda client: client.get("/fr/letter/take/1/"), 405),
        (lambda client: client.get("/fr/privacy/", headers={"Host": "stranger.example"}), 400),
        (lambda client: client.post("/hooks/nobody/"), 302),
        (lambda client: client.get("/documents/1/nothing.pdf"), 404),
    ],
)
def test_every_answer_forbids_what_no_page_needs(
    ask: Callable[[Client], HttpResponseBase], status: int
) -> None:
    answer = ask(Client())
    assert answer.status_code == status
    assert answer["Content-Security-Policy"] == say(settings.SECURE_CSP)
    assert_low_trace(answer)


def assert_low_trace(answer: HttpResponseBase) -> None:
    """All but the policy of contents, which the office has of its own."""
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "camera=(), " in answer["Permissions-Policy"]
    assert "=*" not in answer["Permissions-Policy"]
    denied = answer["Permissions-Policy"].split(", ")
    assert [each for each in denied if not each.endswith("=()")] == []
    assert not answer.cookies


def test_a_crash_is_answered_as_every_page_is(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("tocsin.pages.views.languages_of_address", crash)
    answer = Client(raise_request_exception=False).get("/fr/privacy/")
    assert answer.status_code == 500
    assert answer["Content-Security-Policy"] == say(settings.SECURE_CSP)
    assert_low_trace(answer)


def test_the_public_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    sources = {source for each in settings.SECURE_CSP.values() for source in each}
    assert sources == {"'none'", "'self'", "'script'"}
    assert settings.SECURE_CSP["default-src"] == ["'none'"]
    assert settings.SECURE_CSP["frame-ancestors"] == ["'none'"]
    assert settings.SECURE_CSP["trusted-types"] == ["'none'"]


def test_a_view_that_has_said_something_stricter_is_not_overruled() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    answer = low_trace(view)(RequestFactory().get("/"))
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.fixture
def onion(settings: Settings) -> None:
    """The site is an onion service too."""
    settings.ONION_URL = ONION
    settings.ALLOWED_HOSTS = ["testserver", ONION_HOST]


@pytest.mark.usefixtures("onion")
def test_a_page_tells_where_it_is_as_an_onion_service(db: None) -> None:
    answer = Client().get("/fr/privacy/?a=1")
    assert answer["Onion-Location"] == f"{ONION}/fr/privacy/?a=1"
    assert Client().get("/fr/nothing/")["Onion-Location"] == f"{ONION}/fr/nothing/"


@pytest.mark.usefixtures("onion")
@pytest.mark.parametrize("host", [ONION_HOST, ONION_HOST.upper(), f"{ONION_HOST}:80"])
def test_who_came_by_the_onion_is_not_sent_there(db: None, host: str) -> None:
    answer = Client().get("/fr/privacy/", headers={"Host": host})
    assert answer.status_code == 200
    assert "Onion-Location" not in answer


@pytest.mark.usefixtures("onion")
def test_neither_a_form_nor_the_office_is_sent_there(db: None) -> None:
    assert "Onion-Location" not in Client().post("/fr/letter/take/1/")
    assert "Onion-Location" not in Client().get("/office/login/")


def test_without_an_onion_service_nothing_is_said_of_one(db: None) -> None:
    assert "Onion-Location" not in Client().get("/fr/privacy/")


def test_a_static_file_is_guarded_as_a_page_is(
    db: None, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "exit.js").write_text("leave()")
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = True
    answer = Client().get("/static/exit.js")
    assert answer.getvalue() == b"leave()"
    answer.close()
    assert answer["Content-Security-Policy"] == say(settings.SECURE_CSP)
    assert_low_trace(answer)
