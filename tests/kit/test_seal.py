"""Sealing: what is at rest opens for nobody without its key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from tocsin.kit import key_files
from tocsin.kit.seal import (
    HEAD,
    KeyMissing,
    Unreadable,
    blind,
    days_of_keys,
    destroy_day_key,
    destroy_salt,
    head_of,
    make_keys,
    make_salt,
    read_salt,
    seal,
    unseal,
)

DAY = date(2026, 3, 10)
ABOUT = "supporter:1"


def test_what_was_sealed_opens_for_the_same_place() -> None:
    assert unseal(seal(b"Amina", day=DAY, about=ABOUT), about=ABOUT) == b"Amina"


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    assert seal(b"Amina", day=DAY, about=ABOUT) != seal(b"Amina", day=DAY, about=ABOUT)


def test_sealed_bytes_moved_to_another_row_do_not_open() -> None:
    with pytest.raises(Unreadable):
        unseal(seal(b"Amina", day=DAY, about=ABOUT), about="supporter:2")


@pytest.mark.parametrize("place", [0, 1, 4, 5, 16, 17, -1])
def test_sealed_bytes_with_one_bit_changed_do_not_open(place: int) -> None:
    sealed = bytearray(seal(b"Amina", day=DAY, about=ABOUT))
    sealed[place] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(sealed), about=ABOUT)


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x01" * 16, b"\x01\xff\xff\xff\xff" + b"0" * 40]
)
def test_bytes_that_were_never_sealed_do_not_open(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(sealed, about=ABOUT)


def test_nothing_of_a_day_opens_once_its_key_is_destroyed(keys_dir: Path) -> None:
    sealed = seal(b"Amina", day=DAY, about=ABOUT)
    (keys_dir / "days" / "2026-03-10.key").unlink()
    with pytest.raises(Unreadable):
        unseal(sealed, about=ABOUT)


def test_a_destroyed_key_opens_nothing_for_who_used_it_before(
    keys_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_files, "SETTLED", -1)
    sealed = seal(b"Amina", day=DAY, about=ABOUT)
    assert [unseal(sealed, about=ABOUT) for _ in range(3)] == [b"Amina"] * 3
    (keys_dir / "days" / "2026-03-10.key").unlink()
    with pytest.raises(Unreadable):
        unseal(sealed, about=ABOUT)
    assert unseal(seal(b"Bruno", day=DAY, about=ABOUT), about=ABOUT) == b"Bruno"
    with pytest.raises(Unreadable):
        unseal(sealed, about=ABOUT)


def test_a_replaced_key_is_the_one_that_counts(
    keys_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_files, "SETTLED", -1)
    key, away = keys_dir / "days" / "2026-03-10.key", tmp_path / "away"
    first = seal(b"Amina", day=DAY, about=ABOUT)
    assert unseal(first, about=ABOUT) == b"Amina"
    key.rename(away)
    second = seal(b"Bruno", day=DAY, about=ABOUT)
    assert unseal(second, about=ABOUT) == b"Bruno"
    with pytest.raises(Unreadable):
        unseal(first, about=ABOUT)
    away.replace(key)
    assert unseal(first, about=ABOUT) == b"Amina"
    with pytest.raises(Unreadable):
        unseal(second, about=ABOUT)


def test_keys_that_are_gone_are_missed_by_who_used_them_before(
    keys_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_files, "SETTLED", -1)
    sealed = seal(b"Amina", day=DAY, about=ABOUT)
    hashed = blind("amina@mail.example", salt=b"1", purpose="action")
    keys_dir.rename(tmp_path / "not mounted")
    with pytest.raises(KeyMissing):
        unseal(sealed, about=ABOUT)
    with pytest.raises(KeyMissing):
        blind("amina@mail.example", salt=b"1", purpose="action")
    (tmp_path / "not mounted").rename(keys_dir)
    assert unseal(sealed, about=ABOUT) == b"Amina"
    assert blind("amina@mail.example", salt=b"1", purpose="action") == hashed


def test_opening_never_makes_a_key(keys_dir: Path) -> None:
    sealed = seal(b"Amina", day=DAY, about=ABOUT)
    key = keys_dir / "days" / "2026-03-10.key"
    key.unlink()
    with pytest.raises(Unreadable):
        unseal(sealed, about=ABOUT)
    assert not key.exists()


def test_an_error_says_which_kind_of_row_and_not_which(keys_dir: Path) -> None:
    sealed = seal(b"Amina", day=DAY, about="supporter:one-person")
    (keys_dir / "days" / "2026-03-10.key").unlink()
    with pytest.raises(Unreadable) as caught:
        unseal(sealed, about="supporter:one-person")
    assert str(caught.value) == "supporter"


def test_without_keys_nothing_is_taken(tmp_path: Path, settings: LazySettings) -> None:
    settings.KEYS_DIR = tmp_path / "nowhere"
    with pytest.raises(KeyMissing):
        seal(b"Amina", day=DAY, about=ABOUT)
    with pytest.raises(KeyMissing):
        blind("amina@mail.example", salt=b"", purpose="action")


def test_keys_that_are_all_missing_are_not_mistaken_for_destroyed_ones(
    keys_dir: Path, tmp_path: Path, settings: LazySettings
) -> None:
    sealed = seal(b"Amina", day=DAY, about=ABOUT)
    settings.KEYS_DIR = tmp_path / "not mounted"
    with pytest.raises(KeyMissing):
        unseal(sealed, about=ABOUT)
    settings.KEYS_DIR = keys_dir
    assert unseal(sealed, about=ABOUT) == b"Amina"


def test_a_key_of_the_wrong_length_is_refused(keys_dir: Path) -> None:
    index = keys_dir / "index.key"
    index.chmod(0o600)
    index.write_bytes(b"short")
    with pytest.raises(KeyMissing, match="32 bytes"):
        blind("amina@mail.example", salt=b"", purpose="action")


def test_keys_are_private_and_made_once(tmp_path: Path) -> None:
    assert sorted(make_keys(tmp_path / "keys")) == ["django.key", "index.key", "installation.key"]
    before = (tmp_path / "keys" / "index.key").read_bytes()
    assert make_keys(tmp_path / "keys") == []
    assert (tmp_path / "keys" / "index.key").read_bytes() == before
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "index.key").stat().st_mode) == 0o400


def test_many_at_once_agree_on_the_key_of_a_new_day(keys_dir: Path) -> None:
    def take_part(number: int) -> bytes:
        return seal(b"%d" % number, day=DAY, about=ABOUT)

    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(take_part, range(64)))
    assert [unseal(each, about=ABOUT) for each in sealed] == [b"%d" % n for n in range(64)]
    assert [path.name for path in (keys_dir / "days").iterdir()] == ["2026-03-10.key"]


def test_a_blind_index_finds_the_same_and_only_the_same() -> None:
    found = blind("amina@mail.example", salt=b"1", purpose="action")
    assert len(found) == 16
    assert found == blind("amina@mail.example", salt=b"1", purpose="action")
    others = {
        blind("amina@mail.example", salt=b"2", purpose="action"),
        blind("amina@mail.example", salt=b"1", purpose="guard"),
        blind("bruno@mail.example", salt=b"1", purpose="action"),
    }
    assert len(others - {found}) == 3


def test_a_blind_index_means_nothing_under_another_key(keys_dir: Path, tmp_path: Path) -> None:
    ours = blind("amina@mail.example", salt=b"1", purpose="action")
    index = keys_dir / "index.key"
    index.chmod(0o600)
    index.write_bytes(b"\0" * 32)
    assert blind("amina@mail.example", salt=b"1", purpose="action") != ours


def test_a_day_is_destroyed_once_and_is_not_made_anew_for_what_belongs_to_it(
    keys_dir: Path,
) -> None:
    sealed = seal(b"Amina", day=DAY, about=ABOUT)
    assert days_of_keys() == [DAY]
    assert destroy_day_key(DAY) is True
    assert destroy_day_key(DAY) is False
    assert days_of_keys() == []
    with pytest.raises(Unreadable):
        unseal(sealed, about=ABOUT)
    with pytest.raises(Unreadable):
        seal(b"Amina", day=DAY, about=ABOUT, make=False)
    assert days_of_keys() == []


def test_what_was_sealed_begins_with_the_day_whose_key_opens_it() -> None:
    assert seal(b"Amina", day=DAY, about=ABOUT)[:HEAD] == head_of(DAY)


@pytest.mark.parametrize("gone", ["index.key", "days"])
def test_no_key_is_destroyed_or_missed_while_others_are_not_there_either(
    keys_dir: Path, tmp_path: Path, gone: str
) -> None:
    seal(b"Amina", day=DAY, about=ABOUT)
    (keys_dir / gone).rename(tmp_path / "elsewhere")
    with pytest.raises(KeyMissing):
        days_of_keys()
    with pytest.raises(KeyMissing):
        destroy_day_key(DAY)
    (tmp_path / "elsewhere").rename(keys_dir / gone)
    assert days_of_keys() == [DAY]


def test_a_salt_is_written_once_and_gone_for_good(keys_dir: Path) -> None:
    name = UUID(int=7)
    with pytest.raises(KeyMissing):
        read_salt(name)
    assert make_salt(name, salt=b"sixteen bytes...")
    assert not make_salt(name)
    assert read_salt(name) == b"sixteen bytes..."
    path = keys_dir / "salts" / f"{name}.key"
    assert path.stat().st_mode & 0o777 == 0o400
    assert destroy_salt(name)
    assert not destroy_salt(name)
    with pytest.raises(KeyMissing):
        read_salt(name)
    assert not list(path.parent.iterdir())


def test_without_the_keys_no_salt_is_made_or_destroyed(
    keys_dir: Path, tmp_path: Path, settings: LazySettings
) -> None:
    make_salt(UUID(int=7))
    settings.KEYS_DIR = tmp_path / "not mounted"
    for act in (make_salt, read_salt, destroy_salt):
        with pytest.raises(KeyMissing):
            act(UUID(int=7))
    settings.KEYS_DIR = keys_dir
    assert read_salt(UUID(int=7))
