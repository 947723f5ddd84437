"""Load the example campaign."""

import json
import os
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import NotReady
from tocsin.campaigns.sealed_for import lists_dir
from tocsin.demo.sample import load_example, page_urls, point_site, read, renew_consents
from tocsin.demo.states import load_states
from tocsin.readers.files import NoReaders, readers_of


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
            "--states",
            action="store_true",
            help="with the example, load a small campaign in every state; nothing of it is sent",
        )
        parser.add_argument(
            "--office-user",
            help="let this person into the office, with the password in TOCSIN_OFFICE_PASSWORD",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Load, let the person in, print where the pages are."""
        if not Campaign.objects.exists():
            self._load(states=options["states"])
        elif not options["if_empty"]:
            raise CommandError("There are campaigns already: use --if-empty, or an empty database.")
        else:
            renew_consents()
        point_site(base_url=settings.BASE_URL)
        if options["office_user"]:
            self._let_in(options["office_user"], os.environ.get("TOCSIN_OFFICE_PASSWORD", ""))
        self.stdout.write(json.dumps(page_urls()))

    def _load(self, *, states: bool) -> None:
        now = timezone.now()
        try:
            if states:  # before anything is written: who takes part is sealed for somebody
                slug = read("campaign")["organisation"]["slug"]
                readers_of(lists_dir(), slug, day=now.date())
            with transaction.atomic():
                example = load_example()
                if states:
                    load_states(example.organisation, now=now)
        except (NoReaders, NotReady) as error:
            raise CommandError(
                f"--states needs readers, and mail that stays on this machine: {error}"
            ) from None

    def _let_in(self, name: str, password: str) -> None:
        if not password:
            raise CommandError("TOCSIN_OFFICE_PASSWORD is empty: set it to let somebody in.")
        person, _new = User.objects.get_or_create(username=name)
        person.is_staff = person.is_superuser = True
        if not person.check_password(password):
            person.set_password(password)
        person.save()
