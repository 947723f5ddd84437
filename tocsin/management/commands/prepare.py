"""Keys, tables, static files, the example: what the demo needs before it starts."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tocsin.settings import read_secret_key


class Command(BaseCommand):
    """`tocsin prepare`: `keys`, `migrate` and `sample` in one process, for the demo."""

    help = "Does `keys`, `migrate` and `sample --if-empty` one after the other."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What is loaded, and who may enter the office: as for `sample`."""
        parser.add_argument("--states", action="store_true")
        parser.add_argument("--office-user")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """The last line is that of `sample`: where the pages are."""
        call_command("keys", stdout=self.stdout)
        # The settings were read before there was one; with the states of the example, links are
        # signed in this very process.
        settings.SECRET_KEY = read_secret_key()
        call_command("migrate", stdout=self.stdout)
        call_command(
            "sample",
            if_empty=True,
            states=options["states"],
            office_user=options["office_user"],
            stdout=self.stdout,
        )
