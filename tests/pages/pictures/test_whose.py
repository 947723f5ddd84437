"""Whose pictures a page shows: those of its own people, whatever a forged form names."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.office.test_witnesses import story_form
from tests.office.two_sections import Section, two_sections
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db


def showing(section: Section, shown: Section) -> dict[str, str]:
    """The editor's form, with the picture of that section."""
    block = {"type": "image", "value-image": str(shown.rows["image"].pk), "value-decorative": "on"}
    named = {f"story-0-{name}": value for name, value in block.items()}
    return {**story_form(section.page), **named, "story-0-value-shape": "whole"}


def at_work(user: User) -> Client:
    """That person, in the office."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_a_form_that_names_the_picture_of_others_is_turned_away() -> None:
    alpha, beta = two_sections("alpha", "beta")
    client, url = at_work(beta.user), f"/office/pages/{beta.page.pk}/edit/"

    def newest() -> CampaignPage:
        found: CampaignPage = CampaignPage.objects.get(
            pk=beta.page.pk
        ).get_latest_revision_as_object()
        return found

    def shown() -> str:
        return str(newest().story.raw_data)

    assert client.post(url, showing(beta, beta)).status_code == 302
    before = shown()
    assert "'image'" in before
    answer = client.post(url, showing(beta, alpha), follow=True)
    assert "Faces of alpha" not in answer.content.decode()
    client.post(f"{url}preview/", showing(beta, alpha))
    assert "<picture" not in client.get(f"{url}preview/?mode=").content.decode()
    assert shown() == before
    # What those who run the server have put there may stay.
    daniel = at_work(User.objects.create_superuser("daniel"))
    assert daniel.post(url, showing(beta, alpha)).status_code == 302
    assert shown() != before
    assert client.post(url, {**showing(beta, alpha), "lead": "Anew."}).status_code == 302
    assert "Anew." in newest().lead
