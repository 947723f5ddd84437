"""What was done at the mail desk is undone, as long as nothing has moved on, by who did it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from tests.office.desk import Outbox, a_clerk, press, text_of, undo, undo_form
from tests.outbox.mails import NOON, state_of
from tests.outbox.situations import a_message_that_is
from tocsin.office.message_acts import seen
from tocsin.outbox import deeds
from tocsin.outbox.deeds import Deed, forget_deeds_due
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Route
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

LIST = "/office/mail/messages/"
LATE = "That was undone already, or is too long ago. Nothing was done."


def do_with(client: Client, do: str, *messages: Message) -> str:
    """Press a button with these messages; the next page."""
    posted = {"do": do, "seen": [seen(each) for each in messages]}
    return client.post(LIST, posted, follow=True).content.decode()


def facts(message: Message) -> tuple[object, ...]:
    message.refresh_from_db()
    return message.state, message.reason, message.attempts, message.began


def test_what_was_released_is_held_again_for_the_same_reason(client: Client) -> None:
    one = a_message_that_is("held", reason="policy", attempts=4, tried=5, began=NOON)
    two = a_message_that_is("held", reason="by_hand")
    before = facts(one), facts(two)
    page = do_with(client, "release", one, two)
    assert facts(one) == ("ready", "", 0, None)
    assert "Undone: 2 are as they were." in undo(client, page)
    assert (facts(one), facts(two)) == before


def test_what_was_held_goes_again(client: Client) -> None:
    message = a_message_that_is("ready", reason="transient", attempts=2, tried=2, began=NOON)
    before = facts(message)
    page = do_with(client, "hold", message)
    assert facts(message)[:2] == ("held", "by_hand")
    assert "Undone: 1 is as it was." in undo(client, page)
    assert facts(message) == before


def test_a_doubt_that_was_to_go_once_more_is_held_and_stays_a_doubt(client: Client) -> None:
    message = a_message_that_is("in_doubt", reason="in_doubt")
    page = do_with(client, "release", message)
    undo(client, page)
    assert facts(message)[:2] == ("held", "in_doubt")
    assert message.doubts == 1


def test_what_has_moved_on_is_left_alone_and_said(client: Client) -> None:
    one, two, three = (a_message_that_is("held", reason="by_hand") for _ in range(3))
    page = do_with(client, "release", one, two, three)
    Message.objects.filter(pk=one.pk).update(
        state="leased", lease_owner=7, lease_number=1, lease_until=NOON
    )
    Message.objects.filter(pk=one.pk).update(state="ready", lease_owner=None, lease_until=None)
    two.delete()
    text = undo(client, page)
    assert "Undone: 1 is as it was." in text
    assert "2 have moved on meanwhile: nothing was done with them." in text
    assert [state_of(one), state_of(three)] == ["ready", "held"]


def test_what_all_has_moved_on_is_said_to_be_left_as_it_is(client: Client) -> None:
    message = a_message_that_is("held", reason="by_hand")
    page = do_with(client, "release", message)
    Message.objects.filter(pk=message.pk).update(state="cancelled", reason="recalled")
    assert "1 has moved on meanwhile: nothing was done with it." in undo(client, page)
    assert facts(message)[:2] == ("cancelled", "recalled")


def test_it_is_undone_once(client: Client) -> None:
    message = a_message_that_is("held", reason="by_hand")
    page = do_with(client, "release", message)
    undo(client, page)
    Message.objects.filter(pk=message.pk).update(state="ready", reason="")
    assert LATE in undo(client, page)
    assert state_of(message) == "ready"


def test_after_a_day_it_is_too_late_and_forgotten(client: Client) -> None:
    message = a_message_that_is("held", reason="by_hand")
    page = do_with(client, "release", message)
    Deed.objects.update(at=NOON)
    assert LATE in undo(client, page)
    assert forget_deeds_due(now=NOON + timedelta(days=1)) == 1
    assert not Deed.objects.exists()


def test_nobody_undoes_what_somebody_else_did(client: Client, outbox: Outbox) -> None:
    page = do_with(client, "release", outbox.message)
    for other in (a_clerk("change_message"), a_clerk("change_message", of=()), a_clerk()):
        undo(other, page)
        assert state_of(outbox.message) == "ready"
    url, _back = undo_form(page)
    Client().post(url)
    assert client.get(url).status_code == 405
    assert state_of(outbox.message) == "ready"


def test_who_may_no_longer_change_it_or_lost_the_organisation_undoes_nothing(
    outbox: Outbox,
) -> None:
    clerk = a_clerk("change_message")
    user = User.objects.get(username__startswith="clerk")
    page = do_with(clerk, "release", outbox.message)
    permissions, groups = list(user.user_permissions.all()), list(user.groups.all())
    user.groups.clear()
    assert "1 has moved on meanwhile" in undo(clerk, page)
    assert state_of(outbox.message) == "ready"
    user.groups.set(groups)
    page = do_with(clerk, "hold", outbox.message)
    user.user_permissions.set(each for each in permissions if each.codename == "access_admin")
    undo(clerk, page)
    assert state_of(outbox.message) == "held"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "", "javascript:1"])
def test_it_leads_back_to_nowhere_else(client: Client, back: str) -> None:
    url, _back = undo_form(do_with(client, "release", a_message_that_is("held")))
    answer = client.post(url, {"back": back})
    assert answer["Location"].startswith("/office/mail/")


@pytest.mark.parametrize("done", ["0", "-1", "x", "%00", "9" * 18, "9" * 40, "٣"])
def test_nonsense_in_the_address_offers_nothing(client: Client, done: str) -> None:
    assert "/office/mail/undo/" not in client.get(f"{LIST}?done={done}").content.decode()


def test_two_thousand_are_done_and_undone_with_as_many_questions_as_two(client: Client) -> None:
    def asked(number: int) -> tuple[int, int]:
        first = a_message_that_is("held", reason="policy")
        values = {
            name: getattr(first, name)
            for name in ("lane", "mailbox", "sending_domain", "priority", "due_at", "reason")
        }
        Message.objects.bulk_create(Message(state="held", **values) for _ in range(number - 1))
        url = f"{LIST}?state=held&reason=policy"
        with CaptureQueriesContext(connection) as forth:
            page = client.post(url, {"do": "release", "which": "found"}, follow=True)
        assert Message.objects.filter(state="ready").count() == number
        with CaptureQueriesContext(connection) as back:
            undo(client, page.content.decode())
        assert Message.objects.filter(state="held", reason="policy").count() == number
        Message.objects.filter(state="held").update(reason="by_hand")
        return len(forth), len(back)

    assert asked(2) == asked(2000)


# -- other rows ----------------------------------------------------------------------------------


def test_a_pause_a_pace_and_a_closed_incident_are_undone(client: Client, outbox: Outbox) -> None:
    box, domain = f"mailboxes/{outbox.mailbox.pk}/", f"domains/{outbox.domain.pk}/"
    MailDomain.objects.update(
        paused_until=NOON + timedelta(microseconds=7), paused=True, refusals=3
    )
    Route.objects.update(paused=True, faults=2)
    before = outbox.everything()
    tune = {"per_hour": "7", "burst": "1", "connections": "1"}
    for place, do, filled in (
        (box, "pause", {}),
        (domain, "resume", {}),
        (domain, "tune", tune),
        (f"routes/{outbox.route.pk}/", "resume", {}),
        (f"mailings/{outbox.mailing.pk}/", "stop", {"stop_at": "2031-01-01T10:00"}),
        (f"our-domains/{outbox.ours.pk}/", "cap", {"daily_cap": "12"}),
    ):
        url = f"/office/mail/{place}"
        page = client.get(url).content.decode()
        mark = re.findall(r'name="mark" value="([^"]*)"', page)[0]
        page = client.post(url, {"do": do, "mark": mark, **filled}, follow=True).content.decode()
        assert outbox.everything() != before, (place, do)
        assert "Undone: 1 is as it was." in undo(client, page), (place, do)
        Incident.objects.update(closed=False)
        assert outbox.everything() == before, (place, do)


def test_a_mailbox_that_somebody_resumed_meanwhile_is_left_alone(
    client: Client, outbox: Outbox
) -> None:
    url = f"/office/mail/mailboxes/{outbox.mailbox.pk}/"
    mark = client.get(url).content.decode().split('name="mark" value="')[1].split('"')[0]
    page = client.post(url, {"do": "pause", "mark": mark}, follow=True).content.decode()
    Mailbox.objects.update(paused=False, per_hour=3)
    assert "has moved on meanwhile" in undo(client, page)
    assert Mailbox.objects.get().per_hour == 3


def test_a_closed_incident_is_open_again_unless_it_happened_again(
    client: Client, outbox: Outbox
) -> None:
    url = f"/office/mail/incidents/{outbox.incident.pk}/"
    page = client.post(url, follow=True).content.decode()
    undo(client, page)
    assert not Incident.objects.get().closed
    page = client.post(url, follow=True).content.decode()
    Incident.objects.create(
        kind=outbox.incident.kind, about=outbox.incident.about, first_at=NOON, last_at=NOON
    )
    assert "has moved on meanwhile" in undo(client, page)
    assert Incident.objects.filter(closed=False).count() == 1


# -- what is for good ----------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "do"), [("held", "cancel"), ("in_doubt", "believe")])
def test_what_cannot_be_undone_is_asked_first(client: Client, state: str, do: str) -> None:
    message = a_message_that_is(state)
    posted = {"do": do, "mark": seen(message).partition(".")[2]}
    page = client.post(f"{LIST}{message.pk}/", posted).content.decode()
    assert state_of(message) == state
    kept = dict(re.findall(r'<input type="hidden" name="(do|mark|sure)" value="([^"]*)"', page))
    assert kept == {**posted, "sure": "yes"}
    client.post(f"{LIST}{message.pk}/", kept)
    assert state_of(message) != state


def test_to_cancel_many_says_how_many_first(client: Client) -> None:
    messages = [a_message_that_is("held", reason="policy") for _ in range(3)]
    a_message_that_is("sent", reason="policy")
    asked = f"{LIST}?state=&reason=policy"
    text = text_of(client.post(asked, {"do": "cancel", "which": "found"}))
    assert "It is about 3 messages. What is cancelled is never sent" in text
    assert {state_of(each) for each in messages} == {"held"}
    page = do_with(client, "cancel", *messages[:2])
    assert "It is about 2 messages." in page
    assert page.count('name="seen"') == 2


def test_what_was_asked_is_done_with_what_the_filter_finds_and_nothing_else(
    client: Client,
) -> None:
    one, other = (a_message_that_is("held", reason=each) for each in ("policy", "by_hand"))
    asked = f"{LIST}?state=held&reason=policy"
    page = client.post(asked, {"do": "cancel", "which": "found"}).content.decode()
    form = page[: page.index('name="sure"')].rpartition("<form")[2]
    assert "action=" not in form  # it goes to the address of its page, with what was looked for
    kept = dict(re.findall(r'name="(do|which|sure)" value="([^"]*)"', page))
    client.post(asked, kept)
    assert (state_of(one), state_of(other)) == ("cancelled", "held")


def test_of_too_many_nothing_is_kept_and_no_undoing_is_offered(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "MOST", 2)
    messages = [a_message_that_is("held", reason="by_hand") for _ in range(3)]
    assert undo_form(do_with(client, "release", *messages[:2]))
    do_with(client, "hold", *Message.objects.order_by("pk"))
    page = do_with(client, "release", *Message.objects.order_by("pk"))
    assert "3 messages go again." in page
    assert "/office/mail/undo/" not in page
    assert Deed.objects.get(number=3).rows == []


def test_what_was_cancelled_offers_no_undoing(client: Client) -> None:
    message = a_message_that_is("held")
    posted = {"do": "cancel", "seen": seen(message), "sure": "yes"}
    page = client.post(LIST, posted, follow=True).content.decode()
    assert "1 message is cancelled." in page
    assert "/office/mail/undo/" not in page


# -- the journal ---------------------------------------------------------------------------------


def test_the_journal_says_who_did_what_to_how_many(client: Client, outbox: Outbox) -> None:
    page = do_with(client, "release", outbox.message)
    undo(client, page)
    press(client, f"/office/mail/mailboxes/{outbox.mailbox.pk}/", "pause")
    told = [
        (each.user.username, each.message, each.data["noun"])
        for each in ModelLogEntry.objects.filter(action="tocsin.desk").order_by("pk")
    ]
    assert told == [
        ("chiara", "Let it go (1)", "message"),
        ("chiara", "Undo (1)", "message"),
        ("chiara", "Pause (1)", "mailbox"),
    ]
    assert client.get("/office/reports/site-history/").status_code == 200


def test_what_was_not_done_is_in_no_journal(client: Client, outbox: Outbox) -> None:
    Message.objects.filter(pk=outbox.message.pk).update(tried=9)
    do_with(client, "release", outbox.message)
    client.post(LIST, {"do": "release"})
    assert not ModelLogEntry.objects.exists()
