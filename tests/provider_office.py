"""A provider on this machine: a real HTTP server that answers as it is told, or not at all."""

import contextlib
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tocsin.outbox.transports.ways import Provider

POSTMARK_OK = {"ErrorCode": 0, "Message": "OK", "MessageID": "0a129aee-e1cd-480d-b08d-4f48548ff48d"}
BREVO_OK = {"messageId": "<202603101205.60155436437@smtp-relay.mail.example>"}


@dataclass(frozen=True)
class Answer:
    """What is answered; a `habit` is one of "resets at once", "resets after", "keeps silent"."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    habit: str = ""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    content: dict[str, Any]
    raw: bytes


class ProviderOffice(ThreadingHTTPServer):
    """Answers one request after the other with the next of its answers; the last one stays."""

    daemon_threads = True

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Clerk)
        self.answers = deque(answers or [Answer(200, POSTMARK_OK)])
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self.lines = 0
        self._lock = threading.Lock()

    def next(self) -> Answer:
        with self._lock:
            return self.answers[0] if len(self.answers) == 1 else self.answers.popleft()

    def postmark(self) -> Provider:
        """Our account here, if it were Postmark."""
        return Provider("postmark", {"server_token": "se-cret", "api_url": self.url})

    def brevo(self) -> Provider:
        """Our account here, if it were Brevo."""
        return Provider("brevo", {"api_key": "se-cret", "api_url": self.url})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *_: Any) -> None:
        """The other side hung up, or we did: both are the day's work."""


@contextlib.contextmanager
def provider_office(*answers: Answer) -> Iterator[ProviderOffice]:
    """An office that is open while the test goes on."""
    office = ProviderOffice(*answers)
    # Looks up often whether it shall close, or every test would wait half a second for it.
    at_work = threading.Thread(target=office.serve_forever, args=(0.01,), daemon=True)
    at_work.start()
    try:
        yield office
    finally:
        office.closing.set()
        office.shutdown()
        office.server_close()
        at_work.join(5)


class _Clerk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ProviderOffice

    def setup(self) -> None:
        super().setup()
        self.server.lines += 1

    def do_POST(self) -> None:
        answer = self.server.next()
        if answer.habit == "resets at once":
            return self._reset()
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        is_json = raw.startswith(b"{")
        content = json.loads(raw) if is_json else {}
        self.server.asked.append(Asked(self.path, dict(self.headers), content, raw))
        if answer.habit == "resets after":
            return self._reset()
        if answer.habit == "keeps silent":
            self.server.closing.wait(10)
            return self._reset()
        self._say(answer)
        return None

    def _say(self, answer: Answer) -> None:
        words = answer.content
        said = words if isinstance(words, bytes) else json.dumps(words).encode()
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def _reset(self) -> None:
        """Not a farewell but a slammed door: RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""
