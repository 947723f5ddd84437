"""The guided way in the office: from an idea to an open campaign, and nothing lost on it."""

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from tests.factories import (
    NOW,
    a_campaign,
    a_campaign_page,
    a_draft,
    a_target,
    an_organisation,
)
from tests.office.desk import chiara, text_of
from tests.pages.reading import Answer
from tocsin.campaigns.checklist import letters_mark
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.rehearsal import Rehearsal
from tocsin.office.guide_words import POINT_WORDS
from tocsin.outbox.routes import Mailing
from tocsin.pages.models import CampaignPage
from tocsin.pages.preparing import all_points

pytestmark = pytest.mark.django_db

LETTER = {
    "subject": "Where are they?",
    "opening": "",
    "body": "Tell the families.",
    "closing": "Yours,",
    "send": "I agree.",
    "send_shielded": "",
    "send_lent": "",
    "news": "",
}


def at(campaign: Campaign, place: str = "") -> str:
    """The address of a page of the way."""
    return f"/office/campaign/{campaign.pk}/{place}"


def fill(client: Client, url: str, **filled: Any) -> Answer:
    """Fill in the form as it stands there now, and save."""
    page = client.get(url).content.decode()
    mark = re.search(r'name="mark" value="([^"]*)"', page)
    return client.post(url, {"mark": mark[1] if mark else "", "do": "save", **filled})


def test_a_campaign_begins_as_a_draft_with_an_empty_page_that_nobody_sees() -> None:
    organisation, client = an_organisation(), chiara()
    filled = {"organisation": organisation.pk, "title": "Where are they?", "slug": "Where-Are"}
    answer = client.post("/office/campaign/new/", {**filled, "language": "fr"})
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"{at(campaign)}?saved"
    assert (campaign.state, campaign.slug) == ("draft", "where-are")
    page = CampaignPage.objects.get()
    assert (page.language, page.live, page.title) == ("fr", False, "Where are they?")
    assert Client().get("/fr/where-are/").status_code == 404
    shown = text_of(client.get(at(campaign)))
    assert "8 things are missing" in shown
    assert "Not yet: Each page tells a story" in shown


def test_what_cannot_begin_is_said_and_what_was_typed_stays() -> None:
    organisation, other = an_organisation(), a_draft()
    filled = {"organisation": organisation.pk, "title": "A title to keep", "language": "fr"}
    client = chiara()
    answer = client.post("/office/campaign/new/", {**filled, "slug": other.slug})
    assert answer.status_code == 422
    assert "A campaign has this short name already" in text_of(answer)
    assert "A title to keep" in answer.content.decode()
    answer = client.post("/office/campaign/new/", {**filled, "slug": "new", "model": other.pk})
    assert "Choose a model of the same organisation." in text_of(answer)
    assert Campaign.objects.count() == 1


def test_the_whole_way_from_nothing_to_an_open_campaign() -> None:
    organisation, client = an_organisation(), chiara()
    begin = {"organisation": organisation.pk, "title": "Where?", "slug": "where", "language": "en"}
    client.post("/office/campaign/new/", begin)
    campaign = Campaign.objects.get()
    write_the_page(CampaignPage.objects.get())
    new = {"do": "new", "name": "The ministry", "salutation": "Sir,", "country": "CN", "seat": ""}
    client.post(at(campaign, "targets/"), {**new, "address": "m@state.example", "language": "en"})
    fill(client, at(campaign, "ways/"), goal=500, offers_open="on", first_way="open", stop_at="")
    fill(client, at(campaign, "letter/en/"), **LETTER)
    shown = text_of(client.get(at(campaign)))
    assert "1 thing is missing" in shown
    assert "Open the campaign" not in shown
    answer = client.post(
        at(campaign),
        {"do": "test", "address": "me@office.example", "page": CampaignPage.objects.get().pk},
    )
    assert answer["Location"].startswith("/en/letter/rehearsal/")
    assert Client().get(answer["Location"]).status_code == 200
    Campaign.objects.update(tested_at=NOW, tested_mark=mark_of_letters(campaign))
    assert "All is there" in text_of(client.get(at(campaign)))
    asked = client.get(at(campaign, "do/open/"))
    assert "Its pages become public as they are now" in text_of(asked)
    assert Campaign.objects.get().state == "draft"
    assert "It is open." in text_of(client.post(at(campaign, "do/open/"), follow=True))
    assert Client().get("/en/where/").status_code == 200


def write_the_page(page: CampaignPage) -> None:
    """What the editor of the page saves as a draft."""
    page.lead, page.call = "Families wait.", "Write now"
    page.story = [("section", {"heading": "", "text": "<p>People, with families.</p>"})]
    page.demands = [("demand", "Tell the families.")]
    page.after_heading, page.after_text = "What happens next", "We go on asking."
    page.save_revision()


def mark_of_letters(campaign: Campaign) -> str:
    """As somebody sees them who gets them now."""
    return letters_mark(campaign)


def test_two_editors_at_the_same_page_lose_nothing() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    first, second = chiara(), chiara()
    url = at(campaign, "letter/fr/")
    mark = re.search(r'name="mark" value="([^"]*)"', second.get(url).content.decode())
    assert mark
    fill(first, url, **{**LETTER, "subject": "From the first", "closing": "Same"})
    typed = {**LETTER, "subject": "From the second", "closing": "Same", "mark": mark[1]}
    answer = second.post(url, typed)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Somebody else has saved this page meanwhile" in shown
    assert 'value="From the second"' in answer.content.decode()
    assert shown.count("Saved meanwhile by somebody else:") == 1
    assert "From the first" in shown
    assert campaign.wordings.get(language="fr", text="").subject == "From the first"
    again = re.search(r'name="mark" value="([^"]*)"', answer.content.decode())
    assert again
    assert second.post(url, {**typed, "mark": again[1]}).status_code == 302
    assert campaign.wordings.get(language="fr", text="").subject == "From the second"


def test_who_saved_the_same_is_not_bothered() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    url = at(campaign, "letter/fr/")
    client = chiara()
    mark = re.search(r'name="mark" value="([^"]*)"', client.get(url).content.decode())
    assert mark
    fill(client, url, **LETTER)
    assert client.post(url, {**LETTER, "mark": mark[1]}).status_code == 302


def test_what_is_typed_is_kept_by_the_browser_and_by_no_page_of_the_public() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    page = chiara().get(at(campaign, "letter/fr/")).content.decode()
    assert "tocsin/guide.js" in page
    assert "data-keep" in page


def test_a_faulty_form_comes_back_with_all_that_was_typed() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    answer = fill(chiara(), at(campaign, "letter/fr/"), **{**LETTER, "subject": ""})
    assert answer.status_code == 422
    assert "Tell the families." in answer.content.decode()
    answer = fill(chiara(), at(campaign, "letter/fr/"), **{**LETTER, "body": "A \u202e trick"})
    assert answer.status_code == 422


def test_a_change_of_permission_is_a_new_version_and_the_old_one_stays() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    client, url = chiara(), at(campaign, "letter/fr/")
    fill(client, url, **{**LETTER, "send": "J’accepte, autrement."})
    fill(client, url, **{**LETTER, "send": "J’accepte, autrement."})
    found = campaign.consents.filter(purpose="send", language="fr").order_by("version")
    assert [each.version for each in found] == [1, 2]
    assert found[1].text == "J’accepte, autrement."
    assert not campaign.consents.filter(purpose="news", language="fr").exists()


def test_ready_words_of_permission_stand_there_to_begin_with() -> None:
    campaign = a_draft()
    campaign.consents.clear()
    for language, words in (("fr", "J’accepte que The Letter Table"), ("en", "I agree that")):
        a_campaign_page(campaign, language=language)
        page = chiara().get(at(campaign, f"letter/{language}/")).content.decode()
        assert words in page


def test_the_preview_shows_the_letters_and_saves_nothing() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    answer = fill(
        chiara(), at(campaign, "letter/fr/"), **{**LETTER, "body": "Only tried.", "do": "preview"}
    )
    assert answer.status_code == 200
    assert "embassy FR" in text_of(answer)
    assert "Excellence," in text_of(answer)
    assert campaign.wordings.get(language="fr", text="").body != "Only tried."


def test_goal_ways_and_stop_date_are_saved_where_they_belong() -> None:
    campaign = a_draft()
    client, url = chiara(), at(campaign, "ways/")
    filled = {"goal": 70, "offers_shielded": "on", "first_way": "shielded"}
    assert fill(client, url, **filled, stop_at="2030-05-01T10:00").status_code == 302
    found = Campaign.objects.get()
    assert (found.goal, found.ways) == (70, ("shielded",))
    assert str(found.mailing.stop_at) == "2030-05-01 10:00:00+00:00"
    assert fill(client, url, goal=70, first_way="open", stop_at="").status_code == 422
    assert fill(client, url, **{**filled, "first_way": "lent"}, stop_at="").status_code == 422
    assert fill(client, url, **filled, stop_at="").status_code == 302
    assert Mailing.objects.get(pk=found.mailing_id).stop_at is None


def test_targets_come_out_of_the_directory_and_go_again() -> None:
    campaign, target = a_draft(), a_target(kind="embassy", seat="DE", language="de")
    client, url = chiara(), at(campaign, "targets/")
    assert target.slug not in text_of(client.get(f"{url}?q=nobody"))
    assert "embassy DE" in text_of(client.get(f"{url}?q=embassy+de"))
    for _ in range(2):
        client.post(url, {"do": "pick", "chosen": [target.pk]})
    row = campaign.campaign_targets.get(target=target)
    assert (row.scope, row.position) == (CampaignTarget.Scope.COUNTRY, 2)
    client.post(url, {"do": "remove", "row": row.pk})
    client.post(url, {"do": "remove", "row": row.pk})
    client.post(url, {"do": "remove", "row": "x"})
    assert not campaign.campaign_targets.filter(target=target).exists()
    assert campaign.campaign_targets.count() == 2


def test_somebody_new_with_a_known_or_bad_address_is_refused_in_words() -> None:
    campaign = a_draft()
    known = campaign.campaign_targets.all()[0].target.addresses.get().address
    new = {"do": "new", "name": "N", "salutation": "S", "country": "CN", "language": "en"}
    for address, words in ((known, "in the directory"), ("nobody", "not an address")):
        answer = chiara().post(at(campaign, "targets/"), {**new, "address": address})
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_a_page_in_one_more_language_is_a_translation_of_the_others() -> None:
    campaign = a_draft()
    first = a_campaign_page(campaign)
    client, url = chiara(), at(campaign, "languages/")
    for _ in range(2):
        client.post(url, {"language": "kk"})
    client.post(url, {"language": "tlh"})
    [kazakh] = CampaignPage.objects.exclude(pk=first.pk)
    assert (kazakh.language, kazakh.live) == ("kk", False)
    assert kazakh.translation_key == first.translation_key
    names = {point.name: point.lacks for point in all_points(campaign, now=NOW)}
    assert names["story"] == ()  # that of the first page, to be translated
    assert names["translated"] == ("kk",)
    assert "kk" in names["letter"]


def test_the_overview_says_each_point_in_words_and_where_to_mend_it() -> None:
    campaign = a_draft()
    a_campaign_page(campaign)
    campaign.wordings.all().delete()
    names = {point.name for point in all_points(campaign, now=NOW)}
    assert names == set(POINT_WORDS)
    page = chiara().get(at(campaign)).content.decode()
    assert f'href="{at(campaign, "letter/")}"' in page
    assert "(en, fr)" in page


def test_the_test_run_is_offered_once_there_is_something_to_test() -> None:
    campaign = a_draft()
    page = a_campaign_page(campaign)
    client = chiara()
    assert 'value="test"' in client.get(at(campaign)).content.decode()
    target = campaign.campaign_targets.all()[0].target.addresses.get().address
    answer = client.post(at(campaign), {"do": "test", "address": target, "page": page.pk})
    assert "Somebody is written to at this address." in text_of(answer)
    answer = client.post(at(campaign), {"do": "test", "address": "?", "page": page.pk})
    assert answer.status_code == 422
    campaign.wordings.all().delete()
    assert 'value="test"' not in client.get(at(campaign)).content.decode()
    assert "No letter of a test run" in text_of(
        client.post(at(campaign), {"do": "seen"}, follow=True)
    )
    assert not Rehearsal.objects.exists()


def test_a_copy_has_all_texts_and_no_numbers() -> None:
    model = a_campaign(ways=("shielded", "open"))
    for language in ("fr", "en"):
        a_campaign_page(model, language=language)
    filled = {"organisation": model.organisation_id, "title": "x", "slug": "copy", "language": "fr"}
    client = chiara()
    client.post(at(model), {"do": "template"})
    assert (
        f'value="{model.pk}" selected'
        in client.get(f"/office/campaign/new/?model={model.pk}").content.decode()
    )
    client.post("/office/campaign/new/", {**filled, "model": model.pk})
    copy = Campaign.objects.get(slug="copy")
    assert (copy.state, copy.ways, copy.goal, copy.tested_at) == ("draft", model.ways, 1000, None)
    assert (copy.is_template, Campaign.objects.get(pk=model.pk).is_template) == (False, True)
    assert copy.mailing_id != model.mailing_id
    assert copy.salt_name != model.salt_name
    assert list(copy.consents.all()) == list(model.consents.all())
    for related in ("wordings", "campaign_targets"):
        assert getattr(copy, related).count() == getattr(model, related).count()
    assert model.wordings.count() == 4
    pages = CampaignPage.objects.filter(campaign=copy)
    assert {page.language for page in pages} == {"fr", "en"}
    assert len({page.translation_key for page in pages}) == 1
    assert not pages.filter(translation_key__in=_keys(model)).exists()
    assert [page.live for page in pages] == [False, False]
    assert pages[0].story[0].value["heading"] == "Who they are"
    names = {point.name for point in all_points(copy, now=NOW) if not point.done}
    assert names == {"tested"}


def _keys(campaign: Campaign) -> list[Any]:
    return [
        page.translation_key
        for page in Page.objects.type(CampaignPage)
        if page.specific.campaign == campaign
    ]
