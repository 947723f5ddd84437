"""Our mail through a real Postfix: what arrives behind it, what comes back, what its log says."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.outbox.identity.receiver import Receiver, signatures
from tests.outbox.mails import NOON, a_letter, a_message, last_attempt, state_of
from tests.post_office import HABITS, PostOffice
from tests.postfix import Postfix, session_of
from tests.relay_host import REMEDY, find_postfix
from tests.wait import until
from tocsin.outbox.evidence import taken_by_relay
from tocsin.outbox.identity.bounce import Bounced, bounce_address, read_bounce_address
from tocsin.outbox.identity.dkim import SigningKey, load_keys, make_signing_key
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message, read_envelope
from tocsin.outbox.send import send_due

pytestmark = pytest.mark.django_db

OURS = "letters.relayed.example"
TARGETS = "mfa.example"


@dataclass
class Way:
    """Our relay, and those on its other side: the target's office, and where bounces come."""

    relay: Postfix
    office: PostOffice
    returns: PostOffice

    def bounce(self) -> tuple[str, bytes]:
        """The address and the bytes of the first mail that came back."""
        self.returns.until(lambda: len(self.returns.mails) == 1)
        [mail] = self.returns.mails
        assert mail.sender == ""
        return mail.recipient, mail.mail


@pytest.fixture
def way(settings: Settings) -> Iterator[Way]:
    """All mail of ours goes by way of a Postfix of its own."""
    if not find_postfix():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(REMEDY)
    with ExitStack() as stack:
        office, returns = (stack.enter_context(PostOffice()) for _ in range(2))
        ways = {TARGETS: office.port, f"bounce.{OURS}": returns.port}
        relay = stack.enter_context(Postfix(ways))
        settings.WAYS = dict.fromkeys(settings.WAYS, relay.relay())
        yield Way(relay, office, returns)


@pytest.fixture
def key(settings: Settings) -> Iterator[SigningKey]:
    """With which we sign."""
    folder: Path = settings.KEYS_DIR / "dkim"
    make_signing_key(folder, domain=OURS, selector="tocsin2026")
    [key] = load_keys(folder, domain=OURS)
    yield key
    shutil.rmtree(folder / OURS)


def a_relayed_letter() -> Message:
    return a_message(sender=f"amina.yusuf.4821@{OURS}", recipient=f"minister@{TARGETS}")


def send(now: datetime = NOON) -> None:
    assert send_due(now=now, route="letters") == 1


def test_a_letter_arrives_behind_the_relay_as_we_signed_it(way: Way, key: SigningKey) -> None:
    letter = a_relayed_letter()
    send()
    assert state_of(letter) == "sent"
    way.office.until(lambda: len(way.office.mails) == 1)
    [arrived] = way.office.mails
    envelope = read_envelope(letter)
    sender = bounce_address(message_id=letter.pk, attempt=1, domain=f"bounce.{OURS}", now=NOON)
    assert (arrived.sender, arrived.recipient) == (sender, f"minister@{TARGETS}")
    assert arrived.mail.startswith(b"Received: from ")
    assert arrived.mail.endswith(envelope.mail)
    assert [each["d"] for each in signatures(arrived.mail)] == [OURS]
    assert Receiver([key]).accepts(arrived.mail)
    assert not Receiver([key]).accepts(arrived.mail.replace(b"Amina", b"Aminah"))
    # What the relay answers names the mail in its own queue: by that it is found in its log.
    queued = last_attempt(letter).text
    assert queued.startswith("Ok: queued as ")
    assert f"{queued.removeprefix('Ok: queued as ')}: message-id=<{letter.message_id}>" in (
        way.relay.log()
    )


def test_a_bounce_comes_back_to_the_address_that_names_the_attempt(way: Way) -> None:
    letter = a_relayed_letter()
    way.office.habits = (HABITS["knows nobody"],)
    send()
    assert state_of(letter) == "sent"
    address, mail = way.bounce()
    assert read_bounce_address(address, now=NOON) == Bounced(letter.pk, attempt=1)
    report = message_from_bytes(mail)
    assert (report.get_content_type(), report["Auto-Submitted"]) == (
        "multipart/report",
        "auto-replied",
    )
    kinds = {part.get_content_type(): part.as_string() for part in report.walk()}
    assert "Status: 5.1.1" in kinds["message/delivery-status"]
    assert "Action: failed" in kinds["message/delivery-status"]
    [ours] = [part for part in report.walk() if part["Message-ID"] == f"<{letter.message_id}>"]
    assert ours["To"].endswith(f"<minister@{TARGETS}>")


def test_the_bounce_of_a_second_try_names_the_second_try(way: Way, settings: Settings) -> None:
    letter = a_relayed_letter()
    relays = settings.WAYS
    with PostOffice(habits=(HABITS["greylists"],)) as strict:
        settings.WAYS = dict.fromkeys(relays, strict.relay())
        send()
    settings.WAYS = relays
    assert state_of(letter) == "ready"
    way.office.habits = (HABITS["knows nobody"],)
    later = NOON + timedelta(hours=3)
    send(later)
    address, _ = way.bounce()
    assert read_bounce_address(address, now=later) == Bounced(letter.pk, attempt=2)


def test_the_log_of_the_relay_tells_what_it_took(way: Way) -> None:
    taken = a_relayed_letter()
    refused = post_message(
        lane="staff",
        mail=a_letter(sender=f"action@{OURS}", recipient="nobody@elsewhere.example"),
        now=NOON,
    )
    send()
    send_due(now=NOON, route="confirmations")
    way.office.until(lambda: len(way.office.mails) == 1)
    until(way.relay.is_empty, what="the relay to have done")
    assert (state_of(taken), state_of(refused)) == ("sent", "failed")
    assert "nobody@elsewhere.example" in way.relay.log()
    assert taken_by_relay(way.relay.log().splitlines()) == {taken.message_id}


def test_a_relay_that_cannot_hand_it_on_yet_has_taken_it_all_the_same(way: Way) -> None:
    letter = a_relayed_letter()
    way.office.habits = (HABITS["greylists"],)
    send()
    until(lambda: "status=deferred" in way.relay.log(), what="the relay to be put off")
    assert state_of(letter) == "sent"
    assert taken_by_relay(way.relay.log().splitlines()) == {letter.message_id}
    assert (way.office.mails, way.returns.mails) == ([], [])
    assert not way.relay.is_empty()


def test_two_relays_at_once_know_nothing_of_each_other(way: Way) -> None:
    letter = a_relayed_letter()
    with Postfix({}) as other:
        assert other.port != way.relay.port
        send()
        way.office.until(lambda: len(way.office.mails) == 1)
        assert letter.message_id in way.relay.log()
        assert letter.message_id not in other.log()


def test_a_relay_that_is_stopped_leaves_nothing_behind(way: Way) -> None:
    with Postfix({}) as relay:
        assert {"master", "smtpd", "qmgr"} <= set(session_of(relay.master))
    assert session_of(relay.master) == []
    assert not relay.home.exists()
