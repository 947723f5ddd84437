"""Run the stations until told to stop."""

from typing import Any, cast

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    """`tocsin work`: any number of these, on any number of machines, share the work."""

    help = "Writes letters, sends mail, counts. Stops cleanly on SIGTERM or Ctrl-C."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How many stations may run at once in this process."""
        parser.add_argument("--at-once", type=int, default=4, help="stations at a time (4)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Work until SIGTERM or SIGINT, then finish what is in hand."""
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        app.with_connector(connector).run_worker(
            concurrency=options["at_once"],
            # A finished job would keep the very second at which somebody was here.
            delete_jobs="always",
            shutdown_graceful_timeout=5,
        )
