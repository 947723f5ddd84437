"""Consents of witnesses in the office: entered, looked at, withdrawn; and never anybody else's."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from wagtail.admin.models import FormState

from tests.factories import a_campaign_page, a_team, an_organisation
from tests.pages.test_story import REFERENCE, TODAY, WORDS, quoted, tell
from tocsin.organisations.models import Organisation
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db


def works_for(organisation: Organisation, *, role: str = "publisher") -> Client:
    """Chiara, who keeps consents and publishes pages."""
    client = Client(headers={"accept-language": "en"})
    user = User.objects.create_user(f"chiara-{organisation.pk}")
    names = [f"{verb}_witnessconsent" for verb in ("view", "add", "change", "delete")]
    names += ["access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    a_team(user, organisation, role=role)
    client.force_login(user)
    return client


def typed(organisation: Organisation, **changes: Any) -> dict[str, Any]:
    """The form of a new consent."""
    given = {"reference": REFERENCE, "given_on": str(TODAY), "to_be_quoted": "on"}
    return {"organisation": organisation.pk, **given, "until": "", "withdrawn_on": "", **changes}


def test_what_a_witness_permitted_is_shown_until_it_is_withdrawn() -> None:
    page = tell(a_campaign_page(), quoted())
    organisation = page.campaign.organisation
    chiara = works_for(organisation)
    assert chiara.post("/office/witnesses/new/", typed(organisation)).status_code == 302
    assert WORDS in Client().get(page.url).content.decode()
    consent = WitnessConsent.objects.get()
    assert REFERENCE in chiara.get("/office/witnesses/").content.decode()
    url = f"/office/witnesses/edit/{consent.pk}/"
    withdrawn = typed(organisation, withdrawn_on=str(TODAY), reference="W-other")
    assert chiara.post(url, withdrawn).status_code == 302
    consent.refresh_from_db()
    assert (consent.reference, consent.withdrawn_on) == (REFERENCE, TODAY)
    assert WORDS not in Client().get(page.url).content.decode()
    page.refresh_from_db()
    assert WORDS not in str(page.story.raw_data)
    assert WORDS not in str([each.content for each in page.revisions.all()])
    # What is withdrawn is not given again by emptying a field.
    assert chiara.post(url, typed(organisation)).status_code == 302
    assert WitnessConsent.objects.get().withdrawn_on == TODAY


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": "Amina Yusuf"}, "Letters without accents"),
        ({"reference": "W-1\n"}, ""),
        ({"until": "2020-01-01"}, "That is before the day on which it was given."),
        ({"given_on": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, str], sentence: str) -> None:
    organisation = an_organisation()
    answer = works_for(organisation).post("/office/witnesses/new/", typed(organisation, **changes))
    if sentence:
        assert sentence in answer.content.decode()
    assert not WitnessConsent.objects.exclude(reference="W-1").exists()


def test_nobody_sees_or_makes_those_of_others_and_nobody_deletes_one() -> None:
    organisation, other = an_organisation(), an_organisation()
    theirs = WitnessConsent.objects.create(
        organisation=other, reference="SECRET-9", given_on=date(2026, 1, 1)
    )
    chiara = works_for(organisation)
    assert "SECRET-9" not in chiara.get("/office/witnesses/").content.decode()
    assert chiara.get(f"/office/witnesses/edit/{theirs.pk}/").status_code == 404
    chiara.post("/office/witnesses/new/", typed(other))
    own = WitnessConsent.objects.create(
        organisation=organisation, reference="W-2", given_on=date(2026, 1, 1)
    )
    chiara.post(f"/office/witnesses/delete/{own.pk}/")
    assert set(WitnessConsent.objects.values_list("reference", flat=True)) == {"SECRET-9", "W-2"}


def editor_of(page: CampaignPage) -> Client:
    """Who runs the server, in the editor of a page."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("daniel"))
    return client


def story_form(page: CampaignPage, **block: str) -> dict[str, str]:
    """The form of the editor, with one block of a witness."""
    story = {"story-0-type": "testimony", "story-0-order": "0", "story-0-deleted": "", **block}
    fields = {f"story-0-value-{name}": "" for name in ("name", "language")}
    plain = ("title", "slug", "lead", "call", "after_heading", "after_text")
    return {
        **{name: str(getattr(page, name)) for name in plain},
        "campaign": str(page.campaign.pk),
        "neutral_title": "",
        "result": "",
        "seo_title": "",
        "search_description": "",
        "show_in_menus": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "story-count": "1",
        "facts-count": "0",
        "demands-count": "1",
        "demands-0-type": "demand",
        "demands-0-order": "0",
        "demands-0-deleted": "",
        "demands-0-value": "Answer.",
        "demands-0-id": "",
        "story-0-id": "",
        **fields,
        **story,
        "story-0-value-text": WORDS,
        "story-0-value-consent": REFERENCE,
    }


def test_a_draft_may_wait_for_a_consent_and_a_public_page_may_not() -> None:
    page = a_campaign_page()
    client, url = editor_of(page), f"/office/pages/{page.pk}/edit/"
    published = {**story_form(page), "action-publish": "1"}
    answer = client.post(url, published)
    assert "Block 1 quotes a witness" in answer.content.decode()
    assert client.post(url, story_form(page)).status_code == 302
    page.refresh_from_db()
    assert WORDS in str(page.get_latest_revision().content)
    assert WORDS not in str(page.story.raw_data)
    WitnessConsent.objects.create(
        organisation=page.campaign.organisation,
        reference=REFERENCE,
        given_on=TODAY,
        to_be_quoted=True,
    )
    assert client.post(url, published).status_code == 302
    page.refresh_from_db()
    assert WORDS in str(page.story.raw_data)
    # What an editor only looked at is kept for a preview, until the witness takes it back.
    client.post(f"{url}preview/", story_form(page))
    assert WORDS in client.get(f"{url}preview/?mode=").content.decode()
    consent = WitnessConsent.objects.get()
    withdrawn = typed(page.campaign.organisation, withdrawn_on=str(TODAY))
    assert client.post(f"/office/witnesses/edit/{consent.pk}/", withdrawn).status_code == 302
    assert not FormState.objects.exists()
    client.post(f"{url}preview/", story_form(page))
    assert WORDS not in client.get(f"{url}preview/?mode=").content.decode()
    assert not FormState.objects.exists()


def test_an_editor_that_was_open_brings_no_withdrawn_words_back() -> None:
    page = a_campaign_page()
    client, url = editor_of(page), f"/office/pages/{page.pk}/edit/"
    WitnessConsent.objects.create(
        organisation=page.campaign.organisation,
        reference=REFERENCE,
        given_on=TODAY,
        to_be_quoted=True,
        withdrawn_on=TODAY,
    )
    answer = client.post(url, story_form(page))
    assert "Block 1 quotes a witness who has withdrawn" in answer.content.decode()
    assert WORDS not in str([each.content for each in page.revisions.all()])
