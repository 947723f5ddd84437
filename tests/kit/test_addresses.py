"""Addresses are read kindly, refused with a reason, folded for look-up, and made for letters."""

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from tests import hostile
from tests.names import REAL_NAMES
from tocsin.kit.addresses import (
    RESERVED,
    Address,
    AddressReason,
    AddressRefused,
    alias_local,
    canonical,
    read_address,
)
from tocsin.kit.gate import safe_header

CODE = "48210377"
LOCALS = st.text("abcXYZ019.+_-'", min_size=1, max_size=20)
DOMAINS = st.sampled_from(["gmail.com", "GoogleMail.com", "me.com", "mail.example", "bücher.test"])


def reason_of(text: str) -> AddressReason | None:
    """Why the address is refused; None if it is not."""
    try:
        read_address(text)
    except AddressRefused as refused:
        return refused.reason
    return None


# Reading


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("anna@mail.example", "anna@mail.example"),
        ("Anna.Berg+news@Mail.EXAMPLE", "Anna.Berg+news@mail.example"),
        ("Postmaster@mail.example", "Postmaster@mail.example"),
        ("  anna@mail.example\u00a0\r\n", "anna@mail.example"),
        ("<anna@mail.example>", "anna@mail.example"),
        ("mailto:anna@mail.example", "anna@mail.example"),
        (" <MAILTO:anna@mail.example>, ", "anna@mail.example"),
        ("anna@mail.example.", "anna@mail.example"),
        ("anna@mail.example;", "anna@mail.example"),
        ("\u202aanna@mail.example\u202c", "anna@mail.example"),
        ("\ufeffanna@mail.example\u200b", "anna@mail.example"),
        ("ａｎｎａ＠ｍａｉｌ．ｅｘａｍｐｌｅ", "anna@mail.example"),
        ("anna@mail。example", "anna@mail.example"),
        ("anna@Bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
        ("li@例子.test", "li@xn--fsqu00a.test"),
        ("o'brien@post.test", "o'brien@post.test"),
        ("a@b.co", "a@b.co"),
        (f"{'a' * 64}@mail.example", f"{'a' * 64}@mail.example"),
    ],
)
def test_an_address_is_read_as_people_paste_it(typed: str, address: str) -> None:
    assert read_address(typed).text == address


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", AddressReason.EMPTY),
        (" \t\u00a0\u200b", AddressReason.EMPTY),
        ("mailto:", AddressReason.EMPTY),
        ("<>", AddressReason.EMPTY),
        ("anna", AddressReason.NO_AT),
        ("anna.mail.example", AddressReason.NO_AT),
        ("@mail.example", AddressReason.LOCAL),
        ("anna..berg@mail.example", AddressReason.LOCAL),
        (".anna@mail.example", AddressReason.LOCAL),
        ("anna.@mail.example", AddressReason.LOCAL),
        ("anna berg@mail.example", AddressReason.LOCAL),
        ('"anna berg"@mail.example', AddressReason.LOCAL),
        ('"anna"@mail.example', AddressReason.LOCAL),
        ("Anna Berg <anna@mail.example>", AddressReason.LOCAL),
        ("anna@mail.example, bruno@mail.example", AddressReason.LOCAL),
        ("anna@berg@mail.example", AddressReason.LOCAL),
        ("anna\0@mail.example", AddressReason.LOCAL),
        ("anna@mail.example\r\nBcc: victim@mail.example", AddressReason.LOCAL),
        ("änna@mail.example", AddressReason.NOT_ASCII_LOCAL),
        ("аnna@mail.example", AddressReason.NOT_ASCII_LOCAL),
        ("anna\ud800@mail.example", AddressReason.NOT_ASCII_LOCAL),
        ("anna@", AddressReason.DOMAIN),
        ("anna@mail", AddressReason.DOMAIN),
        ("anna@test", AddressReason.DOMAIN),
        ("anna@localhost", AddressReason.DOMAIN),
        ("anna@printer.local", AddressReason.DOMAIN),
        ("anna@mail.invalid", AddressReason.DOMAIN),
        ("anna@[127.0.0.1]", AddressReason.DOMAIN),
        ("anna@127.0.0.1", AddressReason.DOMAIN),
        ("anna@mail..example", AddressReason.DOMAIN),
        ("anna@-mail.example", AddressReason.DOMAIN),
        ("anna@ma_il.example", AddressReason.DOMAIN),
        ("anna@mail.example\nBcc: x", AddressReason.DOMAIN),
        ("anna@\ud800.example", AddressReason.DOMAIN),
        ("anna@xn--a.example", AddressReason.DOMAIN),
        (f"anna@{'a' * 64}.example", AddressReason.DOMAIN),
        ("anna@mail.example?subject=x", AddressReason.DOMAIN),
        (f"{'a' * 65}@mail.example", AddressReason.TOO_LONG),
        (f"anna@{'mail.' * 60}example", AddressReason.TOO_LONG),
        (f"anna@{'ü.' * 100}example", AddressReason.DOMAIN),
    ],
)
def test_what_cannot_be_an_address_is_refused_with_its_reason(
    typed: str, reason: AddressReason
) -> None:
    assert reason_of(typed) is reason


@pytest.mark.parametrize("text", hostile.HUGE)
def test_a_megabyte_is_no_address(text: str) -> None:
    assert reason_of(text) is AddressReason.TOO_LONG


@pytest.mark.parametrize("text", hostile.HEADER_INJECTIONS)
def test_no_injection_is_an_address(text: str) -> None:
    assert reason_of(text)
    assert reason_of(f"{text}@mail.example")


def test_an_injection_before_or_behind_an_address_does_not_come_along() -> None:
    for end in hostile.LINE_ENDS:
        assert reason_of(f"anna@mail.example{end}Bcc: victim@mail.example")
        assert reason_of(f"Bcc: victim@mail.example{end}anna@mail.example")


def test_a_refusal_never_says_what_was_typed() -> None:
    with pytest.raises(AddressRefused) as caught:
        read_address("gulnar secret@mail.example")
    assert str(caught.value) == "local"
    assert caught.value.__cause__ is None


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for typed in (text, f"{text}@mail.example", f"anna@{text}.example"):
        try:
            address = read_address(typed)
        except AddressRefused:
            continue
        assert address.text.isascii()
        assert safe_header(address.text) == address.text
        assert read_address(address.text) == address
        assert address.domain == address.domain.lower()


# Folding


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Anna.Berg+x@Gmail.com", "annaberg@gmail.com"),
        ("annaberg@googlemail.com", "annaberg@gmail.com"),
        ("Anna+x@icloud.com", "anna@icloud.com"),
        ("anna@me.com", "anna@icloud.com"),
        ("Anna.Berg+x@outlook.com", "anna.berg@outlook.com"),
        ("anna+x@hotmail.com", "anna@hotmail.com"),
        ("anna.berg+x@proton.me", "anna.berg@proton.me"),
        ("Anna.Berg+x@mail.example", "anna.berg+x@mail.example"),
        ("anna+x@gmail.com.example", "anna+x@gmail.com.example"),
        ("+x@gmail.com", "+x@gmail.com"),
        ("ANNA@BÜCHER.example", "anna@xn--bcher-kva.example"),
    ],
)
def test_one_mailbox_folds_to_one_text(typed: str, folded: str) -> None:
    assert canonical(read_address(typed)) == folded


def test_folding_leaves_the_address_as_typed() -> None:
    address = read_address("Anna.Berg+x@gmail.com")
    canonical(address)
    assert address == Address(local="Anna.Berg+x", domain="gmail.com")


@given(LOCALS, DOMAINS)
def test_folding_is_stable(local: str, domain: str) -> None:
    try:
        address = read_address(f"{local}@{domain}")
    except AddressRefused:
        return
    folded = canonical(address)
    assert canonical(Address(*folded.rsplit("@", 1))) == folded
    assert canonical(read_address(address.text.upper())) == folded


# Making


@pytest.mark.parametrize(
    ("given_names", "family", "readable"),
    [
        ("Anna", "Berg", "anna.berg"),
        ("Jean-François", "de la Tour d’Auvergne", "jean.francois.de.la.tour.dauvergne"),
        ("Þórður", "Ægisson", "thordur.aegisson"),
        ("Łukasz", "Żółć", "lukasz.zolc"),
        ("İpek", "Işık", "ipek.isik"),
        ("Jürgen", "GROẞMANN", "jurgen.grossmann"),
        ("Thị Ánh", "Nguyễn", "thi.anh.nguyen"),
        ("Söderström", "", "soderstrom"),
        ("گۈلنار", "Tursun", "tursun"),
        ("گۈلنار", "تۇرسۇن", "supporter"),
        ("小明", "张", "supporter"),
        ("3", "٣", "supporter"),
        ("...", "--", "supporter"),
        ("", "", "supporter"),
        ("Abuse", "", "supporter"),
        ("Post", "Master", "supporter"),
        ("No", "Reply", "supporter"),
        ("Mailer-Daemon", "", "supporter"),
        ("Ａｎｎａ", "Ｂｅｒｇ", "anna.berg"),
        ("℡", "Ⅷ", "tel.viii"),
        ("Anna\r\nBcc: x", "@mail.example", "anna.bcc.x.mail.example"),
    ],
)
def test_an_alias_is_readable_where_the_name_is_latin(
    given_names: str, family: str, readable: str
) -> None:
    assert alias_local(given_names, family, CODE) == f"{readable}.{CODE}"


def test_a_long_name_makes_an_alias_that_fits() -> None:
    assert alias_local("a" * 54 + " b", "c", CODE) == f"{'a' * 54}.{CODE}"
    assert alias_local("a" * 200, "", CODE) == f"{'a' * 55}.{CODE}"


@pytest.mark.parametrize("code", ["", "ABC", "a.b", "1 2", "é", "1\n", "x" * 33])
def test_an_alias_needs_a_plain_code(code: str) -> None:
    with pytest.raises(ValueError, match="code of an alias"):
        alias_local("Anna", "Berg", code)


def check_alias(given_names: str, family: str) -> None:
    local = alias_local(given_names, family, CODE)
    found = validate_email(
        f"{local}@letters.example", check_deliverability=False, allow_smtputf8=False, strict=True
    )
    assert found.local_part == local
    assert local == local.lower()
    assert local.replace(".", "").isalnum()
    assert local.endswith(f".{CODE}")
    assert local.removesuffix(f".{CODE}").replace(".", "") not in RESERVED


def test_every_real_name_makes_an_alias() -> None:
    for _, given_names, family in REAL_NAMES:
        check_alias(given_names, family)


@given(st.text(max_size=90), st.text(max_size=90))
def test_whatever_the_name_the_alias_is_an_address(given_names: str, family: str) -> None:
    check_alias(given_names, family)
