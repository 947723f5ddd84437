"""The form of a new organisation: for those who run the server, and with all that belongs to it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.utils.html import escape

from tests.factories import a_campaign_page, a_home_page, a_team, an_organisation
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_foreigners import works
from tocsin.organisations.models import Organisation
from tocsin.outbox.routes import SendingDomain
from tocsin.pages.models import SectionPage

pytestmark = pytest.mark.django_db

NEW = "/office/organisations/new/"
TYPED = {
    "slug": "table",
    "name": "The Letter Table",
    "contact": "hello@table.example",
    "mail_domain": "Letters.Table.example",
}


def test_it_is_made_with_teams_and_pages_and_says_what_is_left() -> None:
    a_home_page("fr")
    client = chiara()
    assert "cannot be changed later" in client.get(NEW).content.decode()
    text = text_of(client.post(NEW, TYPED, follow=True))
    assert "tocsin dkim letters.table.example" in text
    assert "Nobody is in its teams" in text
    made = Organisation.objects.get()
    assert made.teams.count() == 2
    assert SectionPage.objects.get().organisation == made
    assert SendingDomain.objects.get().name == made.mail_domain


def test_twice_makes_one() -> None:
    client = chiara()
    client.post(NEW, TYPED)
    assert "already exists" in client.post(NEW, TYPED).content.decode()
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mail_domain": "no domain"}, "This is not a domain that mail comes from."),
        ({"slug": "oembed"}, "At /oembed/ lies another page."),
        ({"slug": "taken"}, "At /fr/taken/ lies another page."),
        ({"contact": "nobody"}, "valid email"),
        ({"name": ""}, "required"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(changes: dict[str, str], sentence: str) -> None:
    page = a_campaign_page()
    page.slug = "taken"
    page.save()
    Organisation.objects.filter(slug="table").delete()
    answer = chiara().post(NEW, {**TYPED, **changes})
    assert answer.status_code == 200
    assert escape(sentence) in answer.content.decode()
    assert Organisation.objects.count() == 1
    assert not SendingDomain.objects.exists()


def test_nobody_else_makes_one_whatever_they_may() -> None:
    an_organisation()
    clerk = a_clerk("add_organisation", "view_organisation", "change_organisation")
    for answer in (clerk.get(NEW), clerk.post(NEW, TYPED)):
        assert answer.status_code in (302, 404)
    assert Organisation.objects.count() == 1
    assert NEW not in clerk.get("/office/organisations/").content.decode()


def test_the_look_is_changed_by_its_own_people_and_nothing_else() -> None:
    own, other = an_organisation(), an_organisation()
    user = User.objects.create_user("bo")
    names = ("access_admin", "change_organisation")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    a_team(user, own)
    form = {"name": "Ours", "contact": "a@b.example", "headings": "sans", "slug": "x"}
    for each in (own, other):
        works(user).post(f"/office/organisations/edit/{each.pk}/", form)
    assert Organisation.objects.get(pk=own.pk).name == "Ours"
    assert Organisation.objects.get(pk=own.pk).slug == own.slug
    assert Organisation.objects.get(pk=other.pk).name == other.name
