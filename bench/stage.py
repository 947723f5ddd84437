"""The stage of the canary run: all of Tocsin, as it really runs, in one directory."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from bench.ground import NEVER_LIMITS, ROOT, Ground
from bench.spool import Spool
from tests.wait import until
from tocsin.demo.ports import LOOPBACK, claim_port
from tocsin.demo.postgres import Cluster, find_binaries

DUMPS_CORE = ("sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh")
"""As on a server where somebody once looked for a crash, and never took it back."""

WEBHOOK_SECRET = "hooks:a-secret-of-this-run"  # noqa: S105 - of a server that nobody else reaches
OFFICE_PASSWORD = "the password of this run"  # noqa: S105
WIDE_OPEN = (
    f"UPDATE tocsin_mailbox SET per_hour = {NEVER_LIMITS}",  # noqa: S608
    f"UPDATE tocsin_maildomain SET per_hour = {NEVER_LIMITS}, burst = 30000",  # noqa: S608
)
"""The pace has its own tests."""


class Stage(Ground):
    """A context manager. What is said, written and kept lies below `home`, and nowhere else."""

    def __init__(self) -> None:
        super().__init__()
        # PostgreSQL may run as somebody else, who has to come in.
        self.home.chmod(0o711)
        self.log, self.tmp, self.person = (self.home / each for each in ("log", "tmp", "person"))
        self.backups = self.home / "backups"
        self.profile, self.private_profile = self.home / "profile", self.home / "private"
        for directory in (self.log, self.tmp, self.person, self.backups):
            directory.mkdir()
        self.cluster = Cluster(self.home / "postgres", log=self.log / "postgres-0.log")
        self.spool = Spool(self.home / "spool")
        self.port = claim_port(0, option="")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._closing = ExitStack()
        self._restarts = 0

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self._closing.enter_context(self.spool)
            told = self.tocsin("prepare", "--office-user", "chiara")
            assert told.returncode == 0, (self.log / "prepare.log").read_text()  # noqa: S101
            for statement in WIDE_OPEN:
                self.say(statement)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for name in list(self.running):
            self.end(name)
        self._closing.close()
        super().__exit__(kind, error, at)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{LOOPBACK}:{self.port}"

    def environment(self) -> dict[str, str]:
        """As for a server, with its own home and its own place for temporary files."""
        given = super().environment()
        del given["TOCSIN_SECRET_KEY"]
        return {
            **given,
            "HOME": str(self.person),
            "TMPDIR": str(self.tmp),
            "PYTHONPATH": str(ROOT),
            "TOCSIN_BASE_URL": self.url,
            "TOCSIN_MAIL_URL": self.spool.url(),
            "TOCSIN_MEDIA_DIR": str(self.home / "media"),
            "TOCSIN_NAMESERVER": f"{LOOPBACK}:1",  # nobody is asked about the world outside
            "TOCSIN_OFFICE_PASSWORD": OFFICE_PASSWORD,
        }

    def start(self, *words: str, name: str = "", **more: str) -> None:
        """Start `tocsin …` and let it go on; its log bears its name. `more` is its environment."""
        name = name or words[0]
        log = (self.log / f"{name}.log").open("ab")
        with log:
            self.running[name] = subprocess.Popen(
                [*DUMPS_CORE, sys.executable, "-m", "tocsin.cli", *words],
                env={**self.environment(), **more},
                cwd=self.person,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def serve(self) -> None:
        """Start the pages, and wait until they answer; reports of a provider are taken as well."""
        self.start(
            "serve",
            *("--port", str(self.port)),
            TOCSIN_CONFIRM_URL="anymail+postmark://:no-token@",
            TOCSIN_WEBHOOK_SECRET=WEBHOOK_SECRET,
        )
        until(lambda: _answers(self.port), what="the pages")

    def kill(self, name: str, sign: int) -> None:
        """Send a signal to all processes of that name, and wait for their end."""
        process = self.running.pop(name)
        # It may have ended by itself: a worker does when the database goes away.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        process.wait()

    def end(self, name: str) -> None:
        """SIGTERM, and SIGKILL for whoever has not ended after ten seconds."""
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def python(self, *words: str) -> None:
        """Run a program of ours that looks like a part of Tocsin; what it says is in a log."""
        with (self.log / "more.log").open("ab") as log:
            command = [sys.executable, *words]
            subprocess.run(
                command, env=self.environment(), cwd=self.person, stdout=log, stderr=log, check=True
            )

    def tocsin(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run `tocsin …` to its end; what it says is kept in a log of its name."""
        with (self.log / f"{words[0]}.log").open("ab") as log:
            command = [sys.executable, "-m", "tocsin.cli", *words]
            return subprocess.run(
                command,
                env=self.environment(),
                cwd=self.person,
                stdout=log,
                stderr=log,
                check=False,
            )

    def crash_database(self) -> None:
        """As a power failure would; the log of the run before stays."""
        self._restarts += 1
        if self.cluster.pid:
            os.kill(self.cluster.pid, signal.SIGQUIT)
        self.cluster.stop(patience=30)
        self.cluster.log = self.log / f"postgres-{self._restarts}.log"
        self.cluster.start()

    def say(self, statements: str) -> None:
        """Statements to the database, whatever patience it has been given."""
        patient = "-c statement_timeout=0"
        with psycopg.connect(self.cluster.url(), autocommit=True, options=patient) as session:
            session.execute(statements.encode())

    def back_up(self) -> None:
        """By pg_dump, plain and packed, as docs/operating.md says, into `backups`."""
        number = len(list(self.backups.iterdir()))
        for form in ("plain", "custom"):
            target = f"--file={self.backups / f'{number}.{form}'}"
            # The program that belongs to this PostgreSQL; another may be too old for it.
            program = str(find_binaries() / "pg_dump")
            command = [program, f"--format={form}", target, self.cluster.url()]
            subprocess.run(command, check=True)

    @contextmanager
    def without_keys(self) -> Iterator[None]:
        """Their directory is not there meanwhile, as when a disk was not mounted."""
        away = self.home / "keys-away"
        self.keys.rename(away)
        try:
            yield
        finally:
            away.rename(self.keys)

    def places(self) -> dict[str, list[Path]]:
        """What is searched, by the name under which it is told."""
        with self.session() as session:
            session.execute("CHECKPOINT")
        data = self.cluster.directory
        wal = data / "pg_wal"
        return {
            "database files": [each for each in data.iterdir() if each != wal],
            "WAL": [wal],
            "logs": [self.log],
            "temporary files": [self.tmp, self.cluster.socket_directory],
            "the server's home": [self.person, self.home / "media", self.home / "static"],
            "key directory": [self.keys],
            "backups": [self.backups],
            "mail handed over": [self.spool.directory],
            "the browser's profile": [self.profile],
            "a private window": [self.private_profile],
        }


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        line.request("GET", "/fr/privacy/")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
