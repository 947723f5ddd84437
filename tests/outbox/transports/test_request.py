"""What a provider is asked for: the mail as it was written, and no tracking."""

from dataclasses import replace
from typing import Any

import pytest
from anymail.exceptions import AnymailUnsupportedFeature

from tests.outbox.mails import CONFIRMATION, LETTER
from tests.outbox.transports.envelopes import MESSAGE, an_envelope
from tests.wait import until
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.provider import ProviderLines
from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.request import message_for
from tocsin.outbox.transports.ways import way_from_url
from tocsin.outbox.verdicts.retry import Receipt


@pytest.fixture
def asked(mailoutbox: list[Any]) -> list[Any]:
    """What anymail's own pretence of a provider was asked."""
    return mailoutbox


def receipt_of(url: str, envelope: Envelope) -> Receipt:
    with ProviderLines(way_from_url(url), connections=1) as lines:  # type: ignore[arg-type]
        assert lines.open() is None
        lines.hand_over(1, envelope)
        [(_, receipt)] = until(lambda: lines.finished(wait=1))
    return receipt


def params_of(asked: list[Any]) -> dict[str, Any]:
    [message] = asked
    found = dict(message.anymail_test_params)
    for name in ("to", "reply_to"):
        found[name] = [str(each) for each in found.get(name, ())]
    found["from"] = str(found["from"])
    assert (found.pop("cc"), found.pop("bcc")) == ([], [])
    found["extra_headers"] = dict(found["extra_headers"])
    return found


def test_a_letter_is_asked_for_in_its_own_words(asked: list[Any]) -> None:
    envelope = an_envelope()
    assert receipt_of("anymail+test://", envelope) == Receipt("done", 250, "", "taken as 0")
    assert params_of(asked) == {
        "from": "Amina Yusuf via Lumière <amina.yusuf.4821@letters.lumiere.example>",
        "to": ["Ministère des affaires étrangères <minister@mfa.example>"],
        "reply_to": ["Amina Yusuf <amina@mailbox.example>"],
        "subject": LETTER.subject,
        "text_body": LETTER.text + "\n",
        "extra_headers": {
            "Content-Language": "fr",
            "Date": "Tue, 10 Mar 2026 12:05:33 +0000",
            "Message-ID": f"<{MESSAGE}@letters.lumiere.example>",
        },
        "metadata": {"tocsin": f"{MESSAGE}.1"},
        "envelope_sender": envelope.sender,
        "track_opens": False,
        "track_clicks": False,
        "is_batch_send": False,
    }


def test_a_confirmation_keeps_its_second_form_and_says_that_it_is_automatic(
    asked: list[Any],
) -> None:
    receipt_of("anymail+test://", an_envelope(CONFIRMATION))
    params = params_of(asked)
    assert params["html_body"] == f"{CONFIRMATION.html}\n"
    assert params["text_body"] == CONFIRMATION.text
    assert params["extra_headers"]["Auto-Submitted"] == "auto-generated"
    assert params["reply_to"] == []


NAMES = ('Yusuf, Amina "Mina"', "Ömer Çelik, Ankara", "ئامىنە يۈسۈپ", "A" * 200, "O’Neill (Berlin)")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_name_however_it_is_written(name: str, asked: list[Any]) -> None:
    mail = replace(LETTER, sender_name=name, recipient_name=name, reply_to=(name, "a@b.example"))
    receipt_of("anymail+test://", an_envelope(mail))
    message = asked[0].anymail_test_params
    found = [message["from"], *message["to"], *message["reply_to"]]
    assert [each.display_name for each in found] == [name] * 3


def test_a_corrected_address_is_the_one_that_is_asked_for(asked: list[Any]) -> None:
    receipt_of("anymail+test://", replace(an_envelope(), recipient="office@mfa.example"))
    assert params_of(asked)["to"] == ["Ministère des affaires étrangères <office@mfa.example>"]


@pytest.mark.parametrize("esp", ESPS)
def test_each_provider_is_asked_for_what_it_can_do(esp: str) -> None:
    message = message_for(an_envelope(CONFIRMATION, attempt=3), esp=ESPS[esp])
    headers = dict(message.extra_headers)
    assert not {"From", "To", "Subject", "Reply-To", "Content-Type"} & headers.keys()
    assert ("Message-ID" in headers) == (esp in ("postmark", "mailgun", "test"))
    ref = MESSAGE if esp in ("brevo", "resend") else f"{MESSAGE}.3"
    assert message.metadata == {"tocsin": ref}
    assert (message.track_opens, message.track_clicks) == (False, False)


@pytest.mark.parametrize("esp", ["brevo", "resend"])
def test_whoever_knows_a_request_again_is_told_the_same_each_time(esp: str) -> None:
    first, second = (message_for(an_envelope(attempt=number), esp=ESPS[esp]) for number in (1, 2))
    for name in ("from_email", "to", "subject", "body", "extra_headers", "metadata"):
        assert getattr(first, name) == getattr(second, name)


@pytest.mark.parametrize("feature", ["track_opens", "envelope_sender", "metadata"])
def test_what_a_provider_cannot_do_is_left_out(
    feature: str, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"anymail.backends.test.TestPayload.set_{feature}", cannot(feature))
    receipt = receipt_of("anymail+test://", an_envelope())
    assert (receipt.phase, receipt.code) == ("done", 250)
    assert {"track_opens", "envelope_sender", "metadata"} - params_of(asked).keys() == {feature}


def test_what_cannot_be_left_out_is_a_fault_of_the_letter(
    asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anymail.backends.test.TestPayload.set_html_body", cannot("html"))
    receipt = receipt_of("anymail+test://", an_envelope(CONFIRMATION))
    words = "AnymailUnsupportedFeature: Test does not support html"
    assert receipt == Receipt("dot", 554, "5.6.0", words)
    assert asked == []


def cannot(feature: str) -> Any:
    def refuse(payload: Any, _: Any) -> None:
        raise AnymailUnsupportedFeature(f"{payload.esp_name} does not support {feature}")

    return refuse
