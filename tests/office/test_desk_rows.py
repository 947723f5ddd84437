"""Mailboxes, mail domains, routes, our domains, mailings: each button and form of the mail desk."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import a_target
from tests.office.desk import Outbox, press, text_of
from tests.outbox.mails import NOON, a_message, state_of
from tests.outbox.situations import a_message_that_is
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.targets.models import TargetAddress

pytestmark = pytest.mark.django_db

MOVED_ON = "It has changed meanwhile. Nothing was done; this is how it is now."


def box_url(box: Mailbox) -> str:
    return f"/office/mail/mailboxes/{box.pk}/"


# -- mailboxes -----------------------------------------------------------------------------------


def test_a_mailbox_that_does_not_exist_says_so_with_the_words_of_its_server(
    client: Client, outbox: Outbox
) -> None:
    for url in ("/office/mail/mailboxes/", box_url(outbox.mailbox)):
        text = text_of(client.get(url))
        assert "does not exist: its letters are held" in text
        assert "550 5.1.1 user gone unknown" in text


def test_a_corrected_address_takes_over_the_letters_and_the_target(
    client: Client, outbox: Outbox
) -> None:
    target = a_target()
    TargetAddress.objects.filter(target=target).update(address="gone@MFA.example", is_public=True)
    text = press(client, box_url(outbox.mailbox), "correct", right="there@mfa.example")
    assert "1 held letter goes again." in text
    assert "there@mfa.example" in text
    assert state_of(outbox.message) == "ready"
    assert outbox.message.mailbox is not None
    assert outbox.message.mailbox.address == "there@mfa.example"
    found = target.addresses.values_list("address", "is_public")
    assert list(found) == [("there@mfa.example", False)]  # that it may be shown nobody has said
    assert "mail-incidents" not in client.get("/office/mail/").content.decode()


def test_a_target_that_has_the_right_address_already_keeps_it_once(
    client: Client, outbox: Outbox
) -> None:
    target = a_target()
    TargetAddress.objects.filter(target=target).update(address="gone@mfa.example")
    TargetAddress.objects.create(target=target, address="there@mfa.example")
    press(client, box_url(outbox.mailbox), "correct", right="there@mfa.example")
    assert [each.address for each in target.addresses.all()] == ["there@mfa.example"]


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("", "This field is required."),
        ("nobody", "This is not an address that mail could go to."),
        ("a b@mfa.example", "This is not an address that mail could go to."),
        ("a@mfa.example\r\nBcc: x@y.example", "This is not an address that mail could go to."),
        ("GONE@mfa.example", "This is the address that it has."),
        ("a\x00@mfa.example", "Null characters are not allowed."),
        ("a" * 300, "at most 254 characters"),
    ],
)
def test_a_wrong_address_is_refused_in_words_beside_the_field(
    client: Client, outbox: Outbox, right: str, words: str
) -> None:
    text = press(client, box_url(outbox.mailbox), "correct", right=right)
    assert words in text
    assert state_of(outbox.message) == "held"
    assert Mailbox.objects.count() == 1


def test_a_form_with_an_error_keeps_what_was_filled_in(client: Client, outbox: Outbox) -> None:
    page = client.get(box_url(outbox.mailbox)).content.decode()
    mark = page.split('name="mark" value="')[1].split('"')[0]
    filled = {"do": "tune", "mark": mark, "per_hour": "0", "time_zone": "Mars/Olympus"}
    answer = client.post(box_url(outbox.mailbox), filled)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Mars/Olympus"' in page
    assert page.count('aria-invalid="true"') == 2
    for name in ("per_hour", "time_zone"):
        described = " ".join(f"MailboxPaceForm_{name}_{part}" for part in ("helptext", "error"))
        assert f'aria-describedby="{described}"' in page
        assert f'id="MailboxPaceForm_{name}_error"' in page


def test_a_mailbox_that_refused_is_tried_again(client: Client, outbox: Outbox) -> None:
    Mailbox.objects.update(state="refusing")
    assert "1 held letter goes again." in press(client, box_url(outbox.mailbox), "retry")
    outbox.mailbox.refresh_from_db()
    assert (outbox.mailbox.state, state_of(outbox.message)) == ("ok", "ready")
    page = client.get(box_url(outbox.mailbox)).content.decode()
    assert 'value="retry"' not in page


def test_a_mailbox_is_paused_and_resumed(client: Client, outbox: Outbox) -> None:
    url = box_url(outbox.mailbox)
    assert "Nothing is sent to it until it is resumed." in press(client, url, "pause")
    assert Mailbox.objects.get().paused
    assert "It is written to again." in press(client, url, "resume")
    assert not Mailbox.objects.get().paused


def test_two_who_pause_at_once_are_told_so_and_nothing_turns_back(
    client: Client, outbox: Outbox
) -> None:
    page = client.get(box_url(outbox.mailbox)).content.decode()
    mark = page.split('name="mark" value="')[1].split('"')[0]
    Mailbox.objects.update(paused=True)
    for do in ("pause", "resume"):
        posted = {"do": do, "mark": mark}
        assert MOVED_ON in text_of(client.post(box_url(outbox.mailbox), posted, follow=True))
    assert Mailbox.objects.get().paused


def test_pace_and_hours_of_a_mailbox_are_saved(client: Client, outbox: Outbox) -> None:
    later = timezone.now() + timedelta(hours=5)
    Mailbox.objects.update(next_at=later, booked_until=later)
    filled = {"per_hour": 60, "opens": "09:00", "closes": "17:30", "time_zone": "Asia/Shanghai"}
    text = press(client, box_url(outbox.mailbox), "tune", workdays="on", **filled)
    assert "Pace and hours are saved." in text
    assert "Monday to Friday, 09:00–17:30 (Asia/Shanghai)" in text
    box = Mailbox.objects.get()
    assert (box.per_hour, box.opens, box.closes) == (60, time(9), time(17, 30))
    assert (box.time_zone, box.workdays) == ("Asia/Shanghai", True)
    assert box.next_at < later
    assert box.booked_until < later


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"per_hour": "0"}, "greater than or equal to 1"),
        ({"per_hour": "many"}, "Enter a whole number."),
        ({"per_hour": "999999999"}, "less than or equal to 100000"),
        ({"opens": "25:00"}, "Enter a valid time."),
        ({"opens": "09:00"}, "Fill in both times, or none."),
        ({"closes": "09:00"}, "Fill in both times, or none."),
        ({"opens": "09:00", "closes": "09:00"}, "it would never be open"),
        ({"time_zone": "Paris"}, "No time zone has this name."),
        ({"time_zone": "../../etc/passwd"}, "No time zone has this name."),
        ({"time_zone": "'; DROP TABLE x; --"}, "No time zone has this name."),
        ({"time_zone": "localtime"}, "No time zone has this name."),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_words(
    client: Client, outbox: Outbox, changes: dict[str, str], words: str
) -> None:
    before = list(Mailbox.objects.values())
    filled = {"per_hour": "20", "opens": "", "closes": "", "time_zone": "UTC", **changes}
    assert words in text_of_plain(press(client, box_url(outbox.mailbox), "tune", **filled))
    assert list(Mailbox.objects.values()) == before


def text_of_plain(text: str) -> str:
    return text.replace("&#x27;", "'")


# -- mail domains, routes, our domains -----------------------------------------------------------


def test_a_mail_domain_is_paused_resumed_and_paced(client: Client, outbox: Outbox) -> None:
    url = f"/office/mail/domains/{outbox.domain.pk}/"
    assert "until it is resumed" in press(client, url, "pause")
    assert MailDomain.objects.get().paused
    assert "It is written to again." in press(client, url, "resume")
    text = press(client, url, "tune", per_hour=40, burst=1, connections=3)
    assert "The pace is saved." in text
    domain = MailDomain.objects.get()
    assert (domain.paused, domain.per_hour, domain.burst, domain.connections) == (False, 40, 1, 3)


def test_a_pause_that_a_domain_brought_upon_itself_can_be_ended(
    client: Client, outbox: Outbox
) -> None:
    MailDomain.objects.update(paused_until=timezone.now() + timedelta(hours=1), refusals=3)
    url = f"/office/mail/domains/{outbox.domain.pk}/"
    assert "left alone until" in text_of(client.get("/office/mail/domains/"))
    press(client, url, "resume")
    assert MailDomain.objects.get().paused_until is None


def test_a_route_is_paused_resumed_and_given_connections(client: Client, outbox: Outbox) -> None:
    url = "/office/mail/routes/letters/"
    assert "Nothing goes that way until it is resumed." in press(client, url, "pause")
    assert Route.objects.get().paused
    assert "Mail goes that way again." in press(client, url, "resume")
    assert "The connections are saved." in press(client, url, "tune", connections=8, share=4)
    route = Route.objects.get()
    assert (route.paused, route.connections, route.share) == (False, 8, 4)
    text = press(client, url, "tune", connections=3, share=4)
    assert "One worker cannot take more than all together." in text
    assert Route.objects.get().connections == 8


def test_a_route_that_rests_says_until_when_and_can_go_on(client: Client, outbox: Outbox) -> None:
    rest = timezone.now() + timedelta(minutes=10)
    Route.objects.update(open_until=rest, faults=3, words="421 busy")
    text = text_of(client.get("/office/mail/routes/letters/"))
    assert "left alone after faults" in text
    assert "421 busy" in text
    press(client, "/office/mail/routes/letters/", "resume")
    assert (Route.objects.get().open_until, Route.objects.get().faults) == (None, 0)


def test_a_domain_of_ours_shows_its_findings_and_takes_a_limit(
    client: Client, outbox: Outbox
) -> None:
    finding = {"name": "SPF", "ok": False, "found": "<none>", "remedy": "publish it"}
    SendingDomain.objects.update(findings=[finding, "garbage"], state="red", reserved=False)
    url = f"/office/mail/our-domains/{outbox.ours.pk}/"
    text = text_of(client.get(url))
    assert "not in order: it does not send" in text
    assert "SPF not in order &lt;none&gt; publish it" in text
    assert "The limit is saved." in press(client, url, "cap", daily_cap="50")
    assert SendingDomain.objects.get().daily_cap == 50
    press(client, url, "cap", daily_cap="0")
    assert SendingDomain.objects.get().daily_cap == 50
    press(client, url, "cap", daily_cap="")
    assert SendingDomain.objects.get().daily_cap is None


# -- mailings ------------------------------------------------------------------------------------


def test_a_mailing_is_paused_and_resumed(client: Client, outbox: Outbox) -> None:
    url = f"/office/mail/mailings/{outbox.mailing.pk}/"
    press(client, url, "pause")
    assert Mailing.objects.get().paused
    assert "families: paused; 1 message waits." in text_of(client.get("/office/mail/"))
    press(client, url, "resume")
    assert not Mailing.objects.get().paused


def test_a_mailing_gets_an_end_and_loses_it_again(client: Client, outbox: Outbox) -> None:
    url = f"/office/mail/mailings/{outbox.mailing.pk}/"
    press(client, url, "stop", stop_at="2026-06-01T12:00")
    assert Mailing.objects.get().stop_at == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert 'value="2026-06-01T12:00"' in client.get(url).content.decode()
    assert "Enter a valid date/time." in press(client, url, "stop", stop_at="soon")
    press(client, url, "stop", stop_at="")
    assert Mailing.objects.get().stop_at is None


def test_a_mailing_says_what_happens_in_doubt(client: Client, outbox: Outbox) -> None:
    url = f"/office/mail/mailings/{outbox.mailing.pk}/"
    press(client, url, "doubts", doubts="ask")
    assert Mailing.objects.get().doubts == "ask"
    press(client, url, "doubts", doubts="burn")
    assert Mailing.objects.get().doubts == "ask"


def test_a_recall_says_first_how_many_and_then_cancels_them(client: Client, outbox: Outbox) -> None:
    for state in ("ready", "leased", "sending", "sent", "in_doubt"):
        a_message_that_is(state, mailing=outbox.mailing)
    other = a_message()
    url = f"/office/mail/mailings/{outbox.mailing.pk}/recall/"
    assert "4 messages have not been sent, and would be cancelled" in text_of(client.get(url))
    assert Message.objects.filter(state="cancelled").count() == 0
    assert "4 messages are recalled." in press(client, url, "recall")
    assert Message.objects.filter(state="cancelled", reason="recalled").count() == 4
    assert state_of(other) == "ready"


def test_a_mailing_that_changed_meanwhile_is_not_recalled(client: Client, outbox: Outbox) -> None:
    url = f"/office/mail/mailings/{outbox.mailing.pk}/recall/"
    mark = client.get(url).content.decode().split('name="mark" value="')[1].split('"')[0]
    Mailing.objects.update(paused=True)
    posted = {"do": "recall", "mark": mark}
    assert MOVED_ON in text_of(client.post(url, posted, follow=True))
    assert state_of(outbox.message) == "held"


# -- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["", "now/", "mailboxes/", "domains/", "routes/", "our-domains/", "mailings/"]
)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(
    client: Client, place: str
) -> None:
    counts = []
    for start, end in ((0, 1), (1, 6)):
        for each in range(start, end):
            mailing = Mailing.objects.create(name=f"m{each}", paused=True)
            a_message_that_is("ready", to=f"a{each}@s{each}.example", mailing=mailing)
            Route.objects.create(name=f"r{each}", number=each)
            SendingDomain.objects.create(name=f"d{each}.example", bounce_domain="b.example")
        Mailbox.objects.update(state="refusing")
        client.get("/office/mail/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/office/mail/{place}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_list_of_many_mailboxes_comes_in_pages_the_troubled_first(client: Client) -> None:
    domain = MailDomain.objects.create(name="mfa.example")
    Mailbox.objects.bulk_create(
        Mailbox(address=f"a{each:03}@mfa.example", domain=domain) for each in range(60)
    )
    Mailbox.objects.filter(address="a059@mfa.example").update(state="invalid", since=NOON)
    first = text_of(client.get("/office/mail/mailboxes/"))
    assert first.index("a059@mfa.example") < first.index("a000@mfa.example")
    assert "a055@mfa.example" not in first
    assert "a055@mfa.example" in text_of(client.get("/office/mail/mailboxes/?p=2"))
