"""The ground of a measurement: a private PostgreSQL, migrated, with keys and an environment."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from tocsin.demo.home import Home
from tocsin.demo.postgres import Cluster
from tocsin.demo.reader_keys import provide_readers
from tocsin.kit.seal import make_keys

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {
    # As a server of this size would be set up; everything that keeps a commit safe stays on.
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "max_connections": "60",
}
STOP_SECONDS = 30.0
NEVER_LIMITS = 2_000_000_000  # an hour


class Ground:
    """A scratch directory with everything in it; a context manager that leaves nothing behind."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="tocsin-bench-"))
        self.keys = self.home / "keys"
        self.cluster = Cluster(self.home / "postgres", settings=SETTINGS)

    def __enter__(self) -> Self:
        try:
            self.cluster.start()
            make_keys(self.keys)
            # Without readers nothing is taken; theirs lie beside the keys, as the demo has them.
            provide_readers(Home(self.home), today=datetime.now(UTC).date())
            # This also makes the database that of the installation to which the keys belong.
            self.run("-m", "django", "migrate", "--verbosity", "0")
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
        self.cluster.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """What a process of Tocsin needs to find this ground, and nothing else."""
        return {
            **{name: text for name, text in os.environ.items() if not name.startswith("TOCSIN_")},
            "DATABASE_URL": self.cluster.url(),
            "DJANGO_SETTINGS_MODULE": "tocsin.settings",
            "TOCSIN_BASE_URL": "http://localhost",
            "TOCSIN_SECRET_KEY": "only-for-the-bench-" * 4,
            "TOCSIN_KEYS_DIR": str(self.keys),
            "TOCSIN_STATIC_DIR": str(self.home / "static"),
            "TOCSIN_MAIL_URL": "smtp://127.0.0.1:1",
        }

    def run(self, *words: str) -> None:
        """Run a Python command on this ground to its end."""
        command = [sys.executable, *words]
        subprocess.run(command, env=self.environment(), cwd=ROOT, check=True)

    def session(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A session of its own, each statement a transaction."""
        return psycopg.connect(self.cluster.url(), autocommit=True)

    def crash_database(self) -> None:
        """Stop PostgreSQL as a power failure would (`immediate`), and start it again."""
        if self.cluster.pid:
            os.kill(self.cluster.pid, signal.SIGQUIT)
        self.cluster.stop(patience=STOP_SECONDS)
        self.cluster.start()
