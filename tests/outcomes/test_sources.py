"""By which channel people come: sums that say nothing of anybody, and that are true."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.at_once import at_once
from tests.factories import AMINA, BRUNO, NOW, a_campaign, a_campaign_page, an_action
from tests.mail import mails_to
from tests.pages.filling import FORM, everything_kept, filled, send
from tests.pages.reading import Sheet
from tests.privacy.days import DAY, DUE, lived_until
from tocsin.actions.links import CONFIRM_LIFETIME, confirm_url
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import SourceCount, Tally
from tocsin.outcomes.sources import (
    CHANNELS,
    OTHER,
    count_confirmed,
    count_lost,
    count_taken,
    known_sources,
    recognise,
    sources_of,
)
from tocsin.outcomes.tally import tally_due
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db
BASE = "http://localhost"
HOSTILE = ["amina", "AMINA@mail.example", "x" * 5000, "poster\x00", "\u202eposter", "<b>", "lost"]
TODAY = NOW.date()


@pytest.fixture
def page() -> CampaignPage:
    """The page in French of a campaign that offers every way."""
    return a_campaign_page(a_campaign(ways=(OPEN, SHIELDED, LENT)))


def press(url: str, **fields: object) -> HttpResponse:
    """Press a button on the page."""
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    answer = Client().post(url, body, content_type=FORM)
    assert isinstance(answer, HttpResponse)
    return answer


def link_in_mail(person: str = AMINA.address.text) -> str:
    """Where the last mail to her leads."""
    body = mails_to(person)[-1].get_body(("plain",))
    assert body is not None
    return str(re.findall(rf"{BASE}(/\S+/confirm/\S+)", body.get_content())[0])


def comes_by(page: CampaignPage, channel: str, **changes: str) -> HttpResponse:
    """Amina opens a link with that channel, and sends the form that stands there."""
    fields = filled(page, **changes)
    sheet = Sheet(Client().get(page.url, {"s": channel}))
    if 'name="source"' in sheet.source:
        fields["source"] = sheet.hidden("source")
    return send(page, fields)


# -- from the link to the sum ---------------------------------------------------------------------


@pytest.mark.parametrize("way", [OPEN, SHIELDED, LENT])
def test_who_comes_by_the_poster_is_counted_for_the_poster(page: CampaignPage, way: str) -> None:
    send_box = {OPEN: "send", SHIELDED: "send_shielded", LENT: "send_lent"}[way]
    words = page.campaign.consents.get(purpose=send_box, language="fr")
    own = {"own": ""} if way == SHIELDED else {}
    assert comes_by(page, "poster", way=way, send=str(words.pk), **own).status_code == 303
    assert sources_of(page.campaign) == [("poster", 1, 0)]
    url = link_in_mail()
    assert url.endswith("/?s=poster")
    press(url, revision=1, source=Sheet(Client().get(url)).hidden("source"))
    assert sources_of(page.campaign) == [("poster", 1, 1)]


def test_the_link_alone_is_enough(page: CampaignPage) -> None:
    comes_by(page, "telegram")
    press(link_in_mail(), revision=1)
    assert sources_of(page.campaign) == [("telegram", 1, 1)]


def test_a_second_click_counts_nothing_more(page: CampaignPage) -> None:
    comes_by(page, "qr")
    for _ in range(3):
        assert press(link_in_mail(), revision=1, source="qr").status_code == 303
    assert sources_of(page.campaign) == [("qr", 1, 1)]


def test_to_look_is_not_to_take_part(page: CampaignPage) -> None:
    comes_by(page, "qr")
    before = everything_kept()
    for _ in range(3):
        Client().get(link_in_mail())
        Client().get(page.url, {"s": "qr"})
    assert everything_kept() == before


def test_what_is_not_taken_or_not_confirmed_is_not_counted(page: CampaignPage) -> None:
    assert comes_by(page, "qr", email="").status_code == 422
    assert not SourceCount.objects.exists()
    comes_by(page, "qr")
    url = link_in_mail()
    Action.objects.update(revision=7)
    assert press(url, revision=1, source="qr").status_code == 409
    Campaign.objects.update(state="closed")
    assert press(url, revision=7, source="qr").status_code == 410
    assert press(url.partition("?")[0][:-9] + "/", revision=7, source="qr").status_code == 404
    assert sources_of(page.campaign) == [("qr", 1, 0)]


def test_the_channel_survives_an_error_and_a_preview(page: CampaignPage) -> None:
    for changes in ({"email": ""}, {"step": "preview"}):
        answer = send(page, filled(page, source="mastodon", **changes))
        assert Sheet(answer).hidden("source") == "mastodon"


def test_the_channel_survives_the_mail_that_is_sent_again(page: CampaignPage) -> None:
    address = comes_by(page, "signal")["Location"]
    assert address.endswith("/?s=signal")
    sheet = Sheet(Client().get(address))
    press(address.partition("?")[0], source=sheet.hidden("source"))
    assert link_in_mail().endswith("/?s=signal")


def test_the_channel_survives_a_link_that_expired(page: CampaignPage) -> None:
    action = an_action(page.campaign, now=timezone.now())
    late = timezone.now() - CONFIRM_LIFETIME - timedelta(minutes=6)
    url = confirm_url(action, now=late, source="email").removeprefix(BASE)
    sheet = Sheet(Client().get(url))
    press(url, step="renew", source=sheet.hidden("source"))
    bodies = [mail.get_body(("plain",)) for mail in mails_to(AMINA.address.text)]
    text = "\n".join(body.get_content() for body in bodies if body)
    assert sorted(re.findall(r"/confirm/\S+/(\S*)", text)) == ["", "?s=email"]


# -- nobody has a channel of their own ------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_not_known_is_one_sum_with_all_others(page: CampaignPage, name: str) -> None:
    answer = Client().get(page.url, {"s": name})
    assert Sheet(answer).hidden("source") == OTHER
    fields = filled(page, source=name)
    location = send(page, fields)["Location"]
    assert location.endswith("?s=other")
    assert link_in_mail().endswith("?s=other")
    press(link_in_mail().partition("?")[0], revision=1, source="evil")
    assert sources_of(page.campaign) == [(OTHER, 1, 1)]
    assert audit().holds


def test_who_comes_by_no_channel_leaves_nothing(page: CampaignPage) -> None:
    comes_by(page, "")
    assert "?s=" not in link_in_mail()
    press(link_in_mail(), revision=1)
    assert not SourceCount.objects.exists()


def test_the_channel_stands_in_no_row_of_anybody(page: CampaignPage) -> None:
    comes_by(page, "bluesky")
    press(link_in_mail(), revision=1)
    with connection.cursor() as cursor:
        for model in apps.get_app_config("tocsin").get_models():
            if model is SourceCount:
                continue
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} AS r "  # noqa: S608
                "WHERE r::text LIKE '%bluesky%'"
            )
            assert cursor.fetchone() == (0,), model
    kept = {field.name for field in SourceCount._meta.get_fields()}
    assert kept == {"id", "campaign", "source", "day", "slot", "taken", "confirmed"}


def test_search_engines_and_those_who_pass_it_on_see_the_address_without_a_channel(
    page: CampaignPage,
) -> None:
    source = Client().get(page.url, {"s": "facebook"}).content.decode()
    assert f'<link rel="canonical" href="{BASE}{page.url}">' in source
    assert f'<meta property="og:url" content="{BASE}{page.url}">' in source
    assert "s=facebook" not in unescape(source)


def test_every_channel_is_known_by_a_name_that_an_address_can_carry(page: CampaignPage) -> None:
    assert known_sources(page.campaign) == CHANNELS
    for channel in CHANNELS:
        assert re.fullmatch(r"[a-z-]{1,20}", channel)
        assert recognise(page.campaign, channel) == channel
    assert not {"", OTHER, "lost"} & {*CHANNELS}


# -- many, and at the same time -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_are_all_counted() -> None:
    campaign = a_campaign()

    def come() -> None:
        for _ in range(10):
            count_taken(campaign=campaign, source="qr", day=TODAY)
            count_confirmed(campaign=campaign, source="qr", day=TODAY)

    at_once([come] * 8)
    assert sources_of(campaign) == [("qr", 80, 80)]
    assert SourceCount.objects.count() <= 8


@pytest.mark.django_db(transaction=True)
def test_a_visitor_confirms_while_the_sums_are_locked_by_somebody_else() -> None:
    campaign = a_campaign()
    action = an_action(campaign)
    confirmed = confirm_action(action_id=action.pk, revision=1)
    with CaptureQueriesContext(connection) as queries:
        count_confirmed(campaign=campaign, source="qr", day=TODAY)
    assert confirmed.name == "RELEASED"
    assert len(queries) == 1  # a statement of its own, without a lock that outlives it
    assert not connection.in_atomic_block


def test_days_and_campaigns_are_sums_of_their_own() -> None:
    first, second = a_campaign(), a_campaign()
    for campaign, source, day in (
        (first, "x", TODAY), (first, "x", TODAY + DAY), (first, "qr", TODAY), (second, "x", TODAY),
    ):  # fmt: skip
        count_taken(campaign=campaign, source=source, day=day)
    count_confirmed(campaign=first, source="qr", day=TODAY)
    assert sources_of(first) == [("qr", 1, 1), ("x", 2, 0)]
    assert sources_of(second) == [("x", 1, 0)]
    assert set(SourceCount.objects.values_list("day", flat=True)) == {TODAY, TODAY + DAY}


# -- the proof ------------------------------------------------------------------------------------


RULE = "a campaign whose sources brought more than have confirmed"


def broken_rules() -> list[str]:
    """What the audit finds."""
    return [broken.rule for broken in audit().broken]


def test_the_audit_holds_before_and_after_the_number_is_counted() -> None:
    campaign = a_campaign()
    for person in (AMINA, BRUNO):
        action = an_action(campaign, person=person)
        confirm_action(action_id=action.pk, revision=1)
        count_confirmed(campaign=campaign, source="qr", day=TODAY)
        assert RULE not in broken_rules()
        tally_due(now=NOW)
        assert RULE not in broken_rules()


def test_sources_that_brought_more_than_there_are_are_found() -> None:
    campaign = a_campaign()
    other = a_campaign()
    Tally.objects.create(campaign=other, confirmed=50)
    count_confirmed(campaign=campaign, source="qr", day=TODAY)
    assert RULE in broken_rules()
    count_lost(campaign.pk, 1, day=TODAY)
    assert RULE not in broken_rules()


@pytest.mark.usefixtures("keys_dir")
@pytest.mark.parametrize("counted", [True, False])
def test_who_is_taken_out_of_the_number_breaks_no_proof(*, counted: bool) -> None:
    campaign = a_campaign()
    action = an_action(campaign)
    confirm_action(action_id=action.pk, revision=1)
    count_confirmed(campaign=campaign, source="qr", day=TODAY)
    if counted:
        tally_due(now=NOW)
    lived_until(DUE + DAY)  # no worker wrote the letters in time: their key goes, and they with it
    assert not Action.objects.exists()
    assert RULE not in broken_rules()
    assert sources_of(campaign) == [("lost", 0, 1), ("qr", 0, 1)]
