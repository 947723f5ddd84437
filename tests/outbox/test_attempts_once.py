"""An attempt is written once, when it is over: of what is on the line only its number is known."""

import uuid

import pytest
from django.db import IntegrityError

from tests.outbox.mails import NOON, a_message, state_of
from tests.outbox.situations import an_attempt
from tests.outbox.test_upgrade import Version, scratch
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.models import Message
from tocsin.outbox.record import record_doubts
from tocsin.outbox.take_back import take_back_due

BEFORE, AFTER = "0013_sealed_record", "0014_attempts_once"
DEAD = 7

__all__ = ["scratch"]


@pytest.mark.django_db
def test_the_database_takes_no_attempt_without_an_outcome() -> None:
    with pytest.raises(IntegrityError):
        an_attempt(a_message(), outcome="")


@pytest.mark.django_db
def test_a_doubt_is_noted_of_what_was_on_the_line_and_of_nothing_else() -> None:
    on_the_line, ready = a_message(), a_message()
    for state in ("leased", "sending"):
        Message.objects.filter(pk=on_the_line.pk).update(state=state, lease_owner=DEAD, tried=3)
    both = [on_the_line.pk, ready.pk]
    assert [record_doubts(both, due=NOON, now=NOON) for _ in range(2)] == [1, 0]
    assert (state_of(on_the_line), state_of(ready)) == ("in_doubt", "ready")
    [doubt] = on_the_line.tries.all()
    assert (doubt.number, doubt.outcome, doubt.at) == (3, "in_doubt", to_the_hour(NOON))
    assert not ready.tries.exists()


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_what_was_on_the_line_at_the_upgrade_becomes_a_doubt(scratch: None) -> None:
    old = Version(BEFORE)
    letter = old.make(
        "Message",
        id=uuid.uuid4(),
        lane="letter",
        priority=20,
        due_at=NOON,
        state="sending",
        tried=2,
        attempts=1,
        lease_owner=DEAD,
        sending_domain=old.make("SendingDomain", name="letters.a.example"),
    )
    for number, outcome in ((1, "transient"), (2, "")):
        old.make("Attempt", message=letter, number=number, at=NOON, outcome=outcome)
    Version(AFTER)
    assert take_back_due(now=NOON) == 1
    message = Message.objects.get(pk=letter.pk)
    assert (message.state, message.attempts) == ("in_doubt", 2)
    found = list(message.tries.order_by("number").values_list("number", "outcome"))
    assert found == [(1, "transient"), (2, "in_doubt")]
