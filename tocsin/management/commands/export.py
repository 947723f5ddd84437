"""Write the sealed records of a campaign into one file, for those who can open them."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tocsin.actions.records import catch_up, list_of, records_of
from tocsin.campaigns.models import Campaign
from tocsin.readers.files import NoReaders
from tocsin.readers.records_file import write_records


class Command(BaseCommand):
    """`tocsin export`: nothing is opened here, and nothing could be."""

    help = (
        "Writes the sealed records of a campaign into a file. A reader of the organisation opens "
        "it on a machine of their own: tocsin open FILE --key KEY."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Of which campaign, and where to."""
        parser.add_argument("--campaign", required=True, metavar="SLUG", help="its short name")
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write all of it or nothing, and say how many."""
        campaign = (
            Campaign.objects.select_related("organisation").filter(slug=options["campaign"]).first()
        )
        if campaign is None:
            known = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"there is no such campaign; there are: {known or 'none'}.")
        path: Path = options["file"]
        try:
            catch_up(campaign, day=timezone.now().date())
            number = _write(campaign, path)
        except NoReaders as error:
            raise CommandError(
                f"some answers that were taken back since cannot be sealed: {error}. Run: "
                "tocsin doctor"
            ) from None
        except FileExistsError:
            raise CommandError(f"{path} is there already: name another file.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}.") from None
        self.stdout.write(
            f"{number} sealed records of {campaign.slug} are in {path}. Take it to a machine of "
            f"the organisation, and there: tocsin open {path.name} --key KEY --csv OUT"
        )


def _write(campaign: Campaign, path: Path) -> int:
    """Under another name first: what stands under the name that was asked for is empty, or whole.

    The name is taken before anything is written, and never from a file that has it already. Without
    links: a stick that every computer reads (FAT) has none.
    """
    part = path.with_name(f".{path.name}.part")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        part.unlink(missing_ok=True)
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            number = write_records(
                file,
                organisation=campaign.organisation.slug,
                campaign=campaign.slug,
                records=records_of(campaign),
                find_list=lambda fingerprint: list_of(campaign, fingerprint),
            )
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    return number
