"""`tocsin demo` as a whole: it starts, it says where, it stops, it outlives every murder."""

import json
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import psutil
import psycopg
import pytest

from tests.wait import until
from tocsin.demo.home import Home
from tocsin.demo.processes import is_alive

COMMAND = [sys.executable, "-m", "tocsin.cli", "demo"]
ANY_PORTS = ["--port", "0", "--mail-port", "0", "--post-box-port", "0"]
READY = "Tocsin is ready"
PLACES = {
    "campaign_url",
    "campaign_url_en",
    "post_box_url",
    "mail_dir",
    "office_url",
    "office_user",
    "office_password",
    "database_url",
}


class Run:
    """One start of the demo, in a process of its own."""

    def __init__(self, directory: Path, *words: str) -> None:
        self.directory = directory
        self.home = directory / "demo"
        self.ready_file = directory / "ready.json"
        self.output = directory / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "--data", str(self.home), "--ready-file", str(self.ready_file)]
                + (list(words) or ANY_PORTS),
                stdout=output,
                stderr=subprocess.STDOUT,
                # Of another Tocsin: none of it may be believed.
                env={**os.environ, "TOCSIN_MAIL_URL_FILE": "/dev/null", "PGPORT": "1"},
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_ready(self) -> dict[str, str]:
        # Its word, and not the file alone, which a killed predecessor may have left.
        until(lambda: READY in self.said() or self.process.poll() is not None, within=150)
        assert self.process.poll() is None, self.said()
        places: dict[str, str] = json.loads(self.ready_file.read_text())
        return places

    def wait_said(self, words: str) -> None:
        until(lambda: words in self.said(), within=60)

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        """Asks it to stop; it has ten seconds."""
        self.process.send_signal(sign)
        return self.process.wait(10)

    def left_over(self) -> list[psutil.Process]:
        """Whatever still runs with this demo's data."""
        mine = str(self.home)
        return [
            process
            for process in psutil.process_iter()
            if is_alive(process) and (_mentions(process, mine) or _cwd(process) == mine)
        ]


def _mentions(process: psutil.Process, words: str) -> bool:
    try:
        return words in process.cmdline()
    except psutil.Error:
        return False


def _cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo's directory after a first run that was stopped with Ctrl-C."""
    directory = tmp_path_factory.mktemp("grown")
    run = Run(directory)
    places = run.wait_ready()
    assert set(places) == PLACES
    assert (directory / "ready.json").stat().st_mode & 0o077 == 0
    for name in ("campaign_url", "campaign_url_en", "post_box_url", "office_url"):
        assert look_at(places[name]) == 200
        assert places[name] in run.said()
    assert places["office_password"] in run.said()
    assert run.stop() == 0
    assert run.left_over() == []
    assert not run.ready_file.exists()
    assert "Traceback" not in run.said()
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def run(grown: Path) -> Iterator[Run]:
    """Another run with the same data."""
    run = Run(grown)
    yield run
    run.process.kill()
    run.process.wait()


def look_at(url: str) -> int:
    with build_opener(ProxyHandler({})).open(url, timeout=10) as answer:
        return int(answer.status)


def mail_port(run: Run) -> int:
    """Where the supervisor listens for mail: the one of its ports that greets."""
    supervisor = psutil.Process(run.process.pid)
    ports = [one.laddr.port for one in supervisor.net_connections("tcp") if one.status == "LISTEN"]
    for port in ports:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.settimeout(1)
            try:
                if line.recv(3) == b"220":
                    return port
            except TimeoutError:
                continue
    raise AssertionError(f"nobody greets at {ports}")


def test_data_and_password_and_mail_outlive_a_stop(run: Run) -> None:
    places = run.wait_ready()
    with psycopg.connect(places["database_url"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (words text)")
        connection.execute("INSERT INTO kept VALUES ('Free them')")
    with smtplib.SMTP("127.0.0.1", mail_port(run), local_hostname="x.test", timeout=10) as client:
        client.sendmail("a@x.example", ["b@x.example"], b"Subject: Kept\r\n\r\nKept.\r\n")
    assert run.stop(signal.SIGTERM) == 0
    again = Run(run.directory)
    try:
        places_again = again.wait_ready()
        with psycopg.connect(places_again["database_url"]) as connection:
            assert connection.execute("SELECT words FROM kept").fetchall() == [("Free them",)]
        assert places_again["office_password"] == places["office_password"]
        assert any(b"Kept." in mail.read_bytes() for mail in Path(places["mail_dir"]).iterdir())
    finally:
        assert again.stop(signal.SIGHUP) == 0


def test_a_killed_demo_starts_again_with_its_data(run: Run) -> None:
    run.wait_ready()
    run.process.kill()
    run.process.wait()
    assert run.left_over()
    again = Run(run.directory)
    again.wait_ready()
    assert again.stop() == 0
    assert again.left_over() == []


@pytest.mark.parametrize("victim", ["serve", "work", "PostgreSQL"])
def test_a_part_that_dies_ends_the_whole_in_words(run: Run, victim: str) -> None:
    run.wait_ready()
    if victim == "PostgreSQL":
        pid = int((run.home / "postgres" / "postmaster.pid").read_text().split()[0])
    else:
        traces = json.loads((run.home / "children.json").read_text())
        (pid,) = (trace["pid"] for trace in traces if victim in trace["command"])
    os.kill(pid, signal.SIGKILL)
    assert run.process.wait(15) == 1
    assert f"tocsin demo: {'`tocsin ' * (victim != 'PostgreSQL')}{victim}" in run.said()
    assert "Traceback" not in run.said()
    assert run.left_over() == []
    assert not run.ready_file.exists()


def test_a_second_ctrl_c_is_harmless(run: Run) -> None:
    run.wait_ready()
    run.process.send_signal(signal.SIGINT)
    run.wait_said("Stopping")
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(10) == 0
    assert run.left_over() == []


def test_a_second_demo_on_the_same_data_leaves_the_first_alone(run: Run) -> None:
    places = run.wait_ready()
    told = refused("--data", str(run.home), "--ready-file", str(run.ready_file), "--fresh")
    assert "another demo runs with the data" in told
    assert json.loads(run.ready_file.read_text()) == places
    assert look_at(places["campaign_url"]) == 200
    assert run.stop() == 0


@pytest.mark.parametrize(
    "moment", ["with its data in", "Starting the database", "Making keys", "Starting the pages"]
)
def test_ctrl_c_while_it_starts_stops_as_cleanly(tmp_path: Path, moment: str) -> None:
    run = Run(tmp_path)
    run.wait_said(moment)
    assert run.stop() == 128 + signal.SIGINT
    assert run.left_over() == []
    assert not run.ready_file.exists()
    assert "Traceback" not in run.said()


def test_a_stale_ready_file_is_gone_before_anything_answers(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text("stale")
    run = Run(tmp_path)
    run.wait_said("Starting the database")
    assert not run.ready_file.exists()
    run.stop()


def refused(*words: str, code: int = 1) -> str:
    """Runs a demo that must not start; returns the one line that says why."""
    done = subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code
    lines = done.stderr.splitlines()
    if code == 2:
        lines = [line for line in lines if not re.match(r"usage:|\s", line)]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("tocsin demo: ")
    return lines[0]


@pytest.mark.parametrize("option", ["--port", "--mail-port", "--post-box-port"])
def test_a_port_in_use_is_one_line_with_its_option(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
        told = refused("--data", str(tmp_path / "demo"), *ANY_PORTS, option, port)
    assert told.startswith(f"tocsin demo: port {port} is in use: choose another with {option} ")


def test_two_doors_at_one_port_are_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
    words = ["--post-box-port", "0", "--port", port, "--mail-port", port]
    assert "must differ" in refused("--data", str(tmp_path / "demo"), *words)


def test_data_of_a_newer_version_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "tocsin-demo.json").write_text('{"layout": 2, "version": "3.0"}')
    assert "made by a newer Tocsin (3.0" in refused("--data", str(tmp_path), *ANY_PORTS)


def test_data_of_another_postgresql_are_one_line(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open()
    home.prepare()
    home.close()
    home.cluster.mkdir()
    (home.cluster / "PG_VERSION").write_text("19\n")
    assert "was made by PostgreSQL 19" in refused("--data", str(tmp_path), *ANY_PORTS)


@pytest.mark.parametrize("more", [[], ["--fresh"]])
def test_a_foreign_directory_is_one_line_and_untouched(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    assert "not a demo of Tocsin" in refused("--data", str(tmp_path), *ANY_PORTS, *more)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_place_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "file" in refused("--data", str(tmp_path / "file" / "demo"), *ANY_PORTS)


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "70000"],
        ["--port", "-1"],
        ["--port", "http"],
        ["--mail-port", "٢٥"],
        ["--ready-file", "/nonexistent/ready.json"],
        ["--ready-file", "/"],
        ["--no-such-option"],
        ["word"],
    ],
)
def test_wrong_options_are_one_line_and_code_2(tmp_path: Path, words: list[str]) -> None:
    refused("--data", str(tmp_path / "demo"), *words, code=2)
    assert not (tmp_path / "demo").exists()


def test_fresh_begins_anew(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    home.open()
    home.prepare()
    home.mail.mkdir()
    (home.mail / "old.eml").touch()
    password = home.office_password()
    home.close()
    run = Run(tmp_path, *ANY_PORTS, "--fresh")
    run.wait_said("Making keys")
    run.stop()
    assert not (home.mail / "old.eml").exists()
    assert not (home.path / "office-password").exists() or home.office_password() != password
