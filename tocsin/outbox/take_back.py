"""What dead workers held: freed if they had not spoken, in doubt if they may have."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tocsin.kit.nudge import nudge
from tocsin.outbox.lanes import LANES
from tocsin.outbox.models import Message
from tocsin.outbox.record import DOUBT_WAIT, record_doubts
from tocsin.outbox.routes import Mailing
from tocsin.outbox.rows import rows

FREE = {"lease_owner": None, "lease_until": None}


def take_back_due(*, now: datetime) -> int:
    """Station: free what the dead held, and send again what stayed in doubt without evidence.

    A lost letter breaks a promise; of two that are equal to the byte, receivers show one. So a
    doubt is sent once more, unless its mailing wants a person asked; a second doubt always does.
    """
    owners = Message.objects.filter(lease_owner__isnull=False).values_list("lease_owner", flat=True)
    moved = sum(_take_back_from(owner, now=now) for owner in owners.distinct() if owner is not None)
    stuck = Message.objects.filter(state="leased", lease_until__lt=now)
    moved += stuck.update(state="ready", **FREE)
    return moved + _resolve_doubts(now=now)


def _take_back_from(owner: int, *, now: datetime) -> int:
    """A living owner holds the lock of its number; the same lock keeps others from helping us."""
    with transaction.atomic():
        [[is_dead]] = rows("SELECT pg_try_advisory_xact_lock(%(owner)s)", owner=owner)
        if not is_dead:
            return 0
        in_hand = Message.objects.filter(lease_owner=owner)
        # All at once and in order, as whoever erases does: nobody waits for us in a circle.
        list(in_hand.select_for_update().order_by("pk").values_list("pk"))
        unspoken = in_hand.filter(state="leased").update(state="ready", **FREE)
        silent = in_hand.filter(state="sending").values_list("pk", flat=True)
        return unspoken + record_doubts(silent, due=now + DOUBT_WAIT, now=now)


def _resolve_doubts(*, now: datetime) -> int:
    asks = Q(mailing__doubts=Mailing.Doubts.ASK)
    doubtful = Message.objects.filter(state="in_doubt", doubts=0, due_at__lte=now).exclude(asks)
    moved = doubtful.update(state="ready", doubts=1)
    if moved:
        for route in {rules.route for rules in LANES.values()}:
            nudge(f"send_{route}")
    return moved
