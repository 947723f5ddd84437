"""The link to a mail program: what comes out of it is what went in, and nothing is added."""

import re
from urllib.parse import unquote, unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import HEADER_INJECTIONS, MARKUP
from tocsin.letters.mailto import MOST, mail_link

ADDRESS = "protocol@ministry.example"
HOSTILE = [
    'He said "no" & left; 100 % <b>true</b> = it is? #1',
    "a&bcc=mallory@mail.example",
    "?cc=mallory@mail.example&to=x@mail.example",
    "%0D%0ABcc: mallory@mail.example",
    "Dear\n\nMinister,\r\n.\r\nQUIT",
    "ئۇيغۇر يازمىسى، نېمە ئۈچۈن؟",
    "أين هم؟",
    "他们在哪里？",
    "👩🏽‍🦱 e\u0301 + plus",
    "\ud83d alone",
    *HEADER_INJECTIONS,
    *MARKUP,
]


def fields_of(url: str) -> tuple[str, list[tuple[str, str]]]:
    """Address and header fields, read as RFC 6068 says and not as a form would be."""
    to, _sign, query = url.removeprefix("mailto:").partition("?")
    pairs = [each.partition("=") for each in query.split("&")] if query else []
    return unquote(to), [(unquote(name), unquote(value)) for name, _is, value in pairs]


def readable(text: str) -> str:
    """What of a text a mail can bear, its lines as mail has them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", "", text.strip())
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_nothing_in_a_text_becomes_a_header(text: str) -> None:
    link = mail_link(address=ADDRESS, subject=text, texts=[text], most=10**7)
    to, fields = fields_of(link.url)
    assert to == ADDRESS
    assert [name for name, _value in fields] == ["subject", "body"]
    assert fields[1][1] == readable(text)
    assert not re.search(r"[\r\n\x00]", fields[0][1])
    assert re.fullmatch(r"[!-~]+", link.url)
    assert b"\r\n" not in unquote_to_bytes(link.url.partition("&body=")[0])


@given(text=st.text(), subject=st.text())
@settings(max_examples=200, deadline=None)
def test_what_comes_out_of_a_link_is_what_went_in(text: str, subject: str) -> None:
    link = mail_link(address=ADDRESS, subject=subject, texts=[text], most=10**7)
    to, ((first, _titled), (second, body)) = fields_of(link.url)
    assert (to, first, second, link.carries) == (ADDRESS, "subject", "body", 0)
    assert body == readable(text)


@pytest.mark.parametrize("local", ["a+b", "o'neil", "a&bcc=x", "a?subject=y", "a%40b", '"a b"'])
def test_an_address_stays_one_address(local: str) -> None:
    link = mail_link(address=f"{local}@ministry.example", subject="s", texts=["t"])
    to, fields = fields_of(link.url)
    assert to == f"{local}@ministry.example"
    assert fields == [("subject", "s"), ("body", "t")]


@pytest.mark.parametrize(
    ("texts", "carries"),
    [
        (["short", "shorter"], 0),
        (["x" * 5000, "a few lines", "less"], 1),
        (["x" * 5000, "ئ" * 400, "less"], 2),
        (["x" * 5000, "ئ" * 400], -1),
        ([], -1),
    ],
)
def test_the_first_text_that_is_not_too_long_is_carried(texts: list[str], carries: int) -> None:
    link = mail_link(address=ADDRESS, subject="Where are they?", texts=texts)
    assert link.carries == carries
    assert len(link.url) <= MOST
    _to, fields = fields_of(link.url)
    assert dict(fields).get("body") == (texts[carries] if carries >= 0 else None)
    assert dict(fields)["subject"] == "Where are they?"


def test_a_text_is_carried_up_to_the_very_last_sign() -> None:
    room = MOST - len(mail_link(address=ADDRESS, subject="s", texts=[""]).url)
    assert mail_link(address=ADDRESS, subject="s", texts=["x" * room]).carries == 0
    assert mail_link(address=ADDRESS, subject="s", texts=["x" * (room + 1)]).carries == -1


def test_a_subject_that_is_too_long_is_left_out_and_the_address_stays() -> None:
    link = mail_link(address=ADDRESS, subject="他" * 300, texts=["t"])
    assert link.url == f"mailto:{ADDRESS}"
