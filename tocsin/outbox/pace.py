"""How fast a mail system is written to, before it has said anything about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """So many an hour, so many of them at one go, so many in hand at once."""

    per_hour: int
    burst: int
    connections: int


UNKNOWN = Pace(per_hour=300, burst=5, connections=2)
"""A ministry's own server, of which we know nothing."""

LARGE = Pace(per_hour=7200, burst=60, connections=10)
MIDDLE = Pace(per_hour=2400, burst=20, connections=5)

PROVIDERS = {
    "gmail.com": LARGE,
    "googlemail.com": LARGE,
    "outlook.com": LARGE,
    "hotmail.com": LARGE,
    "hotmail.fr": LARGE,
    "live.com": LARGE,
    "live.fr": LARGE,
    "msn.com": LARGE,
    "yahoo.com": LARGE,
    "yahoo.fr": LARGE,
    "yahoo.co.uk": LARGE,
    "icloud.com": LARGE,
    "me.com": LARGE,
    "aol.com": LARGE,
    "qq.com": MIDDLE,
    "163.com": MIDDLE,
    "126.com": MIDDLE,
    "mail.ru": MIDDLE,
    "yandex.ru": MIDDLE,
    "gmx.de": MIDDLE,
    "gmx.net": MIDDLE,
    "gmx.at": MIDDLE,
    "gmx.ch": MIDDLE,
    "web.de": MIDDLE,
    "t-online.de": MIDDLE,
    "orange.fr": MIDDLE,
    "wanadoo.fr": MIDDLE,
    "free.fr": MIDDLE,
    "sfr.fr": MIDDLE,
    "laposte.net": MIDDLE,
    "bluewin.ch": MIDDLE,
    "proton.me": MIDDLE,
    "protonmail.com": MIDDLE,
    "btinternet.com": MIDDLE,
    "comcast.net": MIDDLE,
    "libero.it": MIDDLE,
    "naver.com": MIDDLE,
}
"""Where so many people have a mailbox that the name of the domain tells nothing about one of them.

Only these stand in the row of a mail to a supporter. The figures are cautious; whoever says "too
fast" is written to more slowly at once.
"""


def pace_of(domain: str) -> Pace:
    """How fast to begin with a mail domain."""
    return PROVIDERS.get(domain, UNKNOWN)


def is_shared(domain: str) -> bool:
    """Whether the domain may be noted beside a supporter's mail."""
    return domain in PROVIDERS
