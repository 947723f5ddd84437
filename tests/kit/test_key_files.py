"""Key files: kept in memory only while the file on the disk is the one that was read."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tocsin.kit import key_files
from tocsin.kit.key_files import read_key_file, remove_key_file, replace_key_file, write_key_file


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[Path, object]:
    """What is kept: nothing at first; every file counts as settled, however young."""
    memory: dict[Path, object] = {}
    monkeypatch.setattr(key_files, "_kept", memory)
    monkeypatch.setattr(key_files, "SETTLED", -(10**12))
    return memory


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "index.key"
    path.write_bytes(b"first")
    return path


def openings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are opened from now on."""
    opened: list[Path] = []
    plain = Path.open

    def noting(path: Path, mode: str) -> object:
        opened.append(path)
        return plain(path, mode)

    monkeypatch.setattr(Path, "open", noting)
    return opened


def test_a_file_that_stays_the_same_is_read_once(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = openings(monkeypatch)
    assert [read_key_file(key) for _ in range(5)] == [b"first"] * 5
    assert opened == [key]


def test_a_file_just_written_is_not_trusted_to_stay(
    key: Path, monkeypatch: pytest.MonkeyPatch, kept: dict[Path, object]
) -> None:
    monkeypatch.setattr(key_files, "SETTLED", 60 * 10**9)
    opened = openings(monkeypatch)
    assert [read_key_file(key) for _ in range(3)] == [b"first"] * 3
    assert (opened, kept) == ([key] * 3, {})


def test_a_file_that_is_gone_is_missing_at_once_and_forgotten(
    key: Path, kept: dict[Path, object]
) -> None:
    assert read_key_file(key) == b"first"
    assert list(kept) == [key]
    key.unlink()
    with pytest.raises(FileNotFoundError):
        read_key_file(key)
    assert kept == {}


def test_a_file_that_is_gone_is_forgotten_when_another_is_read(
    key: Path, tmp_path: Path, kept: dict[Path, object]
) -> None:
    other = tmp_path / "other.key"
    other.write_bytes(b"other")
    assert read_key_file(key) == b"first"
    key.unlink()
    assert read_key_file(other) == b"other"
    assert list(kept) == [other]


def test_a_file_in_a_directory_that_is_gone_is_missing_at_once(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    path = tmp_path / "keys" / "index.key"
    path.write_bytes(b"first")
    assert read_key_file(path) == b"first"
    (tmp_path / "keys").rename(tmp_path / "not mounted")
    with pytest.raises(FileNotFoundError):
        read_key_file(path)


def replaced(key: Path) -> None:
    """By another file of the same length and the same time."""
    state = key.stat()
    other = key.with_suffix(".new")
    other.write_bytes(b"other")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(key)


def lengthened(key: Path) -> None:
    key.write_bytes(b"other and longer")


def dated_anew(key: Path) -> None:
    """Rewritten in place, with the same length at another time."""
    state = key.stat()
    key.write_bytes(b"other")
    os.utime(key, ns=(state.st_atime_ns, state.st_mtime_ns + 1))


@pytest.mark.parametrize("change", [replaced, lengthened, dated_anew])
def test_a_changed_file_is_read_anew(key: Path, change: Callable[[Path], None]) -> None:
    assert read_key_file(key) == b"first"
    change(key)
    assert read_key_file(key) == key.read_bytes() != b"first"


def test_a_file_restored_after_it_was_missed_is_read_again(key: Path) -> None:
    assert read_key_file(key) == b"first"
    key.rename(key.with_suffix(".away"))
    with pytest.raises(FileNotFoundError):
        read_key_file(key)
    key.write_bytes(b"other")
    assert read_key_file(key) == b"other"


def test_no_more_keys_are_kept_than_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: dict[Path, object]
) -> None:
    monkeypatch.setattr(key_files, "MOST_KEPT", 3)
    paths = [tmp_path / f"{number}.key" for number in range(5)]
    for path in paths:
        path.write_bytes(path.name.encode())
        assert read_key_file(path) == path.name.encode()
    assert list(kept) == paths[2:]
    assert read_key_file(paths[0]) == b"0.key"
    assert list(kept) == [*paths[3:], paths[0]]


def test_many_threads_read_what_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: dict[Path, object]
) -> None:
    monkeypatch.setattr(key_files, "MOST_KEPT", 3)
    paths = [tmp_path / f"{number}.key" for number in range(8)]
    for path in paths:
        path.write_bytes(path.name.encode())
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(read_key_file, paths * 50))
    assert read == [path.name.encode() for path in paths] * 50
    assert len(kept) == 3


def test_the_first_who_writes_a_key_file_wins(tmp_path: Path) -> None:
    path = tmp_path / "index.key"
    assert write_key_file(path, b"first")
    assert not write_key_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_taken_away_once_and_forgotten(key: Path, kept: dict[Path, object]) -> None:
    assert read_key_file(key) == b"first"
    assert remove_key_file(key) is True
    assert not key.exists()
    assert not kept
    assert remove_key_file(key) is False


def test_a_file_that_is_replaced_is_another_one_at_once_and_private(
    key: Path, kept: dict[Path, object]
) -> None:
    assert read_key_file(key) == b"first"
    replace_key_file(key, b"other")
    assert read_key_file(key) == b"other"
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    assert [path.name for path in key.parent.iterdir()] == [key.name]


def test_of_many_who_replace_a_file_at_once_each_reader_sees_one_whole_one(key: Path) -> None:
    contents = [bytes([number]) * 5000 for number in range(20)]

    def replace_and_read(content: bytes) -> bytes:
        replace_key_file(key, content)
        return read_key_file(key)

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(replace_and_read, contents))
    assert seen <= set(contents)
    assert key.read_bytes() in contents
    assert [path.name for path in key.parent.iterdir()] == [key.name]
