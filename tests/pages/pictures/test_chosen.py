"""What the editor of a page asks of a picture."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import a_campaign_page
from tests.office.desk import chiara
from tests.office.test_witnesses import story_form
from tests.office.two_sections import Section, two_sections
from tests.pages.pictures.photographs import a_picture
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db


def with_picture(page: CampaignPage, key: int, **told: str) -> dict[str, str]:
    """The editor's form, with that picture."""
    block = {"image": str(key), "shape": "whole", **told}
    named = {f"story-0-value-{name}": value for name, value in block.items()}
    return {**story_form(page), "story-0-type": "image", **named}


def showing(section: Section, shown: Section) -> dict[str, str]:
    """The same, with the picture of that section."""
    return with_picture(section.page, shown.rows["image"].pk, decorative="on")


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


def test_a_draft_may_lack_the_words_for_a_picture_and_a_public_page_may_not() -> None:
    page, client = a_campaign_page(), chiara()
    url, publish = f"/office/pages/{page.pk}/edit/", {"action-publish": "1"}
    silent = with_picture(page, a_picture().pk)
    assert client.post(url, silent).status_code == 302
    answer = client.post(url, {**silent, **publish})
    assert "Say what is to be seen" in answer.content.decode()
    for told in ({"alt": "A house"}, {"decorative": "on"}):
        form = {f"story-0-value-{name}": value for name, value in told.items()}
        assert client.post(url, {**silent, **form, **publish}).status_code == 302
