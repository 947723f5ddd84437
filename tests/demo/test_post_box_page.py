"""The post box's page: readable for a person, unmoved by Mallory."""

import http.client
import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import html5lib
import pytest

from tests.demo.test_eml import HOSTILE
from tocsin.demo.post_box import store_mail
from tocsin.demo.post_box_page import POLICY, PostBoxPage

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[PostBoxPage]:
    with PostBoxPage(tmp_path, port=0) as page:
        yield page


def ask(
    page: PostBoxPage, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, http.client.HTTPMessage, str]:
    line = http.client.HTTPConnection("127.0.0.1", page.port, timeout=10)
    line.putrequest(method, path, skip_host=True)
    line.putheader("Host", f"127.0.0.1:{page.port}" if host is None else host)
    line.endheaders()
    answer = line.getresponse()
    is_page = answer.headers.get_content_type() != "text/plain"
    body = answer.read().decode("utf-8" if is_page else "latin-1")
    line.close()
    return answer.status, answer.headers, body


def drop(page: PostBoxPage, raw: bytes) -> str:
    """Puts a mail into the box; returns the path of its page."""
    return f"/mail/{store_mail(page.directory, raw).stem}"


def letter(*, text: str = "", html: str = "", subject: str = "Confirm") -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "camp@x.example", "amina@x.example"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return b"X-Envelope-To: amina@x.example\r\n" + mail.as_bytes()


class Reading(HTMLParser):
    """The tags of a page with what they say of themselves."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def links(self) -> list[str | None]:
        return [said.get("href") for tag, said in self.tags if tag == "a"]

    def all(self, wanted: str) -> list[dict[str, str | None]]:
        return [said for tag, said in self.tags if tag == wanted]


def assert_harmless(html: str) -> None:
    """Valid, nothing that runs, nothing that fetches from elsewhere."""
    html5lib.HTMLParser(strict=True).parse(html)
    for tag, said in Reading(html).tags:
        assert tag not in {"script", "img", "object", "embed", "form", "base"}
        assert not [name for name in said if name.startswith("on")]
        assert said.get("src") is None
    fetched = [said["href"] for said in Reading(html).all("link")]
    assert fetched == ["data:,", "/style.css"]


def test_an_empty_box_says_so_and_that_nothing_leaves(page: PostBoxPage) -> None:
    status, _, body = ask(page, "/")
    assert status == 200
    assert "No mail yet" in body
    assert "Nothing leaves this machine" in body
    assert_harmless(body)


def test_the_newest_mail_comes_first_with_who_and_when(page: PostBoxPage) -> None:
    for number in (1, 2, 3):
        drop(page, letter(subject=f"Mail {number}"))
    _, _, body = ask(page, "/")
    assert re.findall(r"Mail \d", body) == ["Mail 3", "Mail 2", "Mail 1"]
    assert body.count("amina@x.example") == body.count("camp@x.example") == 3
    assert body.count("<time ") == 3
    assert_harmless(body)


def test_a_mail_without_to_is_listed_under_its_envelope(page: PostBoxPage) -> None:
    drop(page, b"X-Envelope-From: <a@x.example>\r\nX-Envelope-To: b@x.example\r\n\r\nHi")
    _, _, body = ask(page, "/")
    assert "b@x.example" in body
    assert "&lt;a@x.example&gt;" in body
    assert "(no subject)" in body


def test_many_mails_are_turned_page_by_page(page: PostBoxPage) -> None:
    for number in range(120):
        drop(page, letter(subject=f"Mail {number:03}"))
    seen = [re.findall(r"Mail \d+", ask(page, f"/?page={number}")[2]) for number in (1, 2, 3, 4)]
    assert [len(mails) for mails in seen] == [50, 50, 20, 0]
    assert (seen[0][0], seen[2][-1]) == ("Mail 119", "Mail 000")
    assert Reading(ask(page, "/?page=2")[2]).links().count("/?page=3") == 1


@pytest.mark.parametrize("wanted", ["0", "-1", "x", "9" * 30, "", "٣", "²"])
def test_a_page_number_that_is_none_shows_the_first_or_nothing(
    page: PostBoxPage, wanted: str
) -> None:
    drop(page, letter())
    assert ask(page, f"/?page={quote(wanted)}")[0] == 200


def test_a_mails_page_shows_headers_text_and_source(page: PostBoxPage) -> None:
    path = drop(page, letter(text="Please confirm.", subject="Libérez-les"))
    _, _, body = ask(page, path)
    assert "<bdi>Libérez-les</bdi></h2>" in body
    assert '<th scope="row">X-Envelope-To</th><td><bdi>amina@x.example</bdi></td>' in body
    assert "Please confirm." in body
    assert f"{path}.eml" in Reading(body).links()
    assert_harmless(body)


def test_the_source_is_the_file_and_nothing_a_browser_would_run(page: PostBoxPage) -> None:
    raw = letter(html=SCRIPT)
    status, headers, body = ask(page, f"{drop(page, raw)}.eml")
    assert (status, body) == (200, raw.decode("latin-1"))
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"


OURS = (
    "http://127.0.0.1:8000/fr/confirm/a.b-c_d?x=1&y=2",
    "http://localhost:8000/",
    "https://[::1]/x",
    "http://127.0.0.1",
)
FOREIGN = (
    "https://evil.example/",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://127.0.0.1:80@evil.example/",
    "http://evil.example\\@127.0.0.1/",
    "http://127.0.0.1\\@evil.example/",
    "http://127.0.0.1/\\@evil.example/",
    "http://localhost.evil.example",
    "http://[::1",
    "ftp://127.0.0.1/",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("link", [*OURS, *FOREIGN])
def test_only_links_to_this_machine_are_ready_to_click(page: PostBoxPage, link: str) -> None:
    _, _, body = ask(page, drop(page, letter(text=f"Click <{link}>, or ({link}). Thanks")))
    found = [href for href in Reading(body).links() if href and not href.startswith("/")]
    assert found == ([link, link] if link in OURS else [])
    assert_harmless(body)


def test_the_html_stands_in_a_frame_that_can_do_nothing(page: PostBoxPage) -> None:
    html = f'<p title="a&quot;b">Confirm</p>{SCRIPT}</iframe>{SCRIPT}'
    _, headers, body = ask(page, drop(page, letter(html=html)))
    (frame,) = Reading(body).all("iframe")
    assert frame["sandbox"] == "allow-popups allow-top-navigation-by-user-activation"
    assert frame["title"]
    assert frame["srcdoc"]
    assert html in frame["srcdoc"]
    assert '<base target="_top">' in frame["srcdoc"]
    assert headers["Content-Security-Policy"] == POLICY
    assert_harmless(body)


@pytest.mark.parametrize("name", ["Subject", "From", "To", "X-Anything"])
def test_markup_in_headers_and_text_stays_words(page: PostBoxPage, name: str) -> None:
    path = drop(page, f"{name}: {SCRIPT}\"'&\r\n\r\n{SCRIPT}".encode())
    for body in (ask(page, "/")[2], ask(page, path)[2]):
        assert_harmless(body)


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_breaks_neither_its_page_nor_the_list(page: PostBoxPage, raw: bytes) -> None:
    path = drop(page, raw)
    for wanted in ("/", path):
        status, _, body = ask(page, wanted)
        assert status == 200
        assert_harmless(body)
    assert ask(page, f"{path}.eml")[2] == raw.decode("latin-1")


def test_a_mail_of_5_mb_is_shown_in_part_and_kept_whole(page: PostBoxPage) -> None:
    path = drop(page, letter(text="wide words " * 500_000, html="<b>x</b>" * 600_000))
    _, _, body = ask(page, path)
    assert "the rest is in the source" in body
    assert len(body) < 4_000_000


def test_text_of_any_direction_cannot_turn_the_page_around(page: PostBoxPage) -> None:
    path = drop(page, letter(text="ئۇيغۇر \u202egnp.exe", subject="\u202eئۇيغۇر\u2066"))
    _, _, body = ask(page, path)
    assert 'class="text" dir="auto"' in body
    assert "<bdi>\u202eئۇيغۇر\u2066</bdi>" in body
    assert '<html lang="en">' in body


@pytest.mark.parametrize(
    "path",
    [
        "/mail/../secret.eml",
        "/mail/%2e%2e/secret.eml",
        "/mail/..%2fsecret.eml",
        "/mail/secret.eml",
        "/mail/.eml",
        "/mail/",
        "/mail/20260310T094127.123456Z-000000-0a1b2c3d",
        "/mail/20260310T094127.123456Z-000000-0a1b2c3d.eml",
        "/other",
        "/" + "x" * 3000,
    ],
)
def test_what_is_no_mail_is_not_found(page: PostBoxPage, path: str) -> None:
    (page.directory / "secret.eml").write_bytes(b"secret")
    (page.directory.parent / "secret.eml").write_bytes(b"secret")
    status, headers, body = ask(page, path)
    assert status == 404
    assert "secret</" not in body
    assert headers["Content-Security-Policy"] == POLICY
    assert_harmless(body)


def test_a_mail_thrown_away_meanwhile_is_no_trouble(page: PostBoxPage) -> None:
    path = drop(page, letter())
    for mail in page.directory.glob("*.eml"):
        mail.unlink()
    assert ask(page, path)[0] == 404
    assert "No mail yet" in ask(page, "/")[2]


def test_nothing_is_remembered_or_told_elsewhere(page: PostBoxPage) -> None:
    for path in ("/", "/style.css", drop(page, letter()), "/nothing"):
        _, headers, _ = ask(page, path)
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Set-Cookie"] is None
        assert headers["Server"] == "post-box"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8025", "", "127.0.0.1.evil.example"]
)
def test_a_site_that_points_its_own_name_here_reads_nothing(page: PostBoxPage, host: str) -> None:
    path = drop(page, letter(text="Please confirm."))
    status, _, body = ask(page, path, host=host)
    assert status == 421
    assert "Please confirm." not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_can_only_be_looked_at(page: PostBoxPage, method: str) -> None:
    status, headers, _ = ask(page, "/", method=method)
    assert status == 501
    assert headers["Content-Security-Policy"] == POLICY


def test_head_answers_like_get_without_the_body(page: PostBoxPage) -> None:
    status, headers, body = ask(page, "/", method="HEAD")
    assert (status, body) == (200, "")
    assert int(headers["Content-Length"]) > 500


@pytest.mark.parametrize(
    "noise",
    [
        b"\r\n",
        b"\x00\xff\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"GET /" + b"x" * 70_000,
    ],
)
def test_noise_on_the_line_harms_nobody(
    page: PostBoxPage, noise: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as line:
        line.sendall(noise)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    assert ask(page, "/")[0] == 200
    assert capfd.readouterr().err == ""


def test_a_taken_port_is_an_os_error(page: PostBoxPage) -> None:
    with pytest.raises(OSError, match="in use"):
        PostBoxPage(page.directory, port=page.port).start()
