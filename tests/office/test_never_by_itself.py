"""A page that is not translated is public by nobody's oversight, whichever way it is published."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.factories import (
    NOW,
    a_campaign,
    a_campaign_page,
    a_tested_draft,
    an_action,
)
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_translations import said_of
from tests.office.translated import (
    a_copy,
    at,
    edit_form,
    file_of,
    in_kazakh,
    newest,
    translated,
    upload,
)
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import NotReady
from tocsin.outcomes.tally import confirmed, tally_due
from tocsin.pages.models import CampaignPage
from tocsin.pages.preparing import all_points, open_now
from tocsin.pages.untranslated import texts_of_page

pytestmark = pytest.mark.django_db

LACKING = "15 of 15 texts are not translated yet."


@pytest.fixture
def copy(client: Client) -> CampaignPage:
    """A page of an open campaign in one language more, nothing of it translated."""
    return a_copy(client, a_campaign_page(a_campaign()))


def is_public(page: CampaignPage) -> bool:
    """Whether a visitor sees it."""
    page.refresh_from_db()
    assert page.live == (Client().get(page.url).status_code == 200)
    return bool(page.live)


def test_a_copy_is_a_draft_and_stays_one_when_its_original_is_published_again(
    client: Client, copy: CampaignPage
) -> None:
    assert newest(copy).lead.startswith("Up to a million")  # there to be translated
    assert len(newest(copy).demands) == 4
    assert not is_public(copy)
    [first] = CampaignPage.objects.exclude(pk=copy.pk)
    answer = client.post(
        f"/office/pages/{first.pk}/edit/",
        edit_form(first, title="Again", **{"action-publish": "1"}),
    )
    assert answer.status_code == 302
    first.refresh_from_db()
    assert first.title == "Again"
    assert not is_public(copy)


def test_the_editor_does_not_offer_to_publish_it_and_keeps_what_was_typed(
    client: Client, copy: CampaignPage
) -> None:
    url = f"/office/pages/{copy.pk}/edit/"
    shown = client.get(url)
    assert LACKING in text_of(shown)
    assert 'name="action-publish"' not in shown.content.decode()
    assert at(copy.campaign, "kk") in shown.content.decode()
    form = edit_form(copy, lead="Бір.", **{"action-publish": "1"})
    answer = client.post(url, form, follow=True)
    assert "14 of 15 texts are not translated yet. It is saved as a draft" in text_of(answer)
    assert newest(copy).lead == "Бір."
    assert not is_public(copy)
    [first] = CampaignPage.objects.exclude(pk=copy.pk)
    assert 'name="action-publish"' in client.get(f"/office/pages/{first.pk}/edit/").content.decode()


def test_many_pages_at_once_are_not_published_with_it(client: Client, copy: CampaignPage) -> None:
    home = copy.get_parent()
    for query, form in (
        (f"id={copy.pk}", {}),
        (f"id={home.pk}", {"include_descendants": "on"}),
    ):
        url = f"/office/bulk/wagtailcore/page/publish/?{query}"
        answer = client.post(url, form, follow=True)
        assert LACKING in text_of(answer)
        assert "Nothing was published." in text_of(answer)
        assert not is_public(copy)


def test_it_is_not_published_at_a_moment_that_was_planned(
    client: Client, copy: CampaignPage
) -> None:
    later = timezone.now() + timedelta(days=1)
    url = f"/office/pages/{copy.pk}/edit/"
    planned = edit_form(copy, go_live_at=later.strftime("%Y-%m-%d %H:%M"), expire_at="")
    client.post(url, {**planned, "action-publish": "1"})
    assert not copy.revisions.exclude(approved_go_live_at=None).exists()
    # Planned all the same, by whatever way: the moment comes, and it does not go out.
    due = timezone.now() - timedelta(minutes=1)
    copy.revisions.filter(pk=newest(copy).latest_revision_id).update(approved_go_live_at=due)
    call_command("publish_scheduled")
    assert not is_public(copy)
    assert not copy.revisions.exclude(approved_go_live_at=None).exists()


@pytest.mark.parametrize("how", [{"publish_copies": "on"}, {"alias": "on"}])
def test_a_page_is_not_copied_among_the_pages_of_another_language(
    client: Client, copy: CampaignPage, how: dict[str, str]
) -> None:
    [first] = CampaignPage.objects.exclude(pk=copy.pk)
    form = {"new_title": "T", "new_slug": "t", "new_parent_page": copy.get_parent().pk, **how}
    answer = client.post(f"/office/pages/{first.pk}/copy/", form, follow=True)
    assert "is made as a translation" in text_of(answer)
    assert CampaignPage.objects.count() == 2


def test_translated_it_is_published_like_any_other(client: Client, copy: CampaignPage) -> None:
    campaign = copy.campaign
    data = translated(file_of(client, campaign), lambda _place, text: in_kazakh(text))
    upload(client, campaign, data)
    assert not is_public(copy)
    form = edit_form(copy, **{"action-publish": "1"})
    client.post(f"/office/pages/{copy.pk}/edit/", form)
    assert is_public(copy)
    assert "Қазақша Families wait" in Client().get(copy.url).content.decode()
    [first] = CampaignPage.objects.exclude(pk=copy.pk)
    first.demands.append(("demand", "A fifth demand, that nobody has translated."))
    first.save_revision().publish()
    assert "1 of 16 texts" in text_of(client.get(f"/office/pages/{copy.pk}/edit/"))
    assert "A fifth demand" not in Client().get(copy.url).content.decode()


def test_what_the_original_has_anew_is_not_translated_because_the_rest_is_saved(
    client: Client, copy: CampaignPage
) -> None:
    campaign = copy.campaign
    upload(
        client, campaign, translated(file_of(client, campaign), lambda _p, text: in_kazakh(text))
    )
    [first] = CampaignPage.objects.exclude(pk=copy.pk)
    original = newest(first)
    original.demands.append(("demand", "A fifth demand."))
    original.save_revision()
    emptied = newest(copy)
    emptied.call = ""
    emptied.save_revision(clean=False)
    for title in ("Бір", "Екі"):
        say = partial(said_of, {"page.title": title})
        upload(client, campaign, translated(file_of(client, campaign), say))
        page = newest(copy)
        assert (page.title, len(page.demands)) == (title, 5)
        assert texts_of_page(page).missing == 2
    page.get_latest_revision().publish()
    assert not is_public(copy)


def test_a_publisher_may_publish_it_all_the_same_and_says_so(copy: CampaignPage) -> None:
    campaign = copy.campaign
    editor = a_clerk("view_campaign", "add_campaign", "change_campaign")
    editor.post(at(campaign, "kk"), {"do": "publish"})
    assert not is_public(copy)
    client = chiara()
    assert "Publish the page as it is" in text_of(client.get(at(campaign, "kk")))
    client.post(at(campaign, "kk"), {"do": "publish"})
    assert is_public(copy)


def test_a_campaign_does_not_open_with_a_page_that_is_not_translated(client: Client) -> None:
    campaign = a_tested_draft()
    copy = a_copy(client, a_campaign_page(campaign))
    lacking = {point.name: point.lacks for point in all_points(campaign, now=NOW)}
    assert lacking["translated"] == ("kk",)
    with pytest.raises(NotReady) as refused:
        open_now(campaign, now=NOW)
    assert "translated" in refused.value.missing
    assert not CampaignPage.objects.get(pk=copy.pk).live
    assert Campaign.objects.get().state == "draft"


def test_one_number_for_all_languages_and_a_new_one_adds_nothing(
    client: Client, copy: CampaignPage
) -> None:
    campaign = copy.campaign
    confirm_action(action_id=an_action(campaign).pk, revision=1)
    tally_due(now=NOW)
    numbers = [confirmed(campaign)]
    upload(
        client, campaign, translated(file_of(client, campaign), lambda _p, text: in_kazakh(text))
    )
    client.post(at(campaign, "kk"), {"do": "take"})
    client.post(at(campaign, "kk"), {"do": "publish"})
    tally_due(now=NOW)
    numbers.append(confirmed(campaign))
    for page in CampaignPage.objects.all():
        assert 'value="1"' in Client().get(page.url).content.decode(), page.language
    assert numbers == [1, 1]
