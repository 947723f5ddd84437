"""Writing without us: what the page says and shows, what it keeps, and who is counted."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.factories import a_campaign, a_campaign_page, a_second_letter, a_target, an_action
from tests.pages.filling import FORM, body_of, everything_kept, filled
from tests.pages.reading import Sheet
from tocsin.actions.links import make_thanks_link
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign, CampaignTarget, Wording
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.hold import pause_mailing
from tocsin.outbox.post import mailbox_for
from tocsin.outcomes.models import SaidCount, Tally
from tocsin.outcomes.said import said
from tocsin.pages.freshness import issue
from tocsin.pages.models import CampaignPage
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db
SAFER = "could suffer for it"
POSTAL = "1 Example Square\n00000 Beijing\nCHINA"


def path_of(page: CampaignPage) -> str:
    return f"{page.url}yourself/"


def post(path: str, **fields: str) -> HttpResponse:
    """A form of the page, sent."""
    answer = Client().post(path, body_of(fields), content_type=FORM)
    assert isinstance(answer, HttpResponse)
    return answer


def say(page: CampaignPage, how: str = "mail", *, minutes: float = 1, **more: str) -> HttpResponse:
    """Press the button of a page that was opened a minute ago."""
    issued = issue(page.pk, now=timezone.now() - timedelta(minutes=minutes))
    return post(f"{path_of(page)}written/", how=how, **{"issued": issued, **more})


def show_all() -> None:
    TargetAddress.objects.update(is_public=True)
    Target.objects.update(postal_address=POSTAL)


def links(sheet: Sheet) -> list[str]:
    """Every link to a mail program, but that to the organisation in the foot."""
    found = [each.get("href") or "" for each in sheet.all("a")]
    return [href for href in found if href.startswith("mailto:") and "@state.example" in href]


# -- what it shows --------------------------------------------------------------------------------


def test_each_letter_stands_there_to_be_copied_mailed_and_printed(english: CampaignPage) -> None:
    show_all()
    sheet = Sheet(post(path_of(english), country="FR"))
    letters = ["".join(each.itertext()) for each in sheet.all("textarea")]
    assert len(letters) == 2
    assert all("readonly" in each.attrib for each in sheet.all("textarea"))
    assert letters[0].startswith("Your Excellency,\n\nI ask you where")
    assert len(links(sheet)) == 2
    sheets = [each for each in sheet.all("div") if each.get("class") == "sheet"]
    for paper, letter in zip(sheets, letters, strict=True):
        text = "".join(paper.itertext())
        assert letter.partition("\n\n[Your name]")[0] in text
        assert "[" not in text
        for words in ("Place and date:", "1 Example Square", "CHINA", "Where are they?"):
            assert words in text
    assert not sheet.dead_anchors()
    assert not sheet.inline_code()


def test_who_says_no_country_gets_no_letter_to_an_embassy(english: CampaignPage) -> None:
    sheet = Sheet(Client().get(path_of(english)))
    assert len(sheet.all("textarea")) == 1
    options = [each.text for each in sheet.by_id("country")]
    assert options == ["Another country", "France"]
    assert len(Sheet(post(path_of(english), country="XX")).all("textarea")) == 1


def test_an_address_that_may_not_be_shown_stands_nowhere(english: CampaignPage) -> None:
    source = post(path_of(english), country="FR").content.decode()
    assert "@state.example" not in source
    assert "There is no e-mail address of theirs that we may show." in source
    assert "Their postal address is not known to us." in source
    TargetAddress.objects.update(is_public=True)
    Mailbox.objects.filter(pk=mailbox_for(TargetAddress.objects.latest("pk").address).pk).update(
        state="invalid"
    )
    assert len(links(Sheet(post(path_of(english), country="FR")))) == 1


def test_it_is_said_before_who_sees_what(english: CampaignPage) -> None:
    show_all()
    text = Sheet(Client().get(path_of(english))).text()
    assert "(the IP address)" in text
    assert text.index("(the IP address)") < text.index("Open my mail program")
    assert SAFER not in text


def test_a_letter_that_is_too_long_is_to_be_copied_first(english: CampaignPage) -> None:
    show_all()
    assert "Copy it first" not in Sheet(Client().get(path_of(english))).text()
    Wording.objects.update(body="Where are they? " * 300)
    text = Sheet(Client().get(path_of(english))).text()
    assert text.index("Copy it first") < text.index("Open my mail program")


@pytest.mark.parametrize("way", [SHIELDED, LENT])
def test_where_people_are_protected_first_the_warning_stands_over_the_link(way: str) -> None:
    page = a_campaign_page(a_campaign(ways=(way, OPEN)), language="en")
    show_all()
    sheet = Sheet(Client().get(path_of(page)))
    assert SAFER in sheet.text()
    assert "without your name" in sheet.text()
    (folded,) = [each for each in sheet.all("details") if each.get("class") == "risk"]
    assert "open" not in folded.attrib
    inside = [each.get("href") for each in folded.iter() if each.get("href")]
    assert inside == links(sheet)


def test_who_had_chosen_to_be_shielded_is_warned_likewise(english: CampaignPage) -> None:
    show_all()
    sheet = Sheet(post(path_of(english), way="shielded", country="FR"))
    assert SAFER in sheet.text()
    assert len([each for each in sheet.all("details") if each.get("class") == "risk"]) == 2
    assert sheet.hidden("way") == "shielded"


def test_where_nobody_is_named_there_is_no_link_and_no_place_for_a_name() -> None:
    page = a_campaign_page(a_campaign(ways=(SHIELDED, LENT)), language="en")
    show_all()
    sheet = Sheet(post(path_of(page), country="FR"))
    assert links(sheet) == []
    assert "@state.example" not in sheet.source
    for words in ("[Your name]", "Signature:", "There is no e-mail address of theirs"):
        assert words not in sheet.text()
    for words in (SAFER, "A supporter in France", "the postmark tells", "1 Example Square"):
        assert words in sheet.text()


# -- what is typed --------------------------------------------------------------------------------


def test_what_was_typed_is_carried_over_and_kept_nowhere(english: CampaignPage) -> None:
    typed = filled(english, own="My aunt <is> silent.", letter="Where is she?", step="yourself")
    before = everything_kept()
    answer = post(path_of(english), **typed)
    sheet = Sheet(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert not answer.cookies
    for area in sheet.all("textarea"):
        letter = "".join(area.itertext())
        assert "My aunt <is> silent.\n\nWhere is she?\n\nYours respectfully," in letter
    for personal in ("Amina", "Yusuf", "amina@mail.example"):
        assert personal not in sheet.source
    assert (sheet.hidden("own"), sheet.hidden("letter")) == (
        "My aunt <is> silent.",
        "Where is she?",
    )
    assert everything_kept() == before


def test_a_model_letter_that_was_not_changed_stays_that_of_each_target(
    english: CampaignPage,
) -> None:
    sheet = Sheet(post(path_of(english), **filled(english)))
    assert "This is a copy of my letter to the ministry." in sheet.text()
    assert 'name="letter"' not in sheet.source


def test_the_second_model_letter_stays_the_second(english: CampaignPage) -> None:
    a_second_letter(english.campaign)
    body = "A second subject, in other words."
    sheet = Sheet(post(path_of(english), **filled(english, variant="2", letter=body)))
    assert body in sheet.text()
    sheet = Sheet(post(path_of(english), country="FR", variant=sheet.hidden("variant")))
    assert body in sheet.text()


# -- many who are written to ----------------------------------------------------------------------


def test_where_many_are_written_to_their_letters_come_in_parts(english: CampaignPage) -> None:
    for position in range(2, 25):
        row = {"campaign": english.campaign, "target": a_target(), "position": position}
        CampaignTarget.objects.create(**row)
    show_all()
    seen: list[str] = []
    part, typed = "1", {"country": "FR", "own": "My aunt is silent."}
    for told, pages in (("1 to 10", "2"), ("11 to 20", "13"), ("21 to 25", "2")):
        sheet = Sheet(post(path_of(english), **typed, part=part))
        assert f"Letters {told} of 25" in sheet.text()
        assert sheet.text().count("My aunt is silent.") == 2 * len(sheet.all("article"))
        names = [each.text or "" for each in sheet.all("h2") if (each.get("id") or "")[:3] == "to-"]
        seen += names
        buttons = [each for each in sheet.all("button") if each.get("name") == "part"]
        assert "".join(each.get("value") or "" for each in buttons) == pages
        part = buttons[-1].get("value") or ""
        (form,) = [each for each in sheet.all("form") if each.get("class") == "parts"]
        fields = [each for each in form.iter() if each.get("type") == "hidden"]
        typed = {each.get("name") or "": each.get("value") or "" for each in fields}
    assert len(seen) == 25


@pytest.mark.parametrize("part", ["", "0", "-1", "99", "x", "\x00", "9" * 5000])
def test_a_part_that_there_is_not_is_the_first_or_the_last(
    english: CampaignPage, part: str
) -> None:
    sheet = Sheet(post(path_of(english), country="FR", part=part))
    assert len(sheet.all("textarea")) == 2
    assert "Letters 1" not in sheet.text()


@pytest.mark.parametrize("field", ["own", "letter"])
@pytest.mark.parametrize("text", ["a\x00b", "\u202eb", "x" * 60_000])
def test_what_the_gate_refuses_is_left_out_and_that_is_said(
    english: CampaignPage, field: str, text: str
) -> None:
    answer = post(path_of(english), **{field: text})
    sheet = Sheet(answer)
    assert answer.status_code == 422
    assert sheet.title.startswith("Error")
    assert "could not be taken over" in sheet.text()
    assert "I ask you where the people are" in sheet.text()
    assert text not in sheet.source


def test_a_foreign_page_cannot_send_a_form(english: CampaignPage) -> None:
    for path, body in ((path_of(english), "own=x"), (f"{path_of(english)}written/", "how=mail")):
        foreign = {"Sec-Fetch-Site": "cross-site"}
        answer = Client().post(path, body, content_type=FORM, headers=foreign)
        assert answer.status_code == 403
    assert not SaidCount.objects.exists()


# -- the way to it --------------------------------------------------------------------------------


def test_the_form_leads_there_with_what_was_typed(english: CampaignPage) -> None:
    sheet = Sheet(Client().get(english.url))
    (button,) = [each for each in sheet.all("button") if each.get("value") == "yourself"]
    assert button.get("formaction") == path_of(english)
    assert "You can also write without us" in sheet.text()


@pytest.mark.parametrize("why", ["paused", "no target", "no readers"])
def test_where_nothing_is_taken_there_is_a_link(english: CampaignPage, why: str) -> None:
    if why == "paused":
        Campaign.objects.update(state="paused")
    if why == "no target":
        english.campaign.campaign_targets.all().delete()
    if why == "no readers":
        english.campaign.consents.all().delete()
    sheet = Sheet(Client().get(english.url))
    assert path_of(english) in [each.get("href") for each in sheet.all("a")]
    text = Sheet(Client().get(path_of(english))).text()
    assert ("It takes no letters at this moment." in text) is (why == "paused")


def test_who_may_not_reach_a_target_is_told(english: CampaignPage) -> None:
    words = "our mail does not reach these recipients"
    assert words not in Sheet(Client().get(english.url)).text()
    for row in TargetAddress.objects.filter(target__kind="embassy"):
        Mailbox.objects.filter(pk=mailbox_for(row.address).pk).update(state="refusing")
    text = Sheet(Client().get(english.url)).text()
    assert "letters to them wait: embassy FR" in text.partition(words)[2]
    show_all()
    assert "Yours may arrive." in Sheet(post(path_of(english), country="FR")).text()
    assert "Yours may arrive." not in Sheet(post(path_of(english))).text()


def test_who_may_not_be_reached_is_said_to_those_who_wrote_to_them(french: CampaignPage) -> None:
    action = an_action(french.campaign, country="NO", now=timezone.now())
    confirm_action(action_id=action.pk, revision=1)
    thanks = f"/fr/letter/thanks/{make_thanks_link(action.pk, now=timezone.now())}/"
    assert path_of(french) not in Client().get(thanks).content.decode()
    row = TargetAddress.objects.get(target__kind="embassy")
    Mailbox.objects.filter(pk=mailbox_for(row.address).pk).update(state="refusing")
    assert path_of(french) not in Client().get(thanks).content.decode()
    Action.objects.update(country="FR")
    assert path_of(french) in Client().get(thanks).content.decode()
    Action.objects.update(way=SHIELDED)
    assert path_of(french) not in Client().get(thanks).content.decode()


def test_while_mail_is_paused_that_is_said_on_both_pages(english: CampaignPage) -> None:
    pause_mailing(english.campaign.mailing)
    for url in (english.url, path_of(english)):
        assert "our letters do not leave: they wait" in Sheet(Client().get(url)).text()


@pytest.mark.parametrize("state", ["closed", "won", "archived"])
def test_a_campaign_that_has_ended_asks_for_no_letters(english: CampaignPage, state: str) -> None:
    Campaign.objects.update(state=state)
    assert path_of(english) not in Client().get(english.url).content.decode()
    assert Client().get(path_of(english)).status_code == 410
    assert say(english).status_code == 410
    assert not SaidCount.objects.exists()


def test_a_page_that_is_not_public_has_none(english: CampaignPage) -> None:
    english.unpublish()
    assert Client().get(path_of(english)).status_code == 404
    assert Client().get("/en/nothing/yourself/").status_code == 404
    assert Client().get(path_of(english).replace("/en/", "/fr/")).status_code == 404


def test_the_other_languages_lead_to_the_same(french: CampaignPage, english: CampaignPage) -> None:
    for page in (french, english):
        for place in (path_of(page), f"{path_of(page)}written/"):
            sheet = Sheet(Client().get(place))
            hrefs = [each.get("href") for each in sheet.all("a") if each.get("hreflang")]
            assert len(hrefs) == 2
            assert place in hrefs


# -- who says so ----------------------------------------------------------------------------------


def test_who_says_so_is_counted_apart(english: CampaignPage) -> None:
    Tally.objects.create(campaign=english.campaign, confirmed=12)
    assert "by themselves, without us" not in Sheet(Client().get(english.url)).text()
    answer = say(english)
    assert (answer.status_code, answer["Location"]) == (303, f"{path_of(english)}written/")
    say(english, "post")
    rows = SaidCount.objects.order_by("how").values_list("campaign", "how", "day", "number")
    today = timezone.now().date()
    pk = english.campaign.pk
    assert list(rows) == [(pk, "mail", today, 1), (pk, "post", today, 1)]
    text = Sheet(Client().get(english.url)).text()
    assert "12 people take part" in text
    assert "2 people say that they wrote by themselves, without us." in text
    assert Tally.objects.get().confirmed == 12


def test_to_look_counts_nobody_and_to_press_twice_counts_twice(english: CampaignPage) -> None:
    before = everything_kept()
    for _ in range(2):
        sheet = Sheet(Client().get(f"{path_of(english)}written/"))
        Client().get(path_of(english))
        assert not [each for each in sheet.all("form") if "written" in (each.get("action") or "")]
    assert everything_kept() == before
    for _ in range(2):
        say(english)
    assert said(english.campaign) == 2  # nobody is recognised: that is what it costs


@pytest.mark.parametrize(("minutes", "issued"), [(0, ""), (13 * 60, ""), (1, "forged")])
def test_what_is_not_fresh_is_not_counted_and_can_be_pressed_again(
    english: CampaignPage, minutes: float, issued: str
) -> None:
    more = {"issued": issued} if issued else {}
    answer = say(english, minutes=minutes, **more)
    assert answer.status_code == 422
    sheet = Sheet(answer)
    assert sheet.title.startswith("Error")
    assert sheet.hidden("issued")
    assert not SaidCount.objects.exists()


@pytest.mark.parametrize("how", ["", "telegram", "\x00", "mail "])
def test_what_our_buttons_do_not_say_is_not_counted(english: CampaignPage, how: str) -> None:
    assert say(english, how).status_code == 400
    assert not SaidCount.objects.exists()


def test_the_token_of_another_page_does_not_count(english: CampaignPage) -> None:
    other = a_campaign_page(a_campaign(), language="en")
    issued = issue(other.pk, now=timezone.now() - timedelta(minutes=1))
    assert say(english, issued=issued).status_code == 422
    assert (said(english.campaign), said(other.campaign)) == (0, 0)
