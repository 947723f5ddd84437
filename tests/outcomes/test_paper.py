"""Signatures on paper: a figure of its own, entered once, and taken back by a second entry."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import at_once
from tests.factories import NOW, a_campaign
from tocsin.outcomes.audit import audit
from tocsin.outcomes.paper import (
    AlreadyThere,
    PaperCount,
    Sheet,
    enter_sheets,
    signed_on_paper,
    undo_entry,
)
from tocsin.outcomes.tally import confirmed

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 9)
LYON = Sheet(DAY, "Lyon", 40)
PARIS = Sheet(DAY, "Paris", 2)


def test_it_is_never_in_the_confirmed_number() -> None:
    campaign = a_campaign()
    assert enter_sheets(campaign=campaign, sheets=[LYON, PARIS], who="chiara", now=NOW) == 42
    assert (signed_on_paper(campaign), confirmed(campaign)) == (42, 0)
    assert signed_on_paper(a_campaign()) == 0
    assert audit().holds


def test_the_same_sheet_is_not_entered_twice_by_mistake() -> None:
    campaign = a_campaign()
    enter_sheets(campaign=campaign, sheets=[LYON], who="chiara", now=NOW)
    with pytest.raises(AlreadyThere) as refused:
        enter_sheets(campaign=campaign, sheets=[PARIS, LYON, PARIS], who="chiara", now=NOW)
    assert refused.value.places == (1, 2)
    assert signed_on_paper(campaign) == 40
    enter_sheets(campaign=campaign, sheets=[LYON], who="chiara", now=NOW, again=True)
    assert signed_on_paper(campaign) == 80
    enter_sheets(campaign=a_campaign(), sheets=[LYON], who="chiara", now=NOW)


def test_an_entry_is_taken_back_once_by_a_second_one() -> None:
    campaign, other = a_campaign(), a_campaign()
    enter_sheets(campaign=campaign, sheets=[LYON, PARIS], who="chiara", now=NOW)
    pk = PaperCount.objects.get(place="Lyon").pk
    later = NOW + timedelta(days=1)
    assert not undo_entry(campaign=other, pk=pk, who="mallory", now=later)
    assert undo_entry(campaign=campaign, pk=pk, who="bruno", now=later)
    assert not undo_entry(campaign=campaign, pk=pk, who="bruno", now=later)
    counter = PaperCount.objects.get(undoes=pk)
    assert not undo_entry(campaign=campaign, pk=counter.pk, who="bruno", now=later)
    assert (counter.number, counter.who, counter.place) == (-40, "bruno", "Lyon")
    assert (signed_on_paper(campaign), PaperCount.objects.count()) == (2, 3)
    enter_sheets(campaign=campaign, sheets=[LYON], who="chiara", now=later)
    assert signed_on_paper(campaign) == 42


@pytest.mark.parametrize("number", [0, -1])
def test_the_database_allows_no_number_below_nothing_that_undoes_nothing(number: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperCount.objects.create(
            campaign=a_campaign(), day=DAY, place="x", number=number, who="x", entered=NOW
        )


@pytest.mark.django_db(transaction=True)
def test_what_two_do_at_the_same_moment_is_done_once() -> None:
    campaign = a_campaign()

    def enter() -> bool:
        try:
            enter_sheets(campaign=campaign, sheets=[LYON], who="chiara", now=NOW)
        except AlreadyThere:
            return False
        return True

    assert sorted(at_once([enter] * 4)) == [False, False, False, True]
    pk = PaperCount.objects.get().pk
    undone = at_once([lambda: undo_entry(campaign=campaign, pk=pk, who="x", now=NOW)] * 4)
    assert sorted(undone) == [False, False, False, True]
    assert (signed_on_paper(campaign), PaperCount.objects.count()) == (0, 2)
