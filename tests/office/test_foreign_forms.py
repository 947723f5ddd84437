"""What somebody types who knows the keys of another organisation's rows, and all they hold."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from wagtail.models import GroupPagePermission

from tests.factories import a_campaign_page
from tests.office.test_foreigners import ALPHA, BETA, works
from tests.office.two_sections import Section, two_sections
from tocsin.office.mail_shell import fingerprint
from tocsin.office.mail_ways import MailingPage
from tocsin.office.message_acts import seen
from tocsin.organisations.partners import Partner
from tocsin.outbox.models import Message
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def both() -> tuple[Section, Section]:
    """Alpha and Beta, each with a publisher."""
    alpha, beta = two_sections(ALPHA, BETA)
    return alpha, beta


def page_fields(page: CampaignPage, **changes: Any) -> dict[str, Any]:
    """The form of a campaign page, as its editor sends it."""
    empty = json.dumps({"blocks": [{"text": "x", "type": "unstyled"}], "entityMap": {}})
    block = {"deleted": "", "order": "0", "type": "section", "id": ""}
    return {
        **{
            name: getattr(page, name)
            for name in ("title", "slug", "lead", "call", "after_heading", "after_text")
        },
        "campaign": page.campaign_id,
        "story-count": "1",
        **{f"story-0-{name}": value for name, value in block.items()},
        "story-0-value-heading": "",
        "story-0-value-text": empty,
        "facts-count": "0",
        "demands-count": "1",
        **{f"demands-0-{name}": v for name, v in {**block, "type": "demand"}.items()},
        "demands-0-value": "Let them go.",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **changes,
    }


def test_a_message_is_held_by_its_own_people_only(both: tuple[Section, Section]) -> None:
    alpha, beta = both
    message = Message.objects.get(pk=alpha.rows["message"].pk)
    url = f"/office/mail/messages/{message.pk}/"
    mark = seen(message).partition(".")[2]
    for form in ({"do": "hold", "seen": seen(message)}, {"do": "hold", "which": "found"}):
        works(beta.user).post("/office/mail/messages/?state=", form)
    works(beta.user).post(url, {"do": "hold", "mark": mark})
    message.refresh_from_db()
    assert message.state == "ready"
    works(alpha.user).post(url, {"do": "hold", "mark": mark})
    message.refresh_from_db()
    assert message.state == "held"
    mine = Message.objects.get(pk=beta.rows["message"].pk)
    assert mine.state == "held"  # "all that the filter finds" were Beta's


def test_a_mailing_is_paused_and_recalled_by_its_own_people_only(
    both: tuple[Section, Section],
) -> None:
    alpha, beta = both
    mailing = alpha.campaign.mailing
    mark = fingerprint(mailing, MailingPage.watched)
    for end, do in (("", "pause"), ("recall/", "recall")):
        form = {"do": do, "mark": mark}
        works(beta.user).post(f"/office/mail/mailings/{mailing.pk}/{end}", form)
    mailing.refresh_from_db()
    assert not mailing.paused
    assert not Message.objects.filter(mailing=mailing, state="cancelled").exists()
    works(alpha.user).post(f"/office/mail/mailings/{mailing.pk}/", {"do": "pause", "mark": mark})
    mailing.refresh_from_db()
    assert mailing.paused


def test_a_page_shows_a_campaign_of_its_own_organisation(both: tuple[Section, Section]) -> None:
    alpha, beta = both
    url = f"/office/pages/{beta.page.pk}/edit/"
    shown = works(beta.user).get(url).content.decode()
    assert beta.campaign.slug in shown
    foreign = page_fields(beta.page, campaign=alpha.campaign.pk, title="Beta again")
    works(beta.user).post(url, {**foreign, "action-publish": "1"})
    beta.page.refresh_from_db()
    assert (beta.page.campaign, beta.page.title) == (beta.campaign, "Families of beta")
    own = page_fields(beta.page, title="Beta again")
    works(beta.user).post(url, {**own, "action-publish": "1"})
    beta.page.refresh_from_db()
    assert beta.page.title == "Beta again"


def test_in_a_section_not_even_who_works_for_both_mixes_them(both: tuple[Section, Section]) -> None:
    alpha, beta = both
    beta.user.groups.add(alpha.rows["group"].pk)
    url = f"/office/pages/{beta.page.pk}/edit/"
    works(beta.user).post(url, page_fields(beta.page, campaign=alpha.campaign.pk))
    beta.page.refresh_from_db()
    assert beta.page.get_latest_revision_as_object().campaign == beta.campaign


def test_a_partner_belongs_to_ones_own_organisation(both: tuple[Section, Section]) -> None:
    alpha, beta = both
    typed = {"name": "New", "slug": "new", "origins": "https://new.example", "active": "on"}
    client = works(beta.user)
    answer = client.post("/office/partners/new/", {**typed, "organisation": alpha.organisation.pk})
    assert ALPHA not in answer.content.decode().lower()
    assert not Partner.objects.filter(slug="new").exists()
    client.post("/office/partners/new/", {**typed, "organisation": beta.organisation.pk})
    assert Partner.objects.get(slug="new").organisation == beta.organisation


@pytest.mark.parametrize("end", ["copy", "move"])
def test_no_page_goes_into_anothers_section(both: tuple[Section, Section], end: str) -> None:
    alpha, beta = both
    form = {"new_title": "Mine", "new_slug": "mine", "publish_copies": ""}
    url = f"/office/pages/{beta.page.pk}/{end}/"
    for typed in (f"{alpha.section.pk}", f" {alpha.section.pk}"):
        answer = works(beta.user).post(url, {**form, "new_parent_page": typed})
        assert ALPHA not in answer.content.decode().lower()
    works(beta.user).post(f"{url}{alpha.section.pk}/confirm/", {})
    assert alpha.section.get_children().count() == 1


def test_targets_are_everybodys_to_look_at_and_nobodys_to_change(
    both: tuple[Section, Section],
) -> None:
    alpha, beta = both
    target = alpha.rows["target"]
    client = works(beta.user)
    assert str(target) in client.get("/office/targets/").content.decode()
    client.post(f"/office/targets/edit/{target.pk}/", {"postal_address": "Elsewhere"})
    target.refresh_from_db()
    assert "Elsewhere" not in str(vars(target))


def test_a_group_of_wagtails_opens_no_foreign_page(both: tuple[Section, Section]) -> None:
    """One who is put into Moderators besides may edit the whole tree, as Wagtail has it."""
    alpha, beta = both
    moderators = Group.objects.create(name="Everything")
    for verb in ("add", "change", "publish"):
        GroupPagePermission.objects.create(
            group=moderators,
            page=alpha.section.get_root(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{verb}_page"
            ),
        )
    beta.user.groups.add(moderators)
    client = works(beta.user)
    elsewhere = a_campaign_page(alpha.campaign, language="en")
    for page in (alpha.page, alpha.section, elsewhere):
        assert client.get(f"/office/pages/{page.pk}/edit/").status_code != 200
        home = client.get(f"/office/pages/{page.get_parent().pk}/").content.decode()
        assert f"/office/pages/{page.pk}/edit/" not in home


def test_who_is_in_no_team_enters_and_finds_nothing() -> None:
    alpha, _beta = two_sections(ALPHA, BETA)
    bruno = User.objects.create_user("bruno")
    bruno.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client = works(bruno)
    assert client.get("/office/").status_code == 200
    assert client.get(f"/office/pages/{alpha.page.pk}/edit/").status_code != 200
    assert Client().get("/office/campaigns/")["Location"].startswith("/office/login/")
