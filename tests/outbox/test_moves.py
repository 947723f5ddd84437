"""The database lets a message move as its table says, and in no other way."""

from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from psycopg.errors import CheckViolation

from tests.outbox.mails import NOON
from tocsin.kit.states import flaws, moves
from tocsin.outbox.models import Message
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.states import MESSAGE

pytestmark = pytest.mark.django_db


def a_message(state: str) -> Message:
    return Message.objects.create(
        lane="letter",
        priority=20,
        due_at=NOON,
        state=state,
        lease_owner=lease_in(state),
        sending_domain=SendingDomain.objects.get_or_create(name="letters.lumiere.example")[0],
    )


def lease_in(state: str) -> int | None:
    return 7 if state in ("leased", "sending") else None


def moves_to(message: Message, state: str) -> bool:
    try:
        with transaction.atomic():
            Message.objects.filter(pk=message.pk).update(state=state, lease_owner=lease_in(state))
            transaction.set_rollback(True)
    except IntegrityError as error:
        if name_of(error) != "a_message_moves_as_its_table_says":
            raise
        return False
    return True


def name_of(error: IntegrityError) -> str | None:
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, CheckViolation) else None


def test_the_table_of_states_is_sound() -> None:
    assert flaws(MESSAGE, start="ready") == []


def test_the_database_knows_the_moves_of_the_table_and_no_other() -> None:
    messages = {state: a_message(state) for state in MESSAGE}
    possible = {(old, new) for old, new in permutations(MESSAGE, 2) if moves_to(messages[old], new)}
    assert possible == set(moves(MESSAGE))


def test_a_bounced_message_never_moves_again() -> None:
    bounced = a_message("bounced")
    assert [state for state in MESSAGE if state != "bounced" and moves_to(bounced, state)] == []


def test_a_refused_move_is_told_in_words() -> None:
    sent = a_message("sent")
    with pytest.raises(IntegrityError, match="a message does not move from sent to ready"):
        Message.objects.filter(pk=sent.pk).update(state="ready")


def test_a_message_that_stays_where_it_is_may_be_saved() -> None:
    sent = a_message("sent")
    sent.attempts = 3
    sent.save()
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("sent", 3)
