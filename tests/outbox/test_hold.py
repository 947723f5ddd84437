"""What a person decides about mail that waits: pause, resume, hold, release, recall, suppress."""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.outbox.mails import CONFIRMATION, LETTER, NOON, Deliver, a_message, state_of
from tests.post_office import HABITS, PostOffice, with_habit
from tocsin.outbox import hold
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain, Suppression
from tocsin.outbox.models import Message
from tocsin.outbox.post import mailbox_for, post_message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.states import MESSAGE
from tocsin.outbox.take_back import take_back_due
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

MINISTER = "minister@mfa.example"
FINE = datetime(2026, 3, 10, 12, 9, 51, 750_000, tzinfo=UTC)


def a_message_that_is(state: str, *, mailing: Mailing | None = None) -> Message:
    ours = SendingDomain.objects.get_or_create(name="letters.lumiere.example")[0]
    in_hand = state in ("leased", "sending")
    return Message.objects.create(
        lane="letter",
        priority=20,
        state=state,
        reason="why",
        due_at=FINE,
        attempts=3,
        tried=4,
        began=NOON - timedelta(days=4),
        mailbox=mailbox_for(MINISTER),
        sending_domain=ours,
        mailing=mailing,
        lease_owner=7 if in_hand else None,
        lease_until=NOON if in_hand else None,
    )


def recall(ids: Sequence[uuid.UUID]) -> int:
    mailing = Mailing.objects.create()
    Message.objects.filter(pk__in=ids).update(mailing=mailing)
    return hold.recall_mailing(mailing)


def release(ids: Sequence[uuid.UUID]) -> int:
    return hold.release_messages(ids, now=NOON)


# verb → the states that it moves, where to, and with which reason
VERBS: dict[str, tuple[Callable[[Sequence[uuid.UUID]], int], set[str], str, str]] = {
    "hold": (hold.hold_messages, {"ready", "leased"}, "held", "by_hand"),
    "release": (release, {"held", "in_doubt"}, "ready", ""),
    "cancel": (
        hold.cancel_messages,
        {"ready", "leased", "held", "in_doubt"},
        "cancelled",
        "recalled",
    ),
    "recall": (recall, {"ready", "leased", "held", "in_doubt"}, "cancelled", "recalled"),
    "believe sent": (hold.believe_sent, {"in_doubt"}, "sent", "sent"),
}


@pytest.mark.parametrize(("verb", "state"), list(product(VERBS, MESSAGE)))
def test_a_verb_moves_the_states_that_it_fits_and_no_other(verb: str, state: str) -> None:
    act, fits, to, reason = VERBS[verb]
    message = a_message_that_is(state)
    before = Message.objects.values().get()
    assert act([message.pk]) == (1 if state in fits else 0)
    after = Message.objects.values().get()
    if verb == "recall":
        before["mailing_id"] = after["mailing_id"]
    if state == "sending" and reason in ("by_hand", "recalled"):
        assert after == {**before, "reason": reason}, "whatever comes of it, it does not go again"
        return
    if state not in fits:
        assert after == before
        return
    assert to in MESSAGE[state].to
    assert (after["state"], after["reason"]) == (to, reason)
    assert (after["lease_owner"], after["lease_until"]) == (None, None)
    assert after["due_at"] == FINE.replace(minute=0, second=0, microsecond=0)


def test_a_verb_for_many_moves_those_that_it_fits() -> None:
    every = {state: a_message_that_is(state).pk for state in MESSAGE}
    strangers = [uuid.uuid4(), every["ready"]]
    assert hold.cancel_messages([*every.values(), *strangers]) == 4
    assert Message.objects.filter(state="cancelled").count() == 5


def test_a_released_message_is_as_patient_as_a_new_one() -> None:
    message = a_message_that_is("held")
    assert release([message.pk]) == 1
    message.refresh_from_db()
    assert (message.attempts, message.began, message.tried) == (0, None, 4)


def test_a_person_knows_that_a_doubt_was_taken_and_it_never_goes_again(deliver: Deliver) -> None:
    letter = a_message()
    with PostOffice(habits=[HABITS["takes it and hangs up"]]) as office:
        deliver(office)
        assert state_of(letter) == "in_doubt"
        assert hold.believe_sent([letter.pk]) == 1
        take_back_due(now=NOON + timedelta(hours=1))
        deliver(office, hours=1)
        assert len(office.mails) == 1
    assert state_of(letter) == "sent"


# -- pauses --------------------------------------------------------------------------------------


def sends(deliver: Deliver, *letters: Message, days: int) -> list[str]:
    with PostOffice() as office:
        deliver(office, days=days)
    return [state_of(letter) for letter in letters]


def test_nothing_goes_to_a_paused_mailbox_until_it_is_resumed(deliver: Deliver) -> None:
    paused, other = a_message(recipient=MINISTER), a_message(recipient="deputy@mfa.example")
    hold.pause_mailbox(mailbox_for(MINISTER))
    assert sends(deliver, paused, other, days=1) == ["ready", "sent"]
    hold.pause_mailbox(mailbox_for(MINISTER), paused=False)
    assert sends(deliver, paused, days=2) == ["sent"]


def test_nothing_goes_to_a_paused_house_until_it_is_resumed(deliver: Deliver) -> None:
    paused, other = a_message(recipient=MINISTER), a_message(recipient="mp@house.example")
    hold.pause_domain(MailDomain.objects.get(name="mfa.example"))
    assert sends(deliver, paused, other, days=1) == ["ready", "sent"]
    hold.pause_domain(MailDomain.objects.get(name="mfa.example"), paused=False)
    assert sends(deliver, paused, days=2) == ["sent"]


def test_to_resume_a_house_ends_its_own_pause_and_what_was_said_about_it(deliver: Deliver) -> None:
    letter = a_message(recipient=MINISTER)
    house = MailDomain.objects.get()
    MailDomain.objects.update(paused_until=NOON + timedelta(days=9), refusals=3)
    raise_incident("policy", about=house.name, now=NOON)
    assert sends(deliver, letter, days=1) == ["ready"]
    hold.pause_domain(house, paused=False)
    assert sends(deliver, letter, days=2) == ["sent"]
    house.refresh_from_db()
    assert (house.refusals, house.paused_until) == (0, None)
    assert Incident.objects.get().closed


def test_nothing_goes_by_a_paused_route_until_it_is_resumed(deliver: Deliver) -> None:
    letter = a_message()
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    route = Route.objects.create(name="letters", number=1)
    hold.pause_route(route)
    assert sends(deliver, letter, confirmation, days=1) == ["ready", "sent"]
    Route.objects.update(open_until=NOON + timedelta(days=9), faults=4)
    hold.pause_route(route, paused=False)
    assert sends(deliver, letter, days=2) == ["sent"]


def test_of_a_paused_mailing_only_confirmations_go(deliver: Deliver) -> None:
    mailing = Mailing.objects.create()
    letter = post_message(lane="letter", mail=LETTER, now=NOON, mailing=mailing)
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON, mailing=mailing)
    hold.pause_mailing(mailing)
    assert sends(deliver, letter, confirmation, days=1) == ["ready", "sent"]
    hold.resume_mailing(mailing)
    assert sends(deliver, letter, days=2) == ["sent"]


@pytest.mark.parametrize(("before", "state"), [(1, "sent"), (0, "ready"), (-1, "ready")])
def test_from_the_stop_date_on_nothing_goes_whatever_is_queued(
    before: int, state: str, deliver: Deliver
) -> None:
    mailing = Mailing.objects.create()
    letter = post_message(lane="letter", mail=LETTER, now=NOON, mailing=mailing)
    confirmation = post_message(lane="confirm", mail=CONFIRMATION, now=NOON, mailing=mailing)
    hold.stop_mailing(mailing, at=NOON + timedelta(hours=24, seconds=before))
    assert sends(deliver, letter, confirmation, days=1) == [state, state]
    hold.stop_mailing(mailing, at=None)
    assert sends(deliver, letter, confirmation, days=2) == ["sent", "sent"]


def test_who_resumes_wakes_the_stations(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    box, mailing = mailbox_for(MINISTER), Mailing.objects.create()
    route = Route.objects.create(name="letters", number=1)
    verbs: list[tuple[Callable[[], object], set[str]]] = [
        (lambda: hold.pause_mailbox(box, paused=False), {"send_confirmations", "send_letters"}),
        (lambda: hold.pause_domain(box.domain, paused=False), {"send_letters"}),
        (lambda: hold.pause_route(route, paused=False), {"send_letters"}),
        (lambda: hold.retry_mailbox(box, now=NOON), {"send_letters"}),
        (lambda: hold.resume_mailing(mailing), {"park"}),
    ]
    for act, woken in verbs:
        ProcrastinateJob.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert woken <= set(ProcrastinateJob.objects.values_list("task_name", flat=True))


# -- recall --------------------------------------------------------------------------------------


def test_a_recalled_mailing_sends_nothing_more_and_another_goes_on(deliver: Deliver) -> None:
    mine, other = Mailing.objects.create(), Mailing.objects.create()
    recalled = post_message(lane="letter", mail=LETTER, now=NOON, mailing=mine)
    kept = a_message()
    Message.objects.filter(pk=kept.pk).update(mailing=other)
    assert hold.recall_mailing(mine) == 1
    assert hold.recall_mailing(mine) == 0
    assert sends(deliver, recalled, kept, days=1) == ["cancelled", "sent"]


def test_a_doubt_of_a_recalled_mailing_is_not_sent_once_more(deliver: Deliver) -> None:
    mailing = Mailing.objects.create()
    letter = post_message(lane="letter", mail=LETTER, now=NOON, mailing=mailing)
    with PostOffice(habits=[HABITS["takes it and hangs up"]]) as office:
        deliver(office)
        assert hold.recall_mailing(mailing) == 1
        take_back_due(now=NOON + timedelta(hours=1))
        deliver(office, hours=1)
        assert len(office.mails) == 1
    assert state_of(letter) == "cancelled"


# -- suppression ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lane", ["confirm", "staff", "update", "letter"])
def test_who_must_not_be_written_to_is_not_in_any_lane(lane: str, deliver: Deliver) -> None:
    banned = post_message(lane=lane, mail=CONFIRMATION, now=NOON)
    other = a_message()
    hold.suppress(CONFIRMATION.recipient.upper(), reason="asked us", today=NOON.date())
    hold.suppress(CONFIRMATION.recipient, reason="asked again", today=NOON.date())
    assert Suppression.objects.get().reason == "asked us"
    with PostOffice() as office:
        deliver(office)
    assert (state_of(banned), banned.reason) == ("held", "suppressed")
    assert (banned.attempts, banned.lease_owner, banned.tries.count()) == (0, None, 0)
    assert [each.recipient for each in office.mails] == [_recipient(other)]


def _recipient(letter: Message) -> str:
    assert letter.mailbox
    return letter.mailbox.address


def test_who_may_be_written_to_again_is_when_a_person_lets_it_go(deliver: Deliver) -> None:
    hold.suppress(MINISTER, reason="asked us", today=NOON.date())
    letter = a_message(recipient=MINISTER)
    assert sends(deliver, letter, days=1) == ["held"]
    release([letter.pk])
    assert sends(deliver, letter, days=2) == ["held"], "it is still suppressed"
    assert hold.unsuppress("Minister@MFA.example")
    assert not hold.unsuppress(MINISTER)
    release([letter.pk])
    assert sends(deliver, letter, days=3) == ["sent"]


def test_suppression_is_asked_for_the_corrected_address_as_well(deliver: Deliver) -> None:
    letter = a_message(recipient=MINISTER)
    hold.suppress("cabinet@mfa.example", reason="asked us", today=NOON.date())
    hold.correct_address(wrong=MINISTER, right="cabinet@mfa.example", now=NOON)
    with PostOffice() as office:
        deliver(office, days=1)
    assert (state_of(letter), letter.reason, office.mails) == ("held", "suppressed", [])


# -- retry ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("habit", ["knows nobody", "refuses the recipient"])
def test_a_mailbox_that_is_tried_again_gets_its_held_letters(habit: str, deliver: Deliver) -> None:
    letter = a_message(recipient=MINISTER)
    with with_habit(habit) as office:
        deliver(office)
        assert state_of(letter) == "held"
        aside = a_message(recipient=MINISTER)
        hold.hold_messages([aside.pk])
        assert hold.retry_mailbox(mailbox_for(MINISTER), now=NOON + timedelta(days=1)) == 1
        deliver(office, days=1)
    assert [state_of(letter), state_of(aside)] == ["sent", "held"]
    box = Mailbox.objects.get()
    assert (box.state, box.words) == ("ok", "")
    assert Incident.objects.get().closed
