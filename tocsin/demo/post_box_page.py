"""The page at which a person looks into the post box."""

import contextlib
import http.server
import socketserver
import sys
import threading
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tocsin.demo.eml import NAME, Mail, read_head, read_mail, stored_names
from tocsin.demo.post_box_html import STYLE, list_page, mail_page, missing_page

LOOPBACK = "127.0.0.1"
MAILS_A_PAGE = 50
NO_SUCH_MAIL = "There is no such mail here."
HTML = "text/html; charset=utf-8"

# A mail's own style must work within its frame, which inherits this policy; nothing else is let
# in, and nothing is fetched from anywhere.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class PostBoxPage:
    """Shows the mails of `directory` on loopback; port 0 takes any free one.

    Raises OSError where the port is not free.
    """

    def __init__(self, directory: Path, *, port: int) -> None:
        self.directory = directory
        self._wanted = port
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._server.server_address[1] if self._server else self._wanted

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    def start(self) -> None:
        self._server = _Server((LOOPBACK, self._wanted), _Conversation, self.directory)
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(socketserver.ThreadingTCPServer):
    """The standard library's, without its question for our name at the name server."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        address: tuple[str, int],
        conversation: type["_Conversation"],
        directory: Path,
    ) -> None:
        self.directory = directory
        super().__init__(address, conversation)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who went away in the middle is no news for the terminal."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


class _Conversation(http.server.BaseHTTPRequestHandler):
    """One visitor's questions; everything but GET and HEAD is refused by the library."""

    server: _Server
    timeout = 20
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self._is_ours():
            # A page elsewhere that calls itself by a name of ours must not read the mails.
            self._answer(
                HTTPStatus.MISDIRECTED_REQUEST, missing_page("Open this page at 127.0.0.1.")
            )
            return
        try:
            parts = urlsplit(self.path)
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        if parts.path == "/":
            self._list(parse_qs(parts.query).get("page", ["1"])[-1])
        elif parts.path == "/style.css":
            self._answer(HTTPStatus.OK, STYLE, kind="text/css; charset=utf-8")
        elif parts.path.startswith("/mail/"):
            self._mail(parts.path.removeprefix("/mail/"))
        else:
            self._answer(HTTPStatus.NOT_FOUND, missing_page("There is no such page here."))

    def do_HEAD(self) -> None:
        self.do_GET()

    def version_string(self) -> str:
        return "post-box"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nobody needs to know who looked at what."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.close_connection = True
        words = explain or message or HTTPStatus(code).description
        self._answer(HTTPStatus(code), missing_page(words))

    def _is_ours(self) -> bool:
        return self.headers.get("Host", "").partition(":")[0] in {LOOPBACK, "localhost"}

    def _list(self, page: str) -> None:
        number = max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1
        names = stored_names(self.server.directory)
        first = (number - 1) * MAILS_A_PAGE
        mails = list(_heads(self.server.directory, names[first:][:MAILS_A_PAGE]))
        has_older = len(names) > first + MAILS_A_PAGE
        body = list_page(mails, page=number, has_older=has_older, directory=self.server.directory)
        self._answer(HTTPStatus.OK, body)

    def _mail(self, wanted: str) -> None:
        name = wanted.removesuffix(".eml")
        try:
            path = self.server.directory / f"{name}.eml"
            raw = path.read_bytes() if NAME.fullmatch(name) else None
        except OSError:
            raw = None
        if raw is None:
            self._answer(HTTPStatus.NOT_FOUND, missing_page(NO_SUCH_MAIL))
        elif wanted.endswith(".eml"):
            self._answer(HTTPStatus.OK, raw, kind="text/plain; charset=utf-8")
        else:
            self._answer(HTTPStatus.OK, mail_page(read_mail(name, raw)))

    def _answer(self, status: HTTPStatus, body: str | bytes, *, kind: str = HTML) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _heads(directory: Path, names: Sequence[str]) -> Iterator[Mail]:
    for name in names:
        # A person may throw a mail away at any moment.
        with contextlib.suppress(FileNotFoundError):
            yield read_head(directory, name)
