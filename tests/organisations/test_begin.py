"""An organisation begins with teams, and whoever does it twice has done it once."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import ValidationError

from tests.at_once import at_once
from tests.factories import a_team, an_organisation
from tocsin.organisations.begin import (
    IsAnother,
    NoDomain,
    NoSuchRole,
    begin_organisation,
    checked_domain,
    join,
)
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import Team, organisations_of

TOLD = {
    "slug": "table",
    "name": "The Letter Table",
    "contact": "hello@table.example",
    "mail_domain": "Letters.Table.example",
}


@pytest.mark.django_db
def test_it_has_a_team_for_each_role_that_may_what_the_role_says() -> None:
    begun = begin_organisation(**TOLD)
    assert begun.made == 1 + len(Team.Role)
    assert begun.organisation.mail_domain == "letters.table.example"
    may = {
        team.role: set(team.group.permissions.values_list("codename", flat=True))
        for team in begun.organisation.teams.all()
    }
    assert set(may) == {"editor", "publisher"}
    assert may["editor"] < may["publisher"]
    assert "change_campaign" in may["publisher"] - may["editor"]
    for nobodys in ("change_target", "view_mailbox", "view_route", "view_incident", "add_user"):
        assert nobodys not in may["publisher"]


@pytest.mark.django_db
def test_twice_is_once_and_what_was_taken_from_a_team_comes_back() -> None:
    first = begin_organisation(**TOLD)
    Group.objects.get(name="table: editor").permissions.clear()
    again = begin_organisation(**{**TOLD, "name": ""})
    assert (again.organisation, again.made) == (first.organisation, 0)
    assert Group.objects.get(name="table: editor").permissions.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["name", "contact", "mail_domain"])
def test_one_that_is_there_is_not_changed_by_it(name: str) -> None:
    begin_organisation(**TOLD)
    with pytest.raises(IsAnother, match=name):
        begin_organisation(**{**TOLD, name: "other.example" if "mail" in name else "o@p.example"})
    assert Organisation.objects.get().name == TOLD["name"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"slug": "a table"}, {"slug": ""}, {"name": ""}, {"contact": "nobody"}, {"name": "x" * 121}],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        begin_organisation(**{**TOLD, **wrong})
    assert not Organisation.objects.exists()
    assert not Group.objects.filter(name__startswith="table").exists()


@pytest.mark.parametrize("name", ["", "x", "a b.example", "@", "table.example/x", "x" * 300])
def test_mail_comes_from_a_domain(name: str) -> None:
    with pytest.raises(NoDomain):
        checked_domain(name)
    assert checked_domain("Lettres.Été.example") == "lettres.xn--t-9fab.example"


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_begin_one() -> None:
    found = at_once([lambda: begin_organisation(**TOLD)] * 3)
    assert sorted(each.made for each in found) == [0, 0, 3]
    assert Organisation.objects.count() == 1
    assert Team.objects.count() == 2


@pytest.mark.django_db
def test_somebody_joins_by_name_or_address_once() -> None:
    organisation = begin_organisation(**TOLD).organisation
    chiara = User.objects.create_user("chiara", "chiara@table.example")
    assert join(person="CHIARA@table.example", role="editor", organisation=organisation) == chiara
    assert join(person="chiara", role="editor", organisation=organisation) is None
    assert list(organisations_of(chiara)) == [organisation]
    new = join(person="samira@table.example", role="publisher", organisation=organisation)
    assert new
    assert (new.email, new.has_usable_password(), new.is_superuser) == (
        "samira@table.example",
        False,
        False,
    )
    with pytest.raises(NoSuchRole):
        join(person="chiara", role="owner", organisation=organisation)


@pytest.mark.django_db
def test_one_works_for_those_in_whose_teams_one_is() -> None:
    one, other = an_organisation(), an_organisation()
    chiara = User.objects.create_user("chiara")
    assert not organisations_of(chiara).exists()
    a_team(chiara, one)
    a_team(chiara, one, role="publisher")
    assert list(organisations_of(chiara)) == [one]
    daniel = User.objects.create_superuser("daniel")
    assert set(organisations_of(daniel)) == {one, other}
    User.objects.update(is_active=False)
    for user in (*User.objects.all(), AnonymousUser(), None):
        assert not organisations_of(user).exists()
