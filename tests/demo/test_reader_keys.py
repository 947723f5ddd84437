"""The demo's own readers: made once, private, and never among the server's keys."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.readers.cast import a_list, signed
from tocsin.demo.home import Home
from tocsin.demo.reader_keys import provide_readers
from tocsin.readers.files import accept_list, readers_of

TODAY = date(2026, 3, 10)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "demo")
    home.open()
    home.prepare()
    yield home
    home.close()


def test_they_are_made_once_and_said_to_be(home: Home) -> None:
    assert provide_readers(home, today=TODAY)
    before = {path: path.read_bytes() for path in home.reader_keys.iterdir()}
    assert not provide_readers(home, today=TODAY)
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
    assert provide_readers(home, today=TODAY)
    for path in (home.keys / "readers" / "letter-table").iterdir():
        path.unlink()
    assert not provide_readers(home, today=TODAY)
    assert readers_of(home.keys / "readers", "letter-table", day=TODAY).number == 1


def test_who_tries_a_list_of_their_own_keeps_it(home: Home) -> None:
    provide_readers(home, today=TODAY)
    own = a_list("letter-table")
    accept_list(home.keys / "readers", signed(own), new_signer=True)
    provide_readers(home, today=TODAY)
    assert readers_of(home.keys / "readers", "letter-table", day=TODAY) == own
