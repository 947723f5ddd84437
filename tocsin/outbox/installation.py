"""This installation: a database that was copied or restored from elsewhere may not send."""

import hashlib
import hmac
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.hold import OF_THE_ADDRESS
from tocsin.outbox.models import Message
from tocsin.outbox.record import record_doubts
from tocsin.outbox.watch import Installation

KEY_FILE = "installation.key"
MARK_EVERY = timedelta(hours=1)


class NotOurs(Exception):
    """The database may not send from here; the text says why, and what to do."""


def bind() -> bool:
    """Make a database that belongs to nobody ours; False if it belongs to somebody."""
    if Installation.objects.exists():
        return False
    installation = Installation()
    installation.fingerprint = _fingerprint(installation, _token())
    return Installation.objects.get_or_create(
        number=1, defaults={"name": installation.name, "fingerprint": installation.fingerprint}
    )[1]


def check() -> None:
    """Raise NotOurs unless this database is the one that this installation sends from."""
    installation = Installation.objects.first()
    if installation is None:
        raise NotOurs("the database belongs to no installation yet: run `tocsin migrate`")
    if not hmac.compare_digest(
        bytes(installation.fingerprint), _fingerprint(installation, _token())
    ):
        raise NotOurs(
            "the database belongs to another installation: a copy must not send what the other "
            "one sends. If this is where it shall go on, run `tocsin adopt`"
        )
    if installation.epoch < _epoch(installation):
        raise NotOurs(
            "the database is older than what was sent from it: it was restored. Run `tocsin "
            "adopt`, which holds what may have gone already"
        )


def mark_due(*, now: datetime) -> int:
    """Station: note beside the token how far the database is; returns 1 if it moved on, else 0.

    Each machine notes it beside its own token, whichever of them moved it on.
    """
    try:
        check()
    except NotOurs as error:
        raise_incident("not_ours", words=str(error), now=now)
        return 0
    with transaction.atomic():
        installation = Installation.objects.select_for_update().get()
        is_due = not installation.marked_at or now - installation.marked_at >= MARK_EVERY
        if is_due:
            installation.epoch += 1
            installation.marked_at = now
            installation.save()
    _note(installation)
    return int(is_due)


def adopt(*, now: datetime) -> int:
    """Make this database ours, whoever had it; what it may have sent already is held.

    Returns how many messages wait for a person now: nothing goes by itself, doubts included.
    """
    token = _token()
    with transaction.atomic():
        Installation.objects.all().delete()
        installation = Installation(number=1)
        installation.fingerprint = _fingerprint(installation, token)
        installation.save()
        free = {"lease_owner": None, "lease_until": None}
        speaking = Message.objects.filter(state="sending").values_list("pk", flat=True)
        record_doubts(speaking, due=now, now=now)
        Message.objects.filter(state="in_doubt", doubts=0).update(doubts=1)
        # Set aside for a reason that ends by itself, or for all at once.
        aside = Message.objects.filter(state="held", reason__in=("paused", *OF_THE_ADDRESS))
        aside.update(reason="restored")
        waiting = Message.objects.filter(state__in=("ready", "leased"))
        waiting.update(state="held", reason="restored", **free)
    return Message.objects.filter(state__in=("held", "in_doubt")).count()


def _token() -> bytes:
    path = settings.KEYS_DIR / KEY_FILE
    try:
        return bytes(path.read_bytes())
    except OSError as error:
        raise NotOurs(
            f"cannot read {path} ({error.strerror}): `tocsin keys` makes it once; a copy of this "
            "installation must not have it"
        ) from None


def _fingerprint(installation: Installation, token: bytes) -> bytes:
    return hmac.digest(token, installation.name.bytes, hashlib.sha256)[:16]


def _epoch_path(installation: Installation) -> Path:
    return Path(settings.KEYS_DIR) / f"{installation.name.hex}.epoch"


def _epoch(installation: Installation) -> int:
    try:
        return int(_epoch_path(installation).read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0  # a new one, or a machine that has not worked on it yet
    except (OSError, ValueError):
        raise NotOurs(
            f"cannot read {_epoch_path(installation)}, which says how far the database was: give "
            "it back from a backup of the keys, or run `tocsin adopt`"
        ) from None


def _note(installation: Installation) -> None:
    """Put the number in place as a whole, unless another machine has noted a later one."""
    if _epoch(installation) >= installation.epoch:
        return
    path = _epoch_path(installation)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(str(installation.epoch))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
