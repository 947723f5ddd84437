"""Which targets our mail does not reach at this moment, by what is known of their mailboxes."""

from collections.abc import Collection, Iterable

from tocsin.kit.seal import KeyMissing
from tocsin.outbox.destinations import Mailbox, Suppression
from tocsin.outbox.post import as_mailbox
from tocsin.outbox.ready import suppression_blind
from tocsin.targets.models import Target

REFUSING = (Mailbox.State.REFUSING, Mailbox.State.INVALID)
"""A full one is emptied again, and its letters wait for that."""

NOBODYS = "withdrawn"
"""The state of an address that must not be written to, beside those of a mailbox."""


def states_of(addresses: Collection[str]) -> dict[str, str]:
    """How it stands with each address; what was never written to takes mail, as far as is known."""
    boxes = {address: as_mailbox(address) for address in addresses}
    found = Mailbox.objects.filter(address__in=set(boxes.values()))
    known = dict(found.values_list("address", "state"))
    blinds = {address: suppression_blind(address) for address in addresses}
    shut = Suppression.objects.filter(blind__in=set(blinds.values()))
    shut_out = {bytes(blind) for blind in shut.values_list("blind", flat=True)}
    return {
        address: NOBODYS if blinds[address] in shut_out else known.get(box, Mailbox.State.OK)
        for address, box in boxes.items()
    }


def out_of_reach(targets: Iterable[Target]) -> list[Target]:
    """Those of the targets whose address refuses mail, does not exist or was withdrawn.

    Nobody, while the keys are not there: then nothing is taken or sent either.
    """
    # Letters go to the first address.
    ours = [(target, next(iter(target.addresses.all()), None)) for target in targets]
    try:
        states = states_of({row.address for _target, row in ours if row})
    except KeyMissing:
        return []
    closed = (*REFUSING, NOBODYS)
    return [target for target, row in ours if row and states[row.address] in closed]
