"""A copy, or a database restored from yesterday, sends nothing until a person has looked at it."""

import secrets
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.at_once import at_once
from tests.outbox.mails import NOON, Deliver, a_message, state_of
from tests.post_office import PostOffice
from tocsin.kit.seal import make_keys
from tocsin.outbox.installation import KEY_FILE, NotOurs, adopt, bind, check, mark_due
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.park import park_due
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.watch import Incident, Installation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Keys of its own for each test, and a database bound to them."""
    settings.KEYS_DIR = tmp_path / "keys"
    make_keys(settings.KEYS_DIR)
    Installation.objects.all().delete()
    bind()
    yield settings.KEYS_DIR
    for path in settings.KEYS_DIR.glob("*"):
        path.chmod(0o700)


def another_token() -> None:
    path = live.KEYS_DIR / KEY_FILE
    path.unlink()
    path.write_bytes(secrets.token_bytes(32))


def epoch_file() -> Path:
    return Path(live.KEYS_DIR) / f"{Installation.objects.get().name.hex}.epoch"


def why_not() -> str:
    with pytest.raises(NotOurs) as refused:
        check()
    return str(refused.value)


def test_our_own_database_sends(deliver: Deliver) -> None:
    check()
    letter = a_message()
    with PostOffice() as office:
        deliver(office)
    assert state_of(letter) == "sent"


def lose_the_token() -> None:
    (live.KEYS_DIR / KEY_FILE).unlink()


def restore_an_older_one() -> None:
    before = Installation.objects.values().get()
    mark_due(now=NOON)
    Installation.objects.update(**before)


def forget_whose_it_is() -> None:
    Installation.objects.all().delete()


def garble_the_epoch() -> None:
    epoch_file().write_text("not a number")


OBSTACLES = {
    "its token is another one": (another_token, "another installation"),
    "its token is missing": (lose_the_token, "tocsin keys"),
    "it was restored": (restore_an_older_one, "older than what was sent"),
    "it belongs to nobody": (forget_whose_it_is, "tocsin migrate"),
    "nobody can say how old it is": (garble_the_epoch, "how far the database was"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_database_does_not_send_when(obstacle: str, deliver: Deliver) -> None:
    make, words = OBSTACLES[obstacle]
    letter = a_message()
    make()
    assert words in why_not()
    with PostOffice() as office:
        assert deliver(office) == 0
        assert deliver(office, minutes=1) == 0
        assert mark_due(now=NOON + timedelta(hours=3)) == 0
        assert (office.connections, office.mails) == (0, [])
    assert (state_of(letter), letter.tried) == ("ready", 0)
    [incident] = Incident.objects.all()
    assert (incident.kind, incident.times, words in incident.words) == ("not_ours", 3, True)


def test_an_unreadable_epoch_is_not_the_same_as_none() -> None:
    epoch_file().mkdir()
    assert "how far the database was" in why_not()


# -- how far the database is ---------------------------------------------------------------------


def test_once_an_hour_it_is_noted_beside_the_token_how_far_it_is() -> None:
    moved = [mark_due(now=NOON + timedelta(minutes=each)) for each in (0, 1, 59, 60, 61, 119, 120)]
    assert moved == [1, 0, 0, 1, 0, 0, 1]
    assert Installation.objects.get().epoch == 3
    assert epoch_file().read_text() == "3"
    check()


def test_the_note_is_for_our_eyes_and_nothing_is_left_beside_it(own_keys: Path) -> None:
    before = {path.name for path in own_keys.iterdir()}
    mark_due(now=NOON)
    mark_due(now=NOON + timedelta(hours=1))
    assert stat.S_IMODE(epoch_file().stat().st_mode) & 0o077 == 0
    assert {path.name for path in own_keys.iterdir()} - before == {epoch_file().name}


def test_a_second_machine_notes_what_the_first_one_has_moved_on(
    settings: Settings, own_keys: Path
) -> None:
    second = own_keys.parent / "second"
    second.mkdir()
    (second / KEY_FILE).write_bytes((own_keys / KEY_FILE).read_bytes())
    before = Installation.objects.values().get()
    mark_due(now=NOON)
    settings.KEYS_DIR = second
    assert mark_due(now=NOON + timedelta(minutes=1)) == 0
    assert epoch_file().read_text() == "1"
    Installation.objects.update(**before)
    assert "restored" in why_not()


def test_a_later_note_is_never_replaced_by_an_earlier_one() -> None:
    mark_due(now=NOON)
    mark_due(now=NOON + timedelta(hours=1))
    assert epoch_file().read_text() == "2"
    mark_due(now=NOON + timedelta(hours=1, minutes=1))
    assert epoch_file().read_text() == "2"


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_two_machines_at_once_move_it_on_once() -> None:
    assert sorted(at_once([lambda: mark_due(now=NOON)] * 2)) == [0, 1]
    assert (Installation.objects.get().epoch, epoch_file().read_text()) == (1, "1")


# -- adopting ------------------------------------------------------------------------------------


def every_state() -> dict[str, Message]:
    messages = {name: a_message() for name in ("ready", "leased", "sending", "in_doubt", "sent")}
    for name in ("leased", "sending", "in_doubt", "sent"):
        rows = Message.objects.filter(pk=messages[name].pk)
        rows.update(state="leased", lease_owner=7)
        if name == "leased":
            continue
        rows.update(state="sending", tried=1)
        if name != "sending":
            rows.update(state=name, lease_owner=None)
    for reason in ("paused", "by_hand", "mailbox_invalid"):
        messages[reason] = a_message()
        Message.objects.filter(pk=messages[reason].pk).update(state="held", reason=reason)
    return messages


@pytest.mark.parametrize("make", [another_token, restore_an_older_one, forget_whose_it_is])
def test_what_an_adopted_database_may_have_sent_waits_for_a_person(
    make: Callable[[], None],
) -> None:
    messages = every_state()
    make()
    assert adopt(now=NOON) == 7
    check()
    assert {name: (state_of(each), each.reason) for name, each in messages.items()} == {
        "ready": ("held", "restored"),
        "leased": ("held", "restored"),
        "sending": ("in_doubt", "in_doubt"),
        "in_doubt": ("in_doubt", ""),
        "sent": ("sent", ""),
        "paused": ("held", "restored"),
        "by_hand": ("held", "by_hand"),
        "mailbox_invalid": ("held", "restored"),
    }
    assert Attempt.objects.get(message=messages["sending"]).outcome == "in_doubt"
    assert not Message.objects.exclude(lease_owner=None).exists()


def test_in_an_adopted_database_nothing_goes_by_itself(deliver: Deliver) -> None:
    every_state()
    another_token()
    adopt(now=NOON)
    with PostOffice() as office:
        for days in range(4):
            later = NOON + timedelta(days=days)
            take_back_due(now=later)
            park_due(now=later)
            deliver(office, days=days)
        assert office.mails == []
        new = a_message()
        deliver(office, days=9)
    assert state_of(new) == "sent"


def test_an_adopted_database_begins_a_count_of_its_own() -> None:
    mark_due(now=NOON)
    first = epoch_file()
    restore_an_older_one()
    adopt(now=NOON)
    check()
    assert mark_due(now=NOON) == 1
    assert epoch_file() != first
    assert (Installation.objects.count(), epoch_file().read_text()) == (1, "1")


def test_the_one_that_was_copied_from_goes_on(own_keys: Path, settings: Settings) -> None:
    token = (own_keys / KEY_FILE).read_bytes()
    row = Installation.objects.values().get()
    another_token()
    adopt(now=NOON)
    Installation.objects.all().delete()
    Installation.objects.create(**row)
    (own_keys / KEY_FILE).write_bytes(token)
    check()


# -- tocsin migrate ------------------------------------------------------------------------------


def migrate() -> None:
    call_command("migrate", verbosity=0)


def test_migrate_makes_a_new_database_ours() -> None:
    forget_whose_it_is()
    migrate()
    check()


def test_migrate_leaves_a_database_of_another_installation_as_it_is() -> None:
    row = Installation.objects.values().get()
    another_token()
    migrate()
    assert Installation.objects.values().get() == row
    assert "another installation" in why_not()


def test_migrate_of_a_copy_without_a_token_goes_on_and_it_does_not_send() -> None:
    lose_the_token()
    migrate()
    assert "tocsin keys" in why_not()


def test_migrate_of_a_new_database_without_a_token_says_what_to_do() -> None:
    forget_whose_it_is()
    lose_the_token()
    with pytest.raises(CommandError, match="tocsin keys"):
        migrate()
    assert not Installation.objects.exists()


def test_to_ask_what_migrate_would_do_binds_nothing() -> None:
    forget_whose_it_is()
    call_command("migrate", plan=True, verbosity=0)
    assert not Installation.objects.exists()
