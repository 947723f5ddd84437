"""A real mail server on loopback that keeps every mail as a file."""

import asyncio
import contextlib
import itertools
import logging
import os
import re
import secrets
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
LARGEST_MAIL = 30 * 2**20
STOP_SECONDS = 0.5
NOT_STORED = "452 4.3.1 The mail could not be stored; try again later"

# Without this, what a client says wrong would appear on the terminal.
logging.getLogger("mail.log").addHandler(logging.NullHandler())


class PostBox:
    """Takes any mail for anybody; each lies in `directory` before the client hears 250.

    Port 0 takes any free one; `port` tells which. Raises OSError where the port is not free.
    """

    def __init__(self, directory: Path, *, port: int) -> None:
        self.directory = directory
        self.port = port
        self._controller: _Controller | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        for remains in self.directory.glob(".*.part"):
            remains.unlink()
        door = socket.create_server((LOOPBACK, self.port))
        self.port = door.getsockname()[1]
        self._controller = _Controller(self, door)
        self._controller.start()

    def stop(self) -> None:
        """Closes the door; a client that does not hang up is not waited for."""
        if self._controller:
            stopping = threading.Thread(target=self._controller.stop, daemon=True)
            stopping.start()
            stopping.join(STOP_SECONDS)
            self._controller = None

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        raw = _envelope_lines(envelope) + bytes(envelope.original_content or b"")
        try:
            await asyncio.to_thread(store_mail, self.directory, raw)
        except OSError:
            return NOT_STORED
        return "250 2.0.0 Stored"


class _Controller(Controller):
    """The library's, at a door that is open already."""

    def __init__(self, box: PostBox, door: socket.socket) -> None:
        super().__init__(
            box,
            hostname=LOOPBACK,
            port=box.port,
            server_hostname="post-box.localhost",  # given, so that nobody is asked for a name
            ident="Post box",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
        )
        self._door = door

    async def _create_server(self) -> asyncio.AbstractServer:
        return await self.loop.create_server(self._factory_invoker, sock=self._door)


_order = itertools.count()


def store_mail(directory: Path, raw: bytes) -> Path:
    """Writes the mail so that it is on the disk as a whole or not at all; returns where."""
    # The counter keeps the order of two mails within one tick of the clock.
    when = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now := time.time()))
    name = f"{when}.{int(now % 1 * 1e6):06d}Z-{next(_order) % 10**6:06d}-{secrets.token_hex(4)}"
    part = directory / f".{name}.part"
    path = directory / f"{name}.eml"
    try:
        with part.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    _sync_directory(directory)
    return path


def _envelope_lines(envelope: Envelope) -> bytes:
    """Who the client said it is from and for; these two lines are ours, the rest is his."""
    sender = (envelope.mail_from or "").strip("<>")  # the library leaves a bounce's brackets on
    recipients = ", ".join(envelope.rcpt_tos)
    lines = f"X-Envelope-From: <{sender}>", f"X-Envelope-To: {recipients}"
    safe = [re.sub(r"[\x00-\x1f\x7f]", "?", line) for line in lines]
    return "".join(f"{line}\r\n" for line in safe).encode("utf-8", "surrogateescape")


def _sync_directory(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
