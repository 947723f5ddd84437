"""Never write to an address again, or write to it again after all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tocsin.kit.addresses import AddressRefused, read_address
from tocsin.outbox.hold import suppress, unsuppress

LONGEST = 40  # characters of a reason


class Command(BaseCommand):
    """`tocsin suppress ADDRESS`: only a keyed hash of it is kept."""

    help = "Sees to it that nothing is sent to an address any more. Keeps a keyed hash of it only."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which address, why, or that it is over."""
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument("--reason", default="by hand", help=f"up to {LONGEST} characters")
        parser.add_argument("--lift", action="store_true", help="write to it again")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say what is now; the address itself is not said again."""
        try:
            address = read_address(options["address"]).text
        except AddressRefused:
            raise CommandError("this is not an address that mail could go to.") from None
        if options["lift"]:
            known = unsuppress(address)
            self.stdout.write("It is written to again." if known else "It was not suppressed.")
            return
        if len(options["reason"]) > LONGEST:
            raise CommandError(f"the reason has more than {LONGEST} characters.")
        suppress(address, reason=options["reason"], today=timezone.now().date())
        self.stdout.write("Nothing is sent to it any more; what waits for it is held when due.")
