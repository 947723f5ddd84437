"""The audit: it holds on a sound database, and finds every way in which one may be unsound."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from tests.factories import NOW, a_campaign, an_action
from tests.outbox.mails import NOON, a_message
from tests.outbox.situations import a_message_that_is, an_attempt
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.audit import Broken
from tocsin.outbox.installation import adopt
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outbox.states import MESSAGE
from tocsin.outcomes.audit import Audit, audit
from tocsin.outcomes.models import Tally
from tocsin.outcomes.tally import tally_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def action() -> Action:
    """One that was confirmed, written and counted: to a ministry and an embassy."""
    action = an_action(a_campaign())
    confirm_action(action_id=action.pk, revision=1)
    write_due(now=NOW)
    tally_due(now=NOW)
    action.refresh_from_db()
    return action


@pytest.fixture
def letter(action: Action) -> Message:
    """The message of one of its letters."""
    return Letter.objects.filter(action=action).earliest("pk").message


def rules() -> list[str]:
    return [broken.rule for broken in audit().broken]


def test_an_empty_database_holds() -> None:
    assert audit() == Audit(
        letters=0, states={}, confirmed=0, written=0, uncounted=0, tally=0, erased=0, broken=()
    )
    assert audit().holds


def test_letters_written_are_the_sum_of_their_states(action: Action) -> None:
    an_action(a_campaign())  # which nobody has confirmed
    found = audit()
    assert found == Audit(
        letters=2,
        states={"ready": 2},
        confirmed=1,
        written=1,
        uncounted=0,
        tally=1,
        erased=0,
        broken=(),
    )
    assert (found.difference, found.holds) == (0, True)


def test_an_action_that_is_not_counted_yet_makes_no_difference() -> None:
    confirm_action(action_id=an_action(a_campaign()).pk, revision=1)
    found = audit()
    assert (found.confirmed, found.uncounted, found.tally, found.difference) == (1, 1, 0, 0)
    assert found.holds


@pytest.mark.parametrize("state", sorted(set(MESSAGE) - {"leased", "sending"}))
def test_a_sound_message_is_found_sound_in_every_state(state: str) -> None:
    a_message_that_is(state)
    assert rules() == ["a message in the lane of letters without a letter"]


def test_a_number_that_was_made_up_is_found(action: Action) -> None:
    Tally.objects.update(confirmed=7)
    found = audit()
    assert (found.difference, found.holds) == (6, False)
    assert rules() == [
        "a campaign whose days do not add up to its number",
        "a campaign whose number is not that of its counted actions",
    ]
    assert found.broken[0].first == (str(action.campaign_id),)


def test_two_wrong_numbers_that_make_up_for_each_other_are_found(action: Action) -> None:
    other = a_campaign()
    Tally.objects.create(campaign=other, confirmed=1)
    Tally.objects.filter(campaign=action.campaign).update(confirmed=0)
    assert audit().difference == 0
    assert not audit().holds


def test_an_action_whose_letters_are_gone_is_found(action: Action) -> None:
    Letter.objects.all().delete()
    assert rules() == [
        "a message in the lane of letters without a letter",
        "written, and no letter of it",
    ]
    assert audit().difference == 2


def test_letters_of_an_action_that_is_not_written_are_found(action: Action) -> None:
    Action.objects.update(state="released")
    assert rules() == ["not written, and yet a letter of it"]


def test_a_letter_whose_message_is_something_else_is_found(letter: Message) -> None:
    Message.objects.filter(pk=letter.pk).update(lane="update")
    assert rules() == ["a letter without a message in its lane"]
    assert audit().difference == 1


def move(letter: Message, *states: str, **changes: object) -> None:
    """Walk it there, with a lease on the way."""
    for state in states:
        held = state in {"leased", "sending"}
        lease = {"lease_owner": 7 if held else None}
        Message.objects.filter(pk=letter.pk).update(state=state, **lease)
    Message.objects.filter(pk=letter.pk).update(**changes)


def sent_without_an_attempt(letter: Message) -> None:
    move(letter, "leased", "sending", "sent")


def sent_after_a_refusal(letter: Message) -> None:
    an_attempt(letter, outcome="transient")
    move(letter, "leased", "sending", "sent", tried=1, attempts=1)


def a_number_too_high(letter: Message) -> None:
    an_attempt(letter, number=2, outcome="transient")
    move(letter, tried=1, attempts=1)


def counted_too_often(letter: Message) -> None:
    an_attempt(letter, outcome="transient")
    move(letter, tried=1, attempts=2)


def on_lease_in_nobody_s_hand(letter: Message) -> None:
    move(letter, lease_until=NOON)


def empty(letter: Message) -> None:
    MessageContent.objects.filter(message=letter).delete()


UNSOUND: list[tuple[Callable[[Message], None], str]] = [
    (sent_without_an_attempt, "sent, and no attempt that was taken or in doubt"),
    (sent_after_a_refusal, "sent, and no attempt that was taken or in doubt"),
    (a_number_too_high, "an attempt with a number that was never given"),
    (counted_too_often, "more attempts counted than there were"),
    (on_lease_in_nobody_s_hand, "in nobody's hand, and yet on lease"),
    (empty, "waits, and there is nothing in it"),
]


@pytest.mark.parametrize(("spoil", "rule"), UNSOUND, ids=lambda each: getattr(each, "__name__", ""))
def test_each_way_of_being_unsound_is_found_by_its_rule_alone(
    letter: Message, spoil: Callable[[Message], None], rule: str
) -> None:
    spoil(letter)
    assert audit().broken == (Broken(rule, 1, (str(letter.pk),)),)
    assert not audit().holds


def test_a_number_that_is_missing_is_a_try_in_which_not_a_word_was_said(letter: Message) -> None:
    an_attempt(letter, number=1, outcome="transient")
    an_attempt(letter, number=3, outcome="sent")
    move(letter, "leased", "sending", "sent", tried=3, attempts=2)
    assert audit().holds


# -- hands ---------------------------------------------------------------------------------------


@pytest.fixture(params=[7, 2**31, 2**32 + 5, 2**63 - 1])
def living_owner(request: pytest.FixtureRequest) -> Iterator[int]:
    """Another worker, whose number may be any."""
    values = connection.settings_dict
    with psycopg.connect(
        dbname=values["NAME"], user=values["USER"], host=values["HOST"], port=values["PORT"] or None
    ) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [request.param])
        yield request.param


def test_a_message_in_the_hand_of_a_living_worker_is_sound(
    letter: Message, living_owner: int
) -> None:
    move(letter, "leased", lease_owner=living_owner)
    assert audit().holds


def test_a_message_in_a_dead_hand_is_found(letter: Message, living_owner: int) -> None:
    move(letter, "leased", lease_owner=living_owner - 1)
    rule = "in the hand of a worker that is dead"
    assert audit().broken == (Broken(rule, 1, (str(letter.pk),)),)


def test_a_message_being_handed_over_has_an_open_attempt(
    letter: Message, living_owner: int
) -> None:
    rule = "being handed over, and no attempt is under way"
    move(letter, "leased", "sending", lease_owner=living_owner)
    assert rules() == [rule]
    move(letter, tried=1)
    assert audit().holds
    an_attempt(letter, outcome="transient")
    assert rules() == [rule]


def test_what_was_adopted_is_sound(letter: Message) -> None:
    move(letter, "leased", "sending", tried=1)
    adopt(now=NOON)
    letter.refresh_from_db()
    assert (letter.state, Attempt.objects.get().outcome) == ("in_doubt", "in_doubt")
    assert audit().holds


def test_at_most_five_ids_are_told_and_nothing_else() -> None:
    for _ in range(7):
        a_message()
    [broken] = audit().broken
    assert (broken.number, len(broken.first)) == (7, 5)
    assert set(broken.first) <= {str(pk) for pk in Message.objects.values_list("pk", flat=True)}
