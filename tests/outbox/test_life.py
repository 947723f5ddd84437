"""A message lives as its table says, whatever happens in whatever order."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.outbox.mails import NOON
from tests.outbox.test_moves import lease_in, moves_to
from tests.outbox.verdicts.replies import replies
from tocsin.kit.states import State, allowed, moves
from tocsin.outbox.models import Message
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.states import MESSAGE
from tocsin.outbox.verdicts.answers import REASONS
from tocsin.outbox.verdicts.retry import verdict

DAY = timedelta(days=1)
TAKEN = {"sent", "delivered", "bounced"}
OURS = {
    ("ready", "leased"),
    ("leased", "sending"),
    *(("sending", new) for new in MESSAGE["sending"].to),
    ("sent", "delivered"),
    ("sent", "bounced"),
    ("delivered", "bounced"),
}
"""The moves that only the engine makes; a person may make every other one of the table."""

REPLIES = {
    state: [reply for reply in replies() if REASONS[reply.reason].state == state]
    for state in MESSAGE["sending"].to
}
fates = st.sampled_from([*REPLIES, "the worker dies"])
turns = st.integers(0, 999)


class Life(RuleBasedStateMachine):
    """One message; the other side, our workers and our staff do what they like with it."""

    table: Mapping[str, State] = MESSAGE
    used: set[tuple[str, str]]

    @initialize()
    def post(self) -> None:
        self.now = timedelta()
        self.due = timedelta()
        self.began: timedelta | None = None
        self.attempts = 0
        self.most_attempts = 0
        self.taken = 0  # how often the other side has really taken it
        self.resent = 0  # how often it went back from a doubt
        self.vouched = False  # a person said that it was sent
        self.lived = ["ready"]

    @precondition(lambda self: not self.table[self.state].to)
    @rule()
    def the_next_one_is_posted(self) -> None:
        self.post()

    @property
    def state(self) -> str:
        return self.lived[-1]

    def move(self, new: str) -> None:
        old = self.state
        assert allowed(self.table, old, new), f"{old} does not move to {new}"
        self.used.add((old, new))
        self.lived.append(new)

    def open_to_staff(self) -> list[str]:
        return [new for new in self.table[self.state].to if (self.state, new) not in OURS]

    def may(self, new: str) -> bool:
        return allowed(self.table, self.state, new)

    @rule(hours=st.sampled_from([1, 24, 24 * 5]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.state == "ready" and self.due <= self.now)
    @rule()
    def claim(self) -> None:
        self.move("leased")

    @precondition(lambda self: self.state == "leased")
    @rule(turn=turns)
    def mark_unless_the_lease_ran_out(self, turn: int) -> None:
        self.move("ready" if turn % 10 == 7 else "sending")

    @precondition(lambda self: self.state == "sending")
    @rule(fate=fates, turn=turns, chance=st.floats(0, 1))
    def speak(self, fate: str, turn: int, chance: float) -> None:
        said_all_and_was_taken = turn % 2 == 0
        if fate == "the worker dies":
            self.taken += said_all_and_was_taken
            self.attempts += 1
            self.move("in_doubt")
            return
        reply = REPLIES[fate][turn % len(REPLIES[fate])]
        age = self.now - (self.now if self.began is None else self.began)
        decided = verdict(reply.receipt, attempts=self.attempts, age=age, chance=chance)
        if decided.state == "sent" or (decided.state == "in_doubt" and said_all_and_was_taken):
            self.taken += 1
        if decided.counts:
            self.attempts += 1
            self.began = self.now if self.began is None else self.began
        self.due = self.now + decided.delay
        self.move(decided.state)

    @precondition(lambda self: self.state == "in_doubt")
    @rule(turn=turns)
    def the_doubt_is_settled_by_evidence_or_policy(self, turn: int) -> None:
        if self.taken and turn % 3 == 0:
            self.move("sent")
        elif not self.resent and turn % 3 == 1:
            self.resent += 1
            self.move("ready")

    @precondition(lambda self: self.open_to_staff())
    @rule(turn=turns)
    def a_person_decides(self, turn: int) -> None:
        if self.state in {"ready", "leased"} and turn % 5 != 3:
            return  # nobody looks at what goes its way
        new = self.open_to_staff()[turn % len(self.open_to_staff())]
        self.vouched |= (self.state, new) == ("in_doubt", "sent")
        self.resent += (self.state, new) == ("in_doubt", "ready")
        self.due = self.now
        self.move(new)

    @precondition(lambda self: self.state == "sent")
    @rule()
    def nothing_comes_back(self) -> None:
        self.now += 7 * DAY
        self.move("delivered")

    @precondition(lambda self: self.state in {"sent", "delivered"} and self.taken)
    @rule()
    def it_comes_back(self) -> None:
        self.move("bounced")

    @invariant()
    def nothing_is_sent_that_was_never_handed_over(self) -> None:
        if self.state in TAKEN:
            assert self.taken or self.vouched
            assert "sending" in self.lived

    @invariant()
    def what_was_sent_stays_sent(self) -> None:
        since = [state in TAKEN for state in self.lived]
        assert since == sorted(since)

    @invariant()
    def only_a_doubt_is_sent_twice(self) -> None:
        assert self.taken <= 1 + self.resent

    @invariant()
    def an_end_is_the_end(self) -> None:
        assert not [state for state in self.lived[:-1] if not self.table[state].to]

    @invariant()
    def attempts_only_grow(self) -> None:
        assert self.attempts >= self.most_attempts
        self.most_attempts = self.attempts

    @invariant()
    def what_waits_will_be_due(self) -> None:
        assert self.due - self.now <= 1.2 * DAY

    @invariant()
    def it_can_still_come_to_an_end(self) -> None:
        ahead, seen = [self.state], set[str]()
        while ahead:
            state = ahead.pop()
            if state not in seen:
                seen.add(state)
                ahead += self.table[state].to
        assert any(not self.table[state].to for state in seen)


def live(kind: type[Life], *, examples: int, steps: int = 50) -> set[tuple[str, str]]:
    """Let that many messages live; returns the moves that were seen."""
    kind.used = set()
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
        ),
    )
    return kind.used


def test_a_message_lives_as_its_table_says_and_sees_every_state() -> None:
    seen = live(Life, examples=300)
    assert seen <= set(moves(MESSAGE))
    assert {new for _, new in seen} == set(MESSAGE)


BROKEN = {
    "what was sent may be sent again": ("sent", "ready"),
    "what was refused for ever goes on": ("failed", "sent"),
    "a letter is sent without a word": ("ready", "sent"),
    "a withdrawn letter goes on": ("cancelled", "sent"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_faulty_table_would_be_noticed(fault: str) -> None:
    old, new = BROKEN[fault]
    faulty = {**MESSAGE, old: State(MESSAGE[old].meaning, (*MESSAGE[old].to, new))}
    kind = type("FaultyLife", (Life,), {"table": faulty})
    with pytest.raises(AssertionError):
        live(kind, examples=300)


class LifeInTheDatabase(Life):
    """The same life, with a row that follows and that may refuse to."""

    @initialize()
    def post(self) -> None:
        super().post()
        self.row = Message.objects.create(
            lane="letter",
            priority=20,
            due_at=NOON,
            sending_domain=SendingDomain.objects.get_or_create(name="x.example")[0],
        )

    def move(self, new: str) -> None:
        super().move(new)
        self.keep(state=new, lease_owner=lease_in(new), attempts=self.attempts)

    def keep(self, **values: Any) -> None:
        with transaction.atomic():
            Message.objects.filter(pk=self.row.pk).update(**values)

    @rule(new=st.sampled_from(list(MESSAGE)))
    def somebody_tries_what_is_not_allowed(self, new: str) -> None:
        if new != self.state and not self.may(new):
            assert not moves_to(self.row, new)

    @invariant()
    def the_row_says_the_same(self) -> None:
        self.row.refresh_from_db()
        assert self.row.state == self.state


@pytest.mark.django_db
def test_the_row_of_a_message_lives_the_same_life() -> None:
    assert live(LifeInTheDatabase, examples=40, steps=30) <= set(moves(MESSAGE))
