"""Where a message goes: its mailbox, its mail domain, our own domain, each made once."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction

from tests.outbox.mails import CONFIRMATION, LETTER, NOON, a_letter
from tocsin.outbox.claim import claim
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.lanes import LANES, ROUTES, lanes_of
from tocsin.outbox.models import Message
from tocsin.outbox.pace import LARGE, PROVIDERS, UNKNOWN, Pace, is_shared, pace_of
from tocsin.outbox.post import mailbox_for, post_message
from tocsin.outbox.routes import Mailing, SendingDomain

pytestmark = pytest.mark.django_db


def post(
    lane: str, recipient: str = "minister@mfa.example", mailing: Mailing | None = None
) -> Message:
    return post_message(
        lane=lane, mail=replace(LETTER, recipient=recipient), now=NOON, mailing=mailing
    )


def test_a_letter_goes_to_the_mailbox_of_its_target() -> None:
    message = post("letter", "Minister@MFA.example")
    assert message.mailbox
    assert (message.domain, message.mailing) == (None, None)
    assert message.mailbox.address == "Minister@mfa.example"
    assert message.mailbox.domain.name == "mfa.example"
    assert message.mailbox == mailbox_for("Minister@Mfa.Example")
    assert message.mailbox != mailbox_for("minister@mfa.example"), "only its owner can know that"


@pytest.mark.parametrize("lane", ["confirm", "staff", "update"])
@pytest.mark.parametrize(
    ("recipient", "domain"),
    [
        ("anna@gmail.com", "gmail.com"),
        ("anna@GMail.COM", "gmail.com"),
        ("anna@web.de", "web.de"),
        ("anna@berg-family.example", None),
        ("anna@mail.gmail.com", None),
        ("anna@notgmail.com", None),
    ],
)
def test_of_everybody_else_only_a_domain_that_very_many_share_is_noted(
    lane: str, recipient: str, domain: str | None
) -> None:
    message = post(lane, recipient)
    assert message.mailbox is None
    assert (message.domain and message.domain.name) == domain
    assert list(MailDomain.objects.values_list("name", flat=True)) == ([domain] if domain else [])


def test_a_target_at_a_provider_has_a_mailbox_and_the_pace_of_its_house() -> None:
    letter, confirmation = post("letter", "mp@gmail.com"), post("confirm", "anna@gmail.com")
    assert letter.mailbox
    assert letter.mailbox.domain == confirmation.domain == MailDomain.objects.get()


def paces(domain: MailDomain) -> Pace:
    return Pace(domain.per_hour, domain.burst, domain.connections)


def test_a_house_begins_with_the_pace_that_it_can_take() -> None:
    for name in ("gmail.com", "mfa.example"):
        mailbox_for(f"a@{name}")
        assert paces(MailDomain.objects.get(name=name)) == pace_of(name)
    assert (pace_of("gmail.com"), pace_of("mfa.example")) == (LARGE, UNKNOWN)


def test_a_pace_that_the_staff_has_changed_is_not_set_back() -> None:
    post("letter")
    MailDomain.objects.update(per_hour=11)
    Mailbox.objects.update(per_hour=3)
    post("letter", "deputy@mfa.example")
    post("letter")
    assert MailDomain.objects.get().per_hour == 11
    assert mailbox_for("minister@mfa.example").per_hour == 3


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_named_as_its_domain_is_looked_up(name: str) -> None:
    assert is_shared(name)
    assert name == name.lower().strip()
    assert "." in name
    assert pace_of(name).per_hour > UNKNOWN.per_hour


@pytest.mark.parametrize(
    ("sender", "name", "reserved"),
    [
        ("a@letters.lumiere.example", "letters.lumiere.example", True),
        ("a@Letters.Lumiere.Example", "letters.lumiere.example", True),
        ("a@letters.test", "letters.test", True),
        ("a@letters.example.org", "letters.example.org", False),
        ("a@test.org", "test.org", False),
    ],
)
def test_a_domain_of_ours_is_noted_when_it_first_sends(
    *, sender: str, name: str, reserved: bool
) -> None:
    for _ in range(2):
        post_message(lane="letter", mail=a_letter(sender=sender), now=NOON)
    ours = SendingDomain.objects.get()
    assert (ours.name, ours.bounce_domain, ours.reserved) == (name, f"bounce.{name}", reserved)
    assert ours.state == "unchecked"


def test_a_domain_that_was_not_checked_sends_nothing_to_the_real_world() -> None:
    post_message(lane="letter", mail=a_letter(sender="a@letters.example.org"), now=NOON)
    assert claim(route="letters", most=5, owner=7, now=NOON) == []
    SendingDomain.objects.update(state="green")
    assert len(claim(route="letters", most=5, owner=7, now=NOON)) == 1


def test_what_is_sent_for_a_campaign_belongs_to_its_mailing() -> None:
    mailing = Mailing.objects.create(name="families")
    assert post("letter", mailing=mailing).mailing == mailing
    assert post("confirm", mailing=mailing).mailing == mailing


# -- lanes ---------------------------------------------------------------------------------------


def test_every_lane_has_a_route_and_every_route_its_lanes() -> None:
    assert set(LANES) == set(Message.Lane.values)
    assert {name: lanes_of(name) for name in ROUTES} == {
        "confirmations": ["confirm", "staff"],
        "letters": ["letter", "update"],
    }


def test_what_somebody_waits_for_goes_first() -> None:
    posted = {lane: post(lane).priority for lane in ("update", "letter", "staff", "confirm")}
    assert sorted(posted, key=lambda lane: posted[lane]) == ["confirm", "staff", "letter", "update"]


# -- races ---------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each act in a transaction of its own, all of them open at the same time."""
    together = threading.Barrier(len(acts), timeout=20)
    results: list[object] = []

    def run(act: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                together.wait()
                results.append(act())
        except Exception as error:
            results.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_posters_that_meet_at_a_new_mailbox_make_one_of_it() -> None:
    letters = at_once(*[lambda: post("letter")] * 4)
    assert [type(each) for each in letters] == [Message] * 4
    for table in (Mailbox, MailDomain, SendingDomain):
        assert table.objects.count() == 1
    assert Message.objects.filter(mailbox=Mailbox.objects.get()).count() == 4


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_posters_that_meet_at_a_new_provider_make_one_row_of_it() -> None:
    mail = replace(CONFIRMATION, recipient="anna@gmail.com")
    acts = [lambda: post_message(lane="confirm", mail=mail, now=NOON)] * 3
    assert [type(each) for each in at_once(*acts)] == [Message] * 3
    assert MailDomain.objects.get().name == "gmail.com"


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_a_poster_that_fails_leaves_the_mailbox_to_the_other() -> None:
    def fail() -> None:
        post("letter")
        transaction.set_rollback(True)

    results = at_once(fail, lambda: post("letter"))
    assert [type(each) for each in results if each] == [Message]
    assert (Mailbox.objects.count(), Message.objects.count()) == (1, 1)
