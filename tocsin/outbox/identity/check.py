"""May a domain of ours send: its records in the DNS are looked at, and what was found is kept."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.outbox.alarm import close_incidents, raise_incident
from tocsin.outbox.identity.dkim import KeyUnusable, SigningKey, load_keys
from tocsin.outbox.identity.dns_ask import Nameserver
from tocsin.outbox.identity.dns_rules import Sender, colour, look
from tocsin.outbox.identity.finding import Finding, well, wrong
from tocsin.outbox.identity.spf import Resolver
from tocsin.outbox.routes import SendingDomain

AGAIN_AFTER = {
    "unchecked": timedelta(minutes=5),
    "red": timedelta(hours=1),
    "green": timedelta(days=1),
}
"""When a domain is looked at again, by its state."""

UNHEARD_AFTER = timedelta(hours=1)
"""And if a part of the last look could not be asked."""


def check_due(*, now: datetime) -> int:
    """Station: look at the domains whose time it is; returns how many were looked at."""
    due = [each for each in SendingDomain.objects.filter(reserved=False) if _is_due(each, now=now)]
    looked = 0
    for domain in due:
        # Whoever changes the time first does the asking; no lock is held meanwhile.
        row = SendingDomain.objects.filter(pk=domain.pk, checked_at=domain.checked_at)
        if row.update(checked_at=now):
            check_domain(domain, resolver=Nameserver(settings.NAMESERVER), now=now)
            looked += 1
    return looked


def check_domain(domain: SendingDomain, *, resolver: Resolver, now: datetime) -> list[Finding]:
    """Look at the domain, keep what was found, and let it send, or not, from now on.

    What cannot be asked now changes nothing. Raises an incident when the domain turns red, and
    closes it when it is green. The given row is brought up to date as well.
    """
    findings = find(domain, resolver=resolver)
    keep(domain, findings, now=now)
    return findings


def find(domain: SendingDomain, *, resolver: Resolver) -> list[Finding]:
    """What there is to say about the domain now; it need not be saved, and nothing is."""
    if domain.reserved:
        return [_reserved(domain.name)]
    return look(_sender(domain), resolver=resolver)


def is_at_home() -> bool:
    """Whether nothing that we send leaves this machine."""
    return all(way.stays_here for way in settings.WAYS.values())


def hosts_away() -> list[str]:
    """The relays on other machines, by name; a provider's machines are not known to us."""
    away = [way for way in settings.WAYS.values() if not way.stays_here]
    return [host for host in dict.fromkeys(getattr(way, "host", "") for way in away) if host]


def keep(domain: SendingDomain, findings: list[Finding], *, now: datetime) -> None:
    """Note what was found, and what follows from it."""
    with transaction.atomic():
        row = SendingDomain.objects.select_for_update().get(pk=domain.pk)
        before = row.state
        seen = colour(findings)
        row.state = seen or before
        if domain.reserved and seen == SendingDomain.State.GREEN:
            # It sends at home as it is, and must not once a route leads elsewhere.
            row.state = SendingDomain.State.UNCHECKED
        row.checked_at = now
        row.findings = [asdict(each) for each in findings]
        row.save(update_fields=["state", "checked_at", "findings"])
        if seen == SendingDomain.State.GREEN:
            close_incidents("sending_domain", about=row.name)
        elif seen == SendingDomain.State.RED and before != seen:
            words = "; ".join(each.found for each in findings if each.ok is False)
            raise_incident("sending_domain", about=row.name, words=words, now=now)
    domain.state, domain.checked_at, domain.findings = row.state, now, row.findings


def _is_due(domain: SendingDomain, *, now: datetime) -> bool:
    if domain.checked_at is None:
        return True
    wait = AGAIN_AFTER[domain.state]
    if any(each["ok"] is None for each in domain.findings):
        wait = min(wait, UNHEARD_AFTER)
    return now - domain.checked_at >= wait


def _reserved(name: str) -> Finding:
    if is_at_home():
        found = f"{name} exists nowhere, and need not: all that is sent stays on this machine"
        return well("reserved", found)
    return wrong(
        "reserved",
        f"{name} exists nowhere, and a route leads away from this machine",
        "Give the organisation a sending domain of its own, in the office.",
    )


def _sender(domain: SendingDomain) -> Sender:
    keys: tuple[SigningKey, ...] = ()
    fault = ""
    try:
        keys = load_keys(settings.KEYS_DIR / "dkim", domain=domain.name)
    except KeyUnusable as error:
        fault = str(error)
    return Sender(
        domain=domain.name,
        bounce_domain=domain.bounce_domain,
        keys=keys,
        fault=fault,
        relay_signs=settings.RELAY_SIGNS,
        host=next(iter(hosts_away()), ""),
        addresses=settings.RELAY_ADDRESSES,
    )
