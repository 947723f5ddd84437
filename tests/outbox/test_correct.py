"""An address is corrected: what waits goes to the right one, in the same words."""

import secrets
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

import pytest
from django.conf import settings

from tests.outbox.identity.receiver import Receiver
from tests.outbox.mails import LETTER, NOON, Deliver, a_letter, a_message, state_of
from tests.post_office import POLITE, PostOffice, with_habit
from tocsin.kit.addresses import AddressRefused
from tocsin.outbox.claim import claim
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.hold import correct_address
from tocsin.outbox.identity.dkim import load_keys, make_signing_key
from tocsin.outbox.models import Message
from tocsin.outbox.post import mailbox_for, post_message, read_envelope
from tocsin.outbox.record import mark
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

WRONG = "minister@mfa.example"
RIGHT = "cabinet@chancellery.example"


def correct(wrong: str = WRONG, right: str = RIGHT, **later: int) -> int:
    return correct_address(wrong=wrong, right=right, now=NOON + timedelta(**later))


def to_of(mail: bytes) -> str:
    return str(message_from_bytes(mail, policy=modern)["To"])


def without_to(mail: bytes) -> bytes:
    head, body = mail.split(b"\r\n\r\n", 1)
    lines = head.replace(b"\r\n ", b" ").split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"To:")) + body


@pytest.mark.parametrize(
    "name", ["Ministère des affaires étrangères", 'Office, of the "Minister"', "", "外交部 " * 12]
)
def test_a_corrected_letter_differs_in_its_recipient_and_in_nothing_else(
    name: str, deliver: Deliver
) -> None:
    letter = a_message(recipient=WRONG, recipient_name=name.strip())
    written = read_envelope(letter).mail
    with with_habit("knows nobody") as office:
        deliver(office)
        assert state_of(letter) == "held"
        assert correct() == 1
        deliver(office, minutes=5)
    [taken] = office.mails
    assert (state_of(letter), taken.recipient) == ("sent", RIGHT)
    assert RIGHT in to_of(taken.mail)
    assert to_of(taken.mail).replace(RIGHT, WRONG) == to_of(written)
    assert WRONG.encode() not in taken.mail
    assert without_to(taken.mail) == without_to(written)
    assert read_envelope(letter).mail == written, "what is kept stays as it was written"
    assert Incident.objects.get().closed


def test_a_corrected_letter_is_signed_as_it_leaves(deliver: Deliver, tmp_path: Path) -> None:
    dkim = settings.KEYS_DIR / "dkim"
    domain = f"letters{secrets.randbelow(10**6)}.lumiere.example"
    make_signing_key(dkim, domain=domain, selector="t1")
    receiver = Receiver(load_keys(dkim, domain=domain))
    letter = a_message(recipient=WRONG, sender=f"amina.4821@{domain}")
    correct()
    with PostOffice() as office:
        deliver(office)
    [taken] = office.mails
    assert (state_of(letter), taken.recipient) == ("sent", RIGHT)
    assert receiver.accepts(taken.mail)
    assert not receiver.accepts(taken.mail.replace(RIGHT.encode(), WRONG.encode()))


def test_everything_that_waits_moves_whatever_it_waits_for(deliver: Deliver) -> None:
    ready, held, by_hand, doubtful = (a_message(recipient=WRONG) for _ in range(4))
    Message.objects.filter(pk=held.pk).update(state="held", reason="mailbox_refusing")
    Message.objects.filter(pk=by_hand.pk).update(state="held", reason="by_hand")
    force(doubtful, "in_doubt")
    sent = a_message(recipient=WRONG)
    force(sent, "sent")
    assert correct() == 1
    states = [state_of(each) for each in (ready, held, by_hand, doubtful, sent)]
    assert states == ["ready", "ready", "held", "in_doubt", "sent"]
    there = mailbox_for(RIGHT).pk
    assert [each.mailbox_id == there for each in (ready, held, by_hand, doubtful, sent)] == [
        *[True] * 4,
        False,
    ]


def force(message: Message, state: str) -> None:
    """By way of a worker's hands."""
    rows = Message.objects.filter(pk=message.pk)
    rows.update(state="leased", lease_owner=7)
    rows.update(state="sending")
    rows.update(state=state, lease_owner=None)


def test_a_mailbox_that_exists_takes_over_the_queue(deliver: Deliver) -> None:
    there = a_message(recipient=RIGHT)
    Mailbox.objects.filter(address=RIGHT).update(per_hour=7, state="refusing")
    moved = a_message(recipient=WRONG)
    correct()
    with PostOffice() as office:
        deliver(office)
        deliver(office, minutes=20)
    assert [state_of(there), state_of(moved)] == ["sent", "sent"]
    assert {each.recipient for each in office.mails} == {RIGHT}
    assert (mailbox_for(RIGHT).per_hour, mailbox_for(RIGHT).state) == (7, "ok")
    assert Mailbox.objects.count() == 2


def test_a_letter_that_a_worker_has_taken_is_taken_from_it(deliver: Deliver) -> None:
    letter = a_message(recipient=WRONG)
    leases = claim(route="letters", most=5, owner=7, now=NOON)
    assert [each.address for each in leases] == [WRONG]
    correct()
    assert (state_of(letter), letter.lease_owner, letter.lease_until) == ("ready", None, None)
    assert mark(leases, blinds=[b""], route="letters", owner=7, now=NOON) == set(), (
        "it would go to the wrong one"
    )
    with PostOffice() as office:
        deliver(office)
    assert [each.recipient for each in office.mails] == [RIGHT]


def test_a_letter_on_the_line_stays_where_it_is_and_moves_when_corrected_again(
    deliver: Deliver,
) -> None:
    letter = a_message(recipient=WRONG)
    leases = claim(route="letters", most=5, owner=7, now=NOON)
    mark(leases, blinds=[b""], route="letters", owner=7, now=NOON)
    assert correct() == 0
    assert (state_of(letter), letter.lease_owner) == ("sending", 7)
    assert letter.mailbox == mailbox_for(WRONG)
    Message.objects.update(state="held", reason="mailbox_invalid", lease_owner=None)
    assert correct() == 1
    assert (state_of(letter), letter.mailbox) == ("ready", mailbox_for(RIGHT))


@pytest.mark.parametrize(
    "wrong", ["Minister@MFA.example", "Minister@mfa.EXAMPLE", "Minister@mfa.example"]
)
def test_an_address_is_found_however_its_domain_is_written(wrong: str) -> None:
    post_message(lane="letter", mail=a_letter(recipient="Minister@mfa.Example"), now=NOON)
    correct(wrong=wrong, right="Minister@Chancellery.Example")
    assert Message.objects.get().mailbox == mailbox_for("Minister@chancellery.example")


def test_the_right_address_that_was_right_already_is_tried_again(deliver: Deliver) -> None:
    letter = a_message(recipient=WRONG)
    with with_habit("knows nobody", POLITE) as office:
        deliver(office)
        assert correct(right=WRONG, hours=1) == 1
        deliver(office, hours=1)
    assert state_of(letter) == "sent"
    assert Mailbox.objects.get().state == "ok"


@pytest.mark.parametrize("right", ["cabinet", "cabinet@", "a b@x.example", "c@x.example\r\nBcc: m"])
def test_what_cannot_be_an_address_changes_nothing(right: str) -> None:
    a_message(recipient=WRONG)
    before = list(Message.objects.values())
    with pytest.raises(AddressRefused):
        correct(right=right)
    assert list(Message.objects.values()) == before
    assert Mailbox.objects.count() == 1


def test_an_address_that_nobody_wrote_to_cannot_be_corrected() -> None:
    with pytest.raises(Mailbox.DoesNotExist):
        correct(wrong="nobody@mfa.example")
    assert not Mailbox.objects.exists()


def test_an_alias_that_answers_come_to_stays_the_same(deliver: Deliver) -> None:
    letter = a_message(recipient=WRONG)
    correct()
    with PostOffice() as office:
        deliver(office)
    read = message_from_bytes(office.mails[0].mail, policy=modern)
    assert read["From"].addresses[0].addr_spec == LETTER.sender
    assert read["Message-ID"] == f"<{letter.message_id}>"
