"""Who is written to by lot, or where there is no embassy: shown as it will be sent, everywhere."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import NOW, a_target, an_action
from tests.pages.filling import filled, send
from tests.pages.reading import Sheet
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.kit.addresses import read_address
from tocsin.letters.draft import drafts_of
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.pages.models import CampaignPage
from tocsin.pages.offer import offer_of
from tocsin.supporters.person import Person
from tocsin.targets.models import Target, TargetName

Scope = CampaignTarget.Scope


@pytest.fixture
def page(french: CampaignPage) -> CampaignPage:
    """A page whose campaign writes to two of ten deputies."""
    for number in range(10):
        target = a_target(kind="parliament")
        TargetName.objects.filter(target=target).update(name=f"Deputy {number}")
        CampaignTarget.objects.create(
            campaign=french.campaign, target=target, scope=Scope.POOL, position=5
        )
    Campaign.objects.filter(pk=french.campaign.pk).update(pool_size=2)
    return french


def shown(answer: Any) -> list[str]:
    """The deputies to whom letters on the page are addressed."""
    return re.findall(r"<dd[^>]*>(Deputy \d)</dd>", Sheet(answer).source)


def written_to(action: Action) -> list[str]:
    """The deputies that its letters went to."""
    targets = Letter.objects.filter(action=action).values("target")
    names = TargetName.objects.filter(target__in=targets, language="fr", name__startswith="Dep")
    return sorted(names.values_list("name", flat=True))


def test_what_the_preview_shows_is_what_is_kept_confirmed_and_sent(page: CampaignPage) -> None:
    preview = send(page, filled(page, step="preview"))
    promised = shown(preview)
    assert len(promised) == 2
    [draw] = re.findall(r'name="draw" value="([0-9a-f]{16})"', Sheet(preview).source)
    again = send(page, filled(page, step="preview", draw=draw))
    assert shown(again) == promised
    assert send(page, filled(page, draw=draw)).status_code == 303
    action = Action.objects.get()
    named = [draft.target_name for draft in drafts_of(action)]
    assert [name for name in named if name.startswith("Deputy")] == promised
    confirm_action(action_id=action.pk, revision=1)
    write_due(now=NOW)
    assert written_to(action) == sorted(promised)


def test_without_a_preview_the_action_itself_is_the_lot(page: CampaignPage) -> None:
    action = an_action(page.campaign)
    assert action.draw == ""
    first = [draft.target for draft in drafts_of(action)]
    assert first == [draft.target for draft in drafts_of(action)]
    assert len(first) == 4


def test_each_person_draws_a_lot_of_their_own(page: CampaignPage) -> None:
    written = []
    for number in range(12):
        person = Person("Amina", "Yusuf", read_address(f"amina{number}@mail.example"))
        action = an_action(page.campaign, person=person)
        drafts = [draft.target for draft in drafts_of(action)]
        written.append(tuple(target.pk for target in drafts if target.kind == "parliament"))
    assert {len(each) for each in written} == {2}
    assert len(set(written)) > 3


@pytest.mark.parametrize("draw", ["<script>", "0" * 500, "zzzz"])
def test_a_lot_that_nobody_drew_is_not_taken(page: CampaignPage, draw: str) -> None:
    answer = send(page, filled(page, step="preview", draw=draw))
    assert draw not in Sheet(answer).source
    send(page, filled(page, draw=draw))
    assert re.fullmatch("[0-9a-f]{16}", Action.objects.get().draw)


def test_no_lot_is_drawn_where_there_is_none_to_draw(french: CampaignPage) -> None:
    answer = send(french, filled(french, step="preview", draw="0" * 16))
    assert 'name="draw"' not in Sheet(answer).source
    send(french, filled(french, draw="0" * 16))
    assert Action.objects.get().draw == ""


def test_the_page_says_that_lots_are_drawn_and_among_whom(page: CampaignPage) -> None:
    said = Sheet(Client().get(page.url)).text()
    assert "2 de ces destinataires" in said
    assert "Deputy 9" in said
    Campaign.objects.update(pool_size=0)
    assert "de ces destinataires" not in Sheet(Client().get(page.url)).text()
    assert "Deputy 9" in Sheet(Client().get(page.url)).text()


def test_the_page_says_who_stands_in_where_there_is_no_embassy(french: CampaignPage) -> None:
    target = a_target(kind="head_of_state")
    TargetName.objects.filter(target=target).update(name="The stand-in")
    CampaignTarget.objects.create(campaign=french.campaign, target=target, scope=Scope.ELSEWHERE)
    assert "The stand-in" in Sheet(Client().get(french.url)).text()
    there = send(french, filled(french, step="preview", country="SN"))
    assert ">The stand-in</dd>" in Sheet(there).source
    at_home = send(french, filled(french, step="preview", country="FR"))
    assert ">The stand-in</dd>" not in Sheet(at_home).source
    send(french, filled(french, country="SN"))
    assert [draft.target_name for draft in drafts_of(Action.objects.get())].count("The stand-in")


def test_a_form_that_could_reach_nobody_is_not_offered(french: CampaignPage) -> None:
    french.campaign.campaign_targets.filter(scope=Scope.EVERYONE).update(not_from=["CN"])
    assert offer_of(french) is None
    french.campaign.campaign_targets.filter(scope=Scope.EVERYONE).update(not_from=[])
    assert offer_of(french) is not None
    Target.objects.filter(kind="ministry").update(archived_on=NOW.date())
    assert offer_of(french) is None


def test_who_is_archived_is_shown_nowhere(french: CampaignPage) -> None:
    Target.objects.filter(kind="embassy").update(archived_on=NOW.date())
    assert "embassy FR" not in Sheet(Client().get(french.url)).text()
    answer = send(french, filled(french, step="preview"))
    assert "embassy FR" not in Sheet(answer).source
    by_oneself = Client().get(f"/fr/yourself/{french.slug}/")
    assert "embassy FR" not in by_oneself.content.decode()
