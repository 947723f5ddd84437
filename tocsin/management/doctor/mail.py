"""How mail leaves: the routes, the addresses of the relay, the domains that it comes from."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from tocsin.organisations.models import Organisation
from tocsin.outbox.identity.check import find, hosts_away, keep
from tocsin.outbox.identity.dns_rules import addresses_of, reverse_finding
from tocsin.outbox.identity.finding import Finding, unknown, well, wrong
from tocsin.outbox.identity.spf import Resolver
from tocsin.outbox.models import Message
from tocsin.outbox.post import RESERVED
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.transports.lines import lines_to
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.transports.smtp import Waits
from tocsin.outbox.transports.ways import Way

PATIENCE = Waits(connect=5, command=10)
"""Somebody sits before the screen and waits for the answer."""


def look_at_routes() -> list[Finding]:
    """Whether each way out can be reached, is secured as asked, and lets us in."""
    faults = {way: _fault_of(way) for way in dict.fromkeys(settings.WAYS.values())}
    return [_route(name, way, faults[way]) for name, way in settings.WAYS.items()]


def look_at_addresses(*, resolver: Resolver) -> list[Finding]:
    """Whether the addresses that the relay sends from have names."""
    if settings.RELAY_ADDRESSES:
        return [reverse_finding(each, resolver=resolver) for each in settings.RELAY_ADDRESSES]
    looked = [
        reverse_finding(address, resolver=resolver)
        for host in hosts_away()
        for address in addresses_of(host, resolver=resolver)
    ]
    # A relay may send from other addresses than that at which it takes mail from us.
    tell = "Say in TOCSIN_RELAY_ADDRESSES which addresses the relay sends from."
    return [each if each.ok else unknown(each.name, each.found, tell) for each in looked]


def domains_in_use() -> list[str]:
    """Those of the organisations, and those that mail is waiting to leave from."""
    waiting = Message.objects.filter(state__in=("ready", "leased", "held"))
    return sorted(
        {
            *Organisation.objects.values_list("mail_domain", flat=True),
            *waiting.values_list("sending_domain__name", flat=True).distinct(),
        }
    )


def look_at_domain(name: str, *, resolver: Resolver, now: datetime) -> list[Finding]:
    """What is published for the domain; kept as well, if the database knows it and answers."""
    domain = _row_of(name) or _new(name)
    findings = find(domain, resolver=resolver)
    if domain.pk is None:
        return findings
    try:
        keep(domain, findings, now=now)
    except (DatabaseError, SendingDomain.DoesNotExist):
        return [*findings, unknown("may send", "the database could not note it")]
    return [*findings, _may_send(domain)]


def _fault_of(way: Way) -> str:
    name = urlsplit(settings.BASE_URL).hostname or "localhost"
    with lines_to(way, name=name, connections=1, waits=PATIENCE) as lines:
        fault = lines.open()
    if fault is None:
        return ""
    words = [str(each) for each in (fault.code, fault.enhanced, fault.text) if each]
    return f"fails at {fault.phase}: {' '.join(words)}"


def _route(name: str, way: Way, fault: str) -> Finding:
    if not fault:
        lets_in = ", and lets us in" if getattr(way, "user", "") else ""
        return well(name, f"{_place_of(way)}, answers{lets_in}")
    setting = "TOCSIN_CONFIRM_URL" if name == "confirmations" else "TOCSIN_MAIL_URL"
    return wrong(name, f"{_place_of(way)}, {fault}", f"Is {setting} right, and does it run?")


def _place_of(way: object) -> str:
    if isinstance(way, Relay):
        secured = {"none": "in clear", "tls": "under TLS", "starttls": "under STARTTLS"}
        return f"{way.host}, port {way.port}, {secured[way.security]}"
    return f"{type(way).__name__.lower()} {getattr(way, 'esp', getattr(way, 'path', ''))}"


def _row_of(name: str) -> SendingDomain | None:
    try:
        return SendingDomain.objects.filter(name=name).first()
    except DatabaseError:
        return None


def _new(name: str) -> SendingDomain:
    """As it will be when the first mail is posted."""
    return SendingDomain(
        name=name, bounce_domain=f"bounce.{name}", reserved=f".{name}".endswith(RESERVED)
    )


def _may_send(domain: SendingDomain) -> Finding:
    state = SendingDomain.State(domain.state)
    if domain.reserved and state != SendingDomain.State.RED:
        return well("may send", "on this machine only")
    if state == SendingDomain.State.UNCHECKED:
        return unknown("may send", "not before all of this could be asked once")
    if state == SendingDomain.State.GREEN:
        return well("may send", "yes")
    return wrong("may send", "no", "Put in order what is marked above, then look again.")
