"""A provider's answers over real connections: what each means for the mail, and for the way."""

import ssl
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.outbox.mails import CONFIRMATION
from tests.outbox.transports.envelopes import MESSAGE, an_envelope, receipts_from
from tests.outbox.transports.test_connection import make_certificate
from tests.provider_office import (
    BREVO_OK,
    POSTMARK_OK,
    Answer,
    provider_office,
)
from tests.wait import until
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.provider import MOST_DOUBTS, ProviderLines
from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.smtp import Waits
from tocsin.outbox.transports.ways import Provider
from tocsin.outbox.verdicts.retry import Receipt, verdict

QUICK = Waits(connect=2, dot=0.2)
TAKEN = {**POSTMARK_OK, "To": "minister@mfa.example"}
INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive. Found inactive addresses:"
    " minister@mfa.example. Inactive recipients are ones that have generated a hard bounce or a"
    " spam complaint."
)


def receipts_of(way: Provider, *envelopes: Envelope, connections: int = 1) -> list[Receipt]:
    with ProviderLines(way, connections=connections, waits=QUICK) as lines:
        for key, envelope in enumerate(envelopes):
            lines.hand_over(key, envelope)
        return [receipt for _, receipt in receipts_from(lines, number=len(envelopes))]


def reason_of(receipt: Receipt) -> str:
    return verdict(receipt, attempts=0, age=timedelta(), chance=0.5).reason


# what Postmark answers → phase, code, enhanced code, and what the send station makes of it
ANSWERS: dict[str, tuple[Answer, tuple[str, int | None, str], str]] = {
    "takes it": (Answer(200, TAKEN), ("done", 250, ""), "sent"),
    "knows no such token": (
        Answer(401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied"}),
        ("auth", 535, ""),
        "route_fault",
    ),
    "forbids it": (Answer(403, {"message": "forbidden"}), ("auth", 535, ""), "route_fault"),
    "is not at this address": (Answer(404, b"<h1>404</h1>"), ("auth", 535, ""), "route_fault"),
    "sends us elsewhere": (
        Answer(302, {}, {"Location": "http://127.0.0.1:1/"}),
        ("auth", 535, ""),
        "route_fault",
    ),
    "finds us too fast": (Answer(429, {"Message": "slow"}), ("rcpt", 450, "4.7.1"), "rate"),
    "finds it malformed": (
        Answer(422, {"ErrorCode": 300, "Message": "TextBody is too short to be read"}),
        ("dot", 554, "5.6.0"),
        "letter_fault",
    ),
    "finds it too big": (Answer(413, b""), ("dot", 552, "5.3.4"), "letter_fault"),
    "finds no such address": (
        Answer(422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'minister@mfa.example'."}),
        ("rcpt", 550, "5.1.1"),
        "mailbox_invalid",
    ),
    "has had a bounce from there": (
        Answer(422, {"ErrorCode": 406, "Message": INACTIVE}),
        ("rcpt", 550, "5.7.1"),
        "policy",
    ),
    "has not verified our domain": (
        Answer(422, {"ErrorCode": 400, "Message": "The 'From' address is no Sender Signature"}),
        ("dot", 503, "5.5.1"),
        "policy",
    ),
    "wants to be paid": (
        Answer(422, {"ErrorCode": 405, "Message": "You ran out of credits"}),
        ("dot", 503, "5.5.1"),
        "our_fault",
    ),
    "fails": (Answer(500, b"<html>oops</html>"), ("dot", None, ""), "in_doubt"),
    "is behind something that fails": (Answer(502, b""), ("dot", None, ""), "in_doubt"),
    "answers garbage": (Answer(200, b"<html>welcome</html>"), ("dot", None, ""), "in_doubt"),
    "answers something else": (Answer(200, {"hello": 1}), ("dot", None, ""), "in_doubt"),
    "resets at once": (Answer(habit="resets at once"), ("dot", None, ""), "in_doubt"),
    "resets after the request": (Answer(habit="resets after"), ("dot", None, ""), "in_doubt"),
    "keeps silent": (Answer(habit="keeps silent"), ("dot", None, ""), "in_doubt"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_it_means_when_a_provider(answer: str) -> None:
    said, expected, reason = ANSWERS[answer]
    with provider_office(said) as office:
        [receipt] = receipts_of(office.postmark(), an_envelope())
    assert (receipt.phase, receipt.code, receipt.enhanced) == expected
    assert reason_of(receipt) == reason


# what Brevo answers → phase and code
BREVO = {
    "takes it": (Answer(201, BREVO_OK), ("done", 250)),
    "knows no such key": (Answer(401, {"message": "Key not found"}), ("auth", 535)),
    "refuses the form": (
        Answer(400, {"code": "missing_parameter", "message": "subject is missing"}),
        ("dot", 554),
    ),
    "refuses the recipient": (
        Answer(400, {"code": "invalid_parameter", "message": "email is not valid in to"}),
        ("rcpt", 550),
    ),
    "has no credits for us": (
        Answer(402, {"code": "not_enough_credits", "message": "Not enough credits"}),
        ("auth", 535),
    ),
    "fails": (Answer(503, b""), ("dot", None)),
}


@pytest.mark.parametrize("answer", BREVO)
def test_what_it_means_when_brevo(answer: str) -> None:
    said, expected = BREVO[answer]
    with provider_office(said) as office:
        [receipt] = receipts_of(office.brevo(), an_envelope())
    assert (receipt.phase, receipt.code) == expected


def test_a_provider_that_asks_us_to_wait_is_heard() -> None:
    with provider_office(Answer(429, {"Message": "slow"}, {"Retry-After": "1800"})) as office:
        [receipt] = receipts_of(office.postmark(), an_envelope())
    decided = verdict(receipt, attempts=0, age=timedelta(), chance=0.5)
    assert (decided.reason, decided.delay) == ("rate", timedelta(minutes=30))


def test_what_postmark_is_asked_over_the_line() -> None:
    with provider_office() as office:
        receipts_of(office.postmark(), an_envelope(CONFIRMATION, attempt=2))
    [asked] = office.asked
    assert (asked.path, asked.headers["X-Postmark-Server-Token"]) == ("/email", "se-cret")
    assert asked.content == {
        "From": "Lumière <action@letters.lumiere.example>",
        "To": "Amina Yusuf <amina@mailbox.example>",
        "Subject": CONFIRMATION.subject,
        "TextBody": CONFIRMATION.text,
        "HtmlBody": f"{CONFIRMATION.html}\n",
        "Headers": [
            {"Name": "Auto-Submitted", "Value": "auto-generated"},
            {"Name": "Content-Language", "Value": "fr"},
            {"Name": "Message-ID", "Value": f"<{MESSAGE}@letters.lumiere.example>"},
            {"Name": "X-PM-KeepID", "Value": "true"},
        ],
        "Metadata": {"tocsin": f"{MESSAGE}.2"},
        "TrackOpens": False,
        "TrackLinks": "None",
    }


def test_brevo_is_given_a_key_by_which_it_knows_a_request_again() -> None:
    with provider_office(Answer(201, BREVO_OK)) as office:
        receipts_of(office.brevo(), an_envelope(attempt=1), an_envelope(attempt=2))
    first, second = office.asked
    assert first.content["headers"]["idempotencyKey"] == "5b1c0b6e-0f0e-4d5e-9a53-2f7a3f0c1a00"
    assert first.content == second.content


def test_resend_is_given_its_key_beside_the_request() -> None:
    with provider_office(Answer(200, {"id": "1"})) as office:
        way = Provider("resend", {"api_key": "se-cret", "api_url": office.url})
        receipts_of(way, an_envelope(attempt=1), an_envelope(attempt=2))
    assert [each.headers["Idempotency-Key"] for each in office.asked] == [MESSAGE, MESSAGE]
    assert office.asked[0].content == office.asked[1].content


def test_one_connection_carries_many_mails() -> None:
    with provider_office(Answer(200, TAKEN)) as office:
        receipts = receipts_of(office.postmark(), *[an_envelope()] * 6, connections=2)
    assert [receipt.code for receipt in receipts] == [250] * 6
    assert (len(office.asked), office.lines) == (6, 2)


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
@pytest.mark.parametrize("esp", sorted({*ESPS} - {"test"}))
def test_every_provider_is_asked_once_and_is_told_which_mail_it_is(esp: str) -> None:
    row = ESPS[esp]
    with provider_office(Answer(500, {"message": "oops"})) as office:
        names = filter(None, (row.user, row.secret, row.host))
        way = Provider(esp, {**dict.fromkeys(names, "se-cret"), "api_url": office.url})
        [receipt] = receipts_of(way, an_envelope(CONFIRMATION))
    [asked] = office.asked
    assert (receipt.phase, receipt.code) == ("dot", None)
    assert "se-cret" not in receipt.text
    for words in ("action@letters.lumiere.example", "amina@mailbox.example", "act.lumiere"):
        assert words in unquote(asked.raw.decode())
    # What these two cannot take along, nobody can repeat to us.
    assert (MESSAGE in unquote(asked.raw.decode())) == (esp not in ("mailersend", "postal"))


@pytest.mark.parametrize(
    ("url", "phase"),
    [
        ("http://127.0.0.1:1/", "connect"),
        ("https://127.0.0.1:1/", "connect"),
        ("https://no-such-name.invalid/", "connect"),
    ],
)
def test_nobody_there_means_that_nothing_was_sent(url: str, phase: str) -> None:
    way = Provider("postmark", {"server_token": "se-cret", "api_url": url})
    with ProviderLines(way, connections=1, waits=QUICK) as lines:
        fault = lines.open()
    [receipt] = receipts_of(way, an_envelope())
    for told in (fault, receipt):
        assert told is not None
        assert (told.phase, told.code, reason_of(told)) == (phase, None, "route_fault")


def test_whoever_is_there_is_found_before_anything_is_said() -> None:
    with (
        provider_office(Answer(200, TAKEN)) as office,
        ProviderLines(office.postmark(), connections=1) as lines,
    ):
        assert lines.open() is None
        assert office.asked == []
        lines.hand_over(1, an_envelope())
        assert [key for key, _ in receipts_from(lines, number=1)] == [1]
    assert len(office.asked) == 1


def test_a_certificate_that_nobody_vouches_for_means_that_nothing_was_sent(
    tmp_path: Path,
) -> None:
    with provider_office() as office:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*make_certificate(tmp_path, "localhost"))
        office.socket = context.wrap_socket(office.socket, server_side=True)
        url = office.url.replace("http:", "https:")
        way = Provider("postmark", {"server_token": "se-cret", "api_url": url})
        [receipt] = receipts_of(way, an_envelope())
    assert (receipt.phase, receipt.code, reason_of(receipt)) == ("tls", None, "route_fault")
    assert office.asked == []


def test_after_some_doubts_in_a_row_nothing_more_is_said() -> None:
    with provider_office(Answer(500)) as office:
        receipts = receipts_of(office.postmark(), *[an_envelope()] * (MOST_DOUBTS + 4))
    assert [reason_of(receipt) for receipt in receipts] == [
        *["in_doubt"] * MOST_DOUBTS,
        *["route_fault"] * 4,
    ]
    assert len(office.asked) == MOST_DOUBTS


def test_a_clear_answer_ends_the_row_of_doubts() -> None:
    answers = [Answer(500), Answer(500), Answer(200, TAKEN), Answer(500), Answer(500)]
    with provider_office(*answers) as office:
        receipts = receipts_of(office.postmark(), *[an_envelope()] * 5)
    assert [receipt.code for receipt in receipts] == [None, None, 250, None, None]
    assert len(office.asked) == 5


def test_an_account_that_is_not_complete_is_a_fault_of_the_way() -> None:
    with ProviderLines(Provider("postmark"), connections=1) as lines:
        assert lines.open() == Receipt(
            "auth", None, "", "the account is not complete in the settings"
        )


LEAKS = {
    422: {
        "ErrorCode": 1,
        "Message": "amina@mailbox.example (Amina Yusuf) wrote minister@mfa.example",
    },
    500: {"Message": "cannot route amina.yusuf.4821@letters.lumiere.example for Amina"},
    401: {"Message": "no token for Yusuf"},
}


@pytest.mark.parametrize("status", LEAKS)
def test_what_is_kept_of_an_answer_names_nobody(status: int) -> None:
    with provider_office(Answer(status, LEAKS[status])) as office:
        [receipt] = receipts_of(office.postmark(), an_envelope())
    for name in ("amina", "yusuf", "minister@", "se-cret"):
        assert name not in receipt.text.lower()
        assert name not in repr(receipt).lower()


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with provider_office(Answer(200, TAKEN)) as office:
        [receipt] = receipts_of(office.postmark(), an_envelope())
    assert receipt.code == 250


def test_a_silent_provider_does_not_hold_up_the_end() -> None:
    began = time.monotonic()
    with provider_office(Answer(habit="keeps silent")) as office:
        with ProviderLines(office.postmark(), connections=1, waits=Waits(dot=60)) as lines:
            lines.hand_over(1, an_envelope())
            until(lambda: office.asked)
            [(key, receipt)] = lines.give_up(after=0.05)
        assert (key, reason_of(receipt)) == (1, "in_doubt")
        assert time.monotonic() - began < 10
