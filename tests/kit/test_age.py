"""The door to age: each owner opens, nobody else, and nothing that was changed."""

import pytest

from tocsin.kit.age import (
    Damaged,
    NotAKey,
    OtherKey,
    make_identity,
    need_public,
    open_sealed,
    public_of,
    seal_for,
)

CHIARA, SAMIRA, MALLORY = (make_identity() for _ in range(3))
SEALED = seal_for(b"Amina", [CHIARA[1], SAMIRA[1]])


@pytest.mark.parametrize("secret", [CHIARA[0], SAMIRA[0]])
def test_each_of_those_it_is_sealed_for_opens_it_alone(secret: str) -> None:
    assert open_sealed(SEALED, secret=secret) == b"Amina"


def test_nobody_else_opens_it() -> None:
    with pytest.raises(OtherKey):
        open_sealed(SEALED, secret=MALLORY[0])


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert seal_for(b"Amina", [CHIARA[1]]) != seal_for(b"Amina", [CHIARA[1]])


@pytest.mark.parametrize(
    "changed",
    [b"", b"x", SEALED[:40], SEALED[:-1], SEALED[:-1] + bytes([SEALED[-1] ^ 1]), SEALED + b"x"],
)
def test_what_was_changed_does_not_open(changed: bytes) -> None:
    with pytest.raises(Damaged):
        open_sealed(changed, secret=CHIARA[0])


@pytest.mark.parametrize("text", ["", "age1", "age1xyz", CHIARA[1].upper(), CHIARA[1][:-1], "é"])
def test_what_is_no_public_key_is_sealed_for_by_nobody(text: str) -> None:
    with pytest.raises(NotAKey):
        need_public(text)


def test_a_private_key_knows_its_public_one_and_no_private_key_passes_for_public() -> None:
    assert public_of(CHIARA[0]) == CHIARA[1]
    with pytest.raises(NotAKey):
        seal_for(b"Amina", [CHIARA[0]])
    with pytest.raises(NotAKey):
        public_of(CHIARA[1])
