"""The envelope sender: a bounce of ours is recognised, and nobody else can make one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.hostile import CONTROLS, HOMOGLYPHS, HUGE, LINE_ENDS, SURROGATES
from tests.outbox.mails import NOON
from tocsin.kit.seal import KeyMissing, make_keys
from tocsin.outbox.identity.bounce import Bounced, BounceForged, bounce_address, read_bounce_address

DOMAIN = "bounce.lumiere.example"
MESSAGE = UUID("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")
LETTERS = "b4pc2pclljuxrb4wuw2mhuxb6a"
LENGTH = len(f"b+{LETTERS}.1.0123456789@{DOMAIN}")


def made(
    message_id: UUID = MESSAGE, attempt: int = 1, domain: str = DOMAIN, now: datetime = NOON
) -> str:
    return bounce_address(message_id=message_id, attempt=attempt, domain=domain, now=now)


def is_forged(address: str, *, now: datetime = NOON) -> bool:
    try:
        read_bounce_address(address, now=now)
    except BounceForged:
        return True
    return False


def test_an_address_says_which_mail_and_which_attempt() -> None:
    address = made(attempt=7)
    assert re.fullmatch(rf"b\+{LETTERS}\.7\.[a-z2-7]{{10}}@bounce\.lumiere\.example", address)
    assert read_bounce_address(address, now=NOON) == Bounced(message_id=MESSAGE, attempt=7)


def test_every_mail_attempt_domain_and_day_has_its_own_hash() -> None:
    addresses = [
        made(),
        made(message_id=uuid4()),
        made(attempt=2),
        made(domain="other.example"),
        made(now=NOON + timedelta(days=1)),
    ]
    hashes = {address.partition("@")[0].rpartition(".")[2] for address in addresses}
    assert len(hashes) == len(addresses)


def test_an_address_is_the_same_all_day_long() -> None:
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    assert made(now=midnight) == made(now=midnight + timedelta(days=1, microseconds=-1))
    assert made(now=midnight) != made(now=midnight - timedelta(microseconds=1))
    evening, there = NOON.replace(hour=23), timezone(timedelta(hours=8))
    assert made(now=evening.astimezone(there)) == made(now=evening)


@settings(max_examples=100, deadline=None)
@given(
    message_id=st.uuids(),
    attempt=st.integers(0, 999_999_999),
    domain=st.from_regex(
        r"[A-Za-z0-9]{1,8}(-[a-z0-9]{1,8})?(\.[a-z0-9]{1,20}){0,5}", fullmatch=True
    ),
    age=st.integers(0, 14),
)
@example(message_id=UUID(int=0), attempt=0, domain="a", age=0)
@example(message_id=UUID(int=2**128 - 1), attempt=999_999_999, domain="A.example", age=14)
def test_what_was_made_is_read_back(message_id: UUID, attempt: int, domain: str, age: int) -> None:
    address = made(message_id, attempt, domain, NOON - timedelta(days=age))
    local, _, host = address.partition("@")
    assert re.fullmatch(r"[a-z0-9.+]+", local)
    assert len(local) <= 64
    assert host == domain.lower()
    assert read_bounce_address(address, now=NOON) == Bounced(message_id, attempt)


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.title,
        lambda address: f"<{address}>",
        lambda address: address.replace("+", "-"),
        lambda address: f"<{address.replace('+', '-').upper()}>",
    ],
)
def test_what_mail_systems_do_to_an_address_is_undone(change: Callable[[str], str]) -> None:
    assert read_bounce_address(change(made()), now=NOON) == Bounced(MESSAGE, 1)


def test_a_sign_that_only_looks_like_a_letter_is_none() -> None:
    address = made(message_id=UUID(int=0x50 << 120))
    assert not is_forged(address.replace("+k", "+K"))
    assert is_forged(address.replace("+k", "+\N{KELVIN SIGN}"))


def test_brackets_come_in_one_pair_around_the_address() -> None:
    for wrong in ("<{}", "{}>", "<<{}>>", "x{}>", "<{}x", "<{}>x", "x<{}>"):
        assert is_forged(wrong.format(made()))


@pytest.mark.parametrize("place", range(LENGTH))
def test_no_character_of_an_address_can_be_changed(place: int) -> None:
    address = made()
    for other in "abz2790.+-@<> =\n\0é":
        changed = address[:place] + other + address[place + 1 :]
        if changed not in {address, address.replace("+", "-")}:
            assert is_forged(changed), changed


@pytest.mark.parametrize("place", range(LENGTH + 1))
def test_nothing_can_be_added_to_an_address_or_taken_from_it(place: int) -> None:
    address = made()
    for other in "b2.+-@<> \n\0":
        assert is_forged(address[:place] + other + address[place:])
    assert is_forged(address[:place] + address[place + 1 :]) is (place < len(address))
    assert is_forged(address[:place]) is (place < len(address))


def test_an_address_of_one_mail_cannot_be_made_that_of_another() -> None:
    (first, end), (second, _) = (
        (address[:28], address[28:]) for address in (made(), made(message_id=uuid4()))
    )
    assert not is_forged(first + end)
    assert is_forged(second + end)
    assert is_forged(made(attempt=1).replace(".1.", ".2."))
    assert is_forged(made(attempt=1).replace(".1.", ".01."))
    assert is_forged(made().replace(DOMAIN, "other.example"))


@pytest.mark.parametrize("hour", [0, 23])
@pytest.mark.parametrize("age", [-1, 0, 1, 2, 13, 14])
def test_an_address_is_heard_for_two_weeks(age: int, hour: int) -> None:
    assert not is_forged(made(now=NOON - timedelta(days=age)), now=NOON.replace(hour=hour))


@pytest.mark.parametrize("hour", [0, 23])
@pytest.mark.parametrize("age", [-400, -14, -2, 15, 16, 400])
def test_an_address_is_not_heard_later_or_before_its_time(age: int, hour: int) -> None:
    assert is_forged(made(now=NOON - timedelta(days=age)), now=NOON.replace(hour=hour))


def test_an_address_made_under_another_key_is_forged(
    tmp_path: Path, settings: LazySettings
) -> None:
    address, keys = made(), settings.KEYS_DIR
    settings.KEYS_DIR = tmp_path / "keys"
    with pytest.raises(KeyMissing):
        read_bounce_address(address, now=NOON)
    make_keys(settings.KEYS_DIR)
    assert is_forged(address)
    settings.KEYS_DIR = keys
    assert not is_forged(address)


@pytest.mark.parametrize(
    "address",
    ["", "<>", "@", "b+", "b+@", "b+..@", "b+.1.@a", "<", ">", "postmaster", "root@a.example",
     f"b+{LETTERS}.1.{'a' * 10}@", f"b+{LETTERS}.-1.{'a' * 10}@{DOMAIN}",
     f"b+{LETTERS}.{'9' * 400}.{'a' * 10}@{DOMAIN}", f"b+{'a' * 26}.1.{'=' * 10}@{DOMAIN}",
     f"b+{LETTERS}.١.{'a' * 10}@{DOMAIN}", f"b+{LETTERS}.1e3.{'a' * 10}@{DOMAIN}",
     *CONTROLS, *LINE_ENDS, *SURROGATES, *HOMOGLYPHS, *HUGE],
    ids=lambda address: ascii(address[:40]),
)  # fmt: skip
def test_hostile_addresses_are_forged_and_nothing_worse(address: str) -> None:
    assert is_forged(address)
    assert is_forged(made() + address) is (address != "")
    assert is_forged(made().replace(".1.", f".{address}.")) is True
    assert is_forged(made().replace("b4pc", f"b4pc{address}")) is (address != "")


@settings(max_examples=200, deadline=None)
@given(
    address=st.text(max_size=400)
    | st.from_regex(r"b[+-][a-z2-7]{26}\.[0-9]{1,9}\.[a-z2-7]{10}@[a-z.]{1,99}", fullmatch=True)
)
def test_what_we_did_not_make_is_forged(address: str) -> None:
    assert is_forged(address)


@pytest.mark.parametrize(
    ("attempt", "domain"),
    [(-1, DOMAIN), (10**9, DOMAIN), (1, ""), (1, "a b"), (1, "é.example"), (1, "a\n"), (1, "a@b"),
     (1, ".a"), (1, "a" * 300), (1, "a>")],
)  # fmt: skip
def test_an_address_that_could_not_be_read_is_not_made(attempt: int, domain: str) -> None:
    with pytest.raises(ValueError, match="an attempt has a number"):
        made(attempt=attempt, domain=domain)
