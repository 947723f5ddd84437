"""What every page of the directory has: its places, and who may add or change."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.office.mail_shell import DeskPage, may
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.post import as_mailbox
from tocsin.targets.models import Target

PLACES: tuple[tuple[tuple[str, ...], Promise, str], ...] = (
    (("view",), _("Targets"), "targets:index"),
    (("add",), _("Add a target"), "targets:add"),
    (("add", "change"), _("Import"), "targets:import"),
    (("add", "change"), _("Areas"), "targets:areas"),
    (("change",), _("Duplicates"), "targets:duplicates"),
)
"""The pages of the directory: what one must be allowed to do there, under which name."""


class DirectoryPage(DeskPage):
    """A page about the directory; `needs` is what one must be allowed to do to be there."""

    noun = Target
    place = "targets:index"
    header_icon = "group"
    needs: tuple[str, ...] = ("view",)

    def is_allowed(self) -> bool:
        """Whether who asks may do all that the page is for."""
        return all(may(self.request.user, verb, Target) for verb in self.needs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the directory, this place."""
        trail = [*self.breadcrumbs_items]
        for _needs, label, name in PLACES:
            if name in ("targets:index", self.place):
                trail.append({"url": reverse(name), "label": label})
        return [*trail, *self.here()]

    def _places(self) -> Iterator[tuple[str, Promise, bool]]:
        for needs, label, name in PLACES:
            if all(may(self.request.user, verb, Target) for verb in needs):
                yield reverse(name), label, name == self.place


def mailboxes_of(addresses: Sequence[str]) -> dict[str, Mailbox]:
    """What the outbox knows of these addresses; nothing of those that were never written to."""
    written = {address: as_mailbox(address) for address in addresses}
    found = Mailbox.objects.filter(address__in=set(written.values()))
    boxes = {box.address: box for box in found}
    return {address: boxes[box] for address, box in written.items() if box in boxes}
