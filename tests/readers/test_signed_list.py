"""The list of readers: complete, signed, public; or refused with a reason."""

import json
from datetime import date

import pytest

from tests.readers.cast import CHIARA, PAPER, SAMIRA, SIGNER, a_list, signed
from tocsin.kit.age import NotAKey, make_identity
from tocsin.readers.signed_list import (
    ListRefused,
    Reader,
    in_groups,
    new_signer,
    read_list,
    sign_list,
    signer_of,
)


def test_a_signed_list_is_read_as_it_was_signed() -> None:
    readers = read_list(signed(a_list()))
    assert readers == a_list()
    assert readers.keys == (CHIARA[1], SAMIRA[1], PAPER[1])
    assert [each.label for each in readers.everybody] == ["Chiara", "Samira", "recovery"]


def test_however_it_is_laid_out_it_is_the_same_list() -> None:
    told = json.loads(signed(a_list()))
    shuffled = json.dumps(dict(reversed(told.items())), indent=8).encode()
    assert read_list(shuffled).fingerprint == a_list().fingerprint


def test_the_fingerprint_is_32_digits_and_of_every_part_of_the_list() -> None:
    others = [
        a_list("other"),
        a_list(number=2),
        a_list(until=date(2098, 1, 5)),
        a_list(readers=(Reader("Chiara", SAMIRA[1]), Reader("Samira", CHIARA[1]))),
        a_list(signer=new_signer()[1]),
    ]
    fingerprints = {each.fingerprint for each in [a_list(), *others]}
    assert len(fingerprints) == 6
    assert in_groups("0123456789abcdef" * 2) == "0123 4567 89AB CDEF 0123 4567 89AB CDEF"


def refusal(content: bytes) -> str:
    with pytest.raises(ListRefused) as refused:
        read_list(content)
    return str(refused.value)


def changed(**changes: object) -> bytes:
    """The file with something else in it than was signed."""
    return json.dumps({**json.loads(signed(a_list())), **changes}).encode()


A, B = {"label": "A", "key": CHIARA[1]}, {"label": "B", "key": SAMIRA[1]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"readers": [A]}, "at least 2 readers"),
        ({"readers": []}, "at least 2 readers"),
        ({"readers": [A] * 21}, "20 at most"),
        ({"readers": "AB"}, "at least 2 readers"),
        ({"readers": [A, {**B, "key": CHIARA[1]}]}, "the same key stands in it twice"),
        ({"readers": [A, {**B, "key": PAPER[1]}]}, "the same key stands in it twice"),
        ({"readers": [A, {**B, "label": "a"}]}, "the same label"),
        ({"readers": [A, {**B, "key": "age1pq1qqqq"}]}, "no public key of age"),
        ({"readers": [A, {**B, "more": 1}]}, "a label and a key"),
        ({"readers": [A, {"label": 1, "key": SAMIRA[1]}]}, "must be a text"),
        ({"recovery": None}, "no recovery key"),
        ({"recovery": {}}, "no recovery key"),
        ({"organisation": "../../etc"}, "which organisation"),
        ({"organisation": "other"}, "signature is wrong"),
        ({"number": 7}, "signature is wrong"),
        ({"number": True}, "its number is not one"),
        ({"number": 10**9}, "its number is not one"),
        ({"until": "2150-01-01"}, "signature is wrong"),
        ({"until": "soon"}, "dates"),
        ({"signer": "00" * 32}, "signature is wrong"),
        ({"signer": "x"}, "who signed it"),
        ({"signature": "00" * 64}, "signature is wrong"),
        ({"signature": "é"}, "signature is wrong"),
        ({"signature": None}, "must be a text"),
        ({"tocsin": "readers 2"}, "this version"),
        ({"more": 1}, "this version"),
    ],
)
def test_whatever_was_changed_is_refused_with_the_reason(
    changes: dict[str, object], reason: str
) -> None:
    assert reason in refusal(changed(**changes))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"tocsin": NaN}',
        signed(a_list())[:-40],
        signed(a_list()).replace(b'"number"', b'"number": 1, "number"'),
    ],
)
def test_what_is_no_list_is_refused(content: bytes) -> None:
    assert "not a list of readers" in refusal(content)


def test_a_huge_file_is_not_even_looked_at() -> None:
    assert "far too large" in refusal(b" " * 70_000)


@pytest.mark.parametrize("secret", [CHIARA[0], CHIARA[0].lower(), SIGNER])
def test_a_private_key_in_the_file_is_refused_loudly_whatever_else_is_wrong(secret: str) -> None:
    label = {"label": secret, "key": SAMIRA[1]}
    for content in (changed(readers=[A, label]), b"# notes\n" + secret.encode()):
        assert "PRIVATE KEY" in refusal(content)


@pytest.mark.parametrize(
    "label", ["", " A", "A\nB", "\x1b[2J", "A\u202eB", "x" * 61, "A\x00", "\ud800", "=?x?="]
)
def test_a_label_that_could_do_something_to_who_reads_it_is_refused(label: str) -> None:
    assert "label" in refusal(changed(readers=[A, {**B, "label": label}]))


@pytest.mark.parametrize("label", ["Chiara Rossi", "ئامىنە", "李雷", "O'Brien & co.", "=1+1"])
def test_a_label_in_any_script_is_a_label(label: str) -> None:
    readers = (Reader("A", CHIARA[1]), Reader(label, SAMIRA[1]))
    assert read_list(signed(a_list(readers=readers))).readers == readers


def test_what_another_hand_signed_is_of_another_signer() -> None:
    secret, public = new_signer()
    assert read_list(signed(a_list(signer=public), by=secret)).signer == public
    with pytest.raises(ListRefused, match="signature is wrong"):
        signed(a_list(), by=secret)


def test_a_list_that_would_not_be_accepted_is_not_signed() -> None:
    with pytest.raises(ListRefused, match="at least 2"):
        signed(a_list(readers=(Reader("A", make_identity()[1]),)))


@pytest.mark.parametrize("secret", ["", "x", "00" * 32, CHIARA[0], SIGNER[:-1]])
def test_only_the_key_of_a_signer_signs(secret: str) -> None:
    with pytest.raises(NotAKey):
        sign_list(a_list(), secret=secret)
    with pytest.raises(NotAKey):
        signer_of(secret)
