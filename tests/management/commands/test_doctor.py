"""`tocsin doctor`: what it says of a world in order, a bad one, and one that cannot be reached."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from tests.factories import NOW, a_campaign, an_action
from tests.name_server import NameServer
from tests.outbox.identity.sending import BACK, OURS, served, zone_of
from tests.outbox.mails import CONFIRMATION, NOON, a_letter
from tests.post_office import HABITS, PostOffice
from tests.readers.cast import let_read
from tests.test_cli import tocsin
from tocsin.kit.seal import make_keys
from tocsin.organisations.models import Organisation
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.identity.dkim import load_keys, make_signing_key
from tocsin.outbox.installation import bind
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.watch import Installation

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """What the doctor looks at, to be spoilt."""

    keys: Path
    office: PostOffice
    server: NameServer
    domain: SendingDomain


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> Iterator[World]:
    """Everything is in order: keys, a relay, and a domain of an organisation with its records."""
    settings.KEYS_DIR = tmp_path / "keys"
    make_keys(settings.KEYS_DIR)
    Installation.objects.all().delete()
    bind()
    make_signing_key(settings.KEYS_DIR / "dkim", domain=OURS, selector="t1")
    zone = zone_of(*load_keys(settings.KEYS_DIR / "dkim", domain=OURS))
    domain = SendingDomain.objects.create(name=OURS, bounce_domain=BACK)
    Organisation.objects.create(slug="ngo", name="An NGO", mail_domain=OURS, contact="a@ngo.test")
    let_read("ngo")
    with PostOffice() as office, NameServer(served(zone)) as server:
        settings.WAYS = dict.fromkeys(settings.WAYS, office.relay())
        settings.NAMESERVER = server.place
        yield World(settings.KEYS_DIR, office, server, domain)


def doctor(*words: str) -> tuple[int, str]:
    """Its exit code, and what it says."""
    out, code = StringIO(), 0
    try:
        call_command("doctor", *words, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue()


def marked(said: str, sign: str) -> list[str]:
    """The names of what has that sign."""
    lines = [line.strip() for line in said.splitlines()]
    return [line[2:].partition(":")[0] for line in lines if line.startswith(f"{sign} ")]


def test_a_world_in_order_is_said_to_be_so(world: World) -> None:
    code, said = doctor()
    assert (code, marked(said, "✗"), marked(said, "?")) == (0, [], [])
    assert marked(said, "✓") == [
        *("directory", "index.key", "installation.key", "django.key", "keys of days"),
        *("space for keys", "space for static files"),
        *("answers", "version", "migrations", "belongs here", "clock", "log"),
        *("readers of ngo", "private keys"),
        *("letters", "confirmations"),
        *("spf", "spf bounce", "dkim t1", "dmarc", "mx", "mx bounce", "may send"),
        "incidents",
    ]
    assert f"127.0.0.1, port {world.office.port}, in clear, answers" in said
    assert world.office.connections == 1
    assert world.office.mails == []


def test_what_was_found_lets_the_domain_send(world: World) -> None:
    doctor()
    world.domain.refresh_from_db()
    assert world.domain.state == "green"
    assert [each["name"] for each in world.domain.findings][:2] == ["spf", "spf bounce"]


def test_a_script_is_told_the_same(world: World) -> None:
    code, said = doctor("--json")
    told = json.loads(said)
    assert (code, told["ok"]) == (0, True)
    assert [each["subject"] for each in told["subjects"]] == [
        *("keys", "space", "database", "readers", "routes", OURS, "incidents"),
    ]
    assert told["subjects"][0]["findings"][0] == {
        "name": "directory",
        "ok": True,
        "found": f"{world.keys} is private",
        "remedy": "",
    }


def test_a_missing_record_is_said_with_what_to_publish(world: World, settings: Settings) -> None:
    zone = {**world.server.zone, ("_dmarc." + OURS, "TXT"): []}
    with NameServer(zone) as server:
        settings.NAMESERVER = server.place
        code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["dmarc", "may send", "sending_domain " + OURS])
    assert f'    Publish: _dmarc.{OURS}. IN TXT "v=DMARC1; p=none"\n' in said


def test_a_name_server_that_fails_is_nobodys_fault(world: World, settings: Settings) -> None:
    with NameServer(world.server.zone, moods={BACK: "fails"}) as server:
        settings.NAMESERVER = server.place
        code, said = doctor()
    assert (code, marked(said, "✗")) == (0, [])
    assert marked(said, "?") == ["spf bounce", "mx bounce", "may send"]


def test_a_domain_that_is_named_is_looked_at_instead(world: World) -> None:
    code, said = doctor("Letters.Other.Example.", "new.ngo.invalid")
    assert code == 0
    assert OURS not in said
    assert said.count("exists nowhere, and need not") == 2
    assert SendingDomain.objects.count() == 1


def test_a_name_that_exists_nowhere_must_not_leave_the_machine(
    world: World, settings: Settings
) -> None:
    settings.WAYS = {**settings.WAYS, "letters": Relay("relay.invalid", 1, "tls")}
    code, said = doctor("letters.other.example")
    assert code == 1
    assert "letters.other.example exists nowhere, and a route leads away" in said
    assert marked(said, "✗") == ["letters", "reserved"]


def test_the_addresses_of_the_relay_must_have_names(world: World, settings: Settings) -> None:
    settings.RELAY_ADDRESSES = ("192.0.2.10",)
    code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["reverse name"])
    assert "Publish: 10.2.0.192.in-addr.arpa. IN PTR <name of your relay>." in said


def test_a_relay_that_refuses_us_is_said_in_its_words(world: World, settings: Settings) -> None:
    habit = HABITS["refuses the password"]
    with PostOffice([habit]) as office:
        way = office.relay(user="us", password="very secret")
        settings.WAYS = {**settings.WAYS, "confirmations": way}
        code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["confirmations"])
    assert "fails at auth: 535 5.7.8 bad credentials\n" in said
    assert "Is TOCSIN_CONFIRM_URL right" in said
    assert "very secret" not in said


def test_a_copy_of_the_database_is_recognised(world: World) -> None:
    (world.keys / "installation.key").chmod(0o600)
    (world.keys / "installation.key").write_bytes(b"x" * 32)
    code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["belongs here"])
    assert "tocsin adopt" in said


def test_an_open_incident_is_something_wrong(world: World) -> None:
    raise_incident("policy", about="mfa.example", words="550 blocked", now=NOON)
    code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["policy mfa.example"])
    assert "1 times since 2026-03-10 12:00: 550 blocked" in said


def test_a_setting_that_logs_what_people_typed_is_found(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_duration_statement = '1s'")
        cursor.execute("SET LOCAL log_error_verbosity = 'verbose'")
    code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["log", "log", "log"])
    assert "In postgresql.conf: log_min_duration_statement = -1\n" in said
    assert "In postgresql.conf: log_error_verbosity = terse\n" in said
    assert "In postgresql.conf: log_parameter_max_length = 0\n" in said


def test_a_missing_migration_is_named(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE name ="
            " (SELECT max(name) FROM django_migrations WHERE app = 'tocsin') RETURNING name"
        )
        [newest] = cursor.fetchone()
    code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["migrations"])
    assert f"first tocsin {newest}" in said


def test_a_database_of_a_newer_version_is_named(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('tocsin', '0999_from_the_future', now())"
        )
    code, said = doctor()
    assert (code, marked(said, "✗")) == (1, ["migrations"])
    assert "0999_from_the_future" in said


def test_nobody_is_named(world: World) -> None:
    action = an_action(a_campaign(), now=NOW)
    letter = a_letter(sender=f"amina.yusuf.4821@{OURS}")
    post_message(lane="letter", mail=letter, now=NOON)
    post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    for words in ([], ["--json"]):
        _, said = doctor(*words)
        assert OURS in said
        for name in ("amina", "yusuf", "minister", "mailbox.example", str(action.pk)):
            assert name not in said.lower()


def test_with_the_database_down_the_rest_is_still_looked_at(world: World) -> None:
    host, port = world.server.place
    environment = {
        "DATABASE_URL": "postgresql://tocsin@/tocsin?host=/nonexistent",
        "TOCSIN_BASE_URL": "http://127.0.0.1:8000",
        "TOCSIN_KEYS_DIR": str(world.keys),
        "TOCSIN_MAIL_URL": world.office.url(),
        "TOCSIN_NAMESERVER": f"{host}:{port}",
    }
    code, said, complaints = tocsin("doctor", settings=environment)
    assert (code, complaints, marked(said, "✗")) == (1, "", ["answers"])
    assert marked(said, "?") == ["readers", "domains", "incidents"]
    assert "Is DATABASE_URL right, and PostgreSQL running?" in said
    assert {"index.key", "letters", "confirmations"} <= set(marked(said, "✓"))
    code, said, _ = tocsin("doctor", "--json", OURS, settings=environment)
    told = json.loads(said)
    assert (code, told["ok"], told["subjects"][5]["subject"]) == (1, False, OURS)


def test_nothing_there_is_said_line_by_line(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "nowhere"
    settings.WAYS = dict.fromkeys(settings.WAYS, Relay("127.0.0.1", 1))
    code, said = doctor()
    assert (code, marked(said, "✗")) == (
        1,
        ["directory", "belongs here", "letters", "confirmations"],
    )
    assert "    Run: tocsin keys\n" in said
