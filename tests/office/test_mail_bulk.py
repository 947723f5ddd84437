"""Many mailboxes, mail domains, routes or incidents at a time: found, done with, undone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.office.desk import Outbox, a_clerk, an_outbox, text_of, undo
from tests.outbox.mails import NOON, state_of
from tocsin.outbox.alarm import KINDS, raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.routes import Route
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

BOXES, DOMAINS = "/office/mail/mailboxes/", "/office/mail/domains/"
ROUTES, INCIDENTS = "/office/mail/routes/", "/office/mail/incidents/"


def mailboxes(number: int, **like: object) -> MailDomain:
    domain = MailDomain.objects.get_or_create(name="mfa.example")[0]
    first = Mailbox.objects.count()
    Mailbox.objects.bulk_create(
        Mailbox(address=f"a{each:04}@mfa.example", domain=domain, **like)
        for each in range(first, first + number)
    )
    return domain


def marks(client: Client, url: str) -> list[str]:
    page = client.get(url).content.decode()
    return re.findall(r'name="seen" value="([^"]*)"', page)


def paused() -> int:
    return Mailbox.objects.filter(paused=True).count()


def test_those_that_are_selected_are_paused_and_no_other(client: Client) -> None:
    mailboxes(3)
    chosen = marks(client, BOXES)[:2]
    page = client.post(BOXES, {"do": "pause", "seen": chosen}, follow=True).content.decode()
    assert "2 are paused." in page
    assert paused() == 2
    assert "Undone: 2 are as they were." in undo(client, page)
    assert paused() == 0


def test_all_that_the_filter_finds_are_meant_and_their_number_is_said_before(
    client: Client,
) -> None:
    mailboxes(52)
    Mailbox.objects.filter(address="a0007@mfa.example").update(paused=True)
    other = MailDomain.objects.create(name="other.example")
    Mailbox.objects.create(address="x@other.example", domain=other)
    url = f"{BOXES}?q=MFA.example&state=ok"
    assert "with all 52 that the filter finds, on every page" in client.get(url).content.decode()
    page = client.post(url, {"do": "pause", "which": "found"}, follow=True).content.decode()
    assert "51 are paused." in page
    assert paused() == 52
    assert not Mailbox.objects.get(domain=other).paused
    undo(client, page)
    assert list(Mailbox.objects.filter(paused=True).values_list("address", flat=True)) == [
        "a0007@mfa.example"
    ]


def test_a_row_that_has_moved_on_is_left_alone_and_counted(client: Client) -> None:
    mailboxes(2)
    chosen = marks(client, BOXES)
    Mailbox.objects.filter(address="a0000@mfa.example").update(state="invalid", since=NOON)
    text = text_of(client.post(BOXES, {"do": "pause", "seen": chosen}, follow=True))
    assert "1 is paused. 1 has moved on meanwhile: nothing was done with it." in text
    assert paused() == 1


def test_mailboxes_that_refused_are_tried_again_and_their_letters_go(client: Client) -> None:
    outbox = an_outbox()
    mailboxes(2)
    url = f"{BOXES}?state=trouble"
    text = text_of(client.post(url, {"do": "retry", "which": "found"}, follow=True))
    assert "1 held letter goes again." in text
    assert state_of(outbox.message) == "ready"
    assert Incident.objects.get().closed


def test_domains_and_routes_are_resumed_at_once_and_undone(client: Client) -> None:
    later = timezone.now() + timedelta(hours=1)
    for each in range(3):
        MailDomain.objects.create(name=f"d{each}.example", paused=each == 0, paused_until=later)
        raise_incident("policy", about=f"d{each}.example", now=NOON)
        Route.objects.create(name=f"r{each}", number=each, paused=each == 0, faults=each)
    page = client.post(
        f"{DOMAINS}?state=resting", {"do": "resume", "which": "found"}, follow=True
    ).content.decode()
    assert "3 go again." in page
    assert not MailDomain.objects.exclude(paused=False, paused_until=None).exists()
    assert not Incident.objects.filter(closed=False).exists()
    undo(client, page)
    assert MailDomain.objects.filter(paused_until=later).count() == 3
    assert MailDomain.objects.get(paused=True).name == "d0.example"
    page = client.post(ROUTES, {"do": "pause", "which": "found"}, follow=True).content.decode()
    assert "2 are paused." in page
    undo(client, page)
    assert Route.objects.get(paused=True).name == "r0"


def test_incidents_are_found_and_closed_at_once(client: Client) -> None:
    for kind in KINDS:
        raise_incident(kind, about="x.example", words="554 <no>", now=NOON)
    raise_incident("silence", about="other", now=NOON)
    text = text_of(client.get(INCIDENTS))
    assert all(words in text for words in KINDS.values())
    assert "554 &lt;no&gt;" in text
    url = f"{INCIDENTS}?q=x.example&state=open"
    page = client.post(url, {"do": "close", "which": "found"}, follow=True).content.decode()
    assert f"{len(KINDS)} incidents are closed." in page
    assert Incident.objects.get(closed=False).about == "other"
    undo(client, page)
    assert Incident.objects.filter(closed=False).count() == len(KINDS) + 1


def test_each_incident_leads_to_a_list_that_is_there(client: Client) -> None:
    for kind in KINDS:
        raise_incident(kind, about="é&?<.example", now=NOON)
    page = client.get(INCIDENTS).content.decode()
    rows = page.split("<tbody>")[1]
    for url in re.findall(r'<th scope="row"><a href="([^"]*)"', rows):
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url


@pytest.mark.parametrize("url", [BOXES, DOMAINS, ROUTES, INCIDENTS])
@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"which": "selected"},
        {"seen": ["x", "1", ".", "1.", "\x00.a", f"{'9' * 30}.a", "-1.a", "é.a"]},
        {"which": "found"},
    ],
)
def test_nonsense_and_nothing_change_nothing(
    client: Client, url: str, posted: dict[str, object]
) -> None:
    outbox = an_outbox()
    before = outbox.everything()
    do = "close" if url == INCIDENTS else "resume"
    asked = "?q=%25_nobody"
    answer = client.post(url + asked, {"do": do, **posted}, follow=True)
    assert answer.status_code == 200
    assert client.post(url, {"do": "explode"}).status_code == 400
    assert client.get(f"{url}?state=%00&q=%00").status_code == 200
    client.post(f"{url}?state=nonsense", {"do": do, "which": "found"})
    assert outbox.everything() == before


def test_a_key_written_otherwise_is_no_row_that_was_seen(client: Client, outbox: Outbox) -> None:
    seen = f"0{marks(client, BOXES)[0]}"
    assert outbox.mailbox.pk == int(seen.partition(".")[0])
    text = text_of(client.post(BOXES, {"do": "pause", "seen": seen}, follow=True))
    assert "1 has moved on meanwhile" in text
    assert paused() == 0


def test_who_may_only_look_selects_nothing_and_changes_nothing(client: Client) -> None:
    outbox: Outbox = an_outbox()
    clerk = a_clerk("view_mailbox", "view_incident")
    assert marks(clerk, BOXES) == marks(clerk, INCIDENTS) == []
    clerk.post(BOXES, {"do": "pause", "which": "found"})
    clerk.post(INCIDENTS, {"do": "close", "which": "found"})
    assert paused() == 0
    outbox.incident.refresh_from_db()
    assert not outbox.incident.closed
    assert marks(client, BOXES)


def test_two_thousand_are_paused_and_undone_with_as_many_questions_as_two(
    client: Client,
) -> None:
    def asked(number: int) -> tuple[int, int]:
        mailboxes(number - Mailbox.objects.count())
        with CaptureQueriesContext(connection) as forth:
            page = client.post(BOXES, {"do": "pause", "which": "found"}, follow=True)
        assert paused() == number
        with CaptureQueriesContext(connection) as back:
            undo(client, page.content.decode())
        assert paused() == 0
        return len(forth), len(back)

    client.get(BOXES)
    assert asked(2) == asked(2000)
