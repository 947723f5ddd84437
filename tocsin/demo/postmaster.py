"""What is still running of a PostgreSQL whose owner was killed."""

import signal
from pathlib import Path

import psutil

from tocsin.demo.processes import Patience, end_processes, words_of

POSTMASTER: Patience = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0))
BACKENDS: Patience = ((None, 3.0), (signal.SIGTERM, 1.0), (signal.SIGKILL, 3.0))


class Survivors:
    """The processes of one cluster, known by its directory and by the name it gives its backends.

    Only for the holder of the cluster's lock: nobody who lives can own what is found here.
    """

    def __init__(self, directory: Path, *, name: str) -> None:
        self.directory = directory
        self.name = name

    def stop(self) -> None:
        """Ends them as gently as they allow, and takes away the pid file they left."""
        end_processes(self._postmasters(), patience=POSTMASTER)
        # Backends leave by themselves when their postmaster is gone, unless they are busy.
        end_processes(self._backends(), patience=BACKENDS)
        # The number in the file may by now be a zombie's or a stranger's, and would stop a start.
        (self.directory / "postmaster.pid").unlink(missing_ok=True)

    def _postmasters(self) -> list[psutil.Process]:
        started_with = ["-D", str(self.directory)]
        found = [each for each in psutil.process_iter() if words_of(each)[1:3] == started_with]
        named = self._named_in_pid_file()
        return [*found, named] if named and named not in found else found

    def _named_in_pid_file(self) -> psutil.Process | None:
        """A server that somebody started by hand, with other words."""
        try:
            first_line = (self.directory / "postmaster.pid").read_text().partition("\n")[0]
            process = psutil.Process(int(first_line))
        except (OSError, ValueError, psutil.NoSuchProcess):
            return None
        return process if Path(words_of(process)[0]).name == "postgres" else None

    def _backends(self) -> list[psutil.Process]:
        title = f"postgres: {self.name}: "
        return [each for each in psutil.process_iter() if words_of(each)[0].startswith(title)]
