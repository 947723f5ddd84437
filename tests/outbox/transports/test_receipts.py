"""What is kept of an answer: its meaning, and nobody's name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.outbox.transports.lines import ENVELOPE, hand_over, said_to
from tests.post_office import Habit, PostOffice
from tocsin.outbox.transports.receipts import (
    KEPT_ANSWER,
    MOST_ANSWER,
    Ear,
    Garbled,
    named_in,
    receipt_of,
    redact,
)
from tocsin.outbox.verdicts.retry import Receipt, verdict


def test_answers_are_made_of_lines_however_they_are_cut() -> None:
    words = b"250-a\r\n250 b\r\n354\r\n421 \xe7\x8e\x8b\n"
    whole = list(Ear().hear(words))
    assert whole == [(250, b"a\nb"), (354, b""), (421, b"\xe7\x8e\x8b")]
    ear = Ear()
    assert [each for byte in words for each in ear.hear(bytes([byte]))] == whole


def test_the_good_answers_before_a_bad_one_are_heard() -> None:
    answers = Ear().hear(b"250 ok\r\nnonsense\r\n250 ok\r\n")
    assert next(answers) == (250, b"ok")
    with pytest.raises(Garbled):
        next(answers)


@pytest.mark.parametrize("words", [b"250-a\r\n", b"a"])
def test_an_answer_without_an_end_is_not_listened_to_for_ever(words: bytes) -> None:
    ear = Ear()
    chunk = words * 50_000
    for _ in range(MOST_ANSWER // len(chunk)):
        assert list(ear.hear(chunk)) == []
    with pytest.raises(Garbled):
        list(ear.hear(chunk))


def test_whether_an_answer_is_half_said_is_known() -> None:
    ear = Ear()
    for words, is_amid in [(b"25", True), (b"0-a\r\n", True), (b"250 b\r\n", False)]:
        list(ear.hear(words))
        assert ear.is_amid() is is_amid


NAMES = {
    b"From: Zulfiya Karimova <z.karimova@x.example>": "Zulfiya Karimova z.karimova z karimova",
    b'From: "Zulfiya" <z@x.example>': "Zulfiya z",
    b"FROM: z@x.example": "z",
    b"From: =?utf-8?b?546L5bCP5piO?= <w@x.example>": "王小明 w",
    b"From: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\r\n =?utf-8?q?_Ada?= <w@x.example>": "Größe Ada w",
    b'Reply-To: "Karimova, Z." <k@x.example>,\r\n\tb@x.example': "Karimova, Z. k b",
    b"Subject: From: a@b.example": "",
}


@pytest.mark.parametrize("field", NAMES)
def test_the_author_of_a_mail_is_found_in_its_head(field: bytes) -> None:
    mail = b"X: y\r\n" + field + b"\r\nZ: a\r\n\r\nFrom: Body <body@x.example>\r\n"
    found = named_in(replace(ENVELOPE, recipient="m@mfa.example", mail=mail))
    assert found == {"m", *NAMES[field].split()}


def test_a_mail_that_names_its_author_in_no_known_way_keeps_its_receipt() -> None:
    mail = b"From: =?no-such-charset?b?AAAA?= <x@y.example>\r\n\r\nText\r\n"
    found = receipt_of("done", 250, b"2.0.0 ok", about=replace(ENVELOPE, mail=mail))
    assert (found.phase, found.code, found.enhanced) == ("done", 250, "2.0.0")
    assert found.heard == "ok"


def test_a_receipt_about_the_line_keeps_no_password() -> None:
    found = receipt_of("auth", 535, b"5.7.8 no: daniel/secret", secrets={"daniel", "secret"})
    assert found.text == "no: …/…"


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


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (b"554 rejected: my aunt does not answer any more", "rejected: …"),
        (b"554 rejected: MY AUNT DOES NOT, says Karimova", "rejected: …, says …"),
        (b"554 the aunt does answer", "the aunt does answer"),
        (b"554 Zulfiya may not write", "… may not write"),
        ("554 спам: Зулфия".encode(), "спам: …"),
        (b"250 kept in the quarantine: my aunt does not answer", "kept in the quarantine: …"),
    ],
)
def test_what_is_kept_repeats_nothing_that_the_mail_says(words: bytes, kept: str) -> None:
    text = "Hello Zulfiya Karimova, hello Зулфия,\r\n\r\nmy aunt does not answer any more.\r\n"
    mail = b'From: "Table" <confirm@letters.example>\r\nContent-Type: text/plain; charset=utf-8\r\n'
    mail += b"Content-Transfer-Encoding: 8bit\r\n\r\n" + text.encode()
    office = PostOffice(habits=[Habit(dot=words + b"\r\n")])
    receipt = hand_over(office, replace(ENVELOPE, mail=mail))
    assert receipt.text == kept
    assert receipt.heard.encode().startswith(words[4:])


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (b"250 2.0.0 Ok: queued as 4Xz81K", "Ok: queued as 4Xz81K"),
        (b"250 2.0.0 Ok: queued for Zulfiya", "Ok: queued for …"),
        (b"250 2.0.0 ok, ZK", "ok, …"),
        (b"250 2.0.0 ok\x00\xc2\xa0zk", "ok …"),
        (b"250 2.0.0 " + b"ok " * 400, ("ok " * 400)[:KEPT_ANSWER]),
    ],
)
def test_a_yes_names_nobody_either(words: bytes, kept: str) -> None:
    mail = b'Reply-To: "Zulfiya Karimova" <zk@mail.example>\r\n\r\nText\r\n'
    office = PostOffice(habits=[Habit(dot=words + b"\r\n")])
    assert hand_over(office, replace(ENVELOPE, mail=mail)).text == kept.strip()


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
