"""Messages at the mail desk: found, looked into, held, released, cancelled, and doubts settled."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.office.desk import text_of
from tests.outbox.mails import NOON, state_of
from tests.outbox.situations import a_message_that_is, an_attempt
from tocsin.office import mail_shell, message_acts
from tocsin.office.message_acts import BUTTONS, acts, seen
from tocsin.office.words import MESSAGE_WORDS, REASON_WORDS
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing
from tocsin.outbox.states import MESSAGE

pytestmark = pytest.mark.django_db

LIST = "/office/mail/messages/"


def page_of(message: Message) -> str:
    return f"{LIST}{message.pk}/"


# -- one -----------------------------------------------------------------------------------------

FATES = {
    ("ready", "hold"): ("held", "1 message is held."),
    ("ready", "cancel"): ("cancelled", "1 message is cancelled."),
    ("leased", "hold"): ("held", "1 message is held."),
    ("leased", "cancel"): ("cancelled", "1 message is cancelled."),
    ("held", "release"): ("ready", "1 message goes again."),
    ("held", "cancel"): ("cancelled", "1 message is cancelled."),
    ("in_doubt", "believe"): ("sent", "1 message was sent."),
    ("in_doubt", "release"): ("ready", "1 message goes again."),
    ("in_doubt", "cancel"): ("cancelled", "1 message is cancelled."),
}
NOTHING = "1 has moved on meanwhile: nothing was done with it."


@pytest.mark.parametrize("do", acts())
@pytest.mark.parametrize("state", sorted(MESSAGE))
def test_each_button_does_what_it_says_in_each_state_or_nothing(
    client: Client, state: str, do: str
) -> None:
    message = a_message_that_is(state)
    fate, words = FATES.get((state, do), (state, NOTHING))
    mark = seen(message).partition(".")[2]
    posted = {"do": do, "mark": mark, "sure": "yes"}
    answer = client.post(page_of(message), posted, follow=True)
    assert words in text_of(answer)
    assert state_of(message) == fate
    if fate not in ("leased", "sending"):
        assert (message.lease_owner, message.lease_until) == (None, None)


def test_every_button_that_is_shown_has_a_fate() -> None:
    shown = {(state, button.do) for state, each in BUTTONS.items() for button in each}
    assert shown == set(FATES)


@pytest.mark.parametrize("state", sorted(MESSAGE))
def test_the_page_shows_the_buttons_of_its_state_and_no_other(client: Client, state: str) -> None:
    page = client.get(page_of(a_message_that_is(state))).content.decode()
    offered = {do for do in acts() if f'name="do" value="{do}"' in page}
    assert offered == {button.do for button in BUTTONS.get(state, ())}
    assert str(MESSAGE_WORDS[state]).replace("'", "&#x27;") in page


def test_what_has_moved_on_meanwhile_is_left_alone(client: Client) -> None:
    message = a_message_that_is("held", reason="by_hand")
    mark = seen(message).partition(".")[2]
    Message.objects.filter(pk=message.pk).update(state="ready", reason="")
    answer = client.post(
        page_of(message), {"do": "cancel", "mark": mark, "sure": "yes"}, follow=True
    )
    assert NOTHING in text_of(answer)
    assert state_of(message) == "ready"


def test_what_was_tried_again_meanwhile_and_is_held_again_is_left_alone(client: Client) -> None:
    message = a_message_that_is("held", reason="policy")
    mark = seen(message).partition(".")[2]
    Message.objects.filter(pk=message.pk).update(lease_number=1, tried=1)
    answer = client.post(page_of(message), {"do": "release", "mark": mark}, follow=True)
    assert NOTHING in text_of(answer)
    assert state_of(message) == "held"


def test_a_message_tells_every_attempt_with_the_words_of_the_other_side(client: Client) -> None:
    message = a_message_that_is("held", reason="policy", tried=3, attempts=2)
    an_attempt(message, number=1, outcome="transient", phase="rcpt", code=450, enhanced="4.2.0")
    said = {"code": 554, "enhanced": "5.7.1", "text": "<b>no</b> 诸位"}
    an_attempt(message, number=3, outcome="policy", phase="dot", **said)
    answer = client.get(page_of(message))
    text = text_of(answer)
    for words in (
        "they refuse us: reputation, authentication or content",
        "they ask us to come back later naming the recipient 450 4.2.0",
        "after the last word 554 5.7.1 &lt;b&gt;no&lt;/b&gt; 诸位",
        "03/10/2026 12 h UTC",
        message.message_id,
        "minister@mfa.example",
    ):
        assert words in text
    assert "12:05" not in text  # no finer time is told


def test_a_message_without_attempts_says_so(client: Client) -> None:
    assert "It has not been tried yet." in text_of(client.get(page_of(a_message_that_is("ready"))))


# -- many ----------------------------------------------------------------------------------------


def chosen(*messages: Message) -> list[str]:
    return [seen(message) for message in messages]


def test_many_are_released_at_once_and_the_number_is_said(client: Client) -> None:
    held = [a_message_that_is("held", reason="by_hand") for _ in range(12)]
    left = a_message_that_is("held", reason="by_hand")
    posted = {"do": "release", "which": "selected", "seen": chosen(*held)}
    assert "12 messages go again." in text_of(client.post(LIST, posted, follow=True))
    assert {state_of(each) for each in held} == {"ready"}
    assert state_of(left) == "held"


def test_of_many_those_that_moved_on_are_left_alone_and_counted(client: Client) -> None:
    one, two, three = (a_message_that_is("held", reason="by_hand") for _ in range(3))
    marks = chosen(one, two, three)
    Message.objects.filter(pk=two.pk).update(state="cancelled")
    three.delete()
    text = text_of(client.post(LIST, {"do": "release", "seen": marks}, follow=True))
    assert "1 message goes again." in text
    assert "2 have moved on meanwhile: nothing was done with them." in text
    assert [state_of(one), state_of(two)] == ["ready", "cancelled"]


def test_nothing_selected_changes_nothing_and_says_so(client: Client) -> None:
    message = a_message_that_is("held", reason="by_hand")
    for posted in ({}, {"seen": "nonsense"}, {"seen": "\x00.held"}, {"which": "some"}):
        text = text_of(client.post(LIST, {"do": "cancel", **posted}, follow=True))
        assert "Nothing was selected." in text
    assert state_of(message) == "held"


def test_all_that_the_filter_finds_is_done_in_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_acts, "AT_ONCE", 2)
    held = [a_message_that_is("held", reason="restored") for _ in range(5)]
    other = a_message_that_is("held", reason="policy")
    sent = a_message_that_is("sent", reason="restored")
    asked = f"{LIST}?state=held&reason=restored"
    text = text_of(client.post(asked, {"do": "release", "which": "found"}, follow=True))
    assert "5 messages go again." in text
    assert {state_of(each) for each in held} == {"ready"}
    assert [state_of(other), state_of(sent)] == ["held", "sent"]


def test_a_filter_that_makes_no_sense_finds_nothing_to_cancel(client: Client) -> None:
    message = a_message_that_is("held", reason="by_hand")
    for asked in ("?state=any&reason=by_hand", "?state=held&mailing=0", "?state=held&lane=x"):
        client.post(LIST + asked, {"do": "cancel", "which": "found", "sure": "yes"})
    assert state_of(message) == "held"


def test_a_doubt_is_not_settled_for_many_at_a_time(client: Client) -> None:
    message = a_message_that_is("in_doubt")
    assert client.post(LIST, {"do": "believe", "seen": chosen(message)}).status_code == 400
    assert state_of(message) == "in_doubt"


# -- the list ------------------------------------------------------------------------------------


def found(client: Client, asked: str) -> set[str]:
    page = client.get(LIST + asked).content.decode()
    return {
        str(pk) for pk in Message.objects.values_list("pk", flat=True) if f"{LIST}{pk}/" in page
    }


def test_it_begins_with_what_waits_for_a_person(client: Client) -> None:
    all_of_them = {state: a_message_that_is(state) for state in MESSAGE}
    waiting = {str(all_of_them[state].pk) for state in ("held", "in_doubt")}
    assert found(client, "") == found(client, "?p=1") == waiting
    assert len(found(client, "?state=")) == len(MESSAGE)


def test_a_filter_finds_by_state_lane_reason_mailing_and_mailbox(client: Client) -> None:
    families = Mailing.objects.create(name="families")
    one = a_message_that_is("held", reason="policy", to="one@mfa.example", mailing=families)
    two = a_message_that_is("ready", to="two@mfa.example")
    three = a_message_that_is("held", reason="by_hand", to="three@other.example")
    expected = {
        "?state=held": {one, three},
        "?state=ready": {two},
        "?state=&reason=policy": {one},
        "?state=&lane=letter": {one, two, three},
        "?state=&lane=confirm": set(),
        f"?state=&mailing={families.pk}": {one},
        "?state=&mailbox=MFA.example": {one, two},
        "?state=held&mailbox=mfa": {one},
    }
    for asked, messages in expected.items():
        assert found(client, asked) == {str(each.pk) for each in messages}, asked


@pytest.mark.parametrize(
    "asked",
    [
        "?state=held'--",
        "?state=held&state=ready&state=%00",
        "?state=&lane=<script>",
        "?state=&reason=%F0%9F%92%A9",
        "?state=&mailing=1e9",
        "?state=&mailing=99999999999999999999999",
        "?state=&mailing=%00",
        "?state=&mailbox=%00",
        "?state=&mailbox=%25%25%25_",
        f"?state=&mailbox={'a' * 300}",
        "?state=&mailbox=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "?p=-1",
        "?p=99999999999999999999",
        "?p=last",
        "?state[]=held",
    ],
)
def test_whatever_stands_in_the_filter_is_answered_in_peace(client: Client, asked: str) -> None:
    a_message_that_is("held", reason="by_hand")
    answer = client.get(LIST + asked)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_long_list_comes_in_pages_that_keep_the_filter(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.office.message_list.PAGE", 3)
    monkeypatch.setattr(mail_shell, "MOST_LISTED", 7)
    for _ in range(9):
        a_message_that_is("held", reason="policy")
    pages = [found(client, f"?state=held&reason=policy&p={number}") for number in (1, 2, 3)]
    assert [len(each) for each in pages] == [3, 3, 1]
    assert len(set.union(*pages)) == 7
    page = client.get(f"{LIST}?state=held&reason=policy&p=2").content.decode()
    assert "?state=held&amp;reason=policy&amp;p=1" in page
    assert "Page 2 of 3" in page


def test_the_list_asks_the_database_as_often_for_many_rows_as_for_few(client: Client) -> None:
    counts = []
    for number in (1, 6):
        for each in range(number):
            mailing = Mailing.objects.create(name=f"m{each}")
            a_message_that_is("held", reason="policy", to=f"a{each}@mfa.example", mailing=mailing)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_many_are_moved_with_as_many_questions_as_few(client: Client) -> None:
    def asked(number: int) -> int:
        held = [a_message_that_is("held", reason="by_hand") for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            client.post(LIST, {"do": "release", "seen": chosen(*held)})
        return len(queries)

    assert asked(2) == asked(9)


def test_a_mail_to_a_supporter_shows_no_address(client: Client) -> None:
    message = a_message_that_is("held", reason="policy", lane="confirm", to="amina@mail.example")
    assert message.mailbox is None
    for url in (LIST, page_of(message)):
        assert "amina" not in client.get(url).content.decode()


def test_every_word_of_the_filter_can_be_chosen(client: Client) -> None:
    page = client.get(LIST).content.decode()
    for name in (*MESSAGE_WORDS, *REASON_WORDS):
        assert f'<option value="{name}"' in page


def test_the_time_of_the_list_is_nobody_s_minute(client: Client) -> None:
    a_message_that_is("held", reason="policy")
    assert f"{NOON:%H:%M}" not in client.get(LIST).content.decode()
