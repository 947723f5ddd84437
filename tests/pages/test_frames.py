"""The frame on a partner's site, as it is answered: who may show it, and who is counted."""

import gzip
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.factories import a_campaign_page, a_partner
from tests.mail import mails_to
from tests.pages.every_frame import frame_path, offer_openly_alone, widget_mailbox
from tests.pages.filling import FORM, body_of, everything_kept, filled
from tests.pages.reading import Sheet
from tocsin.actions.links import make_check_link
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.organisations.partners import Partner
from tocsin.outcomes.sources import sources_of
from tocsin.pages.models import CampaignPage

ORIGINS = "https://friends.example\nhttps://www.friends.example"
ALLOWED = "frame-ancestors https://friends.example https://www.friends.example"
NOBODY = "frame-ancestors 'none'"


@pytest.fixture
def friends(french: CampaignPage) -> Partner:
    """A partner with two sites."""
    return a_partner(french.campaign.organisation, origins=ORIGINS, slug="friends")


def at(page: CampaignPage, slug: str = "friends") -> str:
    """Where the frame is."""
    return f"/{page.language}/campaigns/{page.pk}/embed/{slug}/"


def sent(page: CampaignPage, **changes: str) -> HttpResponse:
    """Amina sends the form in the frame."""
    answer = Client().post(at(page), body_of(filled(page, **changes)), content_type=FORM)
    assert isinstance(answer, HttpResponse)
    return answer


def token_of(page: CampaignPage) -> str:
    """What stands in the address of the mailbox step."""
    address = read_address("amina@mail.example")
    return make_check_link(campaign_page_id=page.pk, address=address, now=timezone.now())


# -- who may show it ------------------------------------------------------------------------------


def test_whatever_is_answered_in_the_frame_may_be_shown_by_the_partner_alone(
    french: CampaignPage, friends: Partner
) -> None:
    mailbox = f"{at(french)}check-mail/"
    answers = [
        Client().get(at(french)),
        sent(french, email=""),
        sent(french, step="preview"),
        sent(french),
        Client().get(f"{mailbox}{token_of(french)}/"),
        Client().get(f"{mailbox}cut/"),
        Client().put(at(french)),
        Client().post(at(french), b"{}", content_type="application/json"),
        Client().post(at(french), headers={"origin": "https://friends.example"}),
    ]
    assert [answer.status_code for answer in answers] == [
        *(200, 422, 200, 303, 200, 404, 405, 415, 403)
    ]
    for answer in answers:
        policy = answer["Content-Security-Policy"].split("; ")
        assert [each for each in policy if each.startswith("frame-ancestors")] == [ALLOWED]
        assert "script-src 'self'" in policy
        assert "X-Frame-Options" not in answer
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


def test_no_other_page_may_be_framed(french: CampaignPage, friends: Partner) -> None:
    for url in (french.url, "/fr/privacy/", f"/fr/letter/check-mail/{token_of(french)}/"):
        answer = Client().get(url)
        assert answer.status_code == 200
        assert NOBODY in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"


def nobody(_page: CampaignPage) -> str:
    """A name that no partner has."""
    return "nobody"


def not_active(page: CampaignPage) -> str:
    """A partner that was one."""
    return a_partner(page.campaign.organisation, active=False).slug


def of_others(page: CampaignPage) -> str:
    """A partner of another organisation."""
    return a_partner(a_campaign_page().campaign.organisation).slug


@pytest.mark.parametrize("who", [nobody, not_active, of_others])
def test_who_is_no_partner_of_the_organisation_has_no_frame(
    french: CampaignPage, who: Callable[[CampaignPage], str]
) -> None:
    url = at(french, who(french))
    before = everything_kept()
    answers = [
        Client().get(url),
        Client().post(url, body_of(filled(french)), content_type=FORM),
        Client().get(f"{url}check-mail/{token_of(french)}/"),
        Client().post(f"{url}check-mail/{token_of(french)}/", b"", content_type=FORM),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert everything_kept() == before
    assert all(NOBODY in answer["Content-Security-Policy"] for answer in answers)


def test_a_page_that_is_not_public_has_no_frame(french: CampaignPage, friends: Partner) -> None:
    assert Client().get(at(french).replace("/fr/", "/en/")).status_code == 404
    french.unpublish()
    assert Client().get(at(french)).status_code == 404


# -- what stands in it ----------------------------------------------------------------------------


def test_links_lead_out_of_the_frame_and_the_form_stays_in_it(
    french: CampaignPage, friends: Partner
) -> None:
    for show in (frame_path, lambda page: widget_mailbox(page).path):
        sheet = Sheet(Client().get(show(french)))
        links = [(a.get("href") or "", a.get("target")) for a in sheet.all("a")]
        inward = [href for href, target in links if target not in ("_blank", "_top")]
        frame = at(french).removesuffix("friends/")
        assert [href for href in inward if not href.startswith(("#", "mailto:", frame))] == []
        for form in sheet.all("form"):
            assert form.get("target") is None
            assert "/embed/friends-" in (form.get("action") or "")


def test_a_partner_has_its_colours_over_those_of_the_organisation(french: CampaignPage) -> None:
    url = frame_path(french)
    (sheet,) = [
        link.get("href") or ""
        for link in Sheet(Client().get(url)).all("link")
        if "/look/partner/" in (link.get("href") or "")
    ]
    answer = Client().get(sheet)
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "--accent:#0b5d3b" in answer.content.decode()
    assert "--accent:#7fd1a6" in answer.content.decode()
    assert "immutable" not in Client().get(re.sub(r"\w+\.css$", "old.css", sheet))["Cache-Control"]
    Partner.objects.update(active=False)
    assert Client().get(sheet).status_code == 404


@pytest.mark.parametrize("other", ["offers_shielded", "offers_lent"])
def test_where_one_can_take_part_without_a_name_the_frame_has_a_link_and_takes_no_form(
    french: CampaignPage, friends: Partner, other: str
) -> None:
    form = body_of(filled(french))
    Campaign.objects.update(**{other: True})
    sheet = Sheet(Client().get(at(french)))
    assert not sheet.all("form")
    (button,) = [a for a in sheet.all("a") if a.get("class") == "button"]
    assert button.get("href") == f"http://localhost{french.url}?s=friends"
    before = everything_kept()
    assert Client().post(at(french), form, content_type=FORM).status_code == 409
    assert everything_kept() == before


@pytest.mark.parametrize(("state", "status"), [("paused", 503), ("closed", 410), ("won", 410)])
def test_a_campaign_that_takes_no_letters_takes_none_in_a_frame(
    french: CampaignPage, friends: Partner, state: str, status: int
) -> None:
    form = body_of(filled(french))
    Campaign.objects.update(state=state)
    assert not Sheet(Client().get(at(french))).all("form")
    before = everything_kept()
    assert Client().post(at(french), form, content_type=FORM).status_code == status
    assert everything_kept() == before


# -- who is counted -------------------------------------------------------------------------------


def test_who_takes_part_in_the_frame_is_counted_for_the_partner_and_not_marked(
    french: CampaignPage, friends: Partner
) -> None:
    answer = sent(french, source="poster")
    assert answer["Location"].startswith(f"{at(french)}check-mail/")
    assert sources_of(french.campaign) == [("friends", 1, 0)]
    body = mails_to("amina@mail.example")[-1].get_body(("plain",))
    assert body
    (url,) = re.findall(r"http://localhost(/\S+/confirm/\S+)", body.get_content())
    revision = Action.objects.get().revision
    Client().post(url, {"revision": revision}, headers={"content-type": FORM})
    confirmed = Client().post(url, f"revision={revision}".encode(), content_type=FORM)
    assert confirmed.status_code == 303
    assert sources_of(french.campaign) == [("friends", 1, 1)]
    rows = everything_kept()
    rows.pop("SourceCount")
    rows.pop("Partner")
    assert "friends" not in repr(rows)


def test_the_mail_that_is_sent_again_from_the_frame_names_the_partner_too(
    french: CampaignPage, friends: Partner
) -> None:
    url = sent(french)["Location"]
    answer = Client().post(url, b"", content_type=FORM)
    assert answer.status_code == 303
    assert answer["Location"] == f"{url}?again=1"
    body = mails_to("amina@mail.example")[-1].get_body(("plain",))
    assert body
    assert "?s=friends" in body.get_content()


def test_a_link_to_the_mailbox_of_another_campaign_is_none_here(
    french: CampaignPage, friends: Partner
) -> None:
    other = a_campaign_page(language="fr")
    before = everything_kept()
    url = f"{at(french)}check-mail/{token_of(other)}/"
    assert Client().get(url).status_code == 404
    assert Client().post(url, b"", content_type=FORM).status_code == 404
    assert everything_kept() == before


def test_the_frame_stays_with_one_way_after_it_was_two(
    french: CampaignPage, friends: Partner
) -> None:
    offer_openly_alone(french, shielded=True)
    offer_openly_alone(french)
    assert Sheet(Client().get(at(french))).all("form")


# -- the script -----------------------------------------------------------------------------------


def test_the_script_for_partners_weighs_less_than_a_kilobyte_and_loads_from_anywhere() -> None:
    answer = Client().get("/embed.js", headers={"accept-encoding": "identity"})
    assert answer.status_code == 200
    assert len(answer.content) <= 1024
    assert len(gzip.compress(answer.content)) <= 600
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies
    assert Client().post("/embed.js").status_code == 405
