"""The number on the page: confirmed, counted once, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import AMINA, BRUNO, NOW, a_campaign, an_action
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.outcomes.tally import confirmed, goal_step, tally_due


@pytest.mark.django_db
def test_an_action_counts_once_and_only_when_it_is_confirmed() -> None:
    campaign = a_campaign()
    action = an_action(campaign, person=AMINA)
    an_action(campaign, person=BRUNO)
    assert (tally_due(now=NOW), confirmed(campaign)) == (0, 0)
    confirm_action(action_id=action.pk, revision=1)
    assert (tally_due(now=NOW), confirmed(campaign)) == (1, 1)
    Action.objects.filter(pk=action.pk).update(state="written")
    assert (tally_due(now=NOW), confirmed(campaign)) == (0, 1)


@pytest.mark.django_db
def test_each_campaign_has_its_own_number() -> None:
    first, second = a_campaign(), a_campaign()
    for campaign in (first, second):
        an_action(campaign, person=AMINA)
    an_action(second, person=BRUNO)
    Action.objects.update(state="written")
    assert tally_due(now=NOW) == 3
    assert (confirmed(first), confirmed(second)) == (1, 2)


@pytest.mark.parametrize(
    ("number", "goal", "step"),
    [
        (0, 5000, 100),
        (99, 5000, 100),
        (100, 5000, 250),
        (260, 5000, 500),
        (2600, 5000, 5000),
        (0, 60, 60),
        (60, 60, 100),
        (4999, 5000, 5000),
        (5000, 5000, 10_000),
        (1_000_000, 5000, 2_500_000),
    ],
)
def test_the_ladder_leads_to_the_goal_and_then_on(number: int, goal: int, step: int) -> None:
    assert goal_step(number, goal) == step


@given(number=st.integers(0, 10**8), goal=st.integers(1, 10**8))
def test_a_step_is_always_ahead_and_never_falls(number: int, goal: int) -> None:
    assert goal_step(number, goal) > number
    assert goal_step(number + 1, goal) >= goal_step(number, goal)
