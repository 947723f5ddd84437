"""Tocsin's processes: watched, stopped, and found again after a murder."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.wait import until
from tocsin.demo.children import ChildFailed, Children, end_left_over
from tocsin.demo.home import Home
from tocsin.demo.processes import is_alive


def nothing() -> None:
    """Nobody interrupts."""


def endless(children: Children) -> psutil.Process:
    """A real child that goes on until it is stopped: Django's shell, reading what never comes."""
    children.start("shell", "-v0", "-c", "import time; time.sleep(600)")
    (trace,) = json.loads(children.home.children.read_text())
    return psutil.Process(trace["pid"])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "demo")
    home.open()
    home.prepare()
    yield home
    home.close()


@pytest.fixture
def children(home: Home) -> Iterator[Children]:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(Path.cwd())}
    children = Children(home, environment={**os.environ, **settings})
    yield children
    children.stop()


def test_a_command_that_ends_well_returns_what_it_printed(children: Children) -> None:
    assert children.run("--version", while_waiting=nothing).startswith("tocsin ")
    children.check()


def test_a_command_that_fails_tells_its_last_words(children: Children) -> None:
    with pytest.raises(ChildFailed) as failed:
        children.run("no-such-word", while_waiting=nothing)
    told = str(failed.value)
    assert told.startswith("`tocsin no-such-word` ended with code 1; its last words (all in ")
    assert "Unknown command: 'no-such-word'" in told
    assert str(children.home.log / "no-such-word.log") in told


def test_one_that_should_go_on_and_dies_is_reported(children: Children) -> None:
    process = endless(children)
    children.check()
    process.kill()
    until(lambda: not is_alive(process))
    with pytest.raises(ChildFailed, match="`tocsin shell` was ended by signal 9"):
        children.check()


def test_stop_leaves_nobody_and_no_trace(children: Children) -> None:
    process = endless(children)
    children.stop()
    assert not process.is_running()
    assert not children.home.children.exists()


def test_one_that_does_not_listen_is_made_to_end(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.demo.children.STOP_SECONDS", 0.5)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(600)"
    )
    children.start("shell", "-v0", "-c", deaf)
    until(lambda: "deaf" in (children.home.log / "shell.log").read_text())
    (trace,) = json.loads(children.home.children.read_text())
    children.stop()
    assert not psutil.pid_exists(trace["pid"])


def test_an_interruption_while_a_command_runs_is_not_lost(children: Children) -> None:
    def interrupt() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        children.run("shell", "-c", "import time; time.sleep(600)", while_waiting=interrupt)
    (trace,) = json.loads(children.home.children.read_text())
    children.stop()
    assert not psutil.pid_exists(trace["pid"])


def test_what_a_killed_demo_left_is_found_and_ended(children: Children) -> None:
    process = endless(children)
    end_left_over(children.home)
    assert not is_alive(process)
    assert not children.home.children.exists()


def test_what_a_left_over_child_had_started_is_ended_too(children: Children) -> None:
    script = (
        "import subprocess, sys, time; "
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, "
        "flush=True); time.sleep(600)"
    )
    children.start("shell", "-v0", "-c", script)
    log = children.home.log / "shell.log"
    until(lambda: log.read_text().endswith("\n"))
    grandchild = psutil.Process(int(log.read_text().split()[-1]))
    (trace,) = json.loads(children.home.children.read_text())
    os.kill(trace["pid"], signal.SIGKILL)
    end_left_over(children.home)
    assert not is_alive(grandchild)


@pytest.mark.parametrize("change", [{"created": 1.0}, {"command": ["python", "-m", "other"]}])
def test_a_stranger_under_a_remembered_number_is_left_alone(
    home: Home, change: dict[str, object]
) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with subprocess.Popen(command, start_new_session=True) as stranger:
        created = psutil.Process(stranger.pid).create_time()
        trace = {"pid": stranger.pid, "created": created, "command": command, **change}
        home.children.write_text(json.dumps([trace]))
        end_left_over(home)
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("told", ["", "{}", "[1]", '[{"pid": "x"}]', "null"])
def test_a_damaged_memory_ends_nobody(home: Home, told: str) -> None:
    home.children.write_text(told)
    end_left_over(home)
    assert not home.children.exists()


def test_logs_and_memory_are_private(children: Children) -> None:
    before = os.umask(0o077)
    try:
        endless(children)
    finally:
        os.umask(before)
    for path in (children.home.children, children.home.log / "shell.log"):
        assert path.stat().st_mode & 0o077 == 0
