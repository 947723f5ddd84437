"""What an answer does to the mailbox, the mail domain or the route that it is about."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.outbox.mails import NOON, Deliver, a_message, state_of
from tests.post_office import HABITS, POLITE, Habit, PostOffice, with_habit
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.claim import Lease
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.react import calm_due, react
from tocsin.outbox.record import Outcome
from tocsin.outbox.routes import Route
from tocsin.outbox.verdicts.retry import Receipt, Verdict
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

MINISTER = "minister@mfa.example"
DEPUTY = "deputy@mfa.example"


def mailbox(address: str = MINISTER) -> Mailbox:
    return Mailbox.objects.get(address=address)


def domain(name: str = "mfa.example") -> MailDomain:
    return MailDomain.objects.get(name=name)


def incidents() -> list[tuple[str, str, int]]:
    return list(Incident.objects.order_by("kind", "about").values_list("kind", "about", "times"))


def office_that(habit: str) -> PostOffice:
    return PostOffice(habits=[HABITS[habit]])


def letters(number: int, *, recipient: str) -> list[Message]:
    return [a_message(recipient=recipient) for _ in range(number)]


def tell(message: Message, reason: str, state: str) -> None:
    """An answer to that letter comes in at noon, whatever became of it meanwhile."""
    box = message.mailbox
    assert box
    lease = Lease(
        message_id=message.pk,
        number=1,
        attempts=0,
        sealed=None,
        began=None,
        tried=0,
        address=box.address,
        mailbox_id=box.pk,
        mailbox_state="ok",
        domain_id=box.domain_id,
        sending_domain="letters.lumiere.example",
        bounce_domain="bounce.letters.lumiere.example",
    )
    decided = Verdict(state, reason, timedelta(hours=1))
    with transaction.atomic():
        react(
            [Outcome(lease, decided, Receipt("rcpt", 450, "4.7.1", "slow down"))],
            route="letters",
            now=NOON,
        )


# -- the mailbox ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("habit", "reason", "state", "words"),
    [
        ("knows nobody", "mailbox_invalid", "invalid", "550 5.1.1 <…@…>: user … unknown"),
        ("refuses the recipient", "mailbox_refusing", "refusing", "550 no"),
    ],
)
def test_a_mailbox_that_takes_nothing_is_closed_and_its_house_is_not(
    habit: str, reason: str, state: str, words: str, deliver: Deliver
) -> None:
    first, second = letters(2, recipient=MINISTER)
    with with_habit(habit) as office:
        deliver(office)
        other = a_message(recipient=DEPUTY)
        third = a_message(recipient=MINISTER)
        deliver(office, minutes=10)
        deliver(office, days=3)
    assert [each.recipient for each in office.mails] == [DEPUTY]
    held = [each for each in (first, second) if state_of(each) == "held"]
    assert [each.reason for each in held] == [reason]
    assert sorted(map(state_of, (first, second))) == ["held", "ready"]
    assert [state_of(third), state_of(other)] == ["ready", "sent"]
    closed = mailbox()
    assert (closed.state, closed.words, closed.since) == (state, words, to_the_hour(NOON))
    assert (domain().refusals, domain().paused_until, domain().slow) == (0, None, 1)
    assert incidents() == [(reason, MINISTER, 1)]


@pytest.mark.parametrize("habit", ["has a full mailbox", "has a full mailbox for ever"])
def test_a_full_mailbox_rests_for_hours_and_opens_when_it_takes_something(
    habit: str, deliver: Deliver
) -> None:
    letters(2, recipient=MINISTER)
    other = a_message(recipient=DEPUTY)
    with PostOffice(habits=[HABITS[habit], POLITE]) as office:
        office.turn = 0
        deliver(office)
        full = mailbox() if mailbox().state == "full" else mailbox(DEPUTY)
        waited = full.next_at - NOON
        assert (full.state, full.since) == ("full", to_the_hour(NOON))
        assert full.words in {"452 4.2.2 mailbox full", "552 5.2.2 over quota"}
        assert timedelta(hours=4) <= waited <= timedelta(hours=8)
        before = len(office.mails)
        deliver(office, hours=4)
        assert mailbox(full.address).state == "full"
        deliver(office, hours=8)
        deliver(office, hours=9)
    assert (mailbox(full.address).state, mailbox(full.address).words) == ("ok", "")
    assert len(office.mails) == 3 > before
    assert state_of(other) == "sent"
    assert incidents() == []


def test_a_mailbox_that_stays_full_is_told_and_the_next_letter_waits_a_day(
    deliver: Deliver,
) -> None:
    letter, next_letter = letters(2, recipient=MINISTER)
    Message.objects.filter(pk=next_letter.pk).update(due_at=NOON + timedelta(days=12))
    with office_that("has a full mailbox") as office:
        for hours in range(0, 24 * 12, 6):
            deliver(office, hours=hours)
    assert (state_of(letter), letter.reason) == ("held", "mailbox_full")
    assert incidents() == [("mailbox_full", MINISTER, 1)]
    assert mailbox().next_at > NOON + timedelta(days=11)


def test_a_mailbox_that_does_not_exist_is_not_merely_full() -> None:
    """An answer about a letter that was on the line when the mailbox was closed."""
    letter = a_message(recipient=MINISTER)
    Mailbox.objects.update(state="invalid", words="550 5.1.1 unknown")
    tell(letter, "mailbox_full", "ready")
    assert (mailbox().state, mailbox().words) == ("invalid", "550 5.1.1 unknown")


# -- the domain ----------------------------------------------------------------------------------


def test_who_finds_us_too_fast_is_written_to_at_half_the_pace_after_a_pause(
    deliver: Deliver,
) -> None:
    slowed = a_message(recipient=MINISTER)
    with with_habit("slows us down") as office:
        deliver(office)
        same, elsewhere = a_message(recipient=DEPUTY), a_message(recipient="mp@house.example")
        deliver(office, minutes=14)
        assert (state_of(same), state_of(elsewhere)) == ("ready", "sent")
        assert (domain().slow, domain("house.example").slow) == (2, 1)
        assert mailbox().state == "ok"
        deliver(office, minutes=16)
    assert (state_of(slowed), state_of(same)) == ("sent", "sent")
    assert domain().words.startswith("450 4.7.1 too many messages")
    assert incidents() == []


def test_nobody_is_written_to_more_than_sixteen_times_slower(deliver: Deliver) -> None:
    a_message(recipient=MINISTER)
    speeds = []
    with office_that("slows us down") as office:
        for hours in range(0, 24 * 4, 12):
            deliver(office, hours=hours)
            speeds.append(domain().slow)
    assert speeds[0] == 2
    assert max(speeds) == speeds[-1] == 16
    assert sorted(speeds) == speeds


def test_answers_that_come_together_are_one_answer() -> None:
    several = [a_message(recipient=f"d{number}@mfa.example") for number in range(3)]
    for letter in several:
        tell(letter, "rate", "ready")
    assert domain().slow == 2


def test_too_fast_does_not_shorten_a_longer_pause() -> None:
    letter = a_message(recipient=MINISTER)
    until = NOON + timedelta(hours=2)
    MailDomain.objects.update(paused_until=until)
    tell(letter, "rate", "ready")
    assert (domain().slow, domain().paused_until) == (2, until)


def test_after_each_clean_hour_the_pace_is_twice_as_fast_again() -> None:
    a_message(recipient=MINISTER)
    MailDomain.objects.update(slow=16, slowed_at=NOON)
    assert calm_due(now=NOON + timedelta(minutes=59)) == 0
    speeds = []
    for hours in range(1, 7):
        calm_due(now=NOON + timedelta(hours=hours))
        calm_due(now=NOON + timedelta(hours=hours, minutes=1))
        speeds.append(domain().slow)
    assert speeds == [8, 4, 2, 1, 1, 1]


def test_too_fast_counts_right_after_it_became_calm() -> None:
    letter = a_message(recipient=MINISTER)
    MailDomain.objects.update(slow=4, slowed_at=NOON - timedelta(hours=1))
    calm_due(now=NOON)
    tell(letter, "rate", "ready")
    assert (domain().slow, domain().paused_until) == (4, NOON + timedelta(minutes=15))


@pytest.mark.parametrize("habit", ["lists us", "takes it for spam", "refuses the sender"])
def test_the_third_refusal_within_an_hour_pauses_the_house_and_never_the_mailbox(
    habit: str, deliver: Deliver
) -> None:
    refused = []
    with office_that(habit) as office:
        for number in range(3):
            assert (domain_or_none(), incidents()) in ((None, []), ((number, None), []))
            refused.append(a_message(recipient=f"d{number}@mfa.example"))
            deliver(office, minutes=10 * number)
        later = a_message(recipient=DEPUTY)
        deliver(office, minutes=139)
        assert state_of(later) == "ready"
    with PostOffice() as kind:
        deliver(kind, minutes=142)
    assert [(state_of(each), each.reason) for each in refused] == [("held", "policy")] * 3
    assert state_of(later) == "sent"
    assert set(Mailbox.objects.values_list("state", flat=True)) == {"ok"}
    assert incidents() == [("policy", "mfa.example", 1)]
    assert domain().refusals == 0, "a letter that was taken ends the count"


def domain_or_none() -> tuple[int, object] | None:
    found = MailDomain.objects.first()
    return (found.refusals, found.paused_until) if found else None


def test_refusals_that_lie_far_apart_are_about_their_letters(deliver: Deliver) -> None:
    with office_that("lists us") as office:
        for number in range(4):
            a_message(recipient=f"d{number}@mfa.example")
            deliver(office, minutes=61 * number)
    assert (domain().refusals, domain().paused_until, incidents()) == (1, None, [])


def test_their_own_fault_is_told_with_the_name_of_their_house(deliver: Deliver) -> None:
    letter = a_message(recipient=MINISTER)
    with PostOffice(habits=[Habit(rcpt=b"554 5.4.6 too many hops\r\n")]) as office:
        deliver(office)
    assert (state_of(letter), letter.reason) == ("held", "their_fault")
    assert incidents() == [("their_fault", "mfa.example", 1)]
    assert mailbox().state == "ok"


def test_an_answer_nobody_knows_is_told_and_the_letter_comes_again(deliver: Deliver) -> None:
    letter = a_message(recipient=MINISTER)
    with with_habit("answers RCPT with an unknown code") as office:
        deliver(office)
        assert incidents() == [("unknown", "mfa.example", 1)]
        deliver(office, minutes=10)
    assert state_of(letter) == "sent"


# -- in the middle of a long run -----------------------------------------------------------------


@pytest.fixture
def long_run() -> Message:
    """Six letters of which nothing is to be said, and one to the minister behind them."""
    Route.objects.create(name="letters", number=1, connections=1, share=1)
    for _ in range(6):
        a_message()
    [last] = letters(1, recipient=MINISTER)
    Message.objects.filter(pk=last.pk).update(priority=60)
    return last


def test_in_a_run_in_which_all_is_well_a_full_mailbox_that_takes_something_is_noticed(
    deliver: Deliver, long_run: Message
) -> None:
    Mailbox.objects.filter(address=MINISTER).update(state="full", words="452 4.2.2")
    with PostOffice() as office:
        assert deliver(office) == 7
    assert (state_of(long_run), mailbox().state) == ("sent", "ok")


def test_in_a_run_in_which_all_is_well_a_house_that_takes_something_again_is_noticed(
    deliver: Deliver, long_run: Message
) -> None:
    MailDomain.objects.filter(name="mfa.example").update(refusals=2, refused_at=NOON)
    with PostOffice() as office:
        assert deliver(office) == 7
    assert (state_of(long_run), domain().refusals) == ("sent", 0)
