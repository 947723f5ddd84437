"""The demo's own readers: made once, private, and never among the server's keys."""

import shutil
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.readers.cast import a_list, signed
from tocsin.demo.home import Home
from tocsin.demo.reader_keys import LABELS, Provided, provide_readers
from tocsin.demo.refusal import Refusal
from tocsin.readers.ceremony import change_list, make_keys
from tocsin.readers.files import accept_list, readers_of
from tocsin.readers.signed_list import ReaderList, read_list

TODAY = date(2026, 3, 10)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "demo")
    home.open()
    home.prepare()
    yield home
    home.close()


def counts(home: Home) -> ReaderList:
    """The list that the server seals for."""
    return readers_of(home.keys / "readers", "letter-table", day=TODAY)


def test_they_are_made_once_and_said_to_be(home: Home) -> None:
    assert provide_readers(home, today=TODAY) == Provided(is_new=True, count=True)
    before = {path: path.read_bytes() for path in home.reader_keys.iterdir()}
    assert provide_readers(home, today=TODAY) == Provided(is_new=False, count=True)
    assert {path: path.read_bytes() for path in home.reader_keys.iterdir()} == before


def test_the_example_campaign_is_sealed_for_them(home: Home) -> None:
    provide_readers(home, today=TODAY)
    readers = readers_of(home.keys / "readers", "letter-table", day=TODAY)
    assert [each.label for each in readers.everybody] == [
        *("demo reader 1", "demo reader 2", "recovery"),
    ]


def test_no_private_key_of_theirs_is_among_the_servers(home: Home) -> None:
    provide_readers(home, today=TODAY)
    assert stat.S_IMODE(home.reader_keys.stat().st_mode) == 0o700
    assert home.reader_keys.parent == home.keys.parent
    assert len(list(home.reader_keys.glob("*.key"))) == 4
    for path in home.keys.rglob("*"):
        assert not path.is_file() or b"SECRET" not in path.read_bytes()


def test_a_start_that_was_killed_in_between_goes_on(home: Home) -> None:
    (home.path / ".reader-keys.part").mkdir()
    (home.path / ".reader-keys.part" / "reader-1.key").write_text("half")
    assert provide_readers(home, today=TODAY).is_new
    for path in (home.keys / "readers" / "letter-table").iterdir():
        path.unlink()
    assert not provide_readers(home, today=TODAY).is_new
    assert counts(home).number == 1


def test_who_tries_a_list_of_their_own_keeps_it(home: Home) -> None:
    provide_readers(home, today=TODAY)
    own = a_list("letter-table")
    accept_list(home.keys / "readers", signed(own), new_signer=True)
    kept = Provided(is_new=False, count=False)
    assert provide_readers(home, today=TODAY) == kept
    shutil.rmtree(home.reader_keys)
    assert provide_readers(home, today=TODAY) == kept
    assert not home.reader_keys.exists(), "keys that open nothing"
    assert counts(home) == own


def test_who_adds_a_reader_to_the_demos_own_keeps_the_longer_list(home: Home) -> None:
    provide_readers(home, today=TODAY)
    text = (home.reader_keys / "signer.key").read_text()
    made = change_list(
        home.path / "next",
        before=counts(home),
        signer=text.splitlines()[-1],
        add=["Chiara"],
        today=TODAY,
    )
    accept_list(home.keys / "readers", made.list_path.read_bytes())
    assert not provide_readers(home, today=TODAY).count
    assert len(counts(home).readers) == 3


def test_keys_that_were_deleted_are_made_anew_and_sealed_for(home: Home) -> None:
    provide_readers(home, today=TODAY)
    before = counts(home)
    shutil.rmtree(home.reader_keys)
    assert provide_readers(home, today=TODAY) == Provided(is_new=True, count=True)
    (own,) = home.reader_keys.glob("*.readers.json")
    assert counts(home) == read_list(own.read_bytes()) != before


def test_a_start_that_was_killed_before_new_keys_counted_lets_them_count(home: Home) -> None:
    provide_readers(home, today=TODAY)
    before = counts(home)
    shutil.rmtree(home.reader_keys)
    make_keys(home.reader_keys, organisation="letter-table", labels=LABELS, today=TODAY)
    assert provide_readers(home, today=TODAY) == Provided(is_new=False, count=True)
    assert counts(home) != before


def refused(home: Home) -> str:
    with pytest.raises(Refusal) as refusal:
        provide_readers(home, today=TODAY)
    return str(refusal.value)


def test_what_makes_it_unclear_for_whom_to_seal_is_told_with_the_remedy(home: Home) -> None:
    provide_readers(home, today=TODAY)
    (own,) = home.reader_keys.glob("*.readers.json")
    second = home.reader_keys / "second.readers.json"
    shutil.copy(own, second)
    assert f"{home.reader_keys} must hold one list" in refused(home)
    second.unlink()
    content = own.read_bytes()
    own.write_bytes(content.replace(b"demo reader", b"Mallory"))
    assert "its signature is wrong" in refused(home)
    own.write_bytes(signed(a_list("another")))
    assert "it is of another" in refused(home)
    own.write_bytes(content)
    pinned = home.keys / "readers" / "letter-table" / "pinned"
    pinned.chmod(0o600)
    pinned.write_bytes(b"\x00")
    assert f"{pinned} cannot be read: delete it" in refused(home)
    pinned.unlink()
    assert provide_readers(home, today=TODAY) == Provided(is_new=False, count=True)
    for path in pinned.parent.glob("*.json"):
        path.unlink()
    assert provide_readers(home, today=TODAY) == Provided(is_new=False, count=True)
