"""Run the stations until told to stop."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from tocsin.kit.stopping import stopping

STOPS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    """`tocsin work`: any number of these, on any number of machines, share the work."""

    help = "Writes letters, sends mail, counts. Stops cleanly on SIGTERM or Ctrl-C."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How many stations may run at once in this process."""
        # Two of them send, and may be at it for hours; the others must not wait for that.
        parser.add_argument("--at-once", type=int, default=6, help="stations at a time (6)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Work until SIGTERM or SIGINT, then finish what is in hand."""
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        # It ends by itself or with an error, as whichever of its sessions notices first.
        with suppress(ConnectorException):
            asyncio.run(work(app.with_connector(connector), at_once=options["at_once"]))
        if not stopping.is_set():
            # Of what was under way nothing is lost; who watches over this process must notice.
            raise CommandError(
                "the database went away, and this worker ends. Start it again: best by a service "
                "manager that always does (docs/operating.md)."
            )


def told_once(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """That the database went away is said at the end, and not of each job that was under way."""
    if not isinstance(context.get("exception"), ConnectorException):
        loop.default_exception_handler(context)


async def work(worker: App, *, at_once: int) -> None:
    """Run jobs until the first signal, which also ends the long runs; a second one kills."""
    loop = asyncio.get_running_loop()
    # A thread for each station, however few processors there are.
    loop.set_default_executor(ThreadPoolExecutor(at_once + 2))
    loop.set_exception_handler(told_once)
    async with worker.open_async():
        running = asyncio.create_task(
            worker.run_worker_async(
                concurrency=at_once,
                # A finished job would keep the very second at which somebody was here.
                delete_jobs="always",
                shutdown_graceful_timeout=5,
                # Procrastinate's own would tell its loop, and no station that runs in a thread.
                install_signal_handlers=False,
            )
        )

        def stop() -> None:
            stopping.set()
            for sign in STOPS:
                loop.remove_signal_handler(sign)
                signal.signal(sign, signal.SIG_DFL)
            running.cancel()

        for sign in STOPS:
            loop.add_signal_handler(sign, stop)
        with suppress(asyncio.CancelledError):
            await running
