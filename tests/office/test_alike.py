"""How alike letters are, on the letter step and on the board: of few, nothing is said."""

import pytest

from tests.factories import a_campaign, a_second_letter
from tests.office.desk import chiara, text_of
from tests.office.test_guide import at
from tests.pages.test_letter_help import letters_of
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.alike import Variant, how_alike

pytestmark = pytest.mark.django_db


def of_the_second(campaign: Campaign, *, own: int, equal: int) -> None:
    """So many of the letters written began as the second one."""
    for is_own, number in ((True, own), (False, equal)):
        rows = Action.objects.filter(campaign=campaign, is_own=is_own, state="written")
        keys = list(rows.values_list("pk", flat=True)[:number])
        Action.objects.filter(pk__in=keys).update(variant=2)


def test_without_letters_or_with_few_it_says_so_and_no_number() -> None:
    campaign = a_campaign()
    board, step = f"/office/board/{campaign.slug}/", at(campaign, "letter/en/")
    for url in (board, step, at(campaign, "texts/")):
        assert "No letter has been written yet." in text_of(chiara().get(url))
    letters_of(campaign, own=1, equal=0)
    assert "Fewer than 10 letters have been written" in text_of(chiara().get(step))
    other = a_campaign()
    letters_of(other, own=4, equal=5)
    assert how_alike(other).is_few
    assert "Unchanged, in a hundred" not in text_of(chiara().get(f"/office/board/{other.slug}/"))


def test_shares_are_said_in_tens_and_rare_letters_are_put_together() -> None:
    campaign = a_campaign()
    a_second_letter(campaign)
    letters_of(campaign, own=10, equal=29)
    of_the_second(campaign, own=4, equal=5)
    found = how_alike(campaign)
    assert (found.letters, found.unedited, found.same, found.subjects) == (39, 70, 60, 2)
    assert found.variants == (Variant(1, 30, 80),)
    assert found.others == 9
    shown = text_of(chiara().get(f"/office/board/{campaign.slug}/"))
    assert "Of the last 39 letters about 70 in a hundred are as a model letter was" in shown
    assert "letter 1 30 80" in shown
    assert "others, with fewer than 10 each 9 –" in shown
    assert "Write one more letter" in shown


def test_letters_that_are_not_written_or_of_another_campaign_are_not_looked_at() -> None:
    campaign = a_campaign()
    letters_of(campaign, own=0, equal=12)
    letters_of(a_campaign(), own=12, equal=0)
    Action.objects.filter(campaign=campaign, state="pending").update(is_own=True)
    found = how_alike(campaign)
    assert (found.letters, found.unedited, found.same, found.subjects) == (12, 100, 100, 1)
