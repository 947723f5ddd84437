"""Make the key that signs the mail of a sending domain, and say what to publish of it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tocsin.outbox.identity.dkim import (
    Algorithm,
    KeyExists,
    KeyUnusable,
    dns_record,
    load_keys,
    make_signing_key,
)
from tocsin.outbox.identity.dns_rules import zone_line


class Command(BaseCommand):
    """`tocsin dkim DOMAIN`: never overwrites a key; given twice it says the records once more."""

    help = "Makes a key to sign mail of the domain with, and prints the records to publish."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """For which domain, and under which name in its DNS."""
        parser.add_argument("domain", metavar="DOMAIN", help="what stands behind the @ of From")
        parser.add_argument(
            "--selector", default="tocsin", metavar="S", help="name of the key (tocsin)"
        )
        parser.add_argument(
            "--ed25519", action="store_true", help="a second, short key S-ed beside the RSA key"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Make what is missing, then say all records of the domain, in the form of a zone file."""
        domain, selector = options["domain"], options["selector"]
        try:
            self._make(domain, selector, "rsa")
            if options["ed25519"]:
                self._make(domain, f"{selector}-ed", "ed25519")
            keys = load_keys(settings.KEYS_DIR / "dkim", domain=domain)
        except KeyUnusable as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Cannot write to {settings.KEYS_DIR}: {error.strerror}.") from None
        self.stdout.write("\nMail of this domain is signed with these from now on. Publish:\n\n")
        for key in keys:
            name, text = dns_record(key)
            self.stdout.write(zone_line(name, "TXT", text))
        self.stdout.write(f"\nThen: tocsin doctor {domain}")

    def _make(self, domain: str, selector: str, algorithm: Algorithm) -> None:
        try:
            path = make_signing_key(
                settings.KEYS_DIR / "dkim", domain=domain, selector=selector, algorithm=algorithm
            )
        except KeyExists as error:
            self.stdout.write(str(error))
        else:
            self.stdout.write(f"made {path}")
