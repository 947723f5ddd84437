"""`tocsin organisation`: a section with all that belongs to it, and what is still to be done."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from wagtail.models import Collection, Page

from tests.factories import a_campaign, a_campaign_page, a_home_page, an_organisation
from tests.office.test_foreigners import works
from tocsin.kit.seal import make_keys
from tocsin.organisations.models import Organisation
from tocsin.outbox.identity.dkim import make_signing_key
from tocsin.outbox.routes import SendingDomain
from tocsin.pages.models import SectionPage

pytestmark = pytest.mark.django_db

TOLD = (
    *("organisation", "table", "--name", "The Letter Table", "--contact", "hello@table.example"),
    *("--mail-domain", "letters.table.example"),
)


@pytest.fixture(autouse=True)
def own_keys(tmp_path_factory: pytest.TempPathFactory, settings: LazySettings) -> None:
    settings.KEYS_DIR = tmp_path_factory.mktemp("keys")
    make_keys(settings.KEYS_DIR)


def told(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_one_command_makes_a_section_of_which_its_people_can_edit_the_pages() -> None:
    homes = [a_home_page(language) for language in ("fr", "en")]
    said = told(*TOLD, "--person", "chiara@table.example:publisher", "--person", "bo:editor")
    assert "table is in place: The Letter Table." in said
    assert "tocsin changepassword chiara@table.example" in said
    pages = SectionPage.objects.order_by("pk")
    assert [page.get_parent().specific for page in pages] == homes
    assert len({page.translation_key for page in pages}) == 1
    assert all(page.live for page in pages)
    assert Collection.objects.filter(name="table").count() == 1
    assert SendingDomain.objects.get().name == "letters.table.example"
    chiara, bo = User.objects.order_by("pk")
    for page in pages:
        assert page.permissions_for_user(chiara).can_publish_subpage()
        assert page.permissions_for_user(bo).can_add_subpage()
        assert not page.permissions_for_user(bo).can_publish_subpage()
    assert not homes[0].permissions_for_user(chiara).can_edit()
    client = works(bo)
    assert client.get(f"/office/pages/add/tocsin/campaignpage/{pages[0].pk}/").status_code == 200
    assert client.get("/office/images/").status_code == 200


def test_twice_is_once_and_it_says_so() -> None:
    a_home_page("fr")
    told(*TOLD, "--person", "chiara:editor")
    before = (Page.objects.count(), Collection.objects.count(), User.objects.count())
    said = told(*TOLD, "--person", "chiara:editor")
    assert "table was in place already: nothing was changed." in said
    assert (Page.objects.count(), Collection.objects.count(), User.objects.count()) == before
    a_home_page("en")
    assert "table is in place" in told("organisation", "table")
    assert SectionPage.objects.count() == 2


def test_an_organisation_from_before_gets_what_it_lacks() -> None:
    organisation = an_organisation()
    page = a_campaign_page(a_campaign(organisation=organisation))
    foreign = a_campaign_page()
    told("organisation", organisation.slug, "--person", "chiara:publisher")
    chiara = User.objects.get()
    assert page.permissions_for_user(chiara).can_publish()
    assert not foreign.permissions_for_user(chiara).can_edit()


def test_it_says_what_is_still_to_be_done_until_it_is(settings: LazySettings) -> None:
    said = told(*TOLD)
    for words in (
        "Nobody is in its teams",
        "tocsin dkim",
        "tocsin doctor",
        "tocsin keys new table",
    ):
        assert words in said
    assert "There is no home page yet" in said
    make_signing_key(settings.KEYS_DIR / "dkim", domain="letters.table.example", selector="t")
    SendingDomain.objects.update(state="green")
    a_home_page("fr")
    said = told("organisation", "table", "--person", "chiara:editor")
    for words in ("Nobody", "tocsin dkim", "tocsin doctor", "no home page"):
        assert words not in said
    assert "words of permission" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("organisation", "new"), "new is new: say --name, --contact, --mail-domain as well"),
        ((*TOLD[:-1], "no domain"), "mail cannot come from no domain"),
        ((*TOLD, "--person", "chiara"), "say it as PERSON:ROLE"),
        ((*TOLD, "--person", "chiara:owner"), "there is no role owner; there are: editor, publ"),
        ((*TOLD, "--person", "x y:editor"), "valid username"),
        (("organisation", "a b", *TOLD[2:]), "slug"),
        (("organisation", "letter", *TOLD[2:]), "lies another page: choose another NAME"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_leaves_nothing(
    words: tuple[str, ...], sentence: str
) -> None:
    a_home_page("fr")
    with pytest.raises(CommandError, match=sentence):
        told(*words)
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
    assert not SectionPage.objects.exists()
    assert not SendingDomain.objects.exists()


def test_a_place_where_another_page_lies_is_not_taken() -> None:
    page = a_campaign_page()
    Page.objects.filter(pk=page.pk).update(slug="table")
    with pytest.raises(CommandError, match="at /fr/table/ lies another page"):
        told(*TOLD)
    assert not Organisation.objects.filter(slug="table").exists()


def test_one_that_is_there_is_not_changed() -> None:
    told(*TOLD)
    with pytest.raises(CommandError, match="is there already with contact: hello@table"):
        told("organisation", "table", "--contact", "other@table.example")
