"""Show what is kept until when, what was destroyed, and whether that is true."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from tocsin.kit.seal import KeyMissing, days_of_keys
from tocsin.management.columns import aligned
from tocsin.privacy.lived import today
from tocsin.privacy.memory import DayKey, Ending, RetentionReport
from tocsin.privacy.reports import find_tampered
from tocsin.privacy.schedule import SCHEDULE, campaign_erased_on, destroyed_on, record
from tocsin.privacy.witness import TimeUnknown, believed, look, trust

LAST = 10  # reports


class Command(BaseCommand):
    """`tocsin retention`: it destroys nothing, the worker does."""

    help = (
        "Shows what is kept until when, and what was destroyed. Exit code 1 if reports are false."
    )

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The table for people, for the authority, or a word about the clock."""
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--record", action="store_true", help="print the record of processing, in Markdown"
        )
        how.add_argument(
            "--trust-clock", action="store_true", help="you looked: the clock of now is right"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say it."""
        if options["record"]:
            self.stdout.write(record(), ending="")
            return
        try:
            if options["trust_clock"]:
                self._trust()
            else:
                self._show()
        except (KeyMissing, TimeUnknown) as error:
            raise CommandError(f"{error}. Nothing is destroyed until that is mended.") from None

    def _trust(self) -> None:
        reading = look(timezone.now())
        with transaction.atomic():
            trust(reading)
        self.stdout.write(f"It is {reading.wall:%Y-%m-%d %H:%M} UTC; the worker goes by that.")

    def _show(self) -> None:
        for kept in SCHEDULE:
            self.stdout.write(f"{kept.what}: until {kept.until}, then {kept.then}; by {kept.by}.")
        self._show_keys()
        for line in aligned(
            [_line(each) for each in RetentionReport.objects.order_by("-number")[:LAST]]
        ):
            self.stdout.write(line)
        wrong = find_tampered()
        if wrong:
            numbers = ", ".join(map(str, wrong[:LAST]))
            raise CommandError(f"reports were changed or taken away, at number {numbers}.")
        self.stdout.write(f"{RetentionReport.objects.count()} reports, all as they were written")

    def _show_keys(self) -> None:
        days = days_of_keys()
        self.stdout.write("")
        self.stdout.write(f"{len(days)} keys of days are there")
        reading = look(timezone.now())
        lived = believed(reading)
        if lived is None:
            self.stdout.write("the worker has not looked at the clock yet")
            return
        on = today(lived, reading)
        self.stdout.write(f"the day that is believed: {on}")
        for key in DayKey.objects.exclude(state=DayKey.State.DONE):
            due = destroyed_on(key.born, seen=key.seen, today=on)
            self.stdout.write(f"  {key.day} {key.get_state_display()}, to be destroyed on {due}")
        for ending in Ending.objects.exclude(state=Ending.State.DONE).select_related("campaign"):
            due = campaign_erased_on(ending.seen, keep_days=settings.KEEP_DAYS)
            name = ending.campaign.slug
            self.stdout.write(f"  {name} {ending.get_state_display()}, to be erased on {due}")


def _line(report: RetentionReport) -> tuple[object, ...]:
    counts = ", ".join(f"{number} {name}" for name, number in report.counts.items())
    what = " ".join(filter(None, (report.get_what_display(), report.about)))
    return report.number, report.on, what, report.day, counts
