"""The person's gate: confirm what was written, or say that it was somebody else."""

from collections.abc import Sequence
from enum import Enum, auto
from uuid import UUID

from django.db import transaction

from tocsin.actions.guard import forget_mails
from tocsin.actions.models import Action, Confirmation
from tocsin.actions.records import seal_record
from tocsin.kit.nudge import nudge
from tocsin.outbox.post import erase_messages
from tocsin.supporters.models import Supporter
from tocsin.supporters.person import open_person


class Confirmed(Enum):
    """What became of a click on the button."""

    RELEASED = auto()
    ALREADY = auto()
    CHANGED = auto()
    CLOSED = auto()
    GONE = auto()


@transaction.atomic
def confirm_action(*, action_id: UUID, revision: int) -> Confirmed:
    """Release the action if it is still the one that was shown; a second time changes nothing.

    CHANGED: the person, or somebody with their address, wrote again since: show it again.
    GONE: nothing is kept of it. CLOSED: the campaign takes no letters any more. From now on there
    is a record of who took part, sealed for the organisation. Raises NoReaders if that cannot be,
    and nothing is confirmed or lost then.
    """
    action = (
        Action.objects.select_for_update(of=("self",))
        .select_related("supporter", "campaign__organisation")
        .filter(pk=action_id)
        .first()
    )
    if action is None:
        return Confirmed.GONE
    if action.state != "pending":
        return Confirmed.ALREADY
    if action.revision != revision:
        return Confirmed.CHANGED
    if not action.campaign.is_going:
        return Confirmed.CLOSED
    action.state = "released"
    action.save(update_fields=["state"])
    person = open_person(action.supporter)
    seal_record(action, person=person)
    forget_mails(person.address)
    nudge("write")
    return Confirmed.RELEASED


@transaction.atomic
def refuse_action(*, action_id: UUID) -> bool:
    """It wasn't me: delete the action with everything that hangs on it.

    False if there is nothing, or if it was confirmed: then nothing is deleted.
    """
    action = Action.objects.select_for_update().filter(pk=action_id, state="pending").first()
    if action is None:
        return False
    erase_unsent([action])
    return True


def erase_unsent(actions: Sequence[Action]) -> None:
    """Delete actions that have no letters, and all that hangs on them, in the caller's transaction.

    The caller holds their rows. Their mails are locked all at once, as everybody does it.
    """
    confirmations = Confirmation.objects.filter(action__in=actions)
    mails = list(confirmations.values_list("message_id", flat=True))
    Supporter.objects.filter(action__in=actions).delete()
    erase_messages(ids=mails)
