"""Make the keys that are missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tocsin.kit.seal import make_keys


class Command(BaseCommand):
    """`tocsin keys`: once, before the first start; it never overwrites a key."""

    help = "Makes the keys that are missing in TOCSIN_KEYS_DIR. It never overwrites one."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say which were made, or that all were there."""
        try:
            made = make_keys(settings.KEYS_DIR)
        except OSError as error:
            raise CommandError(f"Cannot write to {settings.KEYS_DIR}: {error.strerror}.") from None
        for name in made:
            self.stdout.write(f"made {settings.KEYS_DIR / name}")
        if not made:
            self.stdout.write(f"all keys are in {settings.KEYS_DIR}")
