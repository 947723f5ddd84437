"""Reading mails, above all those that nobody should have written."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tocsin.demo.eml import Mail, read_head, read_mail, stored_names, visible

NAME = "20260310T094127.123456Z-000000-0a1b2c3d"
# Everything a hostile mail may be; none may raise, or take long.
HOSTILE = {
    "nothing": b"",
    "no headers": b"\r\n\r\njust text",
    "only noise": bytes(range(256)) * 40,
    "unknown charset": b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
    "charset of another kind": b"Content-Type: text/plain; charset=rot13\r\n\r\nabc",
    "charset zlib": b"Content-Type: text/plain; charset=zlib\r\n\r\nabc",
    "charset with a NUL": b"Content-Type: text/plain; charset=a\x00b\r\n\r\nabc",
    "slow charset": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-b" * 300_000,
    "undefined charset": b"Content-Type: text/plain; charset=undefined\r\n\r\nabc",
    "8-bit charset name": b"Content-Type: text/plain; charset=\xff\xff\r\n\r\nabc",
    "endless charset": b"Content-Type: text/plain; charset*0*=x''%ff; charset*1*=%fe\r\n\r\nabc",
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\n!!!=====a",
    "broken uuencode": b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin\n\xff\n",
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\n--\r\n",
    "open boundary": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
    "deep": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(3_000)
    ),
    "letters within letters": b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    "endless header": b"Subject: " + b"a" * 3_000_000 + b"\r\n\r\n",
    "many headers": b"X-A: b\r\n" * 20_000 + b"\r\n",
    "broken words": b"Subject: =?klingon?Q?=FF?= =?utf-8?B?%%%?= =?utf-8?Q?=zz?= =?x?y?z?=\r\n\r\n",
    "slow words": b"Subject: " + b"=?" * 20_000 + b"\r\n\r\n",
    "bad disposition": b"Content-Disposition: \xff; \x00=\xff\r\n\r\nabc",
    "NUL in a header": b"Subject: a\x00b\r\n\r\nabc",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_read_without_harm(raw: bytes, tmp_path: Path) -> None:
    began = time.process_time()
    mail = read_mail(NAME, raw)
    (tmp_path / f"{NAME}.eml").write_bytes(raw)
    read_head(tmp_path, NAME)
    assert time.process_time() - began < 5
    for words in [mail.text, mail.html, *(part for header in mail.headers for part in header)]:
        (words or "").encode("utf-8")
        assert "\x00" not in (words or "")


def test_the_text_and_the_html_are_found_in_whatever_they_are_wrapped() -> None:
    letter = EmailMessage()
    letter.set_content("ئۇيغۇر", charset="utf-8")
    letter.add_alternative("<p>ئۇيغۇر</p>", subtype="html")
    letter.add_attachment("not this", filename="other.txt")
    mail = read_mail(NAME, letter.as_bytes())
    assert (mail.text, mail.html) == ("ئۇيغۇر\n", "<p>ئۇيغۇر</p>\n")
    assert not mail.broken


def test_what_cannot_be_taken_apart_says_so_and_keeps_its_headers() -> None:
    mail = read_mail(NAME, b"Subject: Deep\r\n" + HOSTILE["deep"])
    assert mail.header("Subject") == "Deep"
    assert mail.broken or mail.text is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?B?TGliw6lyZXo=?= =?utf-8?Q?-les?=", "Libérez-les"),
        (b"=?iso-8859-1?Q?Lib=E9rez_les?=", "Libérez les"),
        (b"=?utf-8?B?TGliw6lyZXo?=", "Libérez"),
        ("Libérez-les".encode(), "Libérez-les"),
        (b"Lib\xe9rez", "Lib\ufffdrez"),
        (b"long\r\n folded", "long folded"),
        (b"=?klingon?Q?x?= stays", "=?klingon?Q?x?= stays"),
        (b"a \\u0041 b", "a \\u0041 b"),
    ],
)
def test_a_subject_is_read_as_it_was_meant(raw: bytes, expected: str) -> None:
    assert read_mail(NAME, b"Subject: " + raw + b"\r\n\r\n").header("subject") == expected


def test_an_empty_header_gives_way_to_the_next_name() -> None:
    mail = Mail(NAME, (("To", ""), ("X-Envelope-To", "amina@x.example")))
    assert mail.header("To", "X-Envelope-To") == "amina@x.example"
    assert mail.header("Cc") == ""


def test_the_name_tells_when_it_arrived() -> None:
    assert Mail(NAME, ()).arrived == datetime(2026, 3, 10, 9, 41, 27, 123456, tzinfo=UTC)


def test_only_our_own_names_are_listed_newest_first(tmp_path: Path) -> None:
    older, newer = NAME, NAME.replace("094127", "094128")
    for name in (older, newer, "notes", ".hidden", f"{NAME}x"):
        (tmp_path / f"{name}.eml").touch()
    assert stored_names(tmp_path) == [newer, older]


def test_controls_and_lone_surrogates_become_visible() -> None:
    assert visible("a\x00b\x1b[31m\ud800\x7f\r\n\tc") == "a␀b␛[31m?␡\n\tc"
