"""The check of a sending domain: what is kept, when it is looked at again, and what it lets go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from tests.name_server import NameServer
from tests.outbox.identity.resolving import Book
from tests.outbox.identity.sending import BACK, OURS, oks, served, zone_of
from tests.outbox.mails import NOON, a_letter, a_message
from tests.wait import until
from tocsin.kit.seal import make_keys
from tocsin.outbox.claim import claim
from tocsin.outbox.identity.check import check_domain, check_due
from tocsin.outbox.identity.dkim import load_keys, make_signing_key
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.rows import rows
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.watch import Incident
from tocsin.stations import LINE

pytestmark = pytest.mark.django_db

AWAY = Relay("relay.far.test", 465, "tls")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of keys, among them one that signs for our domain."""
    directory: Path = tmp_path_factory.mktemp("keys")
    make_keys(directory)
    make_signing_key(directory / "dkim", domain=OURS, selector="t1")
    return directory


@pytest.fixture
def domain(settings: Settings, made: Path) -> SendingDomain:
    """A domain of ours that is no reserved name as far as the row says, not looked at yet."""
    settings.KEYS_DIR = made
    return SendingDomain.objects.create(name=OURS, bounce_domain=BACK)


@pytest.fixture
def good(made: Path) -> Book:
    """What must be published, is."""
    return Book(zone_of(*load_keys(made / "dkim", domain=OURS)))


def spoilt(good: Book) -> Book:
    return Book({**good.zone, f"MX {OURS}": ["0 ."]})


def deaf(good: Book) -> Book:
    return Book(good.zone, [BACK])


def kept(domain: SendingDomain) -> tuple[str, datetime | None]:
    """What the database knows of it, and that the given row knows the same."""
    row = SendingDomain.objects.get(pk=domain.pk)
    assert (row.state, row.checked_at, row.findings) == (
        domain.state, domain.checked_at, domain.findings,
    )  # fmt: skip
    return row.state, row.checked_at


def incidents() -> list[tuple[str, str, int, bool]]:
    fields = ("kind", "about", "times", "closed")
    return list(Incident.objects.order_by("pk").values_list(*fields))


def test_a_domain_in_order_turns_green(domain: SendingDomain, good: Book) -> None:
    findings = check_domain(domain, resolver=good, now=NOON)
    assert kept(domain) == ("green", NOON)
    assert domain.findings == [asdict(each) for each in findings]
    assert oks({each.name: each for each in findings}) == dict.fromkeys(
        ("spf", "spf bounce", "dkim t1", "dmarc", "mx", "mx bounce"), True
    )
    assert incidents() == []


def test_a_domain_that_turns_red_is_an_incident_until_it_is_green(
    domain: SendingDomain, good: Book
) -> None:
    check_domain(domain, resolver=spoilt(good), now=NOON)
    assert kept(domain) == ("red", NOON)
    assert incidents() == [("sending_domain", OURS, 1, False)]
    assert Incident.objects.get().words == f"{OURS} says that it takes no mail (null MX)"
    check_domain(domain, resolver=spoilt(good), now=NOON)
    assert incidents() == [("sending_domain", OURS, 1, False)]
    check_domain(domain, resolver=good, now=NOON)
    assert kept(domain)[0] == "green"
    assert incidents() == [("sending_domain", OURS, 1, True)]
    check_domain(domain, resolver=spoilt(good), now=NOON)
    assert incidents()[1:] == [("sending_domain", OURS, 1, False)]


@pytest.mark.parametrize("state", ["unchecked", "green", "red"])
def test_what_could_not_be_asked_leaves_the_state(
    domain: SendingDomain, good: Book, state: str
) -> None:
    SendingDomain.objects.update(state=state)
    check_domain(domain, resolver=deaf(good), now=NOON)
    assert kept(domain) == (state, NOON)
    assert [each["name"] for each in domain.findings if each["ok"] is None] == [
        "spf bounce",
        "mx bounce",
    ]
    assert incidents() == []


def test_a_fault_is_a_fault_though_something_else_could_not_be_asked(
    domain: SendingDomain, good: Book
) -> None:
    check_domain(domain, resolver=replace(spoilt(good), unheard=[BACK]), now=NOON)
    assert kept(domain)[0] == "red"


def test_without_a_key_a_domain_is_red_unless_the_relay_signs(
    domain: SendingDomain, good: Book, settings: Settings, tmp_path: Path
) -> None:
    settings.KEYS_DIR = tmp_path
    check_domain(domain, resolver=good, now=NOON)
    assert kept(domain)[0] == "red"
    assert Incident.objects.get().words == "there is no key to sign with"
    settings.RELAY_SIGNS = True
    check_domain(domain, resolver=good, now=NOON)
    assert kept(domain)[0] == "green"


def test_a_key_that_cannot_be_used_makes_it_red(
    domain: SendingDomain, good: Book, settings: Settings, tmp_path: Path
) -> None:
    settings.KEYS_DIR = tmp_path
    (tmp_path / "dkim" / OURS).mkdir(parents=True)
    (tmp_path / "dkim" / OURS / "t1.rsa.pem").write_text("no key")
    check_domain(domain, resolver=good, now=NOON)
    assert kept(domain)[0] == "red"
    assert "t1.rsa.pem is not a private key" in Incident.objects.get().words


def test_the_address_of_the_relay_must_be_in_spf_if_it_is_known(
    domain: SendingDomain, good: Book, settings: Settings
) -> None:
    settings.RELAY_ADDRESSES = ("203.0.113.7",)
    check_domain(domain, resolver=good, now=NOON)
    assert kept(domain)[0] == "red"
    settings.RELAY_ADDRESSES = ("192.0.2.7",)
    check_domain(domain, resolver=good, now=NOON)
    assert kept(domain)[0] == "green"


def test_a_name_that_exists_nowhere_is_exempt_at_home_and_asks_nobody(
    domain: SendingDomain,
) -> None:
    SendingDomain.objects.update(reserved=True)
    domain.refresh_from_db()
    book = Book({})
    [finding] = check_domain(domain, resolver=book, now=NOON)
    assert (finding.name, finding.ok, book.asked) == ("reserved", True, [])
    assert "exists nowhere, and need not" in finding.found
    # Never green: it must not send once a route leads away.
    assert kept(domain) == ("unchecked", NOON)


def test_a_name_that_exists_nowhere_is_red_when_a_route_leads_away(
    domain: SendingDomain, settings: Settings
) -> None:
    SendingDomain.objects.update(reserved=True)
    domain.refresh_from_db()
    home, settings.WAYS = settings.WAYS, {**settings.WAYS, "letters": AWAY}
    [finding] = check_domain(domain, resolver=Book({}), now=NOON)
    assert (finding.ok, "a route leads away" in finding.found) == (False, True)
    assert (kept(domain)[0], incidents()[0][3]) == ("red", False)
    settings.WAYS = home
    check_domain(domain, resolver=Book({}), now=NOON)
    assert (kept(domain)[0], incidents()[0][3]) == ("unchecked", True)


# -- the station --------------------------------------------------------------------------------


@pytest.fixture
def server(settings: Settings, good: Book) -> Iterator[NameServer]:
    """A real name server with the good zone, which the settings name."""
    with NameServer(served(good.zone)) as running:
        settings.NAMESERVER = running.place
        yield running


DUE: list[tuple[str, list[dict[str, object]], timedelta | None, int]] = [
    ("unchecked", [], None, 1),
    ("unchecked", [], timedelta(minutes=4), 0),
    ("unchecked", [], timedelta(minutes=5), 1),
    ("red", [], timedelta(minutes=59), 0),
    ("red", [], timedelta(hours=1), 1),
    ("green", [{"ok": True}], timedelta(hours=23), 0),
    ("green", [{"ok": True}], timedelta(days=1), 1),
    ("green", [{"ok": None}], timedelta(minutes=59), 0),
    ("green", [{"ok": None}], timedelta(hours=1), 1),
]


@pytest.mark.parametrize(("state", "findings", "ago", "looked"), DUE)
def test_a_domain_is_looked_at_when_its_time_has_come(
    domain: SendingDomain,
    server: NameServer,
    state: str,
    findings: list[dict[str, object]],
    ago: timedelta | None,
    looked: int,
) -> None:
    checked_at = None if ago is None else NOON - ago
    SendingDomain.objects.update(state=state, findings=findings, checked_at=checked_at)
    assert LINE["check"](now=NOON) == looked
    domain.refresh_from_db()
    assert kept(domain) == (("green", NOON) if looked else (state, checked_at))
    assert bool(server.asked) is bool(looked)


def test_a_name_server_that_is_silent_changes_nothing_and_stops_nobody(
    domain: SendingDomain, settings: Settings, good: Book
) -> None:
    other = SendingDomain.objects.create(name="a.far.test", bounce_domain="bounce.a.far.test")
    with NameServer(served(good.zone), moods={OURS: "fails"}) as server:
        settings.NAMESERVER = server.place
        assert check_due(now=NOON) == 2
    domain.refresh_from_db()
    other.refresh_from_db()
    assert (kept(domain), kept(other)) == (("unchecked", NOON), ("red", NOON))


def test_a_reserved_name_is_not_asked_about(domain: SendingDomain, server: NameServer) -> None:
    SendingDomain.objects.update(reserved=True)
    assert (check_due(now=NOON), server.asked) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_two_workers_look_at_a_domain_once(domain: SendingDomain, server: NameServer) -> None:
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            # Both have seen that it is due before either can say that it does the asking.
            SendingDomain.objects.select_for_update().get()
            both = [pool.submit(looked_elsewhere) for _ in range(2)]
            until(lambda: len(rows(WAITING)) == 2)
        assert sorted(each.result(30) for each in both) == [0, 1]
    domain.refresh_from_db()
    assert kept(domain) == ("green", NOON)
    assert server.asked.count((OURS, "TXT", "udp")) == 1


WAITING = "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted"


def looked_elsewhere() -> int:
    """In another thread, on a connection of its own."""
    try:
        return check_due(now=NOON)
    finally:
        connection.close()


# -- what it lets go ------------------------------------------------------------------------------


def claimed() -> list[str]:
    leases = claim(route="letters", most=10, owner=1, now=NOON)
    return [lease.sending_domain for lease in leases]


def test_a_message_goes_only_from_a_green_domain(domain: SendingDomain, good: Book) -> None:
    letter = a_letter(sender=f"amina.4821@{OURS}", recipient="minister@mfa.example")
    message = post_message(lane="letter", mail=letter, now=NOON)
    assert message.sending_domain == domain
    assert claimed() == []
    check_domain(domain, resolver=spoilt(good), now=NOON)
    assert claimed() == []
    check_domain(domain, resolver=deaf(good), now=NOON)
    assert claimed() == []
    check_domain(domain, resolver=good, now=NOON)
    assert claimed() == [OURS]


def test_a_message_of_a_name_that_exists_nowhere_goes_at_home_only(settings: Settings) -> None:
    domain = a_message().sending_domain
    home, settings.WAYS = settings.WAYS, {**settings.WAYS, "confirmations": AWAY}
    check_domain(domain, resolver=Book({}), now=NOON)
    assert claimed() == []
    settings.WAYS = home
    assert claimed() == ["letters.lumiere.example"]


def test_a_name_that_was_checked_at_home_does_not_send_elsewhere(settings: Settings) -> None:
    domain = a_message().sending_domain
    check_domain(domain, resolver=Book({}), now=NOON)
    settings.WAYS = {**settings.WAYS, "letters": AWAY}
    assert claimed() == []
