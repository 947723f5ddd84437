"""`tocsin keys accept`: nothing counts that was not compared, and the hand that signs stays."""

import io
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from tests.readers.cast import CHIARA, a_list, signed
from tocsin.readers.files import NoReaders, readers_of
from tocsin.readers.signed_list import ReaderList, in_groups, new_signer

DAY = a_list().made


@pytest.fixture(autouse=True)
def keys_dir(settings: LazySettings, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The list, as it came."""
    path = tmp_path / "table.readers.json"
    path.write_bytes(signed(a_list()))
    return path


def accept(file: Path, *words: str) -> str:
    out = StringIO()
    call_command("keys", "accept", str(file), *words, stdout=out)
    return out.getvalue()


def counting(keys_dir: Path) -> ReaderList | None:
    try:
        return readers_of(keys_dir / "readers", "table", day=DAY)
    except NoReaders:
        return None


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_it_shows_who_reads_and_asks_for_the_fingerprint(
    file: Path, keys_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, in_groups(a_list().fingerprint) + "\n")
    said = accept(file)
    assert f"Chiara: {CHIARA[1]}" in said
    assert "by telephone" in said
    assert "sealed for these from now on" in said
    assert counting(keys_dir) == a_list()


@pytest.mark.parametrize(
    "typed", ["", "\n", "yes\n", "0000 " * 8 + "\n", a_list().fingerprint[:-4]]
)
def test_without_the_right_fingerprint_nothing_changes(
    file: Path, keys_dir: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    type_in(monkeypatch, typed)
    with pytest.raises(CommandError, match="nothing was changed"):
        accept(file)
    assert counting(keys_dir) is None


def test_a_script_gives_the_fingerprint_that_it_was_told(file: Path, keys_dir: Path) -> None:
    accept(file, "--fingerprint", in_groups(a_list().fingerprint))
    assert counting(keys_dir) == a_list()
    said = accept(file, "--fingerprint", a_list().fingerprint)
    assert "counts already" in said
    with pytest.raises(CommandError, match="nothing was changed"):
        accept(file, "--fingerprint", "0" * 32)


def test_another_signer_is_refused_before_anything_is_asked(file: Path, keys_dir: Path) -> None:
    accept(file, "--fingerprint", a_list().fingerprint)
    secret, public = new_signer()
    other = a_list(signer=public)
    file.write_bytes(signed(other, by=secret))
    with pytest.raises(CommandError, match=r"signed by another hand.*--new-signer"):
        accept(file, "--fingerprint", other.fingerprint)
    assert counting(keys_dir) == a_list()
    accept(file, "--fingerprint", other.fingerprint, "--new-signer")
    assert counting(keys_dir) == other


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a list of readers"),
        (signed(a_list()).replace(b"Samira", b"Mallor"), "its signature is wrong"),
        (CHIARA[0].encode(), "PRIVATE KEY"),
        (b" " * 100_000, "far too large"),
    ],
    ids=["empty", "tampered", "private", "large"],
)
def test_what_is_no_list_is_refused_in_one_line(
    file: Path, keys_dir: Path, content: bytes, reason: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(CommandError, match=reason) as refused:
        accept(file)
    assert len(str(refused.value).splitlines()) == 1
    assert not (keys_dir / "readers").exists()


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        accept(tmp_path / "none")
    with pytest.raises(CommandError, match="which list"):
        call_command("keys", "accept")
