"""A message is opened, addressed and signed; what cannot be is held, and the rest goes."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as live
from pytest_django import Settings

from tests.outbox.identity.receiver import Receiver, signatures
from tests.outbox.mails import CONFIRMATION, LETTER, NOON, Deliver, a_letter, a_message, state_of
from tests.post_office import PostOffice
from tocsin.kit.seal import KeyMissing
from tocsin.outbox.claim import Lease, claim
from tocsin.outbox.compose import Malformed, readdressed
from tocsin.outbox.identity.bounce import Bounced, read_bounce_address
from tocsin.outbox.identity.dkim import KeyUnusable, load_keys, make_signing_key
from tocsin.outbox.models import Message, MessageContent
from tocsin.outbox.post import post_message, read_envelope
from tocsin.outbox.ready import Parcel, Wrapper, suppression_blind
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

MINISTER = "minister@mfa.example"


@pytest.fixture
def signing_domain() -> str:
    """A domain of ours that has a key."""
    domain = f"letters{secrets.randbelow(10**9)}.lumiere.example"
    make_signing_key(dkim_keys(), domain=domain, selector="t1")
    return domain


def dkim_keys() -> Path:
    return Path(live.KEYS_DIR) / "dkim"


def leased(message: Message) -> Lease:
    [lease] = [
        each
        for each in claim(route="letters", most=50, owner=7, now=NOON)
        if each.message_id == message.pk
    ]
    return lease


def wrapped(message: Message) -> Parcel:
    parcel = Wrapper().wrap(leased(message), now=NOON)
    assert isinstance(parcel, Parcel)
    return parcel


def test_what_is_handed_over_is_what_was_posted() -> None:
    message = a_message(recipient=MINISTER)
    parcel = wrapped(message)
    posted = read_envelope(message)
    assert parcel.envelope == replace(
        posted, sender=parcel.envelope.sender, ref=f"{message.pk.hex}.1"
    )
    assert read_bounce_address(parcel.envelope.sender, now=NOON) == Bounced(message.pk, attempt=1)
    assert parcel.envelope.sender.endswith("@bounce.letters.lumiere.example")
    assert parcel.blind == suppression_blind(MINISTER.upper())


def test_returned_mail_comes_to_the_domain_that_is_set_for_it() -> None:
    message = a_message()
    SendingDomain.objects.update(bounce_domain="returned.lumiere.example")
    assert wrapped(message).envelope.sender.endswith("@returned.lumiere.example")


def test_another_try_has_the_same_bytes_and_a_sender_of_its_own(signing_domain: str) -> None:
    lease = leased(a_message(sender=f"a@{signing_domain}"))
    first = Wrapper().wrap(lease, now=NOON)
    again = Wrapper().wrap(replace(lease, tried=1), now=NOON)
    assert isinstance(first, Parcel)
    assert isinstance(again, Parcel)
    assert first.envelope.mail == again.envelope.mail
    assert read_bounce_address(again.envelope.sender, now=NOON).attempt == 2
    assert again.envelope.ref.endswith(".2")


def test_a_letter_is_signed_for_the_domain_that_it_comes_from(signing_domain: str) -> None:
    signed = wrapped(a_message(sender=f"amina@{signing_domain}")).envelope.mail
    assert [each["d"] for each in signatures(signed)] == [signing_domain]
    assert Receiver(load_keys(dkim_keys(), domain=signing_domain)).accepts(signed)


def test_a_domain_without_a_key_leaves_the_signature_to_the_relay() -> None:
    assert signatures(wrapped(a_message()).envelope.mail) == []


def test_each_signing_key_is_read_once_in_a_run(signing_domain: str) -> None:
    letters = [a_message(sender=f"a@{signing_domain}") for _ in range(2)]
    first, second = claim(route="letters", most=2, owner=7, now=NOON)
    wrapper = Wrapper()
    assert isinstance(wrapper.wrap(first, now=NOON), Parcel)
    break_key(signing_domain)
    assert isinstance(wrapper.wrap(second, now=NOON), Parcel)
    assert {first.message_id, second.message_id} == {each.pk for each in letters}


def break_key(domain: str) -> None:
    path = dkim_keys() / domain / "t1.rsa.pem"
    path.chmod(0o600)
    path.write_text("no key")


# -- what cannot be made ready -------------------------------------------------------------------


def nonsense(message: Message) -> None:
    MessageContent.objects.filter(message=message).update(sealed=b"\x01nonsense")


def gone(message: Message) -> None:
    MessageContent.objects.filter(message=message).delete()


def of_another(message: Message) -> None:
    other = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    content = MessageContent.objects.get(message=other).sealed
    MessageContent.objects.filter(message=message).update(sealed=content)
    other.delete()


def to_no_address(message: Message) -> None:
    assert message.mailbox
    type(message.mailbox).objects.filter(pk=message.mailbox.pk).update(address="no address")


FAULTS = {
    "its content is nonsense": (nonsense, "unreadable"),
    "its content is gone": (gone, "unreadable"),
    "its content is that of another": (of_another, "unreadable"),
    "its address is none": (to_no_address, "crashed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_message_is_held_and_the_rest_goes_when(fault: str, deliver: Deliver) -> None:
    make, reason = FAULTS[fault]
    broken, *good = (a_message() for _ in range(4))
    make(broken)
    with PostOffice() as office:
        deliver(office)
        deliver(office, days=1)
    assert (state_of(broken), broken.reason, broken.lease_owner) == ("held", reason, None)
    assert (broken.attempts, broken.tries.count()) == (0, 0)
    assert {state_of(each) for each in good} == {"sent"}
    [incident] = Incident.objects.all()
    assert (incident.kind, incident.about, incident.words) == (reason, "", "")


def test_without_the_key_of_its_day_a_message_cannot_be_read(
    deliver: Deliver, settings: Settings
) -> None:
    broken = a_message()
    old = NOON.replace(year=2024)
    lost = post_message(lane="letter", mail=a_letter(recipient="x@y.example"), now=old)
    (live.KEYS_DIR / "days" / f"{old.date()}.key").unlink()
    with PostOffice() as office:
        deliver(office)
    assert (state_of(lost), lost.reason, state_of(broken)) == ("held", "unreadable", "sent")


@pytest.mark.parametrize("error", [KeyUnusable, KeyMissing])
def test_a_key_that_cannot_be_used_is_no_fault_of_the_message(
    error: type[Exception], signing_domain: str, settings: Settings, tmp_path: Path
) -> None:
    lease = leased(a_message(sender=f"a@{signing_domain}"))
    if error is KeyUnusable:
        break_key(signing_domain)
    else:
        settings.KEYS_DIR = tmp_path
    with pytest.raises(error):
        Wrapper().wrap(lease, now=NOON)


def test_what_is_wrong_with_a_letter_is_logged_without_a_name(
    deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    broken = a_message()
    to_no_address(broken)
    with PostOffice() as office:
        deliver(office)
    assert str(broken.pk) in caplog.text
    for word in ("amina", "yusuf", "mailbox.example"):
        assert word not in caplog.text.lower()


# -- another address -----------------------------------------------------------------------------


def fields_of(mail: bytes) -> list[bytes]:
    return [each for each in mail.split(b"\r\n\r\n")[0].split(b"\r\n") if not each.startswith(b" ")]


@pytest.mark.parametrize(
    "name", ["", "Minister", 'The "Office"', "Müller, Anna", "外交部", "x" * 200, "a, b <c@d.e>"]
)
@pytest.mark.parametrize("mail", [LETTER, CONFIRMATION], ids=["plain", "with html"])
def test_a_mail_to_another_address_is_the_same_but_for_one_field(mail: object, name: str) -> None:
    asked = replace(LETTER if mail is LETTER else CONFIRMATION, recipient_name=name)
    message = post_message(lane="letter", mail=asked, now=NOON)
    before = read_envelope(message).mail
    after = readdressed(before, recipient="cabinet@chancellery.example")
    assert after.replace(b"cabinet@chancellery.example", asked.recipient.encode()).split() == (
        before.split()
    )
    assert after.split(b"\r\n\r\n", 1)[1] == before.split(b"\r\n\r\n", 1)[1]
    changed = [
        one for one, two in zip(fields_of(before), fields_of(after), strict=True) if one != two
    ]
    assert all(each.startswith(b"To:") for each in changed)
    assert readdressed(after, recipient=asked.recipient) == before


@pytest.mark.parametrize(
    "address", ["no address", "a@b.example\r\nBcc: m@x.example", "ä@b.example", ""]
)
def test_a_mail_to_what_is_no_address_is_not_made(address: str) -> None:
    mail = read_envelope(a_message()).mail
    with pytest.raises(Malformed):
        readdressed(mail, recipient=address)


def test_a_body_that_looks_like_a_header_is_left_alone() -> None:
    message = a_message(text="To: nobody@mfa.example\n\nTo: everybody\n")
    before = read_envelope(message).mail
    after = readdressed(before, recipient="cabinet@chancellery.example")
    assert after.split(b"\r\n\r\n", 1)[1] == before.split(b"\r\n\r\n", 1)[1]
