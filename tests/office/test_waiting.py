"""What waits for a person: everything that only a person can decide, for those who may see it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import a_campaign, a_draft, an_organisation
from tests.office.desk import Outbox, a_clerk, an_outbox, text_of, undo
from tests.outbox.mails import NOON
from tests.outbox.situations import a_message_that_is, an_attempt
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.rehearsal import Rehearsal, RehearsalMail
from tocsin.office.waiting_words import BOX_TODO, HELD_TODO, INCIDENT_URGENCY, URGENCY
from tocsin.office.words import MAILBOX_WORDS, REASON_WORDS
from tocsin.organisations.models import Organisation
from tocsin.outbox.alarm import KINDS, raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.watch import Incident
from tocsin.targets.importing.models import TargetImport

pytestmark = pytest.mark.django_db

WAITING = "/office/waiting/"
NOTHING = "Nothing waits for you."


def waits(client: Client) -> str:
    return text_of(client.get(WAITING))


def test_where_nothing_waits_it_says_so_there_and_on_the_home(client: Client) -> None:
    a_message_that_is("sent")
    assert NOTHING in waits(client)
    assert NOTHING in text_of(client.get("/office/"))


def test_the_home_counts_what_waits_by_how_much_hangs_on_it(client: Client) -> None:
    raise_incident("keys", about="x", now=NOON)
    for about in ("a", "b"):
        raise_incident("report", about=about, now=NOON)
    text = text_of(client.get("/office/"))
    assert f"{URGENCY[0]}: 1" in text
    assert f"{URGENCY[2]}: 2" in text
    assert 'href="/office/waiting/"' in client.get("/office/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_incident_is_there_and_can_be_closed_and_opened_again(
    client: Client, kind: str
) -> None:
    campaign = a_campaign()
    abouts = {"readers": campaign.organisation.slug}
    abouts |= dict.fromkeys(("opening", "collective", "field"), campaign.slug)
    raise_incident(kind, about=abouts.get(kind, "x.example"), words="554 <no>", now=NOON)
    text = waits(client)
    assert KINDS[kind] in text
    assert "554 &lt;no&gt;" in text
    assert "Since 03/10/2026" in text
    url = f"/office/mail/incidents/{Incident.objects.get().pk}/"
    page = client.post(url, {"back": "waiting"}, follow=True).content.decode()
    assert NOTHING in page
    undo(client, page)
    assert KINDS[kind] in waits(client)


def test_every_reason_for_which_a_message_is_held_is_there_with_what_to_do(
    client: Client,
) -> None:
    reasons = [name for name in REASON_WORDS if name not in ("paused", "recalled")]
    for reason in reasons:
        if not reason.startswith("mailbox_"):
            a_message_that_is("held", reason=reason)
    text = waits(client)
    for reason in reasons:
        if not reason.startswith("mailbox_"):
            assert str(REASON_WORDS[reason]).replace("'", "&#x27;") in text, reason
    assert set(HELD_TODO) <= {*REASON_WORDS}
    assert set(BOX_TODO) == set(MAILBOX_WORDS)
    assert set(INCIDENT_URGENCY) <= set(KINDS)


def test_what_is_held_tells_how_much_since_when_their_words_and_where(client: Client) -> None:
    for _ in range(3):
        message = a_message_that_is("held", reason="policy", tried=2)
    for each in Message.objects.all():
        an_attempt(each, number=2, outcome="policy", code=554, enhanced="5.7.1", text="<b>no</b>")
    page = client.get(WAITING).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "554 5.7.1 &lt;b&gt;no&lt;/b&gt;" in text
    assert "3 messages wait. Since 03/10/2026 noon UTC." in text
    assert "See what they say of us" in text
    assert "/office/mail/messages/?state=held&amp;reason=policy" in page
    assert str(message.pk) not in page


def test_a_doubt_waits_for_a_person_only_when_nothing_else_resolves_it(client: Client) -> None:
    by_itself = a_message_that_is("in_doubt", reason="in_doubt")
    assert NOTHING in waits(client)
    Message.objects.filter(pk=by_itself.pk).update(doubts=1)
    assert "Ask the relay’s log" in waits(client)


def test_whatever_stands_in_the_way_of_mail_is_there(client: Client) -> None:
    outbox = an_outbox()
    soon = timezone.now() + timedelta(hours=1)
    MailDomain.objects.create(name="paused.example", paused=True, words="go away")
    MailDomain.objects.create(name="rests.example", paused_until=soon)
    MailDomain.objects.create(name="slow.example", slow=4)
    Mailbox.objects.create(address="p@slow.example", domain=outbox.domain, paused=True)
    Route.objects.filter(name="letters").update(paused=True, words="535 who are you")
    Route.objects.create(name="confirmations", number=2, open_until=soon)
    finding = {"name": "SPF", "ok": False, "found": "none", "remedy": "Publish it."}
    SendingDomain.objects.create(name="red.example", state="red", findings=[finding])
    SendingDomain.objects.create(
        name="young.example", state="green", daily_cap=5, sent=5, day=timezone.now().date()
    )
    Mailing.objects.update(paused=True)
    text = waits(client)
    for words in (
        "does not exist: its letters are held gone@mfa.example",
        "Their words: 550 5.1.1 user gone unknown 1 message waits.",
        "paused; takes mail p@slow.example",
        "A mail domain is paused. paused.example Their words: go away",
        "A mail domain is left alone for a while. rests.example",
        "A mail domain is written to more slowly: they found us too fast. slow.example",
        "A route is paused. letters Their words: 535 who are you",
        "A route rests after faults. confirmations",
        "red.example Their words: SPF: none",
        "Publish it.",
        "A domain of ours has sent all that it may today. young.example",
        "A mailing is paused. families 1 message waits.",
    ):
        assert words in text, words
    assert KINDS["mailbox_invalid"] not in text  # the mailbox tells of it


def test_what_a_campaigner_has_to_do_is_there(client: Client) -> None:
    draft = a_draft()
    run(draft, "abc")
    state = TargetImport.State
    began = timezone.now() - timedelta(hours=1)
    for name, where in (("list.csv", state.CHECKED), ("stuck.csv", state.RUNNING)):
        TargetImport.objects.create(
            name=name, state=where, began_at=began, content=b"", form="csv", encoding="utf-8"
        )
    text = waits(client)
    assert f"The letters of a test run have come. {draft.slug}" in text
    assert "An import of targets waits for its next step. list.csv" in text
    assert "An import of targets is stuck. stuck.csv" in text
    Campaign.objects.update(tested_mark="abc")
    TargetImport.objects.update(state=state.DONE)
    assert NOTHING in waits(client)


def run(
    draft: Campaign, mark: str, *, day: int = 0, is_letter: bool = True, state: str = "sent"
) -> None:
    """A test run of that day, with one mail."""
    made_at = NOON + timedelta(days=day)
    made = Rehearsal.objects.create(
        campaign=draft, language="fr", made_at=made_at, sealed=b"", mark=mark
    )
    message = a_message_that_is(state)
    RehearsalMail.objects.create(rehearsal=made, message=message, is_letter=is_letter)


def test_of_test_runs_the_newest_whose_letters_went_is_to_be_seen(client: Client) -> None:
    draft = a_draft()
    run(draft, "old")
    run(draft, "seen", day=1)
    run(draft, "", day=2, is_letter=False)  # asked for the confirmation alone
    run(draft, "late", day=3, state="ready")
    Campaign.objects.update(tested_mark="seen")
    assert NOTHING in waits(client)
    Message.objects.filter(state="ready").update(state="leased", lease_owner=1, lease_until=NOON)
    Message.objects.filter(state="leased").update(state="sending")
    Message.objects.filter(state="sending").update(state="sent", lease_owner=None, lease_until=None)
    page = client.get(WAITING).content.decode()
    assert page.count("<strong>The letters of a test run have come.</strong>") == 1


def test_what_is_held_at_a_mailbox_that_takes_mail_again_is_there(
    client: Client, outbox: Outbox
) -> None:
    Incident.objects.update(closed=True)
    assert "1 message waits." in waits(client)
    Mailbox.objects.update(state="ok", words="")
    text = waits(client)
    assert "1 message waits." in text
    assert outbox.mailbox.address not in text


def test_who_looks_after_the_directory_alone_is_told_of_imports() -> None:
    state = TargetImport.State.CHECKED
    TargetImport.objects.create(
        name="list.csv", state=state, began_at=NOON, content=b"", form="csv", encoding="utf-8"
    )
    clerk = a_clerk("add_target", "change_target")
    assert "list.csv" in waits(clerk)
    assert "/office/waiting/" in clerk.get("/office/").content.decode()


def test_a_campaign_that_is_called_like_an_organisation_is_not_meant(client: Client) -> None:
    campaign = a_campaign()
    Organisation.objects.update(slug=campaign.slug)
    raise_incident("readers", about=campaign.slug, words="ends", now=NOON)
    assert KINDS["readers"] in waits(client)
    assert "Open the guide" not in waits(client)


def test_every_link_leads_somewhere(client: Client) -> None:
    test_whatever_stands_in_the_way_of_mail_is_there(client)
    for kind in KINDS:
        raise_incident(kind, about="y.example", now=NOON)
    page = client.get(WAITING).content.decode()
    urls = re.findall(r'class="button button-small" href="([^"]*)"', page)
    assert len(urls) > 10
    for url in set(urls):
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url


def test_one_sees_what_waits_for_ones_own_organisation_alone() -> None:
    mine, theirs = a_campaign(), a_campaign(organisation=an_organisation())
    for campaign in (mine, theirs):
        for kind in ("opening", "field"):
            raise_incident(kind, about=campaign.slug, now=NOON)
        raise_incident("readers", about=campaign.organisation.slug, words="ends", now=NOON)
        a_message_that_is("held", reason="policy", mailing=campaign.mailing)
        Mailing.objects.filter(pk=campaign.mailing_id).update(paused=True)
        run(a_draft(organisation=campaign.organisation), "abc")
        ours = SendingDomain.objects.create(name=f"{campaign.slug}.example", state="red")
        Organisation.objects.filter(campaign=campaign).update(mail_domain=ours.name)
    raise_incident("keys", about="x", now=NOON)
    seen = (
        "view_campaign",
        "change_campaign",
        "view_message",
        "view_mailing",
        "view_sendingdomain",
    )
    clerk = a_clerk(*seen, of=[mine.organisation])
    text = waits(clerk)
    assert theirs.slug not in text.replace(mine.slug, "")
    assert theirs.organisation.slug not in text.replace(mine.organisation.slug, "")
    page = clerk.get(WAITING).content.decode()
    run_words = "The letters of a test run have come."
    for words in (*(KINDS[kind] for kind in ("opening", "field", "readers")), run_words):
        assert page.count(f"<strong>{words}</strong>") == 1
    assert f"{mine.slug}.example" in text
    assert "1 message waits." in text
    assert KINDS["keys"] not in text
    assert "incidents/" not in clerk.get(WAITING).content.decode()
    text = waits(a_clerk(*seen, of=[]))
    assert NOTHING in text


def test_who_may_see_nothing_that_waits_is_not_let_in() -> None:
    bruno = a_clerk()
    assert bruno.get(WAITING).status_code == 302
    home = bruno.get("/office/").content.decode()
    assert "/office/waiting/" not in home
    assert Client().get(WAITING)["Location"].startswith("/office/login/")


def test_each_of_the_page_is_asked_for_as_often_for_many_as_for_few(client: Client) -> None:
    def more(number: int) -> None:
        for each in range(number):
            name = f"n{Mailing.objects.count()}"
            mailing = Mailing.objects.create(name=name, paused=True)
            to = f"a@{name}.example"
            a_message_that_is("held", reason="policy", to=to, mailing=mailing)
            raise_incident("unknown", about=f"{name}.{each}", now=NOON)
            SendingDomain.objects.create(name=f"{name}.example", state="red")
        Mailbox.objects.update(state="refusing")
        MailDomain.objects.update(paused=True)

    counts = []
    for number in (1, 24):
        more(number)
        client.get(WAITING)
        with CaptureQueriesContext(connection) as asked:
            text = waits(client)
        counts.append(len(asked))
    assert "More mailboxes take nothing now: 5." in text
    assert "More has happened: 5." in text
    assert counts[1] - counts[0] <= 1  # the number of the mailboxes that are not shown
