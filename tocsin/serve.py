"""`tocsin serve`: the pages and the back office, by Granian.

Not one of Django's commands: the process that watches over the workers has no need of Django, and
starts in half the time without it.
"""

import argparse
import socket
import sys
from collections.abc import Sequence

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tocsin import settings
from tocsin.readers.files import is_any_accepted

THREADS = 8
STOP_SECONDS = 4


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or Ctrl-C, keeping no record of who asked for what; the exit code."""
    options = _read(arguments)
    if obstacle := _no_static_files() or _taken(options.host, options.port):
        print(f"tocsin serve: {obstacle}", file=sys.stderr, flush=True)
        return 1
    if warning := _nobody_reads():
        print(f"tocsin serve: {warning}", file=sys.stderr, flush=True)
    server = Granian(
        "tocsin.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=max(1, options.workers),
        blocking_threads=THREADS,
        # A request in the middle may end; one that never does is not waited for.
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_access=False,
        log_level=LogLevels.error,
    )
    server.serve()
    return 0


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tocsin serve",
        description="Serves the pages and the back office until SIGTERM or Ctrl-C.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000, help="default: 8000")
    parser.add_argument(
        "--workers",
        type=int,
        default=settings.WORKERS,
        help="how many processes (default: TOCSIN_WORKERS)",
    )
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _no_static_files() -> str:
    """What is wrong if `tocsin migrate` has not put the static files where the pages look."""
    if (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return ""
    return f"there are no static files in {settings.STATIC_ROOT}: run `tocsin migrate` first."


def _nobody_reads() -> str:
    """What visitors will miss if nothing can be sealed for any organisation."""
    if is_any_accepted(settings.KEYS_DIR / "readers"):
        return ""
    return (
        "no list of readers was accepted, so no form is shown and nothing is taken: see "
        "`tocsin keys accept`, and `tocsin doctor`."
    )


def _taken(host: str, port: int) -> str:
    """What is wrong with the address: Granian shares a port with whoever has it; we do not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            return (
                f"cannot listen at {host}, port {port}: {error.strerror}. "
                "Choose another with --host and --port."
            )
    return ""
