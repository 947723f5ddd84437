"""What becomes of a message after an answer: where it goes, whom it concerns, when it is due."""

from dataclasses import dataclass
from datetime import timedelta

from tocsin.outbox.verdicts.answers import REASONS, Phase, Reason, Receipt, Scope, reason_of
from tocsin.outbox.verdicts.pauses import wait_asked

__all__ = ["REASONS", "Phase", "Reason", "Receipt", "Scope", "Verdict", "verdict"]

BACK_OFF = tuple(
    timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480, 720, 720, 1440, 1440)
)
"""How long to wait after the first, second, … attempt; the last one stays."""

FULL_BACK_OFF = tuple(timedelta(hours=hours) for hours in (6, 12, 24))
"""The same for a full mailbox, which somebody has to come and empty."""

SPREAD = 0.2  # of the wait, to either side, so that letters that failed together come back apart
PATIENCE = timedelta(days=5)  # since the first attempt; then a person looks
FULL_PATIENCE = timedelta(days=10)
ROUTE_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Verdict:
    """Where the message goes, why, after which wait, whether the attempt counts, whom it concerns.

    `scope` says what else should pause: nothing, the address, its whole mail domain, the route.
    """

    state: str
    reason: str
    delay: timedelta = timedelta()
    counts: bool = True
    scope: Scope = "letter"


def verdict(receipt: Receipt, *, attempts: int, age: timedelta, chance: float) -> Verdict:
    """What to do with a message after that answer.

    `attempts` were counted before this one, `age` is the time since the first of them, `chance`
    is a number from 0 to 1 that the caller drew.
    """
    name = reason_of(receipt)
    state, scope = REASONS[name].state, REASONS[name].scope
    is_full = name == "mailbox_full"
    if name == "route_fault":
        delay = max(ROUTE_PAUSE, wait_asked(receipt.words))
        return Verdict(state, name, delay, counts=False, scope=scope)
    if state == "ready" and age >= (FULL_PATIENCE if is_full else PATIENCE):
        return Verdict("held", name, scope=scope)
    if state not in ("ready", "in_doubt"):
        return Verdict(state, name, scope=scope)
    usual = _wait(FULL_BACK_OFF if is_full else BACK_OFF, attempts, chance)
    if state == "ready":
        usual = max(usual, wait_asked(receipt.words))
    return Verdict(state, name, usual, scope=scope)


def _wait(waits: tuple[timedelta, ...], attempts: int, chance: float) -> timedelta:
    spread = 1 - SPREAD + 2 * SPREAD * chance
    return waits[min(attempts, len(waits) - 1)] * spread
