"""Where the mail of a measurement goes: postfix's smtp-sink, and smtp-source as the limit."""

import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.post_office import PostOffice

CONNECTIONS = 20
LETTER_BYTES = 4096
START_SECONDS = 10.0
PLACES = "/usr/sbin:/usr/libexec/postfix:/usr/lib/postfix/sbin:/usr/local/sbin"
REMEDY = (
    "Postfix's smtp-source and smtp-sink are not here: no limit can be measured, and the sink is "
    "a slow one in Python.\nInstall your system's package `postfix` to get them."
)


def find_tool(name: str) -> str | None:
    """The path of one of postfix's tools, which often lie where no shell looks."""
    return shutil.which(name) or shutil.which(name, path=PLACES)


class Sink:
    """Takes every mail and forgets it; a context manager."""

    def __init__(self) -> None:
        self.is_fast = find_tool("smtp-sink") is not None
        self.port = 0
        self._open = ExitStack()

    def __enter__(self) -> Self:
        tool = find_tool("smtp-sink")
        if tool is None:
            self.port = self._open.enter_context(PostOffice()).port
            return self
        self.port = _free_port()
        # Root must say as whom it listens; what it takes is written nowhere.
        words = [tool, "-u", "nobody"] if Path("/proc/self").stat().st_uid == 0 else [tool]
        process = subprocess.Popen([*words, f"127.0.0.1:{self.port}", "256"])
        self._open.callback(_end, process)
        _wait_for(self.port, process)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._open.close()

    def url(self) -> str:
        """How to reach it, for the settings."""
        return f"smtp://127.0.0.1:{self.port}"


def source_rate(port: int, *, letters: int) -> float | None:
    """Letters a second that smtp-source gets rid of there, the limit; None without the tool."""
    tool = find_tool("smtp-source")
    if tool is None:
        return None
    command = [tool, "-d", "-s", str(CONNECTIONS), "-m", str(letters), "-l", str(LETTER_BYTES)]
    command += ["-f", "bench@letters.example", "-t", "somebody@mfa.example"]
    began = time.perf_counter()
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True, timeout=600)
    return letters / (time.perf_counter() - began)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("smtp-sink did not start") from None
            time.sleep(0.05)
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(START_SECONDS)
