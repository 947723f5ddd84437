"""The `tocsin` command: it explains itself, and says in one line what is wrong."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tocsin import __version__

SETTINGS = {
    "DATABASE_URL": "postgresql://tocsin@/tocsin?host=/nonexistent",
    "TOCSIN_BASE_URL": "http://127.0.0.1:8000",
    "TOCSIN_KEYS_DIR": "/nonexistent",
    "TOCSIN_MAIL_URL": "smtp://127.0.0.1:1",
}


def tocsin(
    *words: str, settings: Mapping[str, str] | None = None, python: Sequence[str] = ()
) -> tuple[int, str, str]:
    """Runs the command with these settings alone; returns its code, its words, its complaints."""
    ours = ("TOCSIN_", "DATABASE_URL", "DJANGO_")
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, *python, "-m", "tocsin.cli", *words],
        env={**inherited, **(settings or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_help_names_every_command_without_any_setting(words: list[str]) -> None:
    code, said, complaints = tocsin(*words)
    assert (code, complaints) == (0, "")
    for word in ("demo", "serve", "work", "migrate", "sample", "keys", "tocsin help", "130"):
        assert word in said
    assert max(len(line) for line in said.splitlines()) <= 100


def test_every_command_of_ours_stands_in_the_help() -> None:
    _, said, _ = tocsin()
    commands = (Path(__file__).parent.parent / "tocsin/management/commands").glob("[a-z]*.py")
    for word in (path.stem for path in commands):
        assert f"\n  tocsin {word} " in said


def test_it_knows_its_version() -> None:
    assert tocsin("--version") == (0, f"tocsin {__version__}\n", "")


def test_a_process_of_ours_that_crashes_leaves_no_core() -> None:
    code = (
        "import resource, sys; from tocsin.cli import main; sys.argv[1:] = ['--version']\n"
        "hard = resource.getrlimit(resource.RLIMIT_CORE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))\n"
        "try: main()\n"
        "except SystemExit: print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "(0, 0)"


def test_the_demo_needs_no_settings_and_no_django() -> None:
    code, said, complaints = tocsin("demo", "--help", python=("-X", "importtime"))
    assert code == 0
    assert "--ready-file" in said
    assert "aiosmtpd" in complaints
    assert "django" not in complaints


def test_the_demo_without_its_packages_says_what_to_install(tmp_path: Path) -> None:
    # A Python that finds Tocsin, and nothing that was installed beside it.
    (tmp_path / "tocsin").symlink_to(Path(__file__).parent.parent / "tocsin")
    code, _, complaints = tocsin("demo", python=("-S",), settings={"PYTHONPATH": str(tmp_path)})
    assert code == 1
    assert complaints == (
        "tocsin: the demo needs a few packages more: pip install 'tocsin[demo]'.\n"
    )


@pytest.mark.parametrize("missing", SETTINGS)
def test_a_missing_setting_is_one_line(missing: str) -> None:
    given = {name: text for name, text in SETTINGS.items() if name != missing}
    code, _, complaints = tocsin("check", settings=given)
    assert code == 1
    assert complaints.startswith(f"tocsin: {missing} is not set")
    assert len(complaints.splitlines()) == 1


@pytest.mark.parametrize("word", ["serve", "work", "migrate", "sample", "keys"])
def test_every_command_of_ours_says_what_is_missing(word: str) -> None:
    code, _, complaints = tocsin(word)
    assert code == 1
    assert complaints.endswith(" is not set; see docs/operating.md for what it is.\n")
    assert len(complaints.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "mysql://x"),
        ("TOCSIN_BASE_URL", "example.org"),
        ("TOCSIN_MAIL_URL", "x"),
        ("TOCSIN_SECRET_KEY_FILE", "/nonexistent"),
    ],
)
def test_a_wrong_setting_is_one_line(name: str, text: str) -> None:
    code, _, complaints = tocsin("check", settings={**SETTINGS, name: text})
    assert code == 1
    assert complaints.startswith(f"tocsin: {name}")
    assert len(complaints.splitlines()) == 1


@pytest.mark.parametrize("word", ["migrate", "sample"])
def test_a_database_that_does_not_answer_is_one_line(word: str) -> None:
    code, _, complaints = tocsin(word, settings=SETTINGS)
    assert code == 1
    assert complaints.startswith("tocsin: the database says: ")
    assert "DATABASE_URL" in complaints
    assert len(complaints.splitlines()) == 1


def test_djangos_own_words_stay_within_reach() -> None:
    code, said, complaints = tocsin("help", settings=SETTINGS)
    assert (code, complaints) == (0, "")
    assert "makemigrations" in said


def test_a_word_that_nobody_knows_fails() -> None:
    code, _, complaints = tocsin("no-such-word", settings=SETTINGS)
    assert code == 1
    assert "no-such-word" in complaints
    assert "Traceback" not in complaints


def test_a_reader_who_has_seen_enough_is_no_trouble() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "tocsin.cli"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")
