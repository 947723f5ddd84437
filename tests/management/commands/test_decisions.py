"""Commands by which the person at the server decides: audit, adopt, evidence, suppress."""

import io
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from tests.factories import NOW, a_campaign, an_action
from tests.outbox.mails import a_message, state_of
from tests.outbox.situations import a_message_that_is
from tocsin.actions.release import confirm_action
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.destinations import Suppression
from tocsin.outbox.installation import NotOurs, check
from tocsin.outbox.models import Message
from tocsin.outbox.watch import Installation
from tocsin.outcomes.models import Tally

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


# -- audit ---------------------------------------------------------------------------------------


def test_the_audit_prints_what_was_counted_and_no_difference() -> None:
    confirm_action(action_id=an_action(a_campaign()).pk, revision=1)
    write_due(now=NOW)
    lines = told("audit").splitlines()
    figures = [line.split() for line in lines]
    assert ["letters", "2"] in figures
    assert ["ready", "2"] in figures
    assert lines[-1] == "difference 0"


def test_an_audit_that_does_not_hold_fails_and_tells_ids_and_no_person() -> None:
    confirm_action(action_id=an_action(a_campaign()).pk, revision=1)
    write_due(now=NOW)
    Letter.objects.all().delete()
    out = StringIO()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("audit", stdout=out)
    text = out.getvalue()
    assert "difference 2" in text
    for message in Message.objects.filter(lane="letter"):
        assert f"  {message.pk}\n" in text
    assert "Amina" not in text
    assert "@" not in text


def test_a_wrong_number_for_the_public_fails_the_audit() -> None:
    Tally.objects.create(campaign=a_campaign(), confirmed=3)
    with pytest.raises(CommandError):
        told("audit")


# -- adopt ---------------------------------------------------------------------------------------


@pytest.fixture
def foreign() -> Message:
    """A letter that waits in a database which belongs to another installation."""
    Installation.objects.update(fingerprint=b"another's")
    with pytest.raises(NotOurs):
        check()
    return a_message()


def answer(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


def test_adopting_explains_asks_and_says_what_is_held(
    foreign: Message, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "adopt\n")
    text = told("adopt")
    assert "Do not do it on a copy" in text
    assert text.endswith("The database is this installation's. 1 messages are held.\n")
    assert (state_of(foreign), foreign.reason) == ("held", "restored")
    check()


@pytest.mark.parametrize("words", ["", "\n", "yes\n", "n\n", "adopted\n"])
def test_any_other_answer_changes_nothing(
    foreign: Message, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    answer(monkeypatch, words)
    with pytest.raises(CommandError, match="nothing was changed"):
        told("adopt")
    assert state_of(foreign) == "ready"
    with pytest.raises(NotOurs):
        check()


def test_a_script_is_not_asked(foreign: Message) -> None:
    assert told("adopt", "--yes") == "The database is this installation's. 1 messages are held.\n"


def test_without_the_token_nothing_is_adopted(
    foreign: Message, settings: LazySettings, tmp_path: Path
) -> None:
    settings.KEYS_DIR = tmp_path
    with pytest.raises(CommandError, match=r"installation\.key"):
        told("adopt", "--yes")
    assert state_of(foreign) == "ready"


# -- evidence ------------------------------------------------------------------------------------


def log_of(message: Message, queue: str) -> str:
    """What Postfix writes when it takes a message."""
    at = "Mar 10 12:05:33 relay"
    return (
        f"{at} postfix/cleanup[81]: {queue}: message-id=<{message.message_id}>\n"
        f"{at} postfix/qmgr[80]: {queue}: from=<b@x.example>, size=900, nrcpt=1 (queue active)\n"
    )


def test_what_the_relay_took_is_no_doubt_any_more(tmp_path: Path) -> None:
    taken, unknown = a_message_that_is("in_doubt"), a_message_that_is("in_doubt")
    held = a_message_that_is("held", reason="by_hand")
    log = tmp_path / "mail.log"
    log.write_bytes(
        b"\xff\xfe garbage\n" + (log_of(taken, "4F1A2B3C4D") + log_of(held, "4F1A2B3C4E")).encode()
    )
    words = "1 of 2 doubts are settled: the relay took them.\n"
    assert told("evidence", str(log)) == words
    states = [state_of(each) for each in (taken, unknown, held)]
    assert states == ["sent", "in_doubt", "held"]
    assert told("evidence", str(log)).startswith("0 of 1 doubts")


def test_the_log_may_come_from_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = a_message_that_is("in_doubt")
    answer(monkeypatch, log_of(doubt, "4F1A2B3C4D"))
    assert told("evidence", "-").startswith("1 of 1 doubts")
    assert state_of(doubt) == "sent"


@pytest.mark.parametrize("name", ["/nonexistent/log", "/"])
def test_a_log_that_cannot_be_read_is_one_line(name: str) -> None:
    with pytest.raises(CommandError, match="cannot read /"):
        told("evidence", name)


# -- suppress ------------------------------------------------------------------------------------


def test_an_address_is_suppressed_and_not_kept() -> None:
    text = told("suppress", "Amina@Mail.example", "--reason", "asked for it")
    assert "amina" not in text.lower()
    [kept] = Suppression.objects.all()
    assert kept.reason == "asked for it"
    assert b"amina" not in bytes(kept.blind).lower()
    told("suppress", "amina@mail.example")
    assert Suppression.objects.count() == 1


def test_a_suppression_is_lifted_once() -> None:
    told("suppress", "amina@mail.example")
    assert told("suppress", "AMINA@mail.example", "--lift") == "It is written to again.\n"
    assert told("suppress", "amina@mail.example", "--lift") == "It was not suppressed.\n"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "address", ["", "amina", "amina@", "a b@mail.example", "a@b@c", "\x00@b.c"]
)
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(CommandError, match="not an address"):
        told("suppress", address)
    assert not Suppression.objects.exists()


def test_a_reason_that_is_too_long_is_refused() -> None:
    with pytest.raises(CommandError, match="more than 40 characters"):
        told("suppress", "amina@mail.example", "--reason", "x" * 41)
