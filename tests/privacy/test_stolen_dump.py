"""Who has a dump of the database and not the key files learns of nobody that they took part."""

import pytest

from bench.stolen_dump import Theft, steal
from bench.thief import Loot, constructions, known, read_dump

PEOPLE, CANDIDATES = 30, 2_000


@pytest.fixture(scope="module")
def theft() -> Theft:
    return steal(people=PEOPLE, candidates=CANDIDATES)


def test_no_address_is_found_in_a_dump_and_no_salt_is_in_it(theft: Theft) -> None:
    assert (len(theft.people), theft.candidates) == (PEOPLE, CANDIDATES)
    assert theft.without == {}
    assert theft.loot.salts == set()
    assert len(theft.loot.marks) > 10 * PEOPLE


def test_with_the_key_files_everybody_is_found_so_the_attempt_is_a_real_one(theft: Theft) -> None:
    assert set(theft.with_keys) == theft.people


@pytest.mark.parametrize("way", ["md5", "sha256", "blake2b", "hmac 0", "salted 0", "keyed 0"])
def test_a_hash_that_needs_no_key_file_would_be_found(way: str) -> None:
    """What a careless column would hold: in bytes, in hex, cut to half its length."""
    address, salts = "amina@mail.example", {bytes(range(200, 216))}
    careless = constructions(Loot(salts=salts))[way](address.encode())
    for written in (careless, careless.hex().encode(), careless[:16]):
        loot = Loot(salts=salts)
        loot.add(written)
        assert known(loot, [address, "bruno@mail.example"]) == {address: way}


def test_an_address_in_clear_would_be_found() -> None:
    assert known(Loot(clear={"amina@mail.example"}), ["Amina@mail.example"]) != {}


def test_a_dump_is_taken_apart_into_values_salts_and_what_is_clear() -> None:
    dump = (
        b"COPY public.tocsin_campaign (id, slug, salt, note) FROM stdin;\n"
        b"1\tnews\t\\\\x"
        + bytes(range(200, 216)).hex().encode()
        + b'\t{"to": "Amina@mail.example"}\n'
        b"\\.\n"
    )
    loot = read_dump(dump)
    assert loot.clear == {"amina@mail.example"}
    assert loot.salts == {bytes(range(200, 216))} == loot.keys
    assert bytes(range(200, 208)) in loot.marks
    assert loot.values == 4
