"""The outbox in words and aligned columns, for the terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from tocsin.management.columns import aligned, in_short, lasting
from tocsin.outbox.alarm import KINDS
from tocsin.outbox.overview import ENDED, InLane, OnRoute, Overview, hours_before

MOST_ROWS = 20
"""Of domains and mailboxes, those first that most waits for."""


def lines_of(
    seen: Overview, *, ended: Mapping[str, Mapping[str, int]] | None, now: datetime
) -> Iterator[str]:
    """All of it; `ended` is left out where it would cost too much to count."""
    for incident in seen.incidents:
        about = f" {incident.about}" if incident.about else ""
        yield f"! {incident.kind}{about}, {incident.times} times: {KINDS.get(incident.kind, '')}"
        if incident.words:
            yield f"  They say: {in_short(incident.words)}"
    yield from _table("Lanes", _lanes(seen, now=now))
    if ended is not None:
        yield from _table("Ended", _ended(ended))
    yield from _table("Held, by reason", [(reason, number) for reason, number in seen.held])
    yield from _table("Routes", [_route(route, now=now) for route in seen.routes])
    yield from _table("Mail domains that mail waits for", _domains(seen, now=now))
    yield from _table("Mailboxes that take nothing now", _mailboxes(seen))
    yield from _table("Our domains", _ours(seen))
    yield from _table("Mailings that are paused or stopped", _mailings(seen, now=now))
    yield ""
    yield _how_long(seen)


def _table(title: str, table: list[tuple[object, ...]]) -> Iterator[str]:
    if table:
        yield ""
        yield title
        yield from (f"  {line}" for line in aligned(table))


def _lanes(seen: Overview, *, now: datetime) -> list[tuple[object, ...]]:
    head = ("", "due", "later", "in hand", "held", "in doubt", "oldest due")
    return [head, *(_lane(lane, now=now) for lane in seen.lanes)]


def _lane(lane: InLane, *, now: datetime) -> tuple[object, ...]:
    oldest = _ago(lane.oldest_due, now=now) if lane.oldest_due else ""
    return lane.lane, lane.due, lane.later, lane.in_hand, lane.held, lane.in_doubt, oldest


def _ago(hour: datetime, *, now: datetime) -> str:
    hours = hours_before(hour, now=now)
    return f"{hours} h ago" if hours else "this hour"


def _ended(ended: Mapping[str, Mapping[str, int]]) -> list[tuple[object, ...]]:
    rows = [(lane, *(states[state] for state in ENDED)) for lane, states in ended.items()]
    return [("", *ENDED), *rows]


def _route(route: OnRoute, *, now: datetime) -> tuple[object, ...]:
    state = route.state
    if route.open_until:
        state = f"left alone for {lasting(route.open_until - now)} after {route.faults} faults"
    last = f"last took something {_ago(route.taken_at, now=now)}" if route.taken_at else ""
    return route.name, state, last, in_short(route.words)


def _domains(seen: Overview, *, now: datetime) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for domain in seen.domains[:MOST_ROWS]:
        pace = f"{domain.per_hour} an hour"
        if domain.slow > 1:
            pace += f", {domain.slow} times slower for now"
        state = "paused" if domain.paused else ""
        if domain.paused_until and not state:
            state = f"paused for {lasting(domain.paused_until - now)}"
        rows.append((domain.name, domain.waiting, pace, state, in_short(domain.words)))
    return rows


def _mailboxes(seen: Overview) -> list[tuple[object, ...]]:
    return [
        (box.address, box.waiting, "paused" if box.paused else box.state, in_short(box.words))
        for box in seen.mailboxes[:MOST_ROWS]
    ]


def _ours(seen: Overview) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for ours in seen.sending_domains:
        new = "" if ours.daily_cap is None else f"{ours.sent_today} of {ours.daily_cap} today"
        rows.append((ours.name, "exists nowhere" if ours.reserved else ours.state, new))
    return rows


def _mailings(seen: Overview, *, now: datetime) -> list[tuple[object, ...]]:
    return [
        (each.name, "paused" if each.paused else f"stopped {each.stop_at:%Y-%m-%d}", each.waiting)
        for each in seen.mailings
        if each.paused or (each.stop_at and each.stop_at <= now)
    ]


def _how_long(seen: Overview) -> str:
    if not seen.waiting:
        return f"Nothing waits. {seen.in_doubt:,} in doubt."
    least, most = lasting(seen.drain.at_least), lasting(seen.drain.at_most)
    said = f"{seen.waiting:,} wait: at least {least}, at most {most} if every answer is yes"
    if seen.drain.stuck:
        said += f"; {seen.drain.stuck:,} of them go only when somebody acts"
    return f"{said}."
