"""Which list counts: the one that was accepted, whole, or none at all."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tests.readers.cast import SAMIRA, a_list, signed
from tocsin.kit.age import make_identity
from tocsin.readers.files import (
    NoReaders,
    SignerChanged,
    accept_list,
    is_any_accepted,
    known_list,
    pin_of,
    readers_of,
)
from tocsin.readers.signed_list import ListRefused, Reader, new_signer

DAY = date(2026, 3, 10)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "readers"


def why_none(place: Path, *, day: date = DAY) -> str:
    with pytest.raises(NoReaders) as none:
        readers_of(place, "table", day=day)
    return str(none.value)


def the_list(place: Path) -> Path:
    (found,) = (place / "table").glob("*.json")
    return found


def test_until_one_is_accepted_there_is_nobody(place: Path) -> None:
    assert why_none(place) == "no list of readers was accepted"
    accept_list(place, signed(a_list("other")))
    assert why_none(place) == "no list of readers was accepted"


def test_the_accepted_list_counts_and_is_private(place: Path) -> None:
    assert accept_list(place, signed(a_list())).is_new
    assert readers_of(place, "table", day=DAY) == a_list()
    assert stat.S_IMODE((place / "table").stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in (place / "table").iterdir()} == {0o400}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_accepts_belongs_to_the_owner_of_the_keys(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    os.chown(keys, 4711, 4712)
    accept_list(keys / "readers", signed(a_list()))
    made = [keys / "readers", *(keys / "readers").rglob("*")]
    assert len(made) == 4
    assert {(each.stat().st_uid, each.stat().st_gid) for each in made} == {(4711, 4712)}


def test_accepted_again_it_counts_as_before(place: Path) -> None:
    accept_list(place, signed(a_list()))
    assert not accept_list(place, signed(a_list())).is_new


def test_the_next_list_of_the_same_hand_counts_and_the_older_one_is_kept(place: Path) -> None:
    accept_list(place, signed(a_list()))
    newer = a_list(number=2, readers=(a_list().readers[0], Reader("New", make_identity()[1])))
    accept_list(place, signed(newer))
    assert readers_of(place, "table", day=DAY) == newer
    assert known_list(place, "table", a_list().fingerprint) == signed(a_list())


@pytest.mark.parametrize("number", [1, 2])
def test_no_list_is_replaced_by_an_older_one(place: Path, number: int) -> None:
    accept_list(place, signed(a_list(number=2)))
    older = signed(a_list(number=number, until=date(2090, 1, 1)))
    with pytest.raises(ListRefused, match="never replaced by an older"):
        accept_list(place, older)
    assert readers_of(place, "table", day=DAY).number == 2


def test_another_hand_is_refused_unless_it_is_said(place: Path) -> None:
    accept_list(place, signed(a_list(number=5)))
    secret, public = new_signer()
    other = signed(a_list(signer=public), by=secret)
    with pytest.raises(SignerChanged):
        accept_list(place, other)
    assert readers_of(place, "table", day=DAY).number == 5
    accept_list(place, other, new_signer=True)
    assert readers_of(place, "table", day=DAY).signer == public


def test_who_copies_a_list_of_their_own_into_the_directory_is_not_believed(place: Path) -> None:
    accept_list(place, signed(a_list()))
    secret, public = new_signer()
    forged = a_list(signer=public)
    path = the_list(place)
    path.unlink()
    path.write_bytes(signed(forged, by=secret))
    assert "another one than was accepted" in why_none(place)


def test_a_list_of_another_organisation_is_not_this_ones(place: Path) -> None:
    accept_list(place, signed(a_list()))
    (place / "table").rename(place / "other")
    with pytest.raises(NoReaders, match="another one than was accepted"):
        readers_of(place, "other", day=DAY)


def test_a_pin_on_another_signer_leaves_nobody(place: Path) -> None:
    accept_list(place, signed(a_list()))
    pinned = place / "table" / "pinned"
    told = {**json.loads(pinned.read_bytes()), "signer": "00" * 32}
    pinned.unlink()
    pinned.write_text(json.dumps(told))
    assert "signed by another hand" in why_none(place)


@pytest.mark.parametrize("name", ["list", "pinned"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff", b'{"list": "../x"}'])
def test_whatever_happens_to_the_files_nobody_is_sealed_for(
    place: Path, name: str, content: bytes | None
) -> None:
    accept_list(place, signed(a_list(until=date(2090, 1, 1))))
    path = the_list(place) if name == "list" else place / "table" / "pinned"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert why_none(place)
    if name == "list" or content is None:
        accept_list(place, signed(a_list(number=2)))
    else:
        with pytest.raises(ListRefused, match="cannot be understood"):
            accept_list(place, signed(a_list(number=2)))
        accept_list(place, signed(a_list(number=2)), new_signer=True)
    assert readers_of(place, "table", day=DAY).number == 2


def test_a_list_that_was_damaged_is_mended_by_accepting_it_again(place: Path) -> None:
    content = signed(a_list())
    accept_list(place, content)
    path = the_list(place)
    path.chmod(0o600)
    path.write_bytes(b"{")
    assert why_none(place)
    assert not accept_list(place, content).is_new
    assert readers_of(place, "table", day=DAY) == a_list()
    assert known_list(place, "table", "../pinned") is None


def test_it_counts_until_its_last_day_and_not_one_longer(place: Path) -> None:
    accept_list(place, signed(a_list(until=DAY)))
    assert readers_of(place, "table", day=DAY).until == DAY
    assert why_none(place, day=date(2026, 3, 11)) == "the list of readers counted until 2026-03-10"


def test_a_list_that_cannot_be_read_is_no_list(place: Path) -> None:
    accept_list(place, signed(a_list()))
    path = the_list(place)
    path.unlink()
    path.mkdir()
    assert "cannot be read" in why_none(place)


@pytest.mark.parametrize("organisation", ["", "..", "a/b", "x\x00"])
def test_no_name_leads_out_of_the_directory(place: Path, organisation: str) -> None:
    with pytest.raises(NoReaders):
        readers_of(place, organisation, day=DAY)


def test_of_many_lists_accepted_at_once_the_newest_counts(place: Path) -> None:
    lists = [signed(a_list(number=number)) for number in range(1, 13)]

    def accept(content: bytes) -> bool:
        try:
            return accept_list(place, content).is_new
        except ListRefused:
            return False

    with ThreadPoolExecutor(12) as pool:
        accepted = list(pool.map(accept, lists))
    assert accepted[-1]
    assert readers_of(place, "table", day=DAY).number == 12
    assert not list((place / "table").glob("tmp*"))


def test_nothing_pinned_is_nothing_to_compare_with(place: Path) -> None:
    assert pin_of(place, "table") is None
    assert not is_any_accepted(place)
    accept_list(place, signed(a_list(readers=(*a_list().readers, Reader("B", make_identity()[1])))))
    assert pin_of(place, "table")
    assert is_any_accepted(place)
    assert SAMIRA[1] in readers_of(place, "table", day=DAY).keys
