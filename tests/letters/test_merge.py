"""Two targets become one: campaigns, letters and mail stay right, whatever happens at once."""

import pytest
from django.db import connection

from tests.at_once import at_once
from tests.factories import AMINA, BRUNO, NOW, a_campaign, a_target, an_action, an_area
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.letters.merge import NotTwo, merge_targets, pairs_alike
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.models import Message
from tocsin.supporters.person import Person
from tocsin.targets.models import Target, TargetName

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def ministry(campaign: Campaign) -> Target:
    """The one that a campaign writes to."""
    return campaign.campaign_targets.get(target__kind="ministry").target


def written(campaign: Campaign, person: Person) -> Action:
    """Somebody's letters."""
    action = an_action(campaign, person=person)
    confirm_action(action_id=action.pk, revision=1)
    write_due(now=NOW)
    return action


def merge(kept: Target, gone: Target) -> None:
    merge_targets(kept=kept, gone=gone, today=TODAY)
    kept.refresh_from_db()
    gone.refresh_from_db()


def test_campaigns_and_letters_move_over_and_the_other_one_is_archived() -> None:
    first, second = a_campaign(), a_campaign()
    kept, gone = ministry(first), ministry(second)
    mine, theirs = written(first, AMINA), written(second, BRUNO)
    mailed = sorted(Message.objects.values_list("pk", "mailbox", "state"))
    merge(kept, gone)
    assert ministry(second) == kept
    assert Letter.objects.filter(target=kept).count() == 2
    assert {letter.action for letter in Letter.objects.filter(target=kept)} == {mine, theirs}
    assert not Letter.objects.filter(target=gone).exists()
    assert (gone.archived_on, gone.merged_into, kept.archived_on) == (TODAY, kept, None)
    assert sorted(Message.objects.values_list("pk", "mailbox", "state")) == mailed
    assert written(second, AMINA).letters.filter(target=kept).count() == 1


def test_a_campaign_that_writes_to_both_writes_to_one_and_both_letters_stay() -> None:
    campaign = a_campaign()
    kept, gone = ministry(campaign), a_target()
    CampaignTarget.objects.create(campaign=campaign, target=gone, position=5)
    action = written(campaign, AMINA)
    assert action.letters.count() == 3
    merge(kept, gone)
    assert action.letters.filter(target=gone).count() == 1
    assert action.letters.filter(target=kept).count() == 1
    assert not campaign.campaign_targets.filter(target=gone).exists()
    assert written(campaign, BRUNO).letters.count() == 2


def test_what_the_kept_one_says_stays_and_what_it_does_not_say_is_taken_over() -> None:
    kept, gone = a_target(), a_target()
    Target.objects.filter(pk=kept.pk).update(holder="Wang Wu", external_id="Q1")
    Target.objects.filter(pk=gone.pk).update(
        holder="Li Si", postal_address="1 Square", external_id="Q2", area=(area := an_area())
    )
    TargetName.objects.filter(target=kept, language="en").delete()
    TargetName.objects.filter(target=gone, language="fr").update(name="autrement")
    gone.addresses.update(is_public=True)
    both = [kept.addresses.get().address, gone.addresses.get().address]
    merge(kept, gone)
    assert (kept.holder, kept.postal_address, kept.external_id) == ("Wang Wu", "1 Square", "Q1")
    assert kept.area == area
    assert dict(kept.names.values_list("language", "name")) == {"en": "ministry", "fr": "ministry"}
    assert [row.address for row in kept.addresses.all()] == both
    assert [row.is_public for row in kept.addresses.all()] == [False, True]
    assert gone.external_id == "Q2"


def test_what_was_merged_before_leads_on() -> None:
    one, two, three = a_target(), a_target(), a_target()
    merge(two, one)
    merge(three, two)
    one.refresh_from_db()
    assert one.merged_into == three


def test_a_target_is_not_merged_with_itself_nor_twice() -> None:
    kept, gone = a_target(), a_target()
    with pytest.raises(NotTwo):
        merge(kept, kept)
    merge(kept, gone)
    for pair in ((kept, gone), (gone, kept)):
        with pytest.raises(NotTwo):
            merge(*pair)
    assert kept.archived_on is None


def test_pairs_are_alike_by_address_or_by_name_country_and_seat() -> None:
    one, two, three = a_target(), a_target(), a_target()
    elsewhere, archived = a_target(), a_target()
    TargetName.objects.filter(target=two).update(name="Another")
    TargetName.objects.filter(target=three).update(name="MINISTRY")
    two.addresses.update(address=one.addresses.get().address.upper())
    Target.objects.filter(pk=elsewhere.pk).update(country="TR")
    Target.objects.filter(pk=archived.pk).update(archived_on=TODAY)
    address = one.addresses.get().address
    assert list(pairs_alike()) == [
        (one.pk, two.pk, address, True),
        (one.pk, three.pk, "ministry", False),
    ]


def _merge(kept: Target, gone: Target) -> str:
    try:
        merge_targets(kept=kept, gone=gone, today=TODAY)
    except NotTwo:
        return "not two"
    return "merged"


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_two_who_merge_at_once_merge_once() -> None:
    one, two = a_target(), a_target()
    told = at_once([lambda: _merge(one, two), lambda: _merge(two, one)])
    assert sorted(told) == ["merged", "not two"]
    assert Target.objects.current().count() == 1
    connection.close()


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_letters_are_written_while_targets_are_merged() -> None:
    campaign = a_campaign()
    kept, gone = ministry(campaign), a_target()
    CampaignTarget.objects.create(campaign=campaign, target=gone, position=5)
    for person in (AMINA, BRUNO):
        confirm_action(action_id=an_action(campaign, person=person).pk, revision=1)
    at_once([lambda: str(write_due(now=NOW)), lambda: _merge(kept, gone)])
    write_due(now=NOW)
    assert set(Action.objects.values_list("state", flat=True)) == {"written"}
    for action in Action.objects.all():
        assert action.letters.filter(target=kept).count() == 1
