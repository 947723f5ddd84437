"""A real Postfix on loopback: it takes our mail, hands it on, and tells us of what came back."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.relay_host import find_postfix
from tests.wait import until
from tocsin.outbox.transports.relay import Relay

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/lib
maillog_file = {home}/log/mail.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 nobody lives here
default_transport = error:5.4.4 nothing leaves this machine
relay_transport = error:5.4.4 nothing leaves this machine
transport_maps = texthash:{home}/transport
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_host_lookup = native
smtp_dns_support_level = disabled
smtp_bind_address = 127.0.0.1
smtp_tls_security_level = none
smtpd_tls_security_level = none
notify_classes =
bounce_notice_recipient = nobody@relay.test
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
TRIES = 5  # another process may take the port between our look and Postfix's


class NoPostfix(Exception):
    """It did not start; the message is what it said."""


class Postfix:
    """A Postfix of its own, with nothing of it outside of one directory; a context manager.

    `ways` says to which loopback port it hands mail for which domain; for all others there is none.
    """

    def __init__(self, ways: Mapping[str, int]) -> None:
        self.ways = dict(ways)
        self.port = 0
        self.master = 0  # its process, and the name of the session of all its daemons
        self._script: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # Not in pytest's directories: its daemons are not root, and must be able to look into it.
        self.home = Path(tempfile.mkdtemp(prefix="tocsin-postfix-"))
        try:
            self._lay_out()
            is_up = any(self._start() for _ in range(TRIES))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        if not is_up:
            words = self.log()
            self.__exit__(None, None, None)
            raise NoPostfix(words)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()
        shutil.rmtree(self.home)

    def relay(self) -> Relay:
        """How to reach it."""
        return Relay("127.0.0.1", self.port)

    def log(self) -> str:
        """What it has written down so far."""
        with contextlib.suppress(FileNotFoundError):
            return (self.home / "log/mail.log").read_text(encoding="utf-8", errors="replace")
        return ""

    def is_empty(self) -> bool:
        """Whether nothing waits in its queue any more."""
        queues = ("maildrop", "incoming", "active", "deferred")
        return not any(
            path.is_file() for name in queues for path in (self.home / "queue" / name).rglob("*")
        )

    def _lay_out(self) -> None:
        self.home.chmod(0o755)
        for name in ("queue", "lib", "log", "etc"):
            (self.home / name).mkdir()
        for name in ("lib", "log"):
            shutil.chown(self.home / name, "postfix", "postfix")
        lines = [f"{domain} smtp:[127.0.0.1]:{port}\n" for domain, port in self.ways.items()]
        (self.home / "transport").write_text("".join(lines))
        (self.home / "etc/main.cf").write_text(MAIN.format(home=self.home))

    def _start(self) -> bool:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = int(door.getsockname()[1])
        (self.home / "etc/master.cf").write_text(MASTER.format(port=self.port))
        self._script = script = subprocess.Popen(
            [find_postfix() or "postfix", "-c", str(self.home / "etc"), "start-fg"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: script.poll() is not None or self._answers(), what="Postfix to start")
        if script.poll() is None:
            self.master = int((self.home / "queue/pid/master.pid").read_text())
            return True
        self._stop()
        return False

    def _answers(self) -> bool:
        if not self.log():
            return False  # whoever answers there may be somebody else
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                return line.recv(100).startswith(b"220 relay.test")
        except OSError:
            return False

    def _stop(self) -> None:
        """Its script, and the master with all whom it started, who are a session of their own."""
        pid_file = self.home / "queue/pid/master.pid"
        with contextlib.suppress(FileNotFoundError, ValueError):
            self.master = int(pid_file.read_text())
        for sign in (signal.SIGTERM, signal.SIGKILL):
            script = self._script.pid if self._script else 0
            for leader in {self.master, script} - {0}:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(leader, sign)
            with contextlib.suppress(AssertionError):
                until(lambda: not session_of(self.master), within=10)
        if self._script:
            self._script.wait(10)


def session_of(leader: int) -> list[str]:
    """The names of the living processes in that session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue  # it ended meanwhile
        state, *numbers = rest.split()
        if int(numbers[2]) == leader and state != "Z":
            found.append(name.partition("(")[2])
    return found
