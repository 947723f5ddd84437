"""A rehearsal: each mail is a file, whole or not there at all."""

import os
import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.outbox.transports.envelopes import an_envelope, receipts_from
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.folder import FolderLines
from tocsin.outbox.transports.lines import lines_to
from tocsin.outbox.transports.ways import Folder
from tocsin.outbox.verdicts.retry import Receipt


def receipts_of(path: Path, *envelopes: Envelope, connections: int = 1) -> list[Receipt]:
    """Hand them all over at once."""
    with FolderLines(Folder(path), connections=connections) as lines:
        for key, envelope in enumerate(envelopes):
            lines.hand_over(key, envelope)
        found = receipts_from(lines, number=len(envelopes))
        assert [key for key, _ in found] == list(range(len(envelopes)))
        assert lines.finished(wait=0) == []
    return [receipt for _, receipt in found]


def test_each_mail_is_a_file_with_its_envelope_in_front(tmp_path: Path) -> None:
    envelope = an_envelope()
    [receipt] = receipts_of(tmp_path, envelope)
    [file] = tmp_path.iterdir()
    assert receipt == Receipt("done", 250, "", f"kept as {file.name}")
    assert file.name.endswith(f"-{envelope.ref}.eml")
    front, mail = file.read_bytes().split(b"\r\n", 2)[:2], file.read_bytes().split(b"\r\n", 2)[2]
    assert front == [
        f"X-Envelope-From: <{envelope.sender}>".encode(),
        b"X-Envelope-To: <minister@mfa.example>",
    ]
    assert mail == envelope.mail
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_names_sort_as_the_mails_were_written(tmp_path: Path) -> None:
    for attempt in range(1, 12):
        receipts_of(tmp_path, an_envelope(attempt=attempt))
    names = sorted(file.name for file in tmp_path.iterdir())
    assert [name.split(".")[1] for name in names] == [str(each) for each in range(1, 12)]


def test_many_at_once_are_each_kept_once(tmp_path: Path) -> None:
    envelopes = [an_envelope(attempt=attempt) for attempt in range(1, 41)]
    receipts = receipts_of(tmp_path, *envelopes, connections=4)
    assert {receipt.code for receipt in receipts} == {250}
    kept = sorted(file.read_bytes().partition(b"\r\n")[0] for file in tmp_path.iterdir())
    assert kept == sorted(f"X-Envelope-From: <{each.sender}>".encode() for each in envelopes)


def test_a_mail_is_on_the_disk_before_we_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted_fsync(fd: int) -> None:
        found = os.fstat(fd)
        done.append("directory" if stat.S_ISDIR(found.st_mode) else f"{found.st_size} bytes")
        fsync(fd)

    def noted_rename(path: Path, to: Path) -> Path:
        done.append("rename")
        return rename(path, to)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    [receipt] = receipts_of(tmp_path, an_envelope())
    [file] = tmp_path.iterdir()
    whole = f"{file.stat().st_size} bytes"
    assert (receipt.phase, done) == ("done", [whole, "rename", "directory"])


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """As on a full disk: no file of ours may be larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    usual = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, usual)


def test_a_full_disk_is_a_fault_of_the_way_and_leaves_no_half_file(tmp_path: Path) -> None:
    with room_for(200):
        [receipt] = receipts_of(tmp_path, an_envelope())
    assert receipt == Receipt("connect", None, "", "OSError: File too large")
    assert list(tmp_path.iterdir()) == []
    [receipt] = receipts_of(tmp_path, an_envelope())
    assert receipt.code == 250


def test_a_folder_that_is_not_there_is_noticed_before_anything_is_handed_over(
    tmp_path: Path,
) -> None:
    missing = tmp_path / "missing"
    words = f"{missing} is no directory that we may write to"
    with FolderLines(Folder(missing), connections=2) as lines:
        assert lines.open() == Receipt("connect", None, "", words)
        missing.mkdir()
        assert lines.open() is None
    missing.rmdir()
    [receipt] = receipts_of(missing, an_envelope())
    assert receipt == Receipt("connect", None, "", "FileNotFoundError: No such file or directory")


def test_a_file_is_no_folder_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with FolderLines(Folder(tmp_path / "file"), connections=1) as lines:
        fault = lines.open()
    assert fault is not None
    assert (fault.phase, fault.code) == ("connect", None)


def test_a_folder_is_one_of_the_ways(tmp_path: Path) -> None:
    lines = lines_to(Folder(tmp_path), name="act.lumiere.example", connections=2)
    assert isinstance(lines, FolderLines)
