"""Begin an organisation, or bring what belongs to it up to date."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tocsin.office.new_organisation import left_to_do, set_up
from tocsin.organisations.begin import IsAnother, NoDomain, NoSuchRole, PlaceTaken, join
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import Team
from tocsin.pages.models import HomePage
from tocsin.pages.sections import lay_out_section

NEEDED = ("name", "contact", "mail_domain")


class Command(BaseCommand):
    """`tocsin organisation NAME`: twice is the same as once, and it says so."""

    help = (
        "Makes an organisation with its teams, pages, images and sending domain, puts people into "
        "its teams, and says what is still to be done. What is there already stays."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is called, and who works for it."""
        parser.add_argument("slug", metavar="NAME", help="its short name: letter-table")
        parser.add_argument("--name", default="", help="as people read it: “The Letter Table”")
        parser.add_argument("--contact", default="", metavar="ADDRESS", help="who answers people")
        parser.add_argument(
            "--mail-domain", default="", metavar="DOMAIN", help="where its letters come from"
        )
        parser.add_argument(
            "--person",
            action="append",
            default=[],
            metavar="PERSON:ROLE",
            help=f"somebody of its staff, as {' or '.join(Team.Role.values)}; may be said again",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say what is new."""
        slug = options["slug"]
        missing = [f"--{each.replace('_', '-')}" for each in NEEDED if not options[each]]
        if missing and not Organisation.objects.filter(slug=slug).exists():
            raise CommandError(f"{slug} is new: say {', '.join(missing)} as well.")
        people = [_read_person(text) for text in options["person"]]
        try:
            with transaction.atomic():
                told = {each: options[each] for each in NEEDED}
                begun = set_up(slug=slug, **told, lay_out=lay_out_section)
                joined = [
                    join(person=person, role=role, organisation=begun.organisation)
                    for person, role in people
                ]
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        except NoDomain as refused:
            raise CommandError(f"mail cannot come from {refused}.") from None
        except NoSuchRole as refused:
            roles = ", ".join(Team.Role.values)
            raise CommandError(f"there is no role {refused}; there are: {roles}.") from None
        except IsAnother as refused:
            raise CommandError(
                f"{slug} is there already with {refused}. Nothing was changed; name and contact "
                "are changed in the office."
            ) from None
        except PlaceTaken as taken:
            raise CommandError(f"at {taken} lies another page: choose another NAME.") from None
        self._say(begun.organisation, made=begun.made, new=[each for each in joined if each])

    def _say(self, organisation: Organisation, *, made: int, new: list[User]) -> None:
        if made or new:
            self.stdout.write(f"{organisation.slug} is in place: {organisation.name}.")
        else:
            self.stdout.write(f"{organisation.slug} was in place already: nothing was changed.")
        for person in new:
            self.stdout.write(f"{person.username} is in a team of it now.")
            if not person.has_usable_password():
                self.stdout.write(f"  A password: tocsin changepassword {person.username}")
        if not HomePage.objects.live().exists():
            self.stdout.write("There is no home page yet: make one, then say this once more.")
        self.stdout.write("Still to be done:")
        for each in left_to_do(organisation):
            self.stdout.write(f"  {each}")


def _read_person(text: str) -> tuple[str, str]:
    person, _, role = text.rpartition(":")
    if not person:
        raise CommandError(f"{text}: say it as PERSON:ROLE, like chiara@example.org:publisher.")
    return person, role
