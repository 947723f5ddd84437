"""The signed time of issue in a form: neither a machine's haste nor a page left open for days."""

from datetime import datetime, timedelta
from enum import Enum, auto

from tocsin.kit.tokens import TokenForged, make_token, read_issued

YOUNGEST = timedelta(seconds=3)
"""Nobody reads, fills in and sends a form faster than that."""

OLDEST = timedelta(hours=12)
"""After that the page may have changed; what was typed is kept."""

SKEW = timedelta(minutes=5)
"""How far the clocks of two of our machines may be apart."""


class Freshness(Enum):
    """What the signed time says about a form that came in."""

    FRESH = auto()
    TOO_YOUNG = auto()
    TOO_OLD = auto()
    FORGED = auto()


def issue(page_id: int, *, now: datetime) -> str:
    """The signed time for the form of one page."""
    return make_token(purpose="form", subject=str(page_id), now=now)


def judge(token: str, page_id: int, *, now: datetime) -> Freshness:
    """How fresh the form is that carried this token; a cut or foreign one counts as forged."""
    try:
        subject, issued = read_issued(purpose="form", token=token)
    except TokenForged:
        return Freshness.FORGED
    age = now - issued
    if subject.removesuffix(_RENEWED) != str(page_id) or age < -SKEW:
        return Freshness.FORGED
    if age > OLDEST:
        return Freshness.TOO_OLD
    if age < YOUNGEST and not subject.endswith(_RENEWED):
        return Freshness.TOO_YOUNG
    return Freshness.FRESH


def reissue(token: str, page_id: int, *, now: datetime) -> str:
    """The token for a form that is shown again.

    Whoever held a real one waits no second time; one that is too young just has to age.
    """
    match judge(token, page_id, now=now):
        case Freshness.TOO_YOUNG:
            return token
        case Freshness.FORGED:
            return issue(page_id, now=now)
        case _:
            return make_token(purpose="form", subject=f"{page_id}{_RENEWED}", now=now)


_RENEWED = "r"
