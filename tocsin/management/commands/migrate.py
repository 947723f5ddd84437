"""Bring the database up to this version, with the files that pages need."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tocsin.outbox.installation import NotOurs, bind
from tocsin.pages.away import write_away


class Command(DjangoCommand):
    """`tocsin migrate`: Django's own, after which the static files are collected as well."""

    help = "Brings the database up to this version of Tocsin, and collects the static files."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that a newer version has changed."""
        loader = MigrationLoader(connection, ignore_no_migrations=True)
        ours = {key for key in loader.applied_migrations if key[0] == "tocsin"}
        if unknown := sorted(name for _app, name in ours - set(loader.disk_migrations)):
            raise CommandError(
                f"The database belongs to a newer version of Tocsin (it has {unknown[-1]}): "
                "install that version, or use another database."
            )
        super().handle(*args, **options)
        if options["plan"]:
            return
        if "tocsin_installation" in connection.introspection.table_names():
            self._bind()
        if options["verbosity"]:
            self.stdout.write("Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        write_away(settings.STATIC_ROOT)

    def _bind(self) -> None:
        """A new database is this installation's; one of another stays what it is."""
        try:
            bind()
        except NotOurs as error:
            raise CommandError(str(error)) from None
