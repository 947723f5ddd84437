"""The office speaks its own languages, and no other halfway."""

import pytest
from django.conf import settings
from django.test import Client

from tests.pages.reading import Sheet


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("fr", "fr"), ("en", "en"), ("ug", "en"), ("zh-CN", "en"), ("de;q=0.9, fr;q=0.1", "en")],
)
def test_the_office_answers_in_a_language_of_its_own(asked: str, spoken: str) -> None:
    answer = Client().get("/office/login/", headers={"Accept-Language": asked})
    assert f'lang="{spoken}"' in answer.content.decode()


@pytest.mark.django_db
def test_what_is_not_there_in_the_office_is_not_looked_for_elsewhere(admin_client: Client) -> None:
    for path in ("/office/nothing/", "/office/board/nothing/", "/office/campaign/1/"):
        answer = admin_client.get(path, headers={"Accept-Language": "ug"})
        assert answer.status_code == 404, path
        assert "Location" not in answer
    answer = admin_client.get("/nothing/", headers={"Accept-Language": "ug"})
    assert answer["Location"] == "/ug/nothing/"


@pytest.mark.django_db
def test_a_public_page_keeps_the_language_of_its_address() -> None:
    answer = Client().get("/ug/privacy/", headers={"Accept-Language": "fr"})
    assert Sheet(answer).language == "ug"


def test_staff_choose_among_the_languages_of_the_office() -> None:
    assert settings.WAGTAILADMIN_PERMITTED_LANGUAGES == settings.OFFICE_LANGUAGES
    assert {code for code, _ in settings.OFFICE_LANGUAGES} < set(dict(settings.LANGUAGES))
