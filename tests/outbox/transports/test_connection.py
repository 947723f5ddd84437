"""One connection to a difficult post office: it always comes back with a receipt."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.habits import Slowly, pipelining, slowly
from tests.outbox.transports.lines import ENVELOPE, HASTY, SHORT, hand_over, lines_to, over, say
from tests.post_office import HABITS, POLITE, Habit, PostOffice, offering, with_habit
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports import smtp
from tocsin.outbox.transports.receipts import KEPT_ANSWER
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.verdicts.retry import Receipt

LARGE = replace(ENVELOPE, mail=b"Subject: x\r\n\r\n" + b"x" * 9_000_000)


def test_a_mail_arrives_byte_for_byte_with_its_envelope() -> None:
    office = with_habit("accepts")
    assert hand_over(office) == Receipt("done", 250, "2.0.0", "taken")
    [taken] = office.mails
    assert (taken.sender, taken.recipient) == (ENVELOPE.sender, ENVELOPE.recipient)
    assert taken.mail == ENVELOPE.mail


def test_a_mail_without_a_last_line_end_gets_one() -> None:
    office = with_habit("accepts")
    hand_over(office, Envelope("a@b.example", "c@d.example", b"a: b\n\nlone\rreturns\n.\nend"))
    assert office.mails[0].mail == b"a: b\r\n\r\nlone\r\nreturns\r\n.\r\nend\r\n"


def test_we_introduce_ourselves_by_the_name_of_the_site_and_verify_nobody() -> None:
    office = with_habit("accepts")
    hand_over(office)
    verbs = [words.split()[0] for words in office.said]
    assert office.said[0] == "EHLO act.test"
    assert verbs == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


RECEIPTS = {
    "hangs up at once": ("connect", None),
    "greets with garbage": ("connect", None),
    "is closed": ("connect", 554),
    "is busy at the door": ("connect", 421),
    "says two things at the door": ("connect", None),
    "hangs up at EHLO": ("connect", None),
    "resets at once": ("connect", None),
    "speaks neither EHLO nor HELO": ("connect", 502),
    "closes with 421 at EHLO": ("connect", 421),
    "lists garbage": ("done", 250),
    "speaks a byte at a time": ("done", 250),
    "speaks in pieces": ("done", 250),
    "answers late": ("done", 250),
    "speaks no EHLO": ("done", 250),
    "defers the sender": ("mail", 451),
    "closes with 421 at MAIL": ("mail", 421),
    "hangs up at MAIL": ("mail", None),
    "defers the sender and wants the body": ("mail", 451),
    "knows nobody and wants the body": ("rcpt", 550),
    "resets at RCPT": ("rcpt", None),
    "closes with 421 at RCPT": ("rcpt", 421),
    "answers RCPT in many scripts": ("rcpt", 550),
    "answers RCPT a byte at a time": ("rcpt", 450),
    "hangs up at DATA": ("data", None),
    "closes with 421 at DATA": ("data", 421),
    "refuses to reset": ("rcpt", 450),
    "knows nobody": ("rcpt", 550),
    "hangs up at RCPT": ("rcpt", None),
    "answers RCPT in many lines": ("rcpt", 450),
    "answers RCPT in no language": ("rcpt", 450),
    "answers RCPT with a megabyte": ("rcpt", 450),
    "answers RCPT with one long line": ("rcpt", 450),
    "answers RCPT without an end": ("rcpt", None),
    "answers RCPT with garbage": ("rcpt", None),
    "answers RCPT with an unknown code": ("rcpt", 999),
    "answers RCPT twice": ("rcpt", None),
    "never resets": ("rcpt", 450),
    "defers at DATA": ("data", 451),
    "accepts instead of asking for the body": ("data", 250),
    "asks for the body and says goodbye": ("data", None),
    "hangs up before the dot": ("body", None),
    "defers after the dot": ("dot", 451),
    "closes with 421 after the dot": ("dot", 421),
    "hangs up after the dot": ("dot", None),
    "resets after the dot": ("dot", None),
    "takes it and resets": ("dot", None),
    "takes it and answers half": ("dot", None),
    "takes it and asks for more": ("dot", 354),
    "takes it and says so in Chinese": ("done", 250),
    "takes it and says so late": ("done", 250),
    "takes it and says so twice": ("done", 250),
    "takes it and leaves": ("done", 250),
    "takes it and hangs up": ("dot", None),
    "takes it and keeps silent": ("dot", None),
    "takes it and answers garbage": ("dot", None),
    "takes it and says so in many lines": ("done", 250),
    "takes it and says so in a megabyte": ("done", 250),
    "takes it and says 251": ("done", 251),
}


# Where whoever gets all commands at once gives another answer than above.
IN_A_ROW = {
    "answers RCPT twice": ("data", 250),
}


def check(habit: Habit, expected: tuple[str, int | None], envelope: Envelope = ENVELOPE) -> None:
    """That mail gets that receipt, and the next one goes."""
    waits = replace(SHORT, dot=0.8)
    office = PostOffice(habits=(habit, POLITE))
    with office, lines_to(office.relay(), waits=waits) as lines:
        first = say(lines, envelope)
        office.turn = 1
        before = len(office.mails)
        second = say(lines)
    assert (first.phase, first.code) == expected
    assert len(first.text) <= KEPT_ANSWER
    assert first.text.isprintable()
    assert second == Receipt("done", 250, "2.0.0", "taken")
    assert len(office.mails) == before + 1
    taken = office.mails[:before]
    assert len(taken) <= 1
    assert {mail.mail for mail in taken} <= {envelope.mail}, "a mail was taken that is not ours"
    if expected[0] not in ("dot", "done"):
        assert taken == []


@pytest.mark.parametrize("habit", RECEIPTS)
def test_the_receipt_tells_how_far_we_came_and_the_next_mail_goes(habit: str) -> None:
    check(HABITS[habit], RECEIPTS[habit])


@pytest.mark.parametrize("habit", RECEIPTS)
def test_the_receipt_is_the_same_where_commands_are_said_in_a_row(habit: str) -> None:
    check(pipelining(HABITS[habit]), {**RECEIPTS, **IN_A_ROW}[habit])


# -- times ---------------------------------------------------------------------------------------

SILENCES = {
    "keeps silent at the door": "connect",
    "greets without an end": "connect",
    "keeps silent at EHLO": "connect",
    "keeps silent at MAIL": "mail",
    "keeps silent at RCPT": "rcpt",
    "keeps silent at DATA": "data",
    "stops reading the body": "body",
    "takes it and keeps silent": "dot",
    "takes it and answers half": "dot",
}


@pytest.mark.parametrize("habit", SILENCES)
def test_a_silence_ends_after_its_time(habit: str) -> None:
    with with_habit(habit) as office:
        receipt = over(office.relay(), LARGE if "body" in habit else ENVELOPE, waits=HASTY)
    assert (receipt.phase, receipt.code) == (SILENCES[habit], None)
    assert receipt.text == "TimeoutError: timed out"


def test_an_answer_that_drips_buys_no_time() -> None:
    drip = replace(POLITE, mail=Slowly(b"250 2.1.0 you may go on\r\n", piece=1, pause=0.05))
    with PostOffice(habits=[drip]) as office:
        receipt = over(office.relay(), waits=HASTY)
    assert (receipt.phase, receipt.text) == ("mail", "TimeoutError: timed out")


def test_each_answer_has_its_own_time() -> None:
    slow = slowly(late=0.2)
    with PostOffice(habits=[slow]) as office:
        assert over(office.relay(), waits=HASTY).phase == "done"


BODIES = {
    "hangs up in the body": None,
    "resets in the body": None,
    "says goodbye in the body": 421,
}


@pytest.mark.parametrize("habit", BODIES)
def test_who_breaks_off_in_the_body_has_not_taken_it(habit: str) -> None:
    with with_habit(habit) as office:
        receipt = over(office.relay(), LARGE)
    assert receipt.phase == "body"
    assert receipt.code in (None, BODIES[habit])  # a reset may overtake the farewell
    assert office.mails == []


def test_a_large_mail_arrives_byte_for_byte() -> None:
    mail = b"Subject: x\r\n\r\n" + (b".\r\n..\r\n" + b"w" * 900 + b"\r\n") * 4_000
    office = PostOffice(habits=[offering(b"PIPELINING")])
    assert hand_over(office, replace(ENVELOPE, mail=mail)).phase == "done"
    assert office.mails[0].mail == mail


def test_the_first_recipient_is_taken_and_the_second_is_not() -> None:
    office = PostOffice(habits=[HABITS["knows the first and nobody else"]])
    with office, lines_to(office.relay()) as lines:
        receipts = [say(lines), say(lines)]
    assert [(receipt.phase, receipt.code) for receipt in receipts] == [("done", 250), ("rcpt", 550)]
    assert (office.connections, len(office.mails)) == (1, 1)


def test_a_relay_that_is_not_there_is_a_receipt() -> None:
    with PostOffice() as office:
        relay = office.relay()
    receipt = over(relay)
    assert (receipt.phase, receipt.code) == ("connect", None)
    assert "ConnectionRefusedError" in receipt.text


def test_a_host_that_does_not_exist_is_a_receipt() -> None:
    assert over(Relay("relay.invalid", 25)).phase == "connect"


# -- TLS and login -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """This machine trusts the certificate, and no other."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    return certificate


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_starttls_secures_the_line_before_anything_is_said(trusted: tuple[Path, Path]) -> None:
    with PostOffice(habits=[offering(b"STARTTLS")], certificate=trusted) as office:
        assert over(office.relay("starttls")).phase == "done"
    verbs = [words.split()[0] for words in office.said]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_tls_from_the_first_byte(trusted: tuple[Path, Path]) -> None:
    with PostOffice(certificate=trusted, tls_first=True) as office:
        assert over(office.relay("tls")).phase == "done"


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    with PostOffice(habits=[offering(b"STARTTLS")], certificate=certificate) as office:
        receipt = over(office.relay("starttls"))
    assert receipt.phase == "tls"
    assert "CERTIFICATE_VERIFY_FAILED" in receipt.text
    assert not any("MAIL" in words for words in office.said)


def test_a_certificate_for_another_name_is_refused(trusted: tuple[Path, Path]) -> None:
    with PostOffice(certificate=trusted, tls_first=True) as office:
        receipt = over(Relay(str(ip_address("127.0.0.1")), office.port, "tls"))
    assert receipt.phase == "tls"


@pytest.mark.parametrize(
    "habit",
    [
        *("offers no TLS", "refuses TLS", "garbles TLS", "injects before TLS"),
        *("hangs up at STARTTLS", "keeps silent at STARTTLS", "keeps silent in the handshake"),
    ],
)
def test_without_tls_nothing_is_handed_over(habit: str) -> None:
    with PostOffice(habits=[HABITS[habit]]) as office:
        assert over(office.relay("starttls"), waits=HASTY).phase == "tls"
    assert not any("MAIL" in words for words in office.said)


def test_the_loop_of_the_library_secures_as_well(
    trusted: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "loops", asyncio)
    with PostOffice(habits=[offering(b"STARTTLS")], certificate=trusted) as office:
        assert over(office.relay("starttls")).phase == "done"
    with PostOffice(certificate=trusted, tls_first=True) as office:
        assert over(office.relay("tls"), LARGE).phase == "done"
    assert len(office.mails[0].mail) == len(LARGE.mail) + 2
    with PostOffice(habits=[HABITS["garbles TLS"]]) as office:
        assert over(office.relay("starttls")).phase == "tls"


def test_a_login_with_the_right_words(trusted: tuple[Path, Path]) -> None:
    habit = offering(b"AUTH PLAIN LOGIN")
    with PostOffice(habits=[habit], certificate=trusted, tls_first=True) as office:
        assert over(office.relay("tls", user="u", password="p")).phase == "done"
    assert office.said[1] == "AUTH PLAIN AHUAcA=="


@pytest.mark.parametrize(
    ("habit", "password", "code"),
    [
        ("refuses the password", "p", 535),
        ("offers no login", "p", None),
        ("hangs up at the password", "p", None),
        ("keeps silent at the password", "p", None),
    ],
)
def test_a_login_that_fails_is_a_receipt_that_keeps_the_password(
    trusted: tuple[Path, Path], habit: str, password: str, code: int | None
) -> None:
    office = PostOffice(habits=[HABITS[habit]], certificate=trusted, tls_first=True)
    with office:
        relay = office.relay("tls", user="daniel", password=password)
        receipt = over(relay, waits=replace(SHORT, command=0.5))
    assert (receipt.phase, receipt.code) == ("auth", code)
    assert password not in receipt.text or password == "p"
    assert not any("MAIL" in words for words in office.said)
