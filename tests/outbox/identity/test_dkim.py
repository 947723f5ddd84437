"""Signing: a receiver accepts what we signed, and nothing that was changed since."""

import base64
import hashlib
from datetime import timedelta, timezone
from pathlib import Path

import dkim
import pytest
from dkim.canonicalization import Relaxed
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.names import REAL_NAMES
from tests.outbox.identity.receiver import Receiver, arrived, signatures
from tests.outbox.mails import CONFIRMATION, LETTER, NOON, a_letter
from tocsin.outbox.compose import Mail, compose
from tocsin.outbox.identity.dkim import (
    OVERSIGNED,
    SIGNED,
    SigningKey,
    _canonical_body,
    _canonical_headers,
    _cut,
    load_keys,
    make_signing_key,
    sign,
)

DOMAIN = "letters.lumiere.example"
MESSAGE_ID = f"0f1e2d3c4b5a69788796a5b4c3d2e1f0@{DOMAIN}"
Keys = tuple[SigningKey, ...]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an RSA and an Ed25519 key of our domain are."""
    path = tmp_path_factory.mktemp("keys") / "dkim"
    make_signing_key(path, domain=DOMAIN, selector="t2026a")
    make_signing_key(path, domain=DOMAIN, selector="t2026e", algorithm="ed25519")
    return path


@pytest.fixture(scope="module")
def keys(directory: Path) -> Keys:
    return load_keys(directory, domain=DOMAIN)


@pytest.fixture(scope="module")
def receiver(keys: Keys) -> Receiver:
    return Receiver(keys)


def made(mail: Mail = LETTER) -> bytes:
    return compose(mail, message_id=MESSAGE_ID, date=NOON)


def with_every_header() -> bytes:
    """A mail that has all the headers that are signed, and one that is not."""
    unsubscribe = b"List-Unsubscribe: <https://act.lumiere.example/u/abc>\r\n"
    one_click = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    text = made(Mail(**{**vars(CONFIRMATION), "reply_to": LETTER.reply_to, "html": None}))
    return b"X-Other: a\r\n" + unsubscribe + one_click + text


def verdicts(receiver: Receiver, mail: bytes) -> list[bool]:
    """What the receiver says to the first and to the second signature."""
    return [receiver.accepts(mail, number=number) for number in (0, 1)]


@pytest.mark.parametrize(
    "mail",
    [
        LETTER,
        CONFIRMATION,
        a_letter(text="Madame,\n\n  deux  espaces, \t une tabulation \n.\n..\n\n\n\n"),
        a_letter(text="ە" * 5000),
        a_letter(text="x" * 5000),
        a_letter(text=""),
        a_letter(sender_name="گۈلنار ئابدۇ\u200cرېھىم", recipient_name="王小明", reply_to=None),
        a_letter(sender_name="é" * 120, subject="Nguyễn Thị Minh Khai " * 12 + "x"),
    ],
)
def test_a_receiver_accepts_both_signatures(receiver: Receiver, keys: Keys, mail: Mail) -> None:
    signed = sign(made(mail), keys=keys, date=NOON)
    assert signed.endswith(made(mail))
    assert verdicts(receiver, signed) == [True, True]


def test_letters_of_people_of_every_script_are_accepted(receiver: Receiver, keys: Keys) -> None:
    for _, given_names, family_name in REAL_NAMES[::5]:
        name = f"{given_names} {family_name}".strip()
        mail = made(a_letter(sender_name=f"{name} via Lumière", subject=name, text=name))
        assert verdicts(receiver, sign(mail, keys=keys, date=NOON)) == [True, True]


def test_a_signature_says_this_and_nothing_else(keys: Keys) -> None:
    rsa, ed25519 = signatures(sign(made(), keys=keys, date=NOON))
    assert list(rsa) == list(ed25519) == ["v", "a", "c", "d", "s", "h", "t", "bh", "b"]
    assert {name: rsa[name] for name in "vacdst"} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": DOMAIN,
        "s": "t2026a",
        "t": "1773144333",
    }
    assert rsa["h"].split(":") == [
        *("from", "from", "to", "to", "reply-to", "reply-to", "subject", "subject"),
        *("date", "date", "message-id", "message-id", "mime-version", "content-type"),
        *("content-transfer-encoding", "content-language"),
    ]
    differing = {name for name in rsa if rsa[name] != ed25519[name]}
    assert differing == {"a", "s", "b"}
    assert (ed25519["a"], ed25519["s"]) == ("ed25519-sha256", "t2026e")


def test_what_is_missing_is_signed_as_missing(keys: Keys) -> None:
    (signature, _) = signatures(sign(b"From: a@b.example\r\n\r\n", keys=keys, date=NOON))
    assert signature["h"] == "from:from:to:reply-to:subject:date:message-id"


def test_the_same_mail_is_signed_with_the_same_bytes(directory: Path, keys: Keys) -> None:
    signed = sign(made(), keys=keys, date=NOON)
    assert sign(made(), keys=keys, date=NOON) == signed
    assert sign(made(), keys=load_keys(directory, domain=DOMAIN), date=NOON) == signed
    elsewhere = NOON.astimezone(timezone(timedelta(hours=8)))
    assert sign(made(), keys=keys, date=elsewhere.replace(microsecond=1)) == signed
    assert sign(made(), keys=keys, date=NOON + timedelta(seconds=1)) != signed


@pytest.mark.parametrize("domain", [DOMAIN, "a.example", f"{'long-' * 12}x.{'x' * 60}.example"])
def test_the_header_is_folded_into_short_lines(directory: Path, domain: str) -> None:
    if domain != DOMAIN:
        make_signing_key(directory, domain=domain, selector="s")
    ours = load_keys(directory, domain=domain)
    header = sign(with_every_header(), keys=ours, date=NOON).removesuffix(with_every_header())
    lines = header.split(b"\r\n")
    assert header.isascii()
    assert lines.pop() == b""
    assert header.count(b"\n") == header.count(b"\r") == len(lines)
    assert [line for line in lines if len(line) > 78 and domain.encode() not in line] == []
    assert [line for line in lines if len(line) > 78] == ([] if len(domain) < 70 else [lines[1]])
    folded = [line for line in lines if not line.startswith(b"DKIM-Signature: v=1; a=")]
    assert all(line[:1] == b" " and line.strip() for line in folded)
    assert len(lines) - len(folded) == len(ours)
    assert Receiver(ours).accepts(header + with_every_header())


def test_without_keys_a_mail_stays_as_it_is() -> None:
    assert sign(made(), keys=(), date=NOON) == made()


def test_a_date_without_a_time_zone_signs_nothing(keys: Keys) -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign(made(), keys=keys, date=NOON.replace(tzinfo=None))


@pytest.mark.parametrize("name", SIGNED)
def test_no_signed_header_can_be_changed(receiver: Receiver, keys: Keys, name: bytes) -> None:
    lines = sign(with_every_header(), keys=keys, date=NOON).split(b"\r\n")
    (place,) = [n for n, line in enumerate(lines) if line.lower().startswith(name + b":")]
    assert verdicts(receiver, b"\r\n".join(lines)) == [True, True]
    lines[place] += b"x"
    assert verdicts(receiver, b"\r\n".join(lines)) == [False, False]
    del lines[place]
    assert verdicts(receiver, b"\r\n".join(lines)) == [False, False]


@pytest.mark.parametrize("name", OVERSIGNED)
@pytest.mark.parametrize("mail", [made(), made(a_letter(reply_to=None)), with_every_header()])
def test_nobody_can_add_another_header_of_a_kind(
    receiver: Receiver, keys: Keys, name: bytes, mail: bytes
) -> None:
    signed = sign(mail, keys=keys, date=NOON)
    added = name.title() + b": mallory@mail.example\r\n"
    head, _, body = signed.partition(b"\r\n\r\n")
    assert verdicts(receiver, added + signed) == [False, False]
    assert verdicts(receiver, head + b"\r\n" + added + b"\r\n" + body) == [False, False]


@pytest.mark.parametrize("change", [b"x", b"x\r\n", b"\r\nx", b".\r\n"])
@pytest.mark.parametrize("mail", [made(), made(CONFIRMATION), b"From: a@b.example\r\n\r\n"])
def test_nothing_can_be_added_to_the_body(
    receiver: Receiver, keys: Keys, mail: bytes, change: bytes
) -> None:
    signed = sign(mail, keys=keys, date=NOON)
    assert verdicts(receiver, signed) == [True, True]
    assert verdicts(receiver, signed + change) == [False, False]
    before = signed.index(b"\r\n\r\n") + 4
    assert verdicts(receiver, signed[:before] + change + signed[before:]) == [False, False]


@pytest.mark.parametrize(
    ("tag", "other"), [(b"d=letters.", b"d=letter."), (b"t=1", b"t=2"), (b"s=t2026", b"s=t2025")]
)
def test_the_signature_signs_itself(
    receiver: Receiver, keys: Keys, tag: bytes, other: bytes
) -> None:
    signed = sign(made(), keys=keys[:1], date=NOON)
    assert receiver.accepts(signed)
    assert not receiver.accepts(signed.replace(tag, other))


def test_a_signature_of_another_key_is_none(keys: Keys, directory: Path) -> None:
    make_signing_key(directory, domain="other.example", selector="t2026a")
    (other,) = load_keys(directory, domain="other.example")
    forger = SigningKey(DOMAIN, "t2026a", "rsa", other.private)
    signed = sign(made(), keys=[forger], date=NOON)
    assert Receiver([forger]).accepts(signed)
    assert not Receiver(keys).accepts(signed)


def test_what_relays_do_to_a_mail_breaks_nothing(receiver: Receiver, keys: Keys) -> None:
    signed = sign(made(a_letter(text="Deux  espaces\n\nAmina")), keys=keys, date=NOON)
    for ours, theirs in [
        (b"Deux  espaces", b"Deux \t espaces  "),
        (b"MIME-Version: 1.0", b"mime-VERSION:  1.0\t"),
        (b"Date: Tue, ", b"Date:\r\n\tTue,  "),
        (b"Amina\r\n", b"Amina\r\n\r\n \r\n\r\n"),
    ]:
        assert signed.count(ours) == 1
        signed = signed.replace(ours, theirs)
    signed = b"Received: from a by b; x\r\nX-Spam: no\r\n" + signed
    assert verdicts(receiver, signed) == [True, True]


def test_the_canonical_form_is_that_of_the_standard() -> None:
    # The example of RFC 6376, 3.4.5, with names that we sign.
    mail = b"From: X\r\nSubject : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n"
    head, body = _cut(mail)
    assert _canonical_headers(head)[1] == b"from:X\r\nsubject:Y Z\r\n"
    assert _canonical_body(body) == b" C\r\nD E\r\n"


def test_of_several_headers_the_lowest_is_signed_first(receiver: Receiver, keys: Keys) -> None:
    mail = b"To: a\r\nSubject: x\r\nFrom: b\r\nTO: c\r\nTo: d\r\n\r\n"
    names, headers = _canonical_headers(_cut(mail)[0])
    assert names[:7] == (b"from", b"from", b"to", b"to", b"to", b"to", b"reply-to")
    assert headers == b"from:b\r\nto:d\r\nto:c\r\nto:a\r\nsubject:x\r\n"
    assert verdicts(receiver, sign(mail, keys=keys, date=NOON)) == [True, True]


texts = st.lists(
    st.sampled_from([b"a", b"B", b" ", b" ", b"\t", b":", b".", b"=", b"\xe9", b"\xff", b"\x01"])
    | st.sampled_from([b"x" * 1500, b"  " * 40, b"From: ", b"; b=", b"\t\t"]),
    max_size=8,
).map(b"".join)
bodies = st.lists(texts | st.just(b"") | st.just(b"."), max_size=8).map(b"\r\n".join)
named = st.sampled_from([*SIGNED, *OVERSIGNED, b"Subject", b"FROM", b"X-Other", b"Received"])
folded = st.lists(texts, min_size=1, max_size=3).map(b"\r\n ".join)
heads = st.lists(st.tuples(named, folded), max_size=8).map(
    lambda pairs: b"".join(b"%s:%s\r\n" % pair for pair in pairs)
)


@settings(max_examples=300, deadline=None)
@given(head=heads, body=st.none() | bodies, blank=st.integers(0, 3))
@example(head=b"From: a\r\n", body=None, blank=0)
@example(head=b"From: a\r\n", body=b"", blank=0)
@example(head=b"From: a\r\n", body=b"", blank=3)
@example(head=b"From: a\r\n", body=b" \t", blank=0)
@example(head=b"From: a\r\n", body=b" \r\n\t \r\n", blank=1)
@example(head=b"From:\r\n \r\n\t\r\n a\r\n", body=b"a \t b \r\n  c", blank=2)
@example(head=b"", body=b"a", blank=0)
def test_whatever_the_mail_a_receiver_sees_what_we_signed(
    receiver: Receiver, keys: Keys, head: bytes, body: bytes | None, blank: int
) -> None:
    mail = head if body is None else head + b"\r\n" + body + b"\r\n" * blank
    parsed, their_body = dkim.rfc822_parse(arrived(mail))
    names, headers = _canonical_headers(_cut(mail)[0])
    theirs = Relaxed.canonicalize_headers(dkim.select_headers(parsed, list(names)))
    assert headers == b"".join(b"%s:%s" % pair for pair in theirs)
    assert _canonical_body(_cut(mail)[1]) == Relaxed.canonicalize_body(their_body)
    assert verdicts(receiver, sign(mail, keys=keys, date=NOON)) == [True, True]


def test_the_receiver_of_these_tests_accepts_the_example_of_the_standard() -> None:
    # RFC 8463, appendix A: made by others, so the last step of Ed25519 is checked as well.
    receiver = Receiver(())
    public = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    receiver.records["brisbane._domainkey.football.example.com"] = f"v=DKIM1; k=ed25519; p={public}"
    mail = EXAMPLE.replace("\n", "\r\n").encode()
    assert receiver.accepts(mail)
    assert not receiver.accepts(mail.replace(b"hungry", b"thirsty"))
    assert not receiver.accepts(mail.replace(b"dinner", b"supper"))
    body_hash = hashlib.sha256(_canonical_body(_cut(mail)[1])).digest()
    assert base64.b64encode(body_hash).decode() == signatures(mail)[0]["bh"]


EXAMPLE = """\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""
