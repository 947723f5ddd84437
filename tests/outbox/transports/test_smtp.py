"""The SMTP line against a difficult post office: it always comes back with a receipt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.post_office import HABITS, Habit, PostOffice, offering, with_habit
from tocsin.outbox.post import Envelope
from tocsin.outbox.relay import Relay
from tocsin.outbox.retry import Receipt, verdict
from tocsin.outbox.transports.smtp import KEPT_ANSWER, SmtpLine, Waits, redact

SHORT = Waits(connect=5, command=5, body=5, dot=2, farewell=1)
ENVELOPE = Envelope(
    sender="bounce@letters.lumiere.example",
    recipient="amina.yusuf@mailbox.example",
    mail=b"Subject: x\r\n\r\n.a dot\r\n..two\r\n.\r\nend\r\n",
)


def hand_over(office: PostOffice, envelope: Envelope = ENVELOPE) -> Receipt:
    with office, SmtpLine(office.relay(), name="act.test", waits=SHORT) as line:
        return line.hand_over(envelope)


def said_to(habit: str) -> Receipt:
    return hand_over(with_habit(habit))


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
    assert office.said[0] == "ehlo act.test"
    assert verbs == ["ehlo", "MAIL", "RCPT", "DATA", "QUIT"]


def test_many_mails_share_one_connection() -> None:
    with PostOffice() as office, SmtpLine(office.relay(), name="act.test") as line:
        receipts = [line.hand_over(ENVELOPE) for _ in range(30)]
    assert {receipt.phase for receipt in receipts} == {"done"}
    assert (office.connections, len(office.mails)) == (1, 30)


RECEIPTS = {
    "hangs up at once": ("connect", None),
    "greets with garbage": ("connect", None),
    "is closed": ("connect", 554),
    "is busy at the door": ("connect", 421),
    "says two things at the door": ("connect", None),
    "hangs up at EHLO": ("connect", None),
    "speaks no EHLO": ("done", 250),
    "defers the sender": ("mail", 451),
    "closes with 421 at MAIL": ("mail", 421),
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
    "takes it and hangs up": ("dot", None),
    "takes it and keeps silent": ("dot", None),
    "takes it and answers garbage": ("dot", None),
    "takes it and says so in many lines": ("done", 250),
    "takes it and says so in a megabyte": ("done", 250),
    "takes it and says 251": ("done", 251),
}


@pytest.mark.parametrize("habit", RECEIPTS)
def test_the_receipt_tells_how_far_we_came_and_the_next_mail_goes(habit: str) -> None:
    with with_habit(habit) as office, SmtpLine(office.relay(), name="a.test", waits=SHORT) as line:
        first = line.hand_over(ENVELOPE)
        office.turn = 1
        before = len(office.mails)
        second = line.hand_over(ENVELOPE)
    assert (first.phase, first.code) == RECEIPTS[habit]
    assert second == Receipt("done", 250, "2.0.0", "taken")
    assert len(office.mails) == before + 1
    assert len(first.text) <= KEPT_ANSWER
    assert first.text.isprintable()


def test_a_relay_that_is_not_there_is_a_receipt() -> None:
    with PostOffice() as office:
        relay = office.relay()
    with SmtpLine(relay, name="act.test") as line:
        receipt = line.hand_over(ENVELOPE)
    assert (receipt.phase, receipt.code) == ("connect", None)
    assert "ConnectionRefusedError" in receipt.text


def test_a_host_that_does_not_exist_is_a_receipt() -> None:
    with SmtpLine(Relay("relay.invalid", 25), name="act.test") as line:
        assert line.hand_over(ENVELOPE).phase == "connect"


def test_a_relay_that_tires_of_the_connection_costs_the_next_mail_nothing() -> None:
    tired = HABITS["closes with 421 at MAIL"]
    office = PostOffice(habits=(Habit(), tired, Habit()))
    with office, SmtpLine(office.relay(), name="act.test") as line:
        receipts = [line.hand_over(ENVELOPE) for _ in range(2)]
    assert [receipt.phase for receipt in receipts] == ["done", "done"]
    assert office.connections == 2


def test_a_refusal_is_followed_by_a_clean_start_on_the_same_line() -> None:
    with with_habit("knows nobody") as office:
        with SmtpLine(office.relay(), name="act.test") as line:
            line.hand_over(ENVELOPE)
            line.hand_over(ENVELOPE)
        assert [words.split()[0] for words in office.said[1:5]] == ["MAIL", "RCPT", "RSET", "MAIL"]
    assert office.connections == 1


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nRCPT TO:<m@x.test", "a b@c.example", "", "é@b"]
)
def test_an_address_that_could_end_its_command_is_our_bug_and_is_not_said(address: str) -> None:
    with PostOffice() as office, SmtpLine(office.relay(), name="act.test") as line:
        with pytest.raises(ValueError, match="not an address"):
            line.hand_over(Envelope("a@b.example", address, b"x"))
        assert not any("MAIL" in words for words in office.said)


def test_a_silent_relay_is_given_up_before_the_body() -> None:
    with PostOffice(habits=[Habit(rcpt=HABITS["takes it and keeps silent"].dot)]) as office:
        waits = Waits(command=0.3)
        with SmtpLine(office.relay(), name="act.test", waits=waits) as line:
            receipt = line.hand_over(ENVELOPE)
    assert (receipt.phase, receipt.code) == ("rcpt", None)


# -- what is kept of an answer -------------------------------------------------------------------


def test_an_answer_is_kept_without_the_person_it_names() -> None:
    receipt = said_to("knows nobody")
    assert receipt == Receipt("rcpt", 550, "5.1.1", "<…@…>: user … unknown")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<AMINA.Yusuf@Mailbox.Example>: no", "<…@…>: no"),
        ("no such user amina.yusuf here", "no such user … here"),
        ("see http://x.example/?to=amina.yusuf%40mailbox.example now", "see http:…@… now"),
        ("forwarded to secret@elsewhere.example", "forwarded to …@…"),
        ("amina.yusuf=mailbox.example@srs.example full", "…@… full"),
        ("a\x00b\x1b[31m\r\nc\u202ed", "a b [31m c d"),
        ("aminayusufs are many", "aminayusufs are many"),
    ],
)
def test_what_is_kept_names_no_mailbox(text: str, kept: str) -> None:
    found = redact(text, names={"amina.yusuf"})
    assert found == kept
    assert "amina.yusuf" not in found.lower()


def test_a_long_answer_is_not_cut_through_an_address() -> None:
    words = b"450 " + b"x " * 2045 + b"amina.yusuf@mailbox.example\r\n"
    receipt = hand_over(PostOffice(habits=[Habit(rcpt=words)]))
    assert "amina" not in receipt.text
    assert len(receipt.text) <= KEPT_ANSWER


def test_what_is_kept_does_not_name_the_author_of_the_letter() -> None:
    mail = b'From: "Zulfiya Karimova via Table" <zulfiya.karimova.48210377@letters.example>\r\n'
    mail += b'Reply-To: "Zulfiya Karimova" <zk@mail.example>\r\n\r\nText\r\n'
    words = b"550 5.7.1 zulfiya.karimova.48210377 (Zulfiya KARIMOVA, zk) is not welcome\r\n"
    envelope = replace(ENVELOPE, mail=mail)
    receipt = hand_over(PostOffice(habits=[Habit(rcpt=words)]), envelope)
    assert receipt.text == "… (… …, …) is not welcome"
    assert "Zulfiya" not in repr(receipt)


@pytest.mark.parametrize("name", ["User Unknown", "Mailbox Spam", "Full"])
def test_a_name_that_is_also_a_word_of_the_trade_changes_no_verdict(name: str) -> None:
    mail = f'Reply-To: "{name}" <x@mail.example>\r\n\r\nText\r\n'.encode()
    for words in (b"550 user unknown\r\n", b"550 spam detected\r\n", b"450 mailbox full\r\n"):
        verdicts = {
            verdict(
                hand_over(PostOffice(habits=[Habit(rcpt=words)]), envelope),
                attempts=0,
                age=timedelta(),
                chance=0.5,
            )
            for envelope in (ENVELOPE, replace(ENVELOPE, mail=mail))
        }
        assert len(verdicts) == 1


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


def over(office: PostOffice, relay: Relay) -> Receipt:
    with SmtpLine(relay, name="act.test", waits=SHORT) as line:
        return line.hand_over(ENVELOPE)


def test_starttls_secures_the_line_before_anything_is_said(trusted: tuple[Path, Path]) -> None:
    with PostOffice(habits=[offering(b"STARTTLS")], certificate=trusted) as office:
        assert over(office, office.relay("starttls")).phase == "done"
    verbs = [words.split()[0] for words in office.said]
    assert verbs == ["ehlo", "STARTTLS", "ehlo", "MAIL", "RCPT", "DATA", "QUIT"]


def test_tls_from_the_first_byte(trusted: tuple[Path, Path]) -> None:
    with PostOffice(certificate=trusted, tls_first=True) as office:
        assert over(office, office.relay("tls")).phase == "done"


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    with PostOffice(habits=[offering(b"STARTTLS")], certificate=certificate) as office:
        receipt = over(office, office.relay("starttls"))
    assert receipt.phase == "tls"
    assert "CERTIFICATE_VERIFY_FAILED" in receipt.text
    assert not any("MAIL" in words for words in office.said)


def test_a_certificate_for_another_name_is_refused(trusted: tuple[Path, Path]) -> None:
    with PostOffice(certificate=trusted, tls_first=True) as office:
        receipt = over(office, Relay(str(ip_address("127.0.0.1")), office.port, "tls"))
    assert receipt.phase == "tls"


@pytest.mark.parametrize(
    "habit", ["offers no TLS", "refuses TLS", "garbles TLS", "injects before TLS"]
)
def test_without_tls_nothing_is_handed_over(habit: str) -> None:
    with PostOffice(habits=[HABITS[habit]]) as office:
        assert over(office, office.relay("starttls")).phase == "tls"
    assert not any("MAIL" in words for words in office.said)


def test_a_login_with_the_right_words(trusted: tuple[Path, Path]) -> None:
    habit = offering(b"AUTH PLAIN LOGIN")
    with PostOffice(habits=[habit], certificate=trusted, tls_first=True) as office:
        assert over(office, office.relay("tls", user="u", password="p")).phase == "done"
    assert office.said[1] == "AUTH PLAIN AHUAcA=="


@pytest.mark.parametrize(
    ("habit", "password", "code"),
    [
        ("refuses the password", "p", 535),
        ("offers no login", "p", None),
        ("asks for the password", "pässwörd", None),
    ],
)
def test_a_login_that_fails_is_a_receipt_that_keeps_the_password(
    trusted: tuple[Path, Path], habit: str, password: str, code: int | None
) -> None:
    office = PostOffice(habits=[HABITS[habit]], certificate=trusted, tls_first=True)
    with office:
        receipt = over(office, office.relay("tls", user="daniel", password=password))
    assert (receipt.phase, receipt.code) == ("auth", code)
    assert password not in receipt.text or password == "p"
    assert not any("MAIL" in words for words in office.said)
