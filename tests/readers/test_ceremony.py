"""The ceremony: every key in a file of its own, one file for the server, and nothing by halves."""

import os
import re
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tocsin.readers.ceremony import NotDone, change_list, main, make_keys
from tocsin.readers.files import accept_list
from tocsin.readers.key_text import read_secret
from tocsin.readers.signed_list import ListRefused, in_groups, read_list

TODAY = date(2024, 2, 29)
NAMES = {"reader-1.key", "reader-2.key", "recovery.key", "signer.key", "table.readers.json"}


@pytest.fixture(autouse=True)
def away_from_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of a server is in the environment."""
    for name in [each for each in os.environ if each.startswith(("TOCSIN_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)


def hold(directory: Path, *words: str) -> int:
    return main(["new", "table", str(directory), *words])


def test_each_private_key_has_a_private_file_and_the_list_has_none_of_them(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    assert hold(directory) == 0
    assert {path.name for path in directory.iterdir()} == NAMES
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}
    told = (directory / "table.readers.json").read_text()
    for name in ("reader-1", "reader-2", "recovery"):
        secret = read_secret((directory / f"{name}.key").read_text())
        assert secret not in told
    assert "TOCSIN-SIGNER-KEY" in (directory / "signer.key").read_text()
    assert len(read_list(told.encode()).keys) == 3


def test_it_says_who_gets_what_and_what_to_write_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hold(tmp_path, "--reader", "Chiara", "--reader", "Samira", "--reader", "Ana")
    said, complaints = capsys.readouterr()
    readers = read_list((tmp_path / "table.readers.json").read_bytes())
    assert complaints == ""
    assert in_groups(readers.fingerprint) in said
    for number, label in enumerate(("Chiara", "Samira", "Ana"), start=1):
        assert f"reader-{number}.key  to {label}" in said
    written = "\n".join(re.findall(r"^  (\d: .+)$", said, re.MULTILINE))
    assert read_secret(written) == read_secret((tmp_path / "recovery.key").read_text())
    assert "tocsin keys accept table.readers.json" in said
    assert "must never be copied to" in said
    # What opens is in its file: a screen that is photographed shows the recovery key alone.
    for number in (1, 2, 3):
        assert read_secret((tmp_path / f"reader-{number}.key").read_text()) not in said


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--reader", "Chiara"], "at least 2 readers"),
        (["--reader", "Chiara", "--reader", "chiara"], "a label of their own"),
        (["--reader", "Chiara", "--reader", "Recovery"], "none is called recovery"),
        (["--reader", "Chiara", "--reader", "\x1b[2J"], "one plain line"),
    ],
)
def test_what_cannot_become_a_list_makes_no_key(
    tmp_path: Path, words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hold(tmp_path / "keys", *words) == 1
    complaints = capsys.readouterr().err
    assert reason in complaints
    assert len(complaints.splitlines()) == 1
    assert not (tmp_path / "keys").exists()


def test_a_directory_with_something_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hold(tmp_path) == 0
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert hold(tmp_path) == 1
    assert "is not empty" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["../x", "", "a b"])
def test_an_organisation_is_named_by_its_short_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotDone, match="short name"):
        make_keys(tmp_path / "keys", organisation=name, labels=["A", "B"], today=TODAY)
    assert not (tmp_path / "keys").exists()


def test_a_leap_day_has_its_end_too(tmp_path: Path) -> None:
    made = make_keys(tmp_path, organisation="table", labels=["A", "B"], today=TODAY, years=3)
    assert (made.readers.made, made.readers.until) == (TODAY, date(2027, 2, 28))


def test_on_the_server_it_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOCSIN_KEYS_DIR", "/keys")
    assert hold(tmp_path / "keys") == 0
    assert "this looks like the server" in capsys.readouterr().err


def test_readers_come_and_go_in_the_next_list_of_the_same_signer(tmp_path: Path) -> None:
    first = make_keys(tmp_path / "1", organisation="table", labels=["A", "B"], today=TODAY)
    accept_list(tmp_path / "server", first.list_path.read_bytes())
    words = ["change", str(first.list_path), str(tmp_path / "2"), "--add", "C", "--remove", "A"]
    assert main([*words, "--signer", str(tmp_path / "1" / "signer.key"), "--new-recovery"]) == 0
    content = (tmp_path / "2" / "table.readers.json").read_bytes()
    second = read_list(content)
    assert [each.label for each in second.everybody] == ["B", "C", "recovery"]
    assert (second.number, second.signer) == (2, first.readers.signer)
    assert second.readers[0] == first.readers.readers[1]
    assert second.recovery != first.readers.recovery
    assert {path.name for path in (tmp_path / "2").iterdir()} == {
        *("reader-1.key", "recovery.key", "table.readers.json"),
    }
    assert accept_list(tmp_path / "server", content).is_new


def test_a_list_can_be_given_more_time_without_any_new_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = make_keys(tmp_path / "1", organisation="table", labels=["A", "B"], today=TODAY)
    words = ["change", str(first.list_path), str(tmp_path / "2")]
    assert main([*words, "--signer", str(tmp_path / "1" / "signer.key")]) == 0
    assert [path.name for path in (tmp_path / "2").iterdir()] == ["table.readers.json"]
    assert read_list((tmp_path / "2" / "table.readers.json").read_bytes()).keys == (
        first.readers.keys
    )
    assert "No new key was made" in capsys.readouterr().out


def test_a_change_that_is_none_is_refused(tmp_path: Path) -> None:
    first = make_keys(tmp_path / "1", organisation="table", labels=["A", "B"], today=TODAY)
    other = make_keys(tmp_path / "2", organisation="table", labels=["A", "B"], today=TODAY)
    signer = dict(first.secrets.values())["signer"]

    def change(**changes: list[str]) -> None:
        change_list(tmp_path / "3", before=first.readers, signer=signer, today=TODAY, **changes)  # type: ignore[arg-type]

    with pytest.raises(NotDone, match="no reader is called Z"):
        change(remove=["Z"])
    with pytest.raises(NotDone, match="a label of their own"):
        change(add=["b"])
    with pytest.raises(ListRefused, match="at least 2"):
        change(remove=["A"])
    signer = dict(other.secrets.values())["signer"]
    with pytest.raises(NotDone, match="not the key that signed"):
        change()
    assert not list((tmp_path / "3").glob("*"))


def test_the_offline_commands_need_no_setting_and_know_no_django(tmp_path: Path) -> None:
    for words in (["keys", "new", "table", str(tmp_path / "keys")], ["open", "--help"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "tocsin.cli", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "pyrage" in done.stderr
        assert not re.search(r"django|psycopg|wagtail", done.stderr)
