"""What a person did at the mail desk, and taking it back while nothing has moved on since."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tocsin.kit.nudge import nudge
from tocsin.kit.rows import Row
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.hold import BY_HAND, wake
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.rows import array, rows
from tocsin.outbox.watch import Incident

KEPT = timedelta(days=1)
"""So long a deed can be taken back, if what it was done to has not moved on."""
MOST = 20_000
"""Of a deed with more messages than that nothing is kept: it is undone by its counterpart."""

FIELDS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "mailbox": (Mailbox, ("paused", "per_hour", "opens", "closes", "time_zone", "workdays")),
    "maildomain": (
        MailDomain,
        ("paused", "paused_until", "refusals", "per_hour", "burst", "connections"),
    ),
    "route": (
        Route,
        ("paused", "open_until", "faults", "misunderstandings", "connections", "share"),
    ),
    "sendingdomain": (SendingDomain, ("daily_cap",)),
    "mailing": (Mailing, ("paused", "stop_at", "doubts")),
    "incident": (Incident, ("closed",)),
}
"""What of a row can be set back to what it was."""

MESSAGES = {"hold": ("held", BY_HAND, "ready"), "release": ("ready", "", "held")}
"""Of what was done to messages: in which state and for which reason that left them, and the way
back. A message in doubt that was to go once more is held instead: in doubt it is by evidence."""

SET_BACK = """
    WITH told AS MATERIALIZED (
        SELECT * FROM unnest(
            %(ids)s::uuid[], %(numbers)s::int[], %(tried)s::int[], %(reasons)s::text[],
            %(attempts)s::int[], %(began)s::timestamptz[]
        ) AS told (id, number, tried, reason, attempts, began)
    ), locked AS MATERIALIZED (
        SELECT message.id FROM tocsin_message AS message JOIN told ON told.id = message.id
        WHERE message.state = %(state)s AND message.reason = %(why)s
            AND message.lease_number = told.number AND message.tried = told.tried
        -- In order, as workers lock them.
        ORDER BY message.id FOR UPDATE OF message
    )
    UPDATE tocsin_message AS message
    SET state = %(back)s, reason = told.reason, attempts = told.attempts, began = told.began,
        doubts = CASE told.reason WHEN 'in_doubt' THEN greatest(doubts, 1) ELSE doubts END
    FROM locked JOIN told ON told.id = locked.id
    WHERE message.id = locked.id RETURNING message.id
"""


class Deed(Row):
    """One thing that one of the staff did to `number` rows of a noun; gone after a day.

    `rows` is what it takes to undo it, and empty where that cannot be. Of a message: key, number
    of the last lease and try, and what were its reason, attempts and begin of patience. Of any
    other row: key, the fields that were changed as they were, and as they were left.
    """

    who = models.CharField(_("who"), max_length=150)
    at = models.DateTimeField(_("at"))
    noun = models.CharField(_("noun"), max_length=20)
    do = models.CharField(_("what"), max_length=20)
    number = models.PositiveIntegerField(_("number"))
    rows = models.JSONField(default=list)

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")

    def __str__(self) -> str:
        return f"{self.do} {self.noun} ({self.number})"


class MovedOn(Exception):
    """It was taken back already, or is older than a day."""


def as_is(messages: Iterable[Message]) -> list[list[Any]]:
    """What it takes to undo what is about to be done to these."""
    return [
        [
            str(each.pk),
            each.lease_number,
            each.tried,
            each.reason,
            each.attempts,
            each.began.isoformat() if each.began else None,
        ]
        for each in messages
    ]


def told(noun: str, row: models.Model) -> dict[str, Any]:
    """The fields that can be set back, as they are; of most nouns there are none."""
    return _told(row, FIELDS[noun][1]) if noun in FIELDS else {}


def changed(key: Any, before: dict[str, Any], after: dict[str, Any]) -> list[list[Any]]:
    """What it takes to undo the difference; nothing if there is none."""
    names = [name for name in before if before[name] != after[name]]
    if not names:
        return []
    return [[key, {name: before[name] for name in names}, {name: after[name] for name in names}]]


def note_deed(
    *, who: str, noun: str, do: str, number: int, undo: Sequence[Any] = (), now: datetime
) -> Deed:
    """Write down what was done, in the caller's transaction."""
    kept = list(undo) if len(undo) <= MOST else []
    return Deed.objects.create(who=who, at=now, noun=noun, do=do, number=number, rows=kept)


def find_deed(pk: int, *, who: str, now: datetime) -> Deed | None:
    """The deed of that person, if it can still be undone."""
    found = Deed.objects.filter(pk=pk, who=who, at__gt=now - KEPT).exclude(rows=[])
    return found.defer("rows").first()


@transaction.atomic
def undo_deed(deed: Deed, *, among: models.QuerySet[Any]) -> tuple[int, int]:
    """Set back what is `among` these rows and as it was left; how many, and how many have moved on.

    Raises MovedOn if somebody was quicker.
    """
    locked = Deed.objects.select_for_update().filter(pk=deed.pk).first()
    if locked is None:
        raise MovedOn
    kept = locked.rows
    theirs = among.filter(pk__in=[each[0] for each in kept]).values_list("pk", flat=True)
    keys = {str(key) for key in theirs}
    own = [each for each in kept if str(each[0]) in keys]
    done = _messages_back(deed.do, own) if deed.noun == "message" else _rows_back(deed.noun, own)
    locked.delete()
    wake()
    nudge("park")
    return done, len(kept) - done


def forget_deeds_due(*, now: datetime) -> int:
    """Station: forget what was done a day ago; how many deeds."""
    return Deed.objects.filter(at__lte=now - KEPT).delete()[0]


def _messages_back(do: str, kept: Sequence[Sequence[Any]]) -> int:
    state, why, back = MESSAGES[do]
    ids, numbers, tried, reasons, attempts, began = zip(*kept, strict=True) if kept else [()] * 6
    found = rows(
        SET_BACK,
        ids=array(ids),
        numbers=array(numbers),
        tried=array(tried),
        reasons=array(reasons),
        attempts=array(attempts),
        began=array(began),
        state=state,
        why=why,
        back=back,
    )
    return len(found)


def _rows_back(noun: str, kept: Sequence[Sequence[Any]]) -> int:
    model, _names = FIELDS[noun]
    by_key = {each[0]: (each[1], each[2]) for each in kept}
    rows_of: models.QuerySet[Any] = models.QuerySet(model=model)
    locked = rows_of.select_for_update().filter(pk__in=list(by_key)).order_by("pk")
    fit = []
    for row in locked:
        before, after = by_key[row.pk]
        if _told(row, after) != after:
            continue
        for name, value in before.items():
            setattr(row, name, value)
        fit.append(row)
    if noun == "incident":
        fit = _not_open_again(fit)
    names = sorted({name for before, _after in by_key.values() for name in before})
    if fit:
        rows_of.bulk_update(fit, names)
    return len(fit)


def _not_open_again(incidents: Collection[Any]) -> list[Any]:
    """Those of which there is no newer one that is open: the same thing is one open row."""
    again = Incident.objects.filter(closed=False, about__in=[each.about for each in incidents])
    there = set(again.values_list("kind", "about"))
    found = {}
    for each in incidents:
        if (each.kind, each.about) not in there:
            found[each.kind, each.about] = each
    return list(found.values())


def _told(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    """As it stands in the deed; the database reads a time that is written like this."""
    return value.isoformat() if isinstance(value, datetime | time) else value
