"""The door for the web server: what Django could not even begin to read."""

import io
from typing import Any

import pytest

from tocsin.wsgi import application

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def ask(
    method: str, path: str, *, kind: str, query: str = "", body: bytes = b""
) -> tuple[int, str]:
    """The status and the page for a request as a web server hands it over."""
    answered: list[str] = []

    def start(status: str, _headers: list[Any], *_: Any) -> None:
        answered.append(status)

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    page = b"".join(application(environ, start)).decode()
    return int(answered[0].split()[0]), page


@pytest.mark.parametrize(
    "charset", ["rot13", "undefined", "base64", "idna", "utf-16", '"hex"', "x"]
)
def test_no_charset_breaks_a_page(charset: str) -> None:
    kind = f"text/html; charset={charset}"
    status, page = ask("GET", "/fr/letter/erased/", kind=kind, query="x=%E9")
    assert status == 200
    assert 'lang="fr"' in page


@pytest.mark.parametrize("charset", ["rot13", "utf-16", "idna"])
def test_a_form_in_another_charset_is_no_form(charset: str) -> None:
    kind = f"{FORM}; charset={charset}"
    status, page = ask("POST", "/fr/letter/take/1/", kind=kind, query="x=%E9", body=b"given=A")
    assert status == 415
    assert 'lang="fr"' in page


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", f'{FORM}; charset="UTF-8"'])
def test_a_form_in_ours_is_read(kind: str) -> None:
    status, page = ask("POST", "/fr/letter/confirm/cut/", kind=kind, body=b"revision=1")
    assert status == 404, "the form was read, and the link is not complete"
    assert 'lang="fr"' in page
