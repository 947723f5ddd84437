"""`tocsin serve`: the pages and the back office, by Granian."""

import argparse
import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 8
STOP_SECONDS = 4


class Command(BaseCommand):
    """Serves until SIGTERM or Ctrl-C; keeps no record of who asked for what."""

    help = "Serves the pages and the back office until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--port", type=_port, default=8000, help="default: 8000")
        parser.add_argument(
            "--workers",
            type=int,
            default=settings.WORKERS,
            help="how many processes (default: TOCSIN_WORKERS)",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _refuse_taken(host, port)
        server = Granian(
            "tocsin.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=max(1, options["workers"]),
            blocking_threads=THREADS,
            # A request in the middle may end; one that never does is not waited for.
            workers_kill_timeout=STOP_SECONDS,
            respawn_failed_workers=True,
            log_access=False,
            log_level=LogLevels.warning,
        )
        server.serve()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _refuse_taken(host: str, port: int) -> None:
    """Granian shares a port with whoever has it; we want it alone."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"cannot listen at {host}, port {port}: {error.strerror}. "
                "Choose another with --host and --port."
            ) from None
