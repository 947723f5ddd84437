"""The editor of a page: two who write there at once, and a story that is long."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.factories import a_campaign, a_campaign_page
from tests.office.desk import chiara, text_of
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

PARAGRAPH = "<p>ئائىلىلەر ئۇلارنىڭ نەدە ئىكەنلىكىنى سورايدۇ، يىللاردىن بېرى جاۋاب يوق.</p>"


def edit_url(page: CampaignPage) -> str:
    """Where it is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def filled(page: CampaignPage, *, parts: int = 1, **other: str) -> dict[str, Any]:
    """The editor's form as a browser sends it, of what is saved now."""
    revision = page.get_latest_revision()
    section = ("section", {"heading": "Les familles", "text": rich_text(PARAGRAPH)})
    none = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0}
    form: dict[str, Any] = {
        "title": page.title,
        "slug": page.slug,
        "campaign": page.campaign_id,
        "lead": page.lead,
        "call": page.call,
        "after_heading": page.after_heading,
        "after_text": page.after_text,
        "story": streamfield([section] * parts),
        "facts": streamfield([]),
        "demands": streamfield([("demand", "Dites où ils sont.")]),
        "comments": none,
    }
    marks = {
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }
    return {**nested_form_data(form), **marks, **other}


@pytest.fixture
def page() -> CampaignPage:
    """One that has been saved."""
    page = a_campaign_page(a_campaign())
    page.save_revision()
    return page


def bruno() -> Client:
    """Another one with the run of the office."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="bruno", is_superuser=True))
    return client


def test_the_later_one_is_told_and_both_versions_are_kept(page: CampaignPage) -> None:
    hers = filled(page, lead="Hers.")
    his = bruno().post(edit_url(page), filled(page, lead="His."), follow=True)
    assert "saved this page too" not in text_of(his)
    said = chiara().post(edit_url(page), hers, follow=True)
    assert "While you wrote, bruno saved this page too." in text_of(said)
    leads = [each.as_object().lead for each in page.revisions.order_by("created_at")][1:]
    assert leads == ["His.", "Hers."]
    newest, theirs = page.revisions.order_by("-created_at")[:2]
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, theirs.pk, newest.pk])
    assert compare in said.content.decode()
    both = text_of(chiara().get(compare))
    assert "His." in both
    assert "Hers." in both


def test_who_writes_alone_is_told_nothing(page: CampaignPage) -> None:
    for marks in ({}, {"loaded_revision_created_at": "x"}, {"loaded_revision_created_at": ""}):
        said = chiara().post(edit_url(page), {**filled(page, lead="Hers."), **marks}, follow=True)
        assert "has been updated" in text_of(said)
        assert "saved this page too" not in text_of(said)


def test_a_long_story_in_a_script_of_many_bytes_is_saved(page: CampaignPage) -> None:
    said = chiara().post(edit_url(page), filled(page, parts=300), follow=True)
    assert "has been updated" in text_of(said)
    stored = CampaignPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert len(stored.story) == 300
