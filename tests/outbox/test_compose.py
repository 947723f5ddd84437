"""Composing: what was asked is what every parser reads, or no mail is made."""

import email
import email.policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.names import REAL_NAMES
from tests.outbox.mails import CONFIRMATION, LETTER, NOON, a_letter
from tocsin.kit.gate import Refused, safe_header
from tocsin.outbox.compose import Mail, Malformed, compose

MESSAGE_ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0@letters.lumiere.example"

NAMES = [
    "A",
    "Amina",
    "گۈلنار ئابدۇ\u200cرېھىم",
    "Айгүл Әбдірахманқызы",
    "王小明",
    "Nguyễn Thị Minh Khai",
    "Þórdís Kolbrún Reykfjörð Gylfadóttir",
    "O'Brien-d'Estaing",
    'Bruno "le Juste" Martin',
    "Dubois, Jean (député), 2e circonscription; dit « le Vieux »: <lui> [x] @ \\o/",
    "Jean-Baptiste, comte de la Tour du Pin de Gouvernet et de Chambly, via Lumière, France",
    "Jean-Baptiste, comte de la Tour du Pin de Gouvernet et de Chambly, via Tocsin, France",
    "é" * 120,
    "e\u0301" * 60,
    "a" * 120,
    "x, " * 39 + "y",
    "👩‍👩‍👧‍👦 family, inc.",
    "🇫🇷" * 30,
    "ไม่มีช่องว่าง" * 8,
    "two  spaces",
    "Dr. J. R. Ewing, Jr.",
    "undisclosed-recipients:;",
    "utf-8",
    "名前" * 50,
]


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def made(mail: Mail = LETTER) -> bytes:
    return compose(mail, message_id=MESSAGE_ID, date=NOON)


def name_in(content: bytes, header: str) -> tuple[str, str]:
    """Name and address as the library's older parser reads them, which shares no code with ours."""
    raw = email.message_from_bytes(content)[header]
    name, address = parseaddr(raw)
    return str(make_header(decode_header(name))), address


def test_a_letter_reads_as_what_was_asked() -> None:
    letter = read(made())
    assert list(letter.keys()) == [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert name_in(made(), "From") == (LETTER.sender_name, LETTER.sender)
    assert name_in(made(), "To") == (LETTER.recipient_name, LETTER.recipient)
    assert name_in(made(), "Reply-To") == LETTER.reply_to
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == f"<{MESSAGE_ID}>"
    assert parsedate_to_datetime(letter["Date"]) == NOON.replace(microsecond=0)
    assert letter["Content-Language"] == "fr"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text + "\n"


def test_a_confirmation_has_two_parts_and_asks_for_no_automatic_answer() -> None:
    mail = read(made(CONFIRMATION))
    text, html = mail.iter_parts()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is None
    assert mail.get_content_type() == "multipart/alternative"
    assert [*text.keys()] == [*html.keys()] == ["Content-Type", "Content-Transfer-Encoding"]
    assert text.get_content().replace("\r\n", "\n") == CONFIRMATION.text
    assert html.get_content().replace("\r\n", "\n") == f"{CONFIRMATION.html}\n"


@pytest.mark.parametrize("mail", [LETTER, CONFIRMATION])
def test_the_same_mail_is_the_same_bytes(mail: Mail) -> None:
    assert made(mail) == made(mail)


@pytest.mark.parametrize("mail", [LETTER, CONFIRMATION, a_letter(text="ە" * 5000)])
def test_lines_are_short_and_7_bit(mail: Mail) -> None:
    content = made(mail)
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 76
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_arrives_unharmed(name: str) -> None:
    mail = a_letter(
        sender_name=name, recipient_name=name, reply_to=(name, "a@b.example"), subject=name
    )
    content = made(mail)
    assert name_in(content, "From") == (name, mail.sender)
    assert name_in(content, "To") == (name, mail.recipient)
    assert name_in(content, "Reply-To") == (name, "a@b.example")
    assert read(content)["Subject"] == name
    assert max(len(line) for line in content.split(b"\r\n")) <= 76


def test_every_real_name_arrives_unharmed_beside_the_organisation() -> None:
    assert len(REAL_NAMES) >= 300
    for _, given_names, family_name in REAL_NAMES:
        name = f"{given_names} {family_name}".strip()
        content = made(a_letter(sender_name=f"{name} via Lumière", subject=name, text=name))
        assert name_in(content, "From") == (f"{name} via Lumière", LETTER.sender)
        assert read(content)["Subject"] == name
        assert read(content).get_content().strip() == name


def test_a_mail_to_nobody_by_name_has_the_bare_address() -> None:
    assert name_in(made(a_letter(recipient_name="")), "To") == ("", "minister@mfa.example")


headers = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(name=headers, subject=headers, text=st.text(max_size=300))
@example(name='"', subject="=", text="=")
@example(name="a\u00a0b", subject="a\u3000b", text="\u2028\x0b\x0c")
@example(name=" a ", subject=" a ", text=" \n \n")
def test_whatever_is_asked_is_read_back_or_refused(name: str, subject: str, text: str) -> None:
    try:
        content = made(a_letter(sender_name=name, subject=subject, text=text))
    except Malformed:
        return
    assert name_in(content, "From") == (name, LETTER.sender)
    assert read(content)["Subject"] == subject
    kept = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    assert read(content).get_content().replace("\r\n", "\n") == kept


@settings(max_examples=150, deadline=None)
@given(name=headers)
def test_what_the_gate_lets_through_is_never_malformed(name: str) -> None:
    try:
        safe_header(name)
    except Refused:
        return
    made(a_letter(sender_name=f"x{name}x", subject=f"x{name}x"))


INJECTIONS = ["a\r\nBcc: m@x.test", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b", "=?utf-8?q?a?="]


@pytest.mark.parametrize("poison", [*INJECTIONS, "a\u202eb", "a\ud800b"])
@pytest.mark.parametrize(
    "place", ["sender_name", "recipient_name", "subject", "language", "sender"]
)
def test_mallory_cannot_write_a_header(place: str, poison: str) -> None:
    with pytest.raises(Malformed) as refused:
        made(a_letter(**{place: poison}))
    assert "Bcc" not in str(refused.value)


@pytest.mark.parametrize("poison", INJECTIONS)
def test_mallory_cannot_write_a_header_through_the_reply_address(poison: str) -> None:
    for reply_to in [(poison, "a@b.example"), ("a", f"{poison}@b.example"), ("a", poison)]:
        with pytest.raises(Malformed):
            made(a_letter(reply_to=reply_to))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@b.example",
        "a@",
        "a b@c.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "zoë@b.example",
        "a@b.example>",
        "a@b@c.example",
        "a,b@c.example",
    ],
)
def test_what_is_no_address_is_no_recipient(address: str) -> None:
    with pytest.raises(Malformed):
        made(a_letter(recipient=address))


def test_a_text_may_look_like_a_boundary_or_a_header() -> None:
    boundary = read(made(CONFIRMATION)).get_boundary()
    text = "Subject: x\n\n--=_0\n--=_0--\n"
    assert boundary
    mail = a_letter(html="<p>x</p>", text=text)
    parts = list(read(made(mail)).iter_parts())
    assert parts[0].get_content().replace("\r\n", "\n") == text


def test_a_mail_that_reads_as_something_else_is_malformed() -> None:
    boundary = read(made(CONFIRMATION)).get_boundary()
    with pytest.raises(Malformed):
        made(a_letter(html="<p>x</p>", text=f"a\n--{boundary}\n\nb\n"))


def test_a_date_without_a_time_zone_is_malformed() -> None:
    with pytest.raises(Malformed):
        compose(LETTER, message_id=MESSAGE_ID, date=NOON.replace(tzinfo=None))
