"""The file of an export: counted, with an end, and one damaged line takes no other with it."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from tests.readers.cast import a_list, opened
from tests.readers.files import CONSENT, a_record, exported, sealed
from tocsin.readers.record import STEP, NotARecord, pack, unpack
from tocsin.readers.records_file import (
    MOST_LINE,
    About,
    Broken,
    NotRecords,
    Part,
    read_head,
    read_parts,
)

FILE = exported(sealed(a_record(n), later=a_record(n) if n == 2 else None) for n in (1, 2, 3))
LINES = FILE.splitlines(keepends=True)


def read(content: bytes) -> tuple[About, list[Part | Broken]]:
    file = BytesIO(content)
    about = read_head(file)
    return about, list(read_parts(file, about))


def numbers(content: bytes) -> list[int]:
    """The numbers of what can still be opened."""
    return [each.number for each in read(content)[1] if isinstance(each, Part)]


def faults(content: bytes) -> list[str]:
    return [f"{e.where}: {e.what}" for e in read(content)[1] if isinstance(e, Broken)]


def test_what_was_written_is_read_again() -> None:
    about, parts = read(FILE)
    assert about == About("table", "families", 3)
    told = [(e.number, e.is_later, e.readers) for e in parts if isinstance(e, Part)]
    assert told == [(n, later, a_list()) for n, later in ((1, 0), (2, 0), (2, 1), (3, 0))]
    assert [opened(e.sealed)["id"] for e in parts if isinstance(e, Part)] == [
        *("id-1", "id-2", "id-2", "id-3"),
    ]
    assert faults(FILE) == []


def test_it_looks_as_its_description_says() -> None:
    words = [line.split(b" ", 1)[0] for line in LINES]
    assert words[0] == b"tocsin-records"
    assert b" ".join(words[2:]) == b"records list record record later record end"


def test_a_campaign_in_which_nobody_took_part_is_whole_too() -> None:
    empty = exported([])
    assert read(empty) == (About("table", "families", 0), [])


@pytest.mark.parametrize("part", range(50))
def test_wherever_it_is_cut_off_it_is_noticed(part: int) -> None:
    begin = len(LINES[0] + LINES[1] + LINES[2])
    end = begin + part * (len(FILE) - begin) // 50
    assert faults(FILE[:end])
    assert "cut off" in faults(FILE[:end])[-1]


def test_the_end_alone_is_missed() -> None:
    assert faults(b"".join(LINES[:-1])) == [
        "end: cut off: the end is missing, after 3 of 3 records"
    ]


@pytest.mark.parametrize(
    "line", [b"record 2 0 !!!\n", b"\x00\xff\n", b"record\n", b"\n", b"x" * 70]
)
def test_a_damaged_line_takes_no_other_with_it(line: bytes) -> None:
    spoilt = b"".join([*LINES[:4], line.rstrip(b"\n") + b"\n", *LINES[5:]])
    assert numbers(spoilt) == [2, 2, 3]
    assert len(faults(spoilt)) == 1


def test_a_record_that_was_taken_out_is_missed() -> None:
    assert faults(b"".join(LINES[:4] + LINES[5:])) == [
        "line 5: record 2 stands where record 1 should"
    ]
    assert faults(b"".join([*LINES[:7], LINES[-1]])) == ["end: there are 2 of 3 records"]


def test_records_in_another_order_are_noticed() -> None:
    mixed = b"".join([*LINES[:4], *reversed(LINES[4:8]), LINES[-1]])
    assert faults(mixed)


def test_something_behind_the_end_is_noticed() -> None:
    assert faults(FILE + b"x") == ["end: there is something behind the end"]


def test_an_endless_line_is_read_in_pieces_that_fit_into_memory() -> None:
    spoilt = b"".join([*LINES[:4], b"y" * (3 * MOST_LINE) + b"\n", *LINES[5:]])
    assert numbers(spoilt) == [2, 2, 3]
    assert len(faults(spoilt)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"tocsin-records 2\n",
        LINES[0],
        LINES[0] + b"[]\n" + LINES[2],
        LINES[0] + b'{"organisation": "\\u001b[2J", "campaign": "x"}\n' + LINES[2],
        LINES[0] + b"[" * 9000 + b"\n" + LINES[2],
        LINES[0] + LINES[1] + b"records x\n",
    ],
)
def test_what_is_no_file_of_records_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NotRecords):
        read_head(BytesIO(content))


def test_a_list_that_is_not_there_any_more_leaves_the_records_readable() -> None:
    _, parts = read(exported([sealed(a_record(1))], lists=[a_list(number=9)]))
    (part,) = parts
    assert isinstance(part, Part)
    assert part.readers is None
    assert opened(part.sealed)["id"] == "id-1"


def test_a_list_that_was_changed_in_the_file_is_not_believed() -> None:
    forged = FILE.replace(b'"label": "Chiara"', b'"label": "Mallor"')
    assert all(e.readers is None for e in read(forged)[1] if isinstance(e, Part))


def test_records_are_written_as_they_come() -> None:
    given: list[int] = []

    def coming() -> Iterator[object]:
        for number in range(1, 4):
            given.append(number)
            yield sealed(a_record(number))

    assert numbers(exported(coming())) == given == [1, 2, 3]  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["", "I agree.", "x" * 1700, "x" * 9000])
def test_names_of_every_length_have_records_of_the_same_size(words: str) -> None:
    answers = [{**CONSENT, "words": words}]
    sizes = {
        len(pack(a_record(1, given="A" * n, family="ئ" * (n // 2), email=mail, consents=answers)))
        for n in range(1, 401, 19)
        for mail in ("a@b.ch", f"{'a' * 64}@{'b' * 189}")
    }
    assert len(sizes) == 1
    assert sizes.pop() % STEP == 0


def test_a_record_that_is_longer_than_any_of_ours_is_still_whole() -> None:
    assert unpack(pack(a_record(1, given="A" * 5000)))["given"] == "A" * 5000


def test_what_fills_a_record_up_is_nothing_to_who_reads_it() -> None:
    assert unpack(pack(a_record(1))) == a_record(1)


@pytest.mark.parametrize("plain", [b"", b"\xff", b"[]", b"{}", b'{"consents": [1]}', b"[" * 9000])
def test_what_is_no_record_is_said_to_be_none(plain: bytes) -> None:
    with pytest.raises(NotARecord):
        unpack(plain)
