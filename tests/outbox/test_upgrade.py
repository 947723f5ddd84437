"""A database of the first version becomes one of the delivery engine, with what waits in it."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql
from psycopg.conninfo import make_conninfo

BEFORE, AFTER = "0002_message_moves", "0003_delivery_engine"
HOUR = datetime(2026, 3, 10, 12, tzinfo=UTC)


# Only tables of ours are emptied afterwards: those of others hold what migrations put there.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])


@pytest.fixture
def scratch() -> Iterator[None]:
    """Everything happens in a copy of the migrated test database."""
    given = connection.settings_dict
    name = given["NAME"]
    names = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = {word: given[setting] for word, setting in names.items() if given[setting]}
    copy = sql.Identifier(f"{name}_upgrade")
    connection.close()  # nobody may look at a database while it is copied
    with psycopg.connect(make_conninfo(dbname="postgres", **address), autocommit=True) as session:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy)
        session.execute(drop)
        session.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, sql.Identifier(name))
        )
        given["NAME"] = f"{name}_upgrade"
        apps.unset_available_apps()  # migrations depend on those of others
        yield
        apps.set_available_apps(["tocsin"])
        connection.close()
        given["NAME"] = name
        session.execute(drop)


class Version:
    """The scratch database as it is at one migration."""

    def __init__(self, name: str) -> None:
        executor = MigrationExecutor(connection)
        executor.migrate([("tocsin", name)])
        self.apps = executor.loader.project_state([("tocsin", name)]).apps

    def rows(self, noun: str) -> Any:
        """All rows of that table."""
        return self.apps.get_model("tocsin", noun).objects.all()

    def make(self, noun: str, **fields: Any) -> Any:
        """One more row of that table."""
        return self.rows(noun).create(**fields)

    def ask(self, question: str) -> list[Any]:
        """What the database says."""
        with connection.cursor() as cursor:
            cursor.execute(question)
            return list(cursor.fetchall())


@pytest.fixture
def old(scratch: None) -> Version:
    """The first version."""
    return Version(BEFORE)


def a_message(old: Version, *, state: str = "ready", domain: str = "letters.a.example") -> Any:
    return old.make(
        "Message",
        id=uuid.uuid4(),
        lane="letter",
        priority=20,
        due_at=HOUR,
        state=state,
        message_id=f"{uuid.uuid4().hex}@{domain}",
        lease_owner=7 if state in ("leased", "sending") else None,
    )


def an_action(old: Version, slug: str) -> Any:
    organisation = old.make("Organisation", slug=slug, name=slug, mail_domain="letters.a.example")
    campaign = old.make("Campaign", organisation=organisation, slug=slug, goal=10, salt=b"salt")
    return old.make(
        "Action",
        campaign=campaign,
        supporter=old.make("Supporter", sealed=b"sealed"),
        blind=slug.encode(),
        language="en",
        country="FR",
        day=HOUR.date(),
        sealed_words=b"sealed",
    )


def a_target(old: Version, *addresses: str) -> Any:
    target = old.make("Target", slug=addresses[0], kind="ministry", country="CN", language="en")
    for address in addresses:
        old.make("TargetAddress", target=target, address=address)
    return target


def a_letter(old: Version, action: Any, target: Any, *, state: str = "ready") -> Any:
    message = a_message(old, state=state)
    code = uuid.uuid4().hex[:8]
    old.make("Letter", action=action, target=target, message=message, language="en", code=code)
    return message


def test_every_domain_that_mail_waits_from_is_a_sending_domain(old: Version) -> None:
    first, second, real = (
        a_message(old, domain=each)
        for each in ("letters.a.example", "letters.a.example", "letters.example.org")
    )
    new = Version(AFTER)
    found = {row.name: row for row in new.rows("SendingDomain")}
    assert set(found) == {"letters.a.example", "letters.example.org"}
    described = [
        (row.bounce_domain, row.state, row.reserved, row.findings, row.daily_cap, row.sent)
        for row in (found["letters.a.example"], found["letters.example.org"])
    ]
    assert described == [
        ("bounce.letters.a.example", "unchecked", True, [], None, 0),
        ("bounce.letters.example.org", "unchecked", False, [], None, 0),
    ]
    by = dict(new.rows("Message").values_list("pk", "sending_domain__name"))
    assert [by[each.pk] for each in (first, second, real)] == [
        "letters.a.example",
        "letters.a.example",
        "letters.example.org",
    ]


def test_attempts_are_counted_on_and_patience_counts_from_the_first(old: Version) -> None:
    tried, only_the_line, never = (a_message(old) for _ in range(3))
    outcomes = ["line_down", "transient", "", "transient"]
    for number, outcome in enumerate(outcomes, start=1):
        at = HOUR + timedelta(hours=number)
        old.make("Attempt", message=tried, number=number, at=at, outcome=outcome)
    old.make("Attempt", message=only_the_line, number=1, at=HOUR, outcome="line_down")
    new = Version(AFTER)
    found = {row.pk: (row.tried, row.began) for row in new.rows("Message")}
    assert found == {
        tried.pk: (4, HOUR + timedelta(hours=2)),
        only_the_line.pk: (1, None),
        never.pk: (0, None),
    }
    assert new.rows("Attempt").count() == 5


def test_every_campaign_has_its_mailing_and_its_mail_belongs_to_it(old: Version) -> None:
    actions = [an_action(old, slug) for slug in ("families", "lawyers")]
    target = a_target(old, "minister@mfa.example")
    letters = [a_letter(old, action, target) for action in actions]
    confirmation, free = a_message(old), a_message(old)
    old.make("Confirmation", action=actions[1], message=confirmation)
    new = Version(AFTER)
    names = dict(new.rows("Campaign").values_list("slug", "mailing__name"))
    assert names == {"families": "families", "lawyers": "lawyers"}
    mailings = new.rows("Mailing").values_list("paused", "stop_at", "doubts")
    assert list(mailings) == [(False, None, "resend")] * 2
    of = dict(new.rows("Message").values_list("pk", "mailing__name"))
    assert [of[each.pk] for each in (*letters, confirmation, free)] == [
        "families",
        "lawyers",
        "lawyers",
        None,
    ]


def test_letters_that_wait_have_the_mailbox_of_their_target(old: Version) -> None:
    action, other = an_action(old, "families"), an_action(old, "lawyers")
    ministry = a_target(old, "Minister@MFA.example", "second@mfa.example")
    embassy = a_target(old, "ambassador@mfa.example")
    waiting = [
        a_letter(old, action, ministry),
        a_letter(old, action, embassy, state="held"),
        a_letter(old, other, ministry, state="in_doubt"),
    ]
    sent = a_letter(old, other, embassy, state="sent")
    new = Version(AFTER)
    boxes = dict(new.rows("Message").values_list("pk", "mailbox__address"))
    assert [boxes[each.pk] for each in (*waiting, sent)] == [
        "Minister@mfa.example",
        "ambassador@mfa.example",
        "Minister@mfa.example",
        None,
    ]
    assert list(new.rows("MailDomain").values_list("name", "per_hour", "slow")) == [
        ("mfa.example", 300, 1)
    ]
    assert set(new.rows("Mailbox").values_list("state", "per_hour", "time_zone")) == {
        ("ok", 20, "UTC")
    }


STATES = ["ready", "leased", "sending", "sent", "in_doubt", "held", "failed", "cancelled"]


def test_back_and_forth_every_message_and_attempt_is_still_there(old: Version) -> None:
    messages = {state: a_message(old, state=state) for state in STATES}
    action = an_action(old, "families")
    a_letter(old, action, a_target(old, "minister@mfa.example"))
    old.make("Attempt", message=messages["sent"], number=1, at=HOUR, outcome="sent")
    before = rows_of(old)
    for _ in range(2):
        Version(AFTER)
        assert rows_of(Version(BEFORE)) == before
    new = Version(AFTER)
    assert new.rows("Message").count() == len(STATES) + 1
    assert new.rows("Mailing").count() == new.rows("SendingDomain").count() == 1


def rows_of(version: Version) -> dict[str, list[dict[str, object]]]:
    nouns = ("Message", "Attempt", "Campaign", "Letter")
    return {noun: list(version.rows(noun).order_by("pk").values()) for noun in nouns}


def test_the_upgraded_database_has_every_index_trigger_and_check_of_a_new_one(
    old: Version,
) -> None:
    a_message(old)
    upgraded = Version(AFTER)
    fresh = "SELECT indexname FROM pg_indexes WHERE tablename = 'tocsin_message'"
    assert {"message_due", "message_due_to_domain", "message_due_to_mailbox"} <= {
        row[0] for row in upgraded.ask(fresh)
    }
    assert upgraded.ask(
        "SELECT tgname FROM pg_trigger WHERE tgname IN "
        "('a_mailbox_is_in_a_time_zone', 'a_message_moves_as_its_table_says') ORDER BY 1"
    ) == [("a_mailbox_is_in_a_time_zone",), ("a_message_moves_as_its_table_says",)]
    nullable = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE is_nullable = 'YES' "
        "AND (table_name, column_name) IN "
        "(('tocsin_message', 'sending_domain_id'), ('tocsin_campaign', 'mailing_id'))"
    )
    assert upgraded.ask(nullable) == []


def test_an_empty_database_is_upgraded_as_well(old: Version) -> None:
    new = Version(AFTER)
    nouns = ("Message", "Mailing", "SendingDomain", "Mailbox", "MailDomain")
    assert [new.rows(noun).count() for noun in nouns] == [0] * 5
