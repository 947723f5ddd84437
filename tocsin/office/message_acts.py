"""What the staff may do with messages: hold, release, cancel, settle a doubt."""

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tocsin.office.mail_shell import Button, Said, left_words
from tocsin.outbox.deeds import MESSAGES, MOST, as_is
from tocsin.outbox.hold import believe_sent, cancel_messages, hold_messages, release_messages
from tocsin.outbox.models import Message

HOLD = Button("hold", _("Hold"))
RELEASE = Button("release", _("Let it go"))
AGAIN = Button("release", _("Send it once more"))
SENT = Button(
    "believe",
    _("It was sent"),
    final=_("It then counts as sent, and cannot be sent again."),
)
CANCEL = Button(
    "cancel",
    _("Cancel"),
    serious=True,
    final=_("What is cancelled is never sent: this cannot be undone. To wait, hold it instead."),
)

BUTTONS: dict[str, tuple[Button, ...]] = {
    "ready": (HOLD, CANCEL),
    "leased": (HOLD, CANCEL),
    "held": (RELEASE, CANCEL),
    "in_doubt": (SENT, AGAIN, CANCEL),
}
"""What may be done with a message in that state; with one in any other, nothing."""

BULK = (HOLD, Button("release", _("Let them go")), CANCEL)
AT_ONCE = 2000  # messages in one transaction


@dataclass(frozen=True)
class Seen:
    """A message as somebody saw it: it is acted upon only if it has not moved since."""

    pk: uuid.UUID
    mark: str

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """From a form; None if it is nothing of ours."""
        name, _dot, mark = text.partition(".")
        try:
            return cls(uuid.UUID(name), mark[:40])
        except ValueError:
            return None


def seen(message: Message) -> str:
    """For a form: which message, and how it is."""
    return f"{message.pk}.{mark_of(message)}"


def mark_of(message: Message) -> str:
    """Changes with every move and every lease."""
    return f"{message.state}.{message.lease_number}.{message.tried}"


def act(
    do: str, looked: Collection[Seen], *, among: models.QuerySet[Message], now: datetime
) -> Said:
    """Do it with those `among` them that are as they were seen, and say with how many."""
    marks = {each.pk: each.mark for each in looked}
    done = 0
    with transaction.atomic():
        # In order, as workers lock them.
        rows = among.select_for_update(of=("self",)).filter(pk__in=list(marks)).order_by("pk")
        fit = [row for row in rows if marks[row.pk] == mark_of(row) and _fits(do, row.state)]
        if fit:
            done = _do(do, [row.pk for row in fit], now=now)
    undo = as_is(fit) if do in MESSAGES else []
    return _said(do, done, left=len(marks) - done, undo=undo)


def act_on_all(do: str, found: models.QuerySet[Message], *, now: datetime) -> Said:
    """Do it with all that a filter finds, however many; in parts, so that no worker waits long."""
    # Whatever else changes them meanwhile, each is looked at once.
    ids = list(fit_for(do, found).values_list("pk", flat=True))
    undo: list[list[Any]] = []
    done = 0
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        with transaction.atomic():
            rows = Message.objects.select_for_update().filter(pk__in=part).order_by("pk")
            fit = [row for row in rows if _fits(do, row.state)]
            done += _do(do, [row.pk for row in fit], now=now)
        if do in MESSAGES and len(undo) <= MOST:
            undo += as_is(fit)
    return _said(do, done, left=len(ids) - done, undo=undo)


def fit_for(do: str, found: models.QuerySet[Message]) -> models.QuerySet[Message]:
    """Those with which it can be done as they are now."""
    states = [state for state in BUTTONS if _fits(do, state)]
    return found.filter(state__in=states).order_by("pk")


def button_of(do: str) -> Button | None:
    """The button of that name; None if there is none."""
    every = (button for each in BUTTONS.values() for button in each)
    return next((button for button in every if button.do == do), None)


def _fits(do: str, state: str) -> bool:
    return do in {button.do for button in BUTTONS.get(state, ())}


def _do(do: str, ids: Iterable[uuid.UUID], *, now: datetime) -> int:
    acts: dict[str, Callable[[list[uuid.UUID]], int]] = {
        "hold": hold_messages,
        "release": lambda ids: release_messages(ids, now=now),
        "believe": believe_sent,
        "cancel": cancel_messages,
    }
    return acts[do](list(ids))


def _said(do: str, done: int, *, left: int, undo: Sequence[Any] = ()) -> Said:
    words = {
        "hold": ngettext("%(n)s message is held.", "%(n)s messages are held.", done),
        "release": ngettext("%(n)s message goes again.", "%(n)s messages go again.", done),
        "believe": ngettext("%(n)s message was sent.", "%(n)s messages were sent.", done),
        "cancel": ngettext("%(n)s message is cancelled.", "%(n)s messages are cancelled.", done),
    }
    said = [words[do] % {"n": done}] if done or not left else []
    if left:
        said.append(left_words(left))
    return Said(" ".join(said), done=bool(done), number=done, undo=undo)


def acts() -> tuple[str, ...]:
    """The names of all acts."""
    return tuple(dict.fromkeys(button.do for each in BUTTONS.values() for button in each))
