"""Load the example campaign."""

import json
import os
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tocsin.campaigns.models import Campaign
from tocsin.demo.sample import load_example, page_urls, point_site, renew_consents


class Command(BaseCommand):
    """`tocsin sample`: the first campaign of Tocsin, to look at and to learn from."""

    help = "Loads the example campaign, and prints the addresses of its pages as JSON."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do with a database that has something in it; who may enter the office."""
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="if there is a campaign, only bring the example's words of permission up to date",
        )
        parser.add_argument(
            "--office-user",
            help="let this person into the office, with the password in TOCSIN_OFFICE_PASSWORD",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Load, let the person in, print where the pages are."""
        if not Campaign.objects.exists():
            load_example()
        elif not options["if_empty"]:
            raise CommandError("There are campaigns already: use --if-empty, or an empty database.")
        else:
            renew_consents()
        point_site(base_url=settings.BASE_URL)
        if options["office_user"]:
            self._let_in(options["office_user"], os.environ.get("TOCSIN_OFFICE_PASSWORD", ""))
        self.stdout.write(json.dumps(page_urls()))

    def _let_in(self, name: str, password: str) -> None:
        if not password:
            raise CommandError("TOCSIN_OFFICE_PASSWORD is empty: set it to let somebody in.")
        person, _new = User.objects.get_or_create(username=name)
        person.is_staff = person.is_superuser = True
        if not person.check_password(password):
            person.set_password(password)
        person.save()
