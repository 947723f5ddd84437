"""Who prepares a campaign, who changes what is public, who keeps the directory."""

import pytest

from tests.factories import a_campaign, a_draft, a_home_page, a_target, an_organisation
from tests.office.desk import a_clerk, text_of
from tests.office.test_guide import LETTER, at, fill
from tests.pages.reading import Answer
from tocsin.campaigns.models import Campaign
from tocsin.pages.models import CampaignPage, SectionPage
from tocsin.pages.sections import lay_out_section
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db

EDITOR = ("view_campaign", "add_campaign", "view_target")
NEW = {
    "do": "new",
    "name": "The ministry",
    "salutation": "Sir,",
    "country": "CN",
    "seat": "",
    "address": "new@state.example",
    "language": "en",
}


def is_refused(answer: Answer) -> bool:
    """Whether Wagtail sent who asked back to its first page."""
    return answer.status_code == 302 and str(getattr(answer, "url", "")) == "/office/"


def test_an_editor_prepares_a_campaign() -> None:
    organisation = an_organisation()
    editor = a_clerk(*EDITOR)
    begin = {"organisation": organisation.pk, "title": "Where?", "slug": "where", "language": "en"}
    assert editor.post("/office/campaign/new/", begin).status_code == 302
    campaign = Campaign.objects.get()
    assert fill(editor, at(campaign, "letter/en/"), **LETTER).status_code == 302
    assert campaign.wordings.get().subject == LETTER["subject"]


@pytest.mark.parametrize("state", ["open", "paused", "closed"])
def test_what_was_opened_an_editor_looks_at_and_does_not_change(state: str) -> None:
    campaign = a_campaign()
    Campaign.objects.update(state=state)
    editor, publisher = a_clerk(*EDITOR), a_clerk("view_campaign", "change_campaign")
    before = list(campaign.wordings.values())
    assert "what is public is changed by a publisher" in text_of(editor.get(at(campaign)))
    assert is_refused(fill(editor, at(campaign, "letter/fr/"), **LETTER))
    assert is_refused(editor.post(at(campaign), {"do": "template"}))
    row = campaign.campaign_targets.all()[0]
    assert is_refused(editor.post(at(campaign, "targets/"), {"do": "remove", "row": row.pk}))
    assert list(campaign.wordings.values()) == before
    assert campaign.campaign_targets.count() == 2
    assert not Campaign.objects.get().is_template
    assert "is changed by a publisher" not in text_of(publisher.get(at(campaign)))
    assert fill(publisher, at(campaign, "letter/fr/"), **LETTER).status_code == 302
    assert campaign.wordings.get(language="fr", text="").subject == LETTER["subject"]


def test_who_may_only_look_at_campaigns_prepares_none() -> None:
    campaign = a_draft()
    reader = a_clerk("view_campaign")
    for url in ("/office/campaign/new/", at(campaign), at(campaign, "ways/")):
        assert is_refused(reader.get(url))


def test_only_who_keeps_the_directory_adds_somebody_to_it() -> None:
    campaign = a_draft()
    url = at(campaign, "targets/")
    editor, keeper = a_clerk(*EDITOR), a_clerk(*EDITOR, "add_target")
    assert "Somebody new" not in text_of(editor.get(url))
    assert "Nothing was done." in text_of(editor.post(url, NEW, follow=True))
    assert not Target.objects.filter(addresses__address="new@state.example").exists()
    keeper.post(url, NEW)
    target = Target.objects.get(addresses__address="new@state.example")
    assert campaign.campaign_targets.filter(target=target).exists()
    assert target.names.get().salutation == "Sir,"


def test_who_is_archived_is_not_offered_and_not_taken() -> None:
    campaign, target = a_draft(), a_target(kind="embassy", seat="DE")
    Target.objects.filter(pk=target.pk).update(archived_on="2026-01-01")
    editor, url = a_clerk(*EDITOR), at(campaign, "targets/")
    assert "embassy DE" not in text_of(editor.get(f"{url}?q=embassy+de"))
    editor.post(url, {"do": "pick", "chosen": [target.pk]})
    assert not campaign.campaign_targets.filter(target=target).exists()


@pytest.mark.parametrize("has_section", [True, False])
def test_a_new_page_lies_in_the_section_where_there_is_one(*, has_section: bool) -> None:
    organisation = an_organisation()
    a_home_page("fr")
    if has_section:
        lay_out_section(organisation)
    begin = {"organisation": organisation.pk, "title": "Where?", "slug": "where", "language": "fr"}
    editor = a_clerk(*EDITOR)
    editor.post("/office/campaign/new/", begin)
    campaign = Campaign.objects.get()
    editor.post(at(campaign, "languages/"), {"language": "kk"})  # which has no home page yet
    pages = CampaignPage.objects.filter(campaign=campaign)
    assert {page.language for page in pages} == {"fr", "kk"}
    for page in pages:
        assert isinstance(page.get_parent().specific, SectionPage) is has_section
        assert page.get_parent().locale == page.locale
