"""What an answer means for those it is about: a mailbox, a mail domain, a route."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least

from tocsin.kit.clock import to_the_hour
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.routes import Route
from tocsin.outbox.rows import rows
from tocsin.outbox.verdicts.retry import Receipt

if TYPE_CHECKING:
    from tocsin.outbox.record import Outcome

SLOWEST = 16  # times slower than asked for, at most
RATE_PAUSE = timedelta(minutes=15)
RATE_AGAIN = timedelta(minutes=1)  # answers so close together are one
CALM = timedelta(hours=1)  # without such an answer, then twice as fast again

REFUSALS = 3  # about us, in an hour: one letter may have the wrong words in it, three are about us
REFUSALS_WITHIN = timedelta(hours=1)  # of the one before
REFUSED_PAUSE = timedelta(hours=2)

MISUNDERSTANDINGS = 3  # in a row, then a person looks before anything else goes that way
REST = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))
"""How long a route is left alone after the first, second, … fault in a row; the last one stays."""
NOTICED_EVERY = timedelta(seconds=30)  # that a route takes mail
FULL_FOR_DAYS = timedelta(days=1)  # between two letters, once one has waited in vain

News = tuple[str, str, str]
"""An incident that an answer raises: its kind, whom it is about, their words."""


def react(outcomes: Sequence["Outcome"], *, route: str, now: datetime) -> None:
    """Let each answer act on its scope, in the caller's transaction.

    Everywhere in one order, domains, mailboxes, incidents, the route, and each of them by its key:
    so two workers never wait for each other.
    """
    sent = [each for each in outcomes if each.verdict.state == "sent"]
    others = [each for each in outcomes if each.verdict.state != "sent"]
    _lock_domains(sent, others)
    _empty_mailboxes(sent)
    news: list[News] = []
    for outcome in sorted(others, key=_place):
        if act := ACTS.get(outcome.verdict.reason):
            news += act(outcome, now=now)
    news += [("our_fault", route, _words(each)) for each in others if _is(each, "our_fault")]
    for kind, about, words in sorted(news):
        raise_incident(kind, about=about, words=words, now=now)
    if misunderstood := [each for each in others if _is(each, "our_fault")]:
        # Before what was taken: which came first is not known, and a person had better look.
        _be_misunderstood(route, misunderstood)
    if sent:
        _take_note(route, now=now)
    if broken := [each for each in others if _is(each, "route_fault")]:
        rest_route(route, _words(broken[-1]), now=now)


def is_quiet(outcome: "Outcome") -> bool:
    """Whether it is about its message alone: taken, by those of whom nothing else was to expect."""
    lease = outcome.lease
    return (
        outcome.verdict.state == "sent"
        and lease.mailbox_state != "full"
        and not lease.domain_refuses
    )


def rest_route(name: str, words: str, *, now: datetime) -> None:
    """The route itself failed: leave it alone for a while, longer each time."""
    row = Route.objects.select_for_update(no_key=True).get(name=name)
    if row.open_until is None or row.open_until <= now:
        row.open_until = now + REST[min(row.faults, len(REST) - 1)]
        row.faults += 1
    row.words = words
    row.save(update_fields=["faults", "open_until", "words"])


def calm_due(*, now: datetime) -> int:
    """Station: who said nothing of "too fast" for an hour is written to twice as fast again."""
    slow = MailDomain.objects.filter(slow__gt=1, slowed_at__lte=now - CALM)
    return slow.update(slow=F("slow") / 2, slowed_at=now)


FORGIVE = """
    WITH changing AS MATERIALIZED (
        SELECT id FROM tocsin_maildomain
        WHERE id = ANY(%(told)s::bigint[]) OR (id = ANY(%(glad)s::bigint[]) AND refusals > 0)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE tocsin_maildomain AS domain SET refusals = 0
    FROM changing WHERE domain.id = changing.id AND domain.id = ANY(%(glad)s::bigint[])
        AND refusals > 0
    RETURNING domain.id
"""


def _lock_domains(sent: Sequence["Outcome"], others: Sequence["Outcome"]) -> None:
    """Those that will change, in order; that they took something ends their refusals."""
    glad = {each.lease.domain_id for each in sent if each.lease.domain_id}
    told = {each.lease.domain_id for each in others if each.verdict.reason in ("rate", "policy")}
    if glad or told - {None}:
        rows(FORGIVE, glad=list(glad), told=[pk for pk in told if pk])


def _empty_mailboxes(sent: Sequence["Outcome"]) -> None:
    """Who was full and took something is not full any more."""
    full = [each.lease.mailbox_id for each in sent if each.lease.mailbox_state == "full"]
    for mailbox in sorted(filter(None, full)):
        Mailbox.objects.filter(pk=mailbox, state="full").update(state="ok", words="")


TAKE_NOTE = """
    UPDATE tocsin_route AS route
    SET faults = CASE WHEN rests THEN faults ELSE 0 END,
        misunderstandings = CASE WHEN rests THEN misunderstandings ELSE 0 END,
        open_until = CASE WHEN rests THEN open_until END,
        words = CASE WHEN rests OR faults + misunderstandings = 0 THEN words ELSE '' END,
        taken_at = %(now)s
    FROM (SELECT name, coalesce(open_until > %(now)s, false) AS rests FROM tocsin_route) AS now
    WHERE route.name = %(route)s AND now.name = route.name
        AND (taken_at IS NULL OR taken_at < %(lately)s
             OR (faults + misunderstandings > 0 AND NOT rests))
    RETURNING route.name
"""


def _take_note(route: str, *, now: datetime) -> None:
    """That the route took something ends what was wrong with it before.

    While it rests nothing is begun: what is taken then was on the line before the fault.
    """
    rows(TAKE_NOTE, route=route, now=now, lately=now - NOTICED_EVERY)


def _close_mailbox(outcome: "Outcome", *, now: datetime) -> list[News]:
    """Nobody is there, or nobody who takes our mail: its letters wait for a person."""
    if outcome.lease.mailbox_id is None:
        return []
    reason = outcome.verdict.reason
    state = {"mailbox_invalid": "invalid", "mailbox_refusing": "refusing"}[reason]
    words = _words(outcome)
    Mailbox.objects.filter(pk=outcome.lease.mailbox_id).update(
        state=state, since=to_the_hour(now), words=words
    )
    return [(reason, outcome.lease.address, words)]


def _fill_mailbox(outcome: "Outcome", *, now: datetime) -> list[News]:
    """It waits as long as its letter does; a letter that waited in vain is told to a person."""
    if outcome.lease.mailbox_id is None:
        return []
    words = _words(outcome)
    Mailbox.objects.filter(pk=outcome.lease.mailbox_id, state__in=("ok", "full")).update(
        state="full",
        since=to_the_hour(now),
        words=words,
        next_at=now + (outcome.verdict.delay or FULL_FOR_DAYS),
    )
    return (
        [("mailbox_full", outcome.lease.address, words)] if outcome.verdict.state == "held" else []
    )


def _slow_down(outcome: "Outcome", *, now: datetime) -> list[News]:
    """Answers that come close together are one; a longer pause stays as it is."""
    if outcome.lease.domain_id is None:
        return []
    told = now + RATE_PAUSE
    new = Q(slowed_at=None) | Q(slowed_at__lt=now - RATE_AGAIN) | Q(paused_until=None)
    new |= Q(paused_until__lte=now)
    MailDomain.objects.filter(new, pk=outcome.lease.domain_id).update(
        slow=Least(F("slow") * 2, SLOWEST),
        slowed_at=now,
        paused_until=Greatest(Coalesce(F("paused_until"), told), told),
        words=_words(outcome),
    )
    return []


def _be_refused(outcome: "Outcome", *, now: datetime) -> list[News]:
    """It is about us, never about the mailbox: three times in an hour, and we stop to look."""
    words = _words(outcome)
    if outcome.lease.domain_id is None:
        return [("policy", "", words)]
    domain = MailDomain.objects.get(pk=outcome.lease.domain_id)
    fresh = domain.refused_at is None or now - domain.refused_at > REFUSALS_WITHIN
    domain.refusals = 1 if fresh else domain.refusals + 1
    domain.refused_at, domain.words = now, words
    if domain.refusals >= REFUSALS:
        domain.paused_until = now + REFUSED_PAUSE
    domain.save(update_fields=["refusals", "refused_at", "words", "paused_until"])
    return [("policy", domain.name, words)] if domain.refusals >= REFUSALS else []


def _tell(outcome: "Outcome", *, now: datetime) -> list[News]:  # noqa: ARG001 - as the others
    about = outcome.lease.address.rpartition("@")[2]
    return [(outcome.verdict.reason, about, _words(outcome))]


def _be_misunderstood(name: str, outcomes: Sequence["Outcome"]) -> None:
    row = Route.objects.select_for_update(no_key=True).get(name=name)
    row.misunderstandings += len(outcomes)
    row.words = _words(outcomes[-1])
    row.paused = row.paused or row.misunderstandings >= MISUNDERSTANDINGS
    row.save(update_fields=["misunderstandings", "words", "paused"])


def _is(outcome: "Outcome", reason: str) -> bool:
    return outcome.verdict.reason == reason


def _place(outcome: "Outcome") -> int:
    return outcome.lease.mailbox_id or 0


def _words(outcome: "Outcome") -> str:
    """What they said; of a supporter's mail system only the code, unless very many use it."""
    receipt = outcome.receipt or Receipt("connect")
    is_public = outcome.lease.mailbox_id or outcome.lease.domain_id
    said = (str(receipt.code or ""), receipt.enhanced, receipt.text if is_public else "")
    return " ".join(filter(None, said))[:500]


ACTS: dict[str, Callable[..., list[News]]] = {
    "mailbox_invalid": _close_mailbox,
    "mailbox_refusing": _close_mailbox,
    "mailbox_full": _fill_mailbox,
    "rate": _slow_down,
    "policy": _be_refused,
    "their_fault": _tell,
    "unknown": _tell,
    "crashed": _tell,
    "unreadable": _tell,
}
"""Who acts on which reason; what is not named is about one letter, and says nothing else."""
