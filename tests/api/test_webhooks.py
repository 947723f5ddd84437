"""The door at which providers report: who is let in, and what a report changes."""

import base64
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from anymail.exceptions import AnymailNotSupportedWarning
from django.test import Client
from pytest_django import Settings

from tests.api.reports import (
    BOUNCES,
    SIGNING_KEY,
    mailgun_bounce,
    mailjet_bounce,
    postmark_bounce,
    postmark_complaint,
    postmark_delivery,
)
from tests.outbox.happenings import a_message_that_is
from tests.outbox.mails import NOON, a_message, last_attempt, state_of
from tests.outbox.situations import an_attempt
from tests.provider_office import POSTMARK_OK, Answer, provider_office
from tocsin.api.webhooks import VIEWS
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.models import Message
from tocsin.outbox.send import send_due
from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.ways import Provider, way_from_url
from tocsin.outbox.watch import Incident

pytestmark = pytest.mark.django_db

SECRET = "hooks:a-secret-of-the-webhooks"
KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkpNDLqKn/sqyn1i8Y6OdihXscu9+"
    "KGntYMyye/iOGjWdZ60hZ6ZpETpmqnPYRsTIc3+b7wFL4E7kTKnwOaka0w=="
)
"""The public half of a key: what signs with the other half does not exist."""

URLS = {
    "postmark": "anymail+postmark://:token@",
    "mailgun": f"anymail+mailgun://:key@mg.example?webhook_signing_key={SIGNING_KEY}",
    "brevo": "anymail+brevo://:key@",
    "sendgrid": "anymail+sendgrid://:key@",
    "mailjet": "anymail+mailjet://key:secret@",
}


@pytest.fixture(autouse=True)
def not_supported_is_no_error() -> Iterator[None]:
    """Anymail says of SendGrid, each time, that nobody tries it out any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        yield


def go_by(settings: Settings, esp: str, *, secret: str = SECRET) -> None:
    settings.WAYS = dict.fromkeys(settings.WAYS, way_from_url(URLS[esp]))
    settings.WEBHOOK_SECRET = secret


def report(client: Client, esp: str, said: Any, *, secret: str = SECRET, **more: Any) -> Any:
    headers = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    content = said if isinstance(said, bytes) else json.dumps(said)
    return client.post(
        f"/hooks/{esp}/",
        data=content,
        content_type="application/json",
        headers=headers if secret else {},
        **more,
    )


def ref_of(message: Message, attempt: int | None = 1) -> str:
    return message.pk.hex if attempt is None else f"{message.pk.hex}.{attempt}"


@pytest.mark.parametrize("esp", BOUNCES)
def test_a_bounce_is_understood_in_the_words_of_each_provider(
    esp: str, client: Client, settings: Settings
) -> None:
    go_by(settings, esp)
    message = a_message_that_is("in_doubt")
    assert report(client, esp, BOUNCES[esp](ref_of(message))).status_code == 200
    assert (state_of(message), message.reason) == ("bounced", "bounced")
    assert last_attempt(message).outcome == "bounced"
    assert Mailbox.objects.get().state == "invalid"
    incident = Incident.objects.get()
    assert (incident.kind, incident.times) == ("mailbox_invalid", 1)


@pytest.mark.parametrize("esp", BOUNCES)
def test_a_report_that_is_told_again_changes_nothing(
    esp: str, client: Client, settings: Settings
) -> None:
    go_by(settings, esp)
    message = a_message_that_is("sent")
    for _ in range(3):
        assert report(client, esp, BOUNCES[esp](ref_of(message))).status_code == 200
    assert Incident.objects.get().times == 1
    assert message.tries.count() == 1


@pytest.mark.parametrize("secret", ["", "hooks:wrong", "hooks", "hooks:", SECRET + "x"])
@pytest.mark.parametrize("esp", BOUNCES)
def test_who_does_not_know_the_secret_changes_nothing_and_leaves_no_trace(
    esp: str, secret: str, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    go_by(settings, esp)
    message = a_message_that_is("sent")
    with caplog.at_level(logging.DEBUG, logger="tocsin"):
        answer = report(client, esp, BOUNCES[esp](ref_of(message)), secret=secret)
    assert (answer.status_code, answer.content) == (403, b"")
    assert (state_of(message), Incident.objects.count(), caplog.text) == ("sent", 0, "")


def test_without_a_secret_a_report_that_is_not_signed_has_no_door(
    client: Client, settings: Settings
) -> None:
    message = a_message_that_is("sent")
    for esp in ("postmark", "brevo", "sendgrid", "mailjet"):
        go_by(settings, esp, secret="")
        answer = report(client, esp, BOUNCES[esp](ref_of(message)), secret="", follow=True)
        assert (esp, answer.status_code) == (esp, 404)
    assert state_of(message) == "sent"


def test_a_signature_is_enough_and_a_forged_one_is_not(client: Client, settings: Settings) -> None:
    go_by(settings, "mailgun", secret="")
    message = a_message_that_is("sent")
    forged = mailgun_bounce(ref_of(message), key="another-key")
    assert report(client, "mailgun", forged, secret="").status_code == 403
    assert state_of(message) == "sent"
    assert report(client, "mailgun", mailgun_bounce(ref_of(message)), secret="").status_code == 200
    assert state_of(message) == "bounced"


def test_where_there_is_a_secret_a_signature_alone_is_not_enough(
    client: Client, settings: Settings
) -> None:
    go_by(settings, "mailgun")
    message = a_message_that_is("sent")
    assert report(client, "mailgun", mailgun_bounce(ref_of(message)), secret="").status_code == 403
    assert state_of(message) == "sent"


@pytest.mark.parametrize("esp", ["brevo", "scaleway", "test", "base", "..", "amazon-ses"])
def test_only_a_provider_by_which_our_mail_goes_has_a_door(
    esp: str, client: Client, settings: Settings
) -> None:
    go_by(settings, "postmark")
    assert report(client, esp, {}, follow=True).status_code == 404


def account_at(esp: str, *, signing: bool) -> Provider:
    row = ESPS[esp]
    names = {row.user, row.secret, row.host} - {""} - ({*row.signed_by} if not signing else set())
    return Provider(esp, dict.fromkeys(names | ({*row.signed_by} if signing else set()), KEY))


@pytest.mark.parametrize("esp", sorted(VIEWS))
def test_each_provider_that_reports_has_a_door_that_is_locked(
    esp: str, client: Client, settings: Settings
) -> None:
    settings.WEBHOOK_SECRET = SECRET
    settings.WAYS = {"letters": account_at(esp, signing=True)}
    name = esp.replace("_", "-")
    for said in (b"", b"{}", b"[]", b"nonsense", postmark_bounce("0" * 32)):
        assert report(client, name, said, secret="hooks:wrong").status_code == 403
    settings.WEBHOOK_SECRET = ""
    answer = report(client, name, b"{}", secret="", follow=True)
    assert answer.status_code == (403 if ESPS[esp].signed_by else 404)


@pytest.mark.parametrize("esp", ["mailersend", "mandrill", "postal"])
def test_who_must_sign_has_no_door_without_the_key_for_it(
    esp: str, client: Client, settings: Settings
) -> None:
    settings.WEBHOOK_SECRET = SECRET
    settings.WAYS = {"letters": account_at(esp, signing=False)}
    assert report(client, esp, {}, follow=True).status_code == 404


def test_a_relay_has_no_door_at_all(client: Client, settings: Settings) -> None:
    settings.WAYS = dict.fromkeys(settings.WAYS, way_from_url("smtps://relay.example"))
    settings.WEBHOOK_SECRET = SECRET
    assert report(client, "postmark", {}, follow=True).status_code == 404


def test_the_door_is_for_posts_alone(client: Client, settings: Settings) -> None:
    go_by(settings, "postmark")
    for method in ("get", "head", "put", "delete", "options"):
        assert getattr(client, method)("/hooks/postmark/").status_code == 405


def test_no_cookie_and_no_form_of_ours_is_asked_for(settings: Settings) -> None:
    go_by(settings, "postmark")
    message = a_message_that_is("sent")
    strict = Client(enforce_csrf_checks=True)
    assert report(strict, "postmark", postmark_delivery(ref_of(message))).status_code == 200
    assert state_of(message) == "delivered"
    assert strict.cookies == {}


@pytest.mark.parametrize(("said", "paused"), [(postmark_delivery, 0), (postmark_complaint, 1)])
def test_deliveries_and_complaints_are_noted_as_well(
    said: Any, paused: int, client: Client, settings: Settings
) -> None:
    go_by(settings, "postmark")
    message = a_message_that_is("sent")
    assert report(client, "postmark", said(ref_of(message))).status_code == 200
    assert (state_of(message), Mailbox.objects.filter(paused=True).count()) == ("delivered", paused)


def test_a_reference_without_a_number_means_the_last_attempt(
    client: Client, settings: Settings
) -> None:
    go_by(settings, "brevo")
    message = a_message_that_is("sent", tries=2)
    report(client, "brevo", BOUNCES["brevo"](ref_of(message, None)))
    assert [each.outcome for each in message.tries.all()] == ["transient", "bounced"]


REFERENCES = [
    "",
    "nonsense",
    "0" * 32,
    "0" * 32 + ".1",
    "z" * 32 + ".1",
    "0" * 32 + ".-1",
    "0" * 32 + "." + "9" * 40,
    "0" * 32 + ".１",
    "x" * 100_000,
]


@pytest.mark.parametrize("ref", REFERENCES, ids=lambda ref: ref[:12] + str(len(ref)))
def test_a_mail_that_is_not_ours_is_taken_and_forgotten(
    ref: str, client: Client, settings: Settings
) -> None:
    go_by(settings, "postmark")
    message = a_message_that_is("sent")
    assert report(client, "postmark", postmark_bounce(ref)).status_code == 200
    assert (state_of(message), Incident.objects.count()) == ("sent", 0)


UNREADABLE: list[Any] = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[" * 50_000,
    [],
    "words",
    17,
    None,
    {"RecordType": ["Bounce"]},
    {"RecordType": "Bounce", "Metadata": 5},
    {"FromFull": {}, "Subject": "to the wrong door"},
]


@pytest.mark.parametrize("said", UNREADABLE, ids=lambda said: repr(said)[:20])
def test_a_report_that_cannot_be_read_is_counted_and_is_no_error(
    said: Any, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    go_by(settings, "postmark")
    for _ in range(2):
        assert report(client, "postmark", said).status_code == 200
    incident = Incident.objects.get()
    assert (incident.kind, incident.about, incident.times) == ("report", "postmark", 2)
    assert "a report of postmark cannot be read" in caplog.text
    assert "wrong door" not in caplog.text + incident.words


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b'"x"', b'{"signature": 5}', b"\xff"])
def test_a_stranger_who_breaks_the_check_has_not_passed_it(
    said: bytes, client: Client, settings: Settings
) -> None:
    go_by(settings, "mailgun", secret="")
    assert report(client, "mailgun", said, secret="").status_code == 403
    letters = {"timestamp": "é", "token": "ü", "signature": "ß"}
    assert report(client, "mailgun", {"signature": letters}, secret="").status_code == 403
    assert Incident.objects.count() == 0


def test_one_bad_report_in_a_batch_does_not_hide_the_others(
    client: Client, settings: Settings
) -> None:
    go_by(settings, "mailjet")
    first, second = a_message_that_is("sent"), a_message_that_is("sent")
    batch = [
        *mailjet_bounce(ref_of(first)),
        {"no": "event"},
        17,
        *mailjet_bounce(ref_of(second)),
    ]
    assert report(client, "mailjet", batch).status_code == 200
    assert (state_of(first), state_of(second)) == ("bounced", "bounced")
    assert Incident.objects.get(kind="report").times == 2


def test_a_report_that_is_too_big_is_refused_unread(client: Client, settings: Settings) -> None:
    go_by(settings, "postmark")
    message = a_message_that_is("sent")
    said = {**postmark_bounce(ref_of(message)), "Content": "x" * 300_000}
    assert report(client, "postmark", said).status_code == 413
    assert state_of(message) == "sent"


def test_bad_news_of_what_is_still_being_sent_is_asked_for_again(
    client: Client, settings: Settings
) -> None:
    go_by(settings, "postmark")
    message = a_message_that_is("sending")
    answer = report(client, "postmark", postmark_bounce(ref_of(message)))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    Message.objects.filter(pk=message.pk).update(state="sent", lease_owner=None)
    an_attempt(message, outcome="sent")
    assert report(client, "postmark", postmark_bounce(ref_of(message))).status_code == 200
    assert state_of(message) == "bounced"


def test_each_account_at_a_provider_is_heard(client: Client, settings: Settings) -> None:
    settings.WEBHOOK_SECRET = ""
    keys = {"letters": "one", "confirmations": "two"}
    settings.WAYS = {
        name: way_from_url(f"anymail+mailgun://:{key}@mg.example") for name, key in keys.items()
    }
    for key in keys.values():
        message = a_message_that_is("sent")
        said = mailgun_bounce(ref_of(message), key=key)
        assert report(client, "mailgun", said, secret="").status_code == 200
        assert state_of(message) == "bounced"


def test_a_letter_leaves_by_a_provider_and_its_bounce_closes_the_mailbox(
    client: Client, settings: Settings
) -> None:
    settings.WEBHOOK_SECRET = SECRET
    answers = [Answer(200, {**POSTMARK_OK, "To": "minister@mfa.example"})]
    with provider_office(*answers) as office:
        settings.WAYS = dict.fromkeys(settings.WAYS, office.postmark())
        first, second = (a_message(recipient="minister@mfa.example") for _ in range(2))
        assert send_due(now=NOON, route="letters") == 1
        [asked] = office.asked
        ref = asked.content["Metadata"]["tocsin"]
        sent, waits = (first, second) if ref == ref_of(first) else (second, first)
        assert (state_of(sent), state_of(waits)) == ("sent", "ready")
        assert last_attempt(sent).text == "taken as 0a129aee-e1cd-480d-b08d-4f48548ff48d"
        assert report(client, "postmark", postmark_bounce(ref)).status_code == 200
        assert (state_of(sent), Mailbox.objects.get().state) == ("bounced", "invalid")
        assert send_due(now=NOON.replace(hour=18), route="letters") == 0
        assert (state_of(waits), len(office.asked)) == ("ready", 1)


def test_a_doubt_that_a_provider_left_is_settled_by_its_report(
    client: Client, settings: Settings
) -> None:
    settings.WEBHOOK_SECRET = SECRET
    with provider_office(Answer(habit="resets after")) as office:
        settings.WAYS = dict.fromkeys(settings.WAYS, office.postmark())
        letter = a_message()
        send_due(now=NOON, route="letters")
        assert state_of(letter) == "in_doubt"
        [asked] = office.asked
        report(client, "postmark", postmark_delivery(asked.content["Metadata"]["tocsin"]))
    assert (state_of(letter), letter.reason) == ("delivered", "delivered")
