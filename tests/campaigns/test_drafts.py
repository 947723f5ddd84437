"""A campaign before it is open: what it needs, what it does not do, and how it opens."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import at_once
from tests.factories import (
    NOW,
    a_campaign,
    a_draft,
    a_target,
    a_tested_draft,
    an_action,
    an_area,
    take,
)
from tests.readers.cast import lists
from tocsin.actions.take import NotOpen
from tocsin.campaigns.checklist import is_tested, letters_mark, missing_in, points_of
from tocsin.campaigns.copying import begin_campaign
from tocsin.campaigns.models import ENDED, Campaign, CampaignTarget
from tocsin.campaigns.opening import (
    NeverOpened,
    NotReady,
    Opened,
    close_campaign,
    open_campaign,
    open_due,
    pause_campaign,
    plan_opening,
    reopen_campaign,
)
from tocsin.campaigns.recipients import write_to
from tocsin.campaigns.wording_rules import add_rule
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.hold import stop_mailing
from tocsin.outbox.post import mailbox_for
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.watch import Incident
from tocsin.outcomes.voices import due_schedules, write_collective_due
from tocsin.privacy.ending import end_campaigns
from tocsin.privacy.memory import Ending
from tocsin.targets.models import Target, TargetAddress, TargetName

pytestmark = pytest.mark.django_db


def missing(campaign: Campaign) -> tuple[str, ...]:
    fresh = Campaign.objects.select_related("organisation", "mailing").get(pk=campaign.pk)
    return missing_in(points_of(fresh, now=NOW))


def test_a_draft_takes_nothing_and_is_neither_going_nor_ended() -> None:
    campaign = a_draft()
    assert (campaign.is_open, campaign.is_going, campaign.standing) == (False, False, "draft")
    assert not Campaign.objects.going_at(NOW).exists()
    with pytest.raises(NotOpen):
        an_action(campaign)


def test_a_draft_past_its_stop_date_is_still_a_draft_and_never_erased() -> None:
    campaign = a_draft()
    stop_mailing(campaign.mailing, at=NOW - timedelta(days=1))
    campaign = Campaign.objects.get()
    assert campaign.standing == "draft"
    for days in (0, 1, 400):
        at = NOW + timedelta(days=days)
        assert end_campaigns(at=at, on=at.date()) == 0
    assert not Ending.objects.exists()
    assert missing(campaign) == ("stop", "tested")


def test_no_collective_letter_is_planned_for_a_draft() -> None:
    campaign = a_draft(ways=("lent",))
    assert write_collective_due(now=NOW) == 0
    assert not hasattr(Campaign.objects.get(), "collective_schedule")
    reopened = a_campaign(ways=("lent",))
    write_collective_due(now=NOW)
    Campaign.objects.filter(pk=reopened.pk).update(state="draft")
    assert not due_schedules(now=NOW + timedelta(days=30)).exists()
    assert campaign.state == "draft"


def test_a_draft_can_only_be_opened() -> None:
    campaign = a_tested_draft()
    with pytest.raises(NeverOpened):
        pause_campaign(campaign)
    for state in ENDED:
        with pytest.raises(NeverOpened):
            close_campaign(campaign, state=state)
    with pytest.raises(NeverOpened):
        reopen_campaign(campaign, now=NOW)
    assert Campaign.objects.get().state == "draft"


def test_with_everything_there_it_opens_and_takes_letters() -> None:
    campaign = a_tested_draft()
    assert missing(campaign) == ()
    open_campaign(campaign, now=NOW)
    assert Campaign.objects.get().is_open
    take(Campaign.objects.get())
    with pytest.raises(Opened):
        open_campaign(campaign, now=NOW)
    with pytest.raises(Opened):
        plan_opening(campaign, at=NOW)


def test_an_empty_draft_lacks_everything_and_says_all_of_it_at_once() -> None:
    campaign = a_draft()
    campaign.campaign_targets.all().delete()
    campaign.wordings.all().delete()
    campaign.consents.clear()
    SendingDomain.objects.all().delete()
    Campaign.objects.update(goal=0)
    for path in (lists() / campaign.organisation.slug).iterdir():
        path.unlink()
    with pytest.raises(NotReady) as refused:
        open_campaign(campaign, now=NOW)
    wanted = ("targets", "addresses", "letter", "consents", "goal", "readers", "domain", "tested")
    assert refused.value.missing == wanted
    assert Campaign.objects.get().state == "draft"


@pytest.mark.parametrize("language", ["kk", "fr"])
def test_the_letter_is_there_in_each_language_of_pages_and_targets(language: str) -> None:
    campaign = a_tested_draft()
    campaign.wordings.filter(language=language).delete()
    points = {p.name: p for p in points_of(campaign, now=NOW, languages=["en", language])}
    assert points["letter"].lacks == (language,)
    lacks = points["consents"].lacks
    assert lacks == (("open · kk",) if language == "kk" else ())


def test_a_letter_for_embassies_alone_is_not_one_for_everybody() -> None:
    campaign = a_tested_draft()
    campaign.wordings.filter(language="en", text="").delete()
    assert "letter" in missing(campaign)


def test_each_way_that_is_offered_needs_its_words() -> None:
    campaign = a_tested_draft(ways=("open", "shielded"))
    campaign.consents.filter(purpose="send_shielded", language="fr").delete()
    [point] = [p for p in points_of(campaign, now=NOW) if p.name == "consents"]
    assert (point.done, point.lacks) == (False, ("shielded · fr",))


@pytest.mark.parametrize("state", ["invalid", "refusing"])
def test_a_target_whose_mailbox_takes_nothing_is_named(state: str) -> None:
    campaign = a_tested_draft()
    row = campaign.campaign_targets.select_related("target").first()
    assert row
    mailbox_for(row.target.addresses.get().address)
    Mailbox.objects.update(state=state)
    [point] = [p for p in points_of(campaign, now=NOW) if p.name == "addresses"]
    assert point.lacks == (row.target.slug,)


def test_a_target_without_a_name_or_an_address_keeps_it_shut() -> None:
    for noun in (TargetName, TargetAddress):
        campaign = a_tested_draft()
        noun.objects.all().delete()
        assert "addresses" in missing(campaign)


def test_somebody_gets_the_letters_of_everybody() -> None:
    campaign = a_tested_draft()
    campaign.campaign_targets.update(scope=CampaignTarget.Scope.COUNTRY)
    assert "targets" in missing(campaign)


@pytest.mark.parametrize("state", ["unchecked", "red"])
def test_a_real_domain_must_be_in_order(state: str) -> None:
    campaign = a_tested_draft()
    SendingDomain.objects.update(reserved=False, state=state)
    assert missing(campaign) == ("domain",)
    SendingDomain.objects.update(state="green")
    assert missing(campaign) == ()


def test_what_is_changed_after_the_test_has_to_be_tested_again() -> None:
    campaign = a_tested_draft()
    letter, target = campaign.wordings.all()[0], campaign.campaign_targets.all()[0].target
    letter.body += " And more."
    letter.save()
    assert not is_tested(campaign)
    letter.body = letter.body.removesuffix(" And more.")
    letter.save()
    assert is_tested(campaign)
    for change in (
        lambda: target.addresses.update(address="another@state.example"),
        lambda: target.names.update(salutation="You,"),
        lambda: campaign.campaign_targets.create(target=a_target(), position=9),
        lambda: campaign.campaign_targets.update(scope="everyone"),
        lambda: Target.objects.filter(pk=target.pk).update(area=an_area()),
    ):
        with transaction.atomic():
            change()
            assert not is_tested(campaign)
            transaction.set_rollback(True)
    assert is_tested(campaign)


def test_it_opens_by_itself_when_its_moment_has_come_and_not_before() -> None:
    campaign = a_tested_draft()
    plan_opening(campaign, at=NOW + timedelta(hours=1))
    assert open_due(now=NOW) == 0
    assert open_due(now=NOW + timedelta(hours=1)) == 1
    assert open_due(now=NOW + timedelta(hours=2)) == 0
    found = Campaign.objects.get()
    assert (found.state, found.opens_at) == ("open", None)
    assert not Incident.objects.exists()


def test_what_is_not_ready_at_its_moment_stays_shut_and_a_person_is_told_once() -> None:
    campaign, other = a_tested_draft(), a_tested_draft()
    for each in (campaign, other):
        plan_opening(each, at=NOW)
    campaign.wordings.update(subject="Another subject")
    for minutes in range(3):
        open_due(now=NOW + timedelta(minutes=minutes))
    states = dict(Campaign.objects.values_list("pk", "state"))
    assert states == {campaign.pk: "draft", other.pk: "open"}
    incident = Incident.objects.get()
    assert (incident.kind, incident.about, incident.times) == ("opening", campaign.slug, 1)
    assert incident.words == "tested"
    assert Campaign.objects.get(pk=campaign.pk).opens_at is None
    plan_opening(campaign, at=NOW + timedelta(days=1))
    assert Incident.objects.get().closed


def test_the_database_knows_no_open_campaign_that_waits_to_open() -> None:
    campaign = a_campaign()
    with pytest.raises(IntegrityError, match="only_a_draft_waits_to_open"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(opens_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_who_open_it_at_once_open_it_once() -> None:
    campaign = a_tested_draft()

    def press() -> str:
        try:
            open_campaign(Campaign.objects.get(pk=campaign.pk), now=NOW)
        except Opened:
            return "opened"
        return "done"

    assert sorted(at_once([press, press])) == ["done", "opened"]


def test_a_change_of_the_rules_asks_for_another_test_run() -> None:
    campaign = a_tested_draft()
    assert is_tested(campaign)
    for row in campaign.campaign_targets.all():
        row.not_from = ["NO"]
        row.save()
        assert not is_tested(campaign)
        row.not_from = []
        row.save()
        assert is_tested(campaign)
    campaign.pool_size = 3
    assert not is_tested(campaign)


def test_the_mark_tells_what_a_rule_asks_and_whether_the_letter_stays() -> None:
    campaign = a_draft()
    rule = add_rule(campaign, country="FR", text="embassy")
    mark = letters_mark(campaign)
    type(rule).objects.filter(pk=rule.pk).update(country="", seat="FR")
    other = letters_mark(campaign)
    assert other != mark
    campaign.letter_is_fixed = True
    assert letters_mark(campaign) != other


def test_somebody_is_written_to_by_everybody_or_it_does_not_open() -> None:
    campaign = a_tested_draft()
    row = campaign.campaign_targets.get(scope="everyone")

    def lacks_targets() -> bool:
        return "targets" in missing_in(points_of(campaign, now=NOW))

    assert not lacks_targets()
    for scope, lacks in (("country", True), ("pool", False), ("elsewhere", False)):
        type(row).objects.filter(pk=row.pk).update(scope=scope)
        assert lacks_targets() is lacks, scope
    Target.objects.filter(pk=row.target_id).update(archived_on=NOW.date())
    assert lacks_targets()


def test_a_copy_has_the_rules_as_well() -> None:
    model = a_campaign()
    Campaign.objects.update(pool_size=4)
    model.refresh_from_db()
    model.campaign_targets.update(scope="pool", not_from=["NO"])
    copy = begin_campaign(organisation=model.organisation, slug="copy", model=model)
    assert copy.pool_size == 4
    rows = copy.campaign_targets.values_list("scope", "not_from")
    assert list(rows) == [("pool", ["NO"])] * 2


def test_who_is_written_to_already_is_not_added_again() -> None:
    campaign, target = a_draft(), a_target(kind="embassy", seat="DE")
    assert [write_to(campaign, [target]) for _ in range(2)] == [1, 0]
    row = campaign.campaign_targets.get(target=target)
    assert (row.scope, row.position) == ("country", 2)
    assert write_to(campaign, [target, a_target()], scope="pool", not_from=["FR"]) == 1
    newest = campaign.campaign_targets.order_by("position").last()
    assert newest is not None
    assert (newest.scope, newest.not_from, newest.position) == ("pool", ["FR"], 3)
