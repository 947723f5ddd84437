"""The person's gate: what was shown is what is confirmed, once, by the person alone."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from tests.factories import AMINA, BRUNO, NOW, a_campaign, an_action
from tocsin.actions.models import Action, Confirmation, MailGuard
from tocsin.actions.release import Confirmed, confirm_action, refuse_action
from tocsin.actions.states import ACTION
from tocsin.actions.words import Words
from tocsin.kit.states import flaws
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.supporters.models import Consent, Supporter

pytestmark = pytest.mark.django_db


def test_the_life_of_an_action_has_no_dead_end() -> None:
    assert flaws(ACTION, start="pending") == []


def test_a_confirmed_action_is_released_and_a_second_click_changes_nothing() -> None:
    action = an_action(a_campaign())
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.RELEASED
    assert Action.objects.get().state == "released"
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.ALREADY
    Action.objects.update(state="written")
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.ALREADY
    assert Action.objects.get().state == "written"


def test_what_was_replaced_since_it_was_shown_is_not_confirmed() -> None:
    campaign = a_campaign()
    action = an_action(campaign)
    Action.objects.update(revision=2)
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.CHANGED
    assert Action.objects.get().state == "pending"


def test_an_action_that_is_gone_cannot_be_confirmed() -> None:
    assert confirm_action(action_id=uuid4(), revision=1) is Confirmed.GONE


def test_a_campaign_that_closed_meanwhile_releases_nothing() -> None:
    campaign = a_campaign()
    action = an_action(campaign)
    campaign.state = "closed"
    campaign.save()
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.CLOSED
    assert Action.objects.get().state == "pending"


def test_who_confirmed_may_take_part_elsewhere_at_once() -> None:
    action = an_action(a_campaign())
    an_action(a_campaign())
    confirm_action(action_id=action.pk, revision=1)
    assert not MailGuard.objects.exists()
    an_action(a_campaign())
    assert Message.objects.count() == 3


def test_it_was_not_me_leaves_nothing_of_it() -> None:
    campaign = a_campaign()
    action = an_action(campaign, words=Words(own="Rubbish", body=""))
    Attempt.objects.create(message=Message.objects.get(), number=1, at=NOW, outcome="sent")
    other = an_action(campaign, person=BRUNO)
    assert refuse_action(action_id=action.pk)
    assert Action.objects.get() == other
    assert Supporter.objects.get() == other.supporter
    assert Message.objects.get() == Confirmation.objects.get().message
    assert MessageContent.objects.count() == 1
    assert not Attempt.objects.exists()
    assert set(Consent.objects.values_list("supporter", flat=True)) == {other.supporter.pk}


def test_it_was_not_me_deletes_nothing_that_was_confirmed() -> None:
    action = an_action(a_campaign())
    confirm_action(action_id=action.pk, revision=1)
    assert not refuse_action(action_id=action.pk)
    assert Action.objects.exists()


def test_it_was_not_me_twice_is_harmless() -> None:
    action = an_action(a_campaign())
    assert refuse_action(action_id=action.pk)
    assert not refuse_action(action_id=action.pk)


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_release_once() -> None:
    action = an_action(a_campaign(), person=AMINA)

    def click(_: int) -> Confirmed:
        try:
            return confirm_action(action_id=action.pk, revision=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(click, range(8)))
    assert sorted(answer.name for answer in answers) == ["ALREADY"] * 7 + ["RELEASED"]
