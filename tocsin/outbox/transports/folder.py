"""A folder in place of the world: each mail becomes a file, for a rehearsal."""

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.threads import ThreadedLines
from tocsin.outbox.transports.ways import Folder
from tocsin.outbox.verdicts.retry import Phase, Receipt


class FolderLines(ThreadedLines):
    """Lines into a folder."""

    def __init__(self, folder: Folder, *, connections: int) -> None:
        super().__init__(lambda: FolderLine(folder.path), connections=connections)


class FolderLine:
    """Writes one mail after the other, each to a file of its own that is there whole or not at all.

    The names sort as the mails were written. Before the mail stand the two addresses that a relay
    would have been told.
    """

    def __init__(self, path: Path) -> None:
        self.phase: Phase = "connect"
        self._path = path

    def open(self) -> Receipt | None:
        """The fault, unless there is a directory that we may write to."""
        if self._path.is_dir() and os.access(self._path, os.W_OK | os.X_OK):
            return None
        return Receipt("connect", None, "", f"{self._path} is no directory that we may write to")

    def hand_over(self, envelope: Envelope) -> Receipt:
        """Write one mail; when that fails the folder is at fault, never the mail."""
        name = f"{time.time_ns():020d}-{envelope.ref or secrets.token_hex(8)}.eml"
        try:
            self._keep(name, _with_envelope(envelope))
        except OSError as error:
            return Receipt("connect", None, "", f"{type(error).__name__}: {error.strerror}")
        return Receipt("done", 250, "", f"kept as {name}")

    def drop(self) -> None:
        """Nothing is open between two mails."""

    def _keep(self, name: str, content: bytes) -> None:
        part, whole = self._path / f".{name}.part", self._path / name
        try:
            _write_durably(part, content)
            part.rename(whole)
            _sync_directory(self._path)
        except OSError:
            for path in (part, whole):
                with suppress(OSError):
                    path.unlink()
            raise


def _with_envelope(envelope: Envelope) -> bytes:
    said = f"X-Envelope-From: <{envelope.sender}>\r\nX-Envelope-To: <{envelope.recipient}>\r\n"
    return said.encode() + envelope.mail


def _write_durably(path: Path, content: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(opened)


def _sync_directory(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
