"""The directory in which a demo keeps everything it makes."""

import fcntl
import json
import os
import re
import secrets
import shutil
import tomllib
from pathlib import Path
from typing import IO

from tocsin import __version__
from tocsin.demo.refusal import Refusal

LAYOUT = 1
MARKER = "tocsin-demo.json"
LOCK = "lock"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class HomeRefused(Refusal):
    """The directory cannot be used; the message says why, and what to do."""


def default_home() -> Path:
    """Where the data lie when nobody says it."""
    if named := os.environ.get("TOCSIN_DEMO_DATA"):
        return Path(named)
    if _is_our_source(Path.cwd()):
        return Path.cwd() / "var" / "demo"
    shared = os.environ.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "tocsin" / "demo"


class Home:
    """One demo's directory; open() takes it for this process alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.cluster = self.path / "postgres"
        self.keys = self.path / "keys"
        self.reader_keys = self.path / "reader-keys"
        self.mail = self.path / "mail"
        self.log = self.path / "log"
        self.children = self.path / "children.json"
        self._lock: IO[str] | None = None

    def open(self) -> None:
        """Takes the directory, which is made, empty or a demo's own; raises HomeRefused."""
        self._refuse_foreign()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        self._lock = self._take_lock()

    def close(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def empty(self) -> None:
        """Deletes everything in it but the lock.

        The database goes first and the marker last: killed in between, the next start finds a
        demo whose database is yet to be made.
        """
        order = {self.cluster.name: 0, MARKER: 2}
        for path in sorted(self.path.iterdir(), key=lambda path: order.get(path.name, 1)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def prepare(self) -> None:
        """Marks it as ours; raises HomeRefused where a newer Tocsin was here before."""
        marker = self.path / MARKER
        if marker.exists():
            self._refuse_newer(marker)
        write_whole(marker, json.dumps({"layout": LAYOUT, "version": __version__}) + "\n")
        self.log.mkdir(mode=0o700, exist_ok=True)

    def office_password(self) -> str:
        """Made at the first start, kept for the next."""
        path = self.path / "office-password"
        if not path.exists():
            groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
            write_whole(path, "-".join(groups) + "\n")
        return path.read_text(encoding="utf-8").strip()

    def _refuse_foreign(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise HomeRefused(f"{self.path} is not a directory: choose another with --data.")
        present = {path.name for path in self.path.iterdir()} if self.path.exists() else set()
        if present - {LOCK} and MARKER not in present:
            raise HomeRefused(
                f"{self.path} holds something that is not a demo of Tocsin: "
                "choose an empty directory with --data."
            )

    def _take_lock(self) -> IO[str]:
        lock = (self.path / LOCK).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise HomeRefused(
                f"another demo runs with the data in {self.path}: "
                "stop it, or choose another directory with --data."
            ) from None
        return lock

    def _refuse_newer(self, marker: Path) -> None:
        try:
            told = json.loads(marker.read_text(encoding="utf-8"))
            layout, version = int(told["layout"]), str(told["version"])
            newer = layout > LAYOUT or _numbers(version) > _numbers(__version__)
        except (ValueError, LookupError, TypeError):
            raise HomeRefused(
                f"{marker} cannot be understood: choose another directory with --data, "
                "or begin anew with --fresh."
            ) from None
        if newer:
            raise HomeRefused(
                f"the data in {self.path} were made by a newer Tocsin ({version}; this is "
                f"{__version__}): update Tocsin, or choose another directory with --data."
            )


def write_whole(path: Path, text: str) -> None:
    """Puts a file in place as a whole, readable by its owner alone."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _is_our_source(directory: Path) -> bool:
    try:
        with (directory / "pyproject.toml").open("rb") as file:
            project = tomllib.load(file).get("project", {})
    except (OSError, ValueError):
        return False
    return isinstance(project, dict) and project.get("name") == "tocsin"


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    if not found:
        raise ValueError(version)
    return tuple(int(number) for number in found.group().split("."))
