"""Look at everything that must be in order, and say in words what is not."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from tocsin.management.doctor.database import look_at_database, look_at_incidents
from tocsin.management.doctor.machine import look_at_keys, look_at_space
from tocsin.management.doctor.mail import (
    domains_in_use,
    look_at_addresses,
    look_at_domain,
    look_at_routes,
)
from tocsin.management.doctor.readers import look_at_readers
from tocsin.outbox.identity.dns_ask import Nameserver
from tocsin.outbox.identity.finding import Finding, unknown

SIGNS = {True: "✓", False: "✗", None: "?"}
Blocks = dict[str, list[Finding]]


class Command(BaseCommand):
    """`tocsin doctor`: changes nothing but what is known of the sending domains."""

    help = (
        "Looks at keys, database, readers, routes and sending domains. ✓ in order, ✗ wrong, "
        "? could not be asked. Exit code 1 if anything is wrong."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which domains, and for whom it is said."""
        parser.add_argument(
            "domains", nargs="*", metavar="DOMAIN", help="instead of those of the organisations"
        )
        parser.add_argument("--json", action="store_true", help="the same, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Look, say, and end with 1 if anything is wrong."""
        blocks = _look(options["domains"])
        is_well = not any(each.ok is False for found in blocks.values() for each in found)
        self.stdout.write(_as_json(blocks, is_well) if options["json"] else _in_words(blocks))
        if not is_well:
            raise SystemExit(1)


def _look(domains: list[str]) -> Blocks:
    blocks: Blocks = {
        "keys": look_at_keys(),
        "space": look_at_space(),
        "database": look_at_database(),
        "readers": look_at_readers(today=timezone.now().date()),
        "routes": [*look_at_routes(), *look_at_addresses(resolver=_asker())],
    }
    names = [each.lower().removesuffix(".") for each in domains]
    try:
        names = names or domains_in_use()
    except DatabaseError:
        found = "which there are, the database cannot tell now"
        blocks["sending domains"] = [unknown("domains", found, "Name them: tocsin doctor D")]
    for name in names:
        blocks[name] = look_at_domain(name, resolver=_asker(), now=timezone.now())
    blocks["incidents"] = look_at_incidents()
    return blocks


def _asker() -> Nameserver:
    return Nameserver(settings.NAMESERVER)


def _in_words(blocks: Blocks) -> str:
    lines: list[str] = []
    for subject, findings in blocks.items():
        lines.append(subject)
        for each in findings:
            lines.append(f"  {SIGNS[each.ok]} {each.name}: {each.found}")
            if each.remedy:
                lines.append(f"    {each.remedy}")
        lines.append("")
    return "\n".join(lines).rstrip()


def _as_json(blocks: Blocks, is_well: bool) -> str:  # noqa: FBT001
    told = [
        {"subject": subject, "findings": [asdict(each) for each in findings]}
        for subject, findings in blocks.items()
    ]
    return json.dumps({"ok": is_well, "subjects": told}, ensure_ascii=False, indent=2)
