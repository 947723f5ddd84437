"""`tocsin serve`: it answers, keeps no trace of it, and goes when asked."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.readers.cast import a_list, signed
from tests.wait import until
from tocsin import serve, settings
from tocsin.demo.ports import claim_port
from tocsin.readers.files import accept_list

REAL = {"DJANGO_SETTINGS_MODULE": "tocsin.settings"}
"""The settings of production, with the environment of the tests."""


class Server:
    """`tocsin serve` in a process of its own."""

    def __init__(self, log: Path, *words: str) -> None:
        self.port = claim_port(0, option="")
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tocsin.cli", "serve", "--port", str(self.port), *words],
                env={**os.environ, **REAL},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """It and its workers, which would outlive it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def status_of(self, path: str) -> int | None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", path, headers={"Host": "localhost", "User-Agent": "Gulnar's"})
            return line.getresponse().status
        except OSError:
            return None
        finally:
            line.close()


@pytest.fixture(scope="module", autouse=True)
def static_files() -> None:
    """What `tocsin migrate` leaves behind, and `tocsin serve` asks for."""
    command = [sys.executable, "-m", "tocsin.cli", "collectstatic", "--noinput"]
    subprocess.run(command, env={**os.environ, **REAL}, check=True, capture_output=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "log")
    yield server
    server.kill()


def test_it_answers_and_leaves_no_trace_of_a_visit(server: Server) -> None:
    until(lambda: server.status_of("/no-such-page?gulnar") is not None, within=60)
    # Pictures as they are shown, and no upload, without another server.
    for folder, address, status in (("pictures", "pictures", 200), ("originals", "media", 404)):
        file = settings.MEDIA_ROOT / folder / f"{'ab' * 16}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"a picture")
        assert server.status_of(f"/{address}/{file.name}") == status
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(6) == 0
    said = server.log.read_text().lower()
    assert "gulnar" not in said
    assert "no-such-page" not in said
    assert "127.0.0.1" not in said


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_in_time_even_while_it_starts(server: Server, sign: signal.Signals) -> None:
    until(lambda: _is_open(server.port) or server.process.poll() is not None, within=60)
    server.process.send_signal(sign)
    assert server.process.wait(6) == 0


def test_a_visitor_who_never_finishes_does_not_hold_it_up(server: Server) -> None:
    until(lambda: server.status_of("/static/x") is not None, within=60)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(6) in (0, 1)


def test_without_static_files_it_says_what_to_do(tmp_path: Path) -> None:
    nowhere = {**os.environ, **REAL, "TOCSIN_STATIC_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tocsin.cli", "serve"], env=nowhere, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"tocsin serve: there are no static files in {tmp_path}: run `tocsin migrate` first.\n"
    )


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Server(tmp_path / "log", "--port", str(door.getsockname()[1]))
        assert server.process.wait(60) == 1
    (line,) = server.log.read_text().splitlines()
    assert "cannot listen at 127.0.0.1, port" in line
    assert "Choose another" in line


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "٨٠"])
def test_a_port_that_cannot_be_is_refused(tmp_path: Path, port: str) -> None:
    server = Server(tmp_path / "log", "--port", port)
    assert server.process.wait(60) == 2
    assert "is not a port" in server.log.read_text() or port == "-1"


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_many_visitors_at_once_are_all_answered(server: Server) -> None:
    until(lambda: server.status_of("/static/x") is not None, within=60)
    seen: list[int | None] = []
    visitors = [
        threading.Thread(target=lambda: seen.append(server.status_of("/static/x")))
        for _ in range(40)
    ]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(30)
    assert len(seen) == 40
    assert None not in seen


def test_it_says_at_once_when_nobody_could_read_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "KEYS_DIR", tmp_path)
    assert "no list of readers was accepted" in serve._nobody_reads()
    accept_list(tmp_path / "readers", signed(a_list()))
    assert serve._nobody_reads() == ""
