"""`tocsin open`: whatever can be opened is, whatever cannot is said, and the code tells which."""

import csv
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from tests.readers.cast import CHIARA, PAPER, SAMIRA, a_list
from tests.readers.files import CONSENT, a_record, exported, sealed
from tocsin.kit.age import make_identity, seal_for
from tocsin.readers.key_text import for_paper
from tocsin.readers.opening import main
from tocsin.readers.record import pack
from tocsin.readers.records_file import Sealed
from tocsin.readers.signed_list import Reader
from tocsin.readers.table import CHANGED_SINCE

MALLORY = make_identity()
THREE = [sealed(a_record(number)) for number in (1, 2, 3)]


class Desk:
    """A reader's machine: a file that came, a key, what is said."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file, self.key, self.table = (place / n for n in ("records", "my.key", "out.csv"))
        self._capsys = capsys

    def open(self, content: bytes, *words: str, key: str = CHIARA[0]) -> tuple[int, str, str]:
        """Exit code, output, words."""
        self.file.write_bytes(content)
        self.key.write_text(f"# a comment\n{key}\n")
        code = main([str(self.file), "--key", str(self.key), *words])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def rows(self) -> list[dict[str, str]]:
        text = self.table.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(StringIO(text, newline="")))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def ids(output: str) -> list[str]:
    return [json.loads(line)["id"] for line in output.splitlines()]


@pytest.mark.parametrize("key", [CHIARA[0], SAMIRA[0], PAPER[0]], ids=["a", "b", "recovery"])
def test_each_reader_and_the_recovery_key_open_all_of_it_alone(desk: Desk, key: str) -> None:
    code, output, words = desk.open(exported(THREE), key=key)
    assert (code, ids(output)) == (0, ["id-1", "id-2", "id-3"])
    assert words == "3 of 3 records of families opened.\n"


def test_the_table_is_private_and_never_written_over(desk: Desk) -> None:
    assert desk.open(exported(THREE), "--csv", str(desk.table))[0] == 0
    assert [row["given"] for row in desk.rows()] == ["Amina 1", "Amina 2", "Amina 3"]
    assert stat.S_IMODE(desk.table.stat().st_mode) == 0o600
    before = desk.table.read_bytes()
    code, _, words = desk.open(exported(THREE), "--csv", str(desk.table))
    assert (code, desk.table.read_bytes()) == (1, before)
    assert words == f"tocsin open: {desk.table} is there already: name another file.\n"


def test_a_wrong_key_is_told_whose_key_opens_it(desk: Desk) -> None:
    code, output, words = desk.open(exported(THREE), key=MALLORY[0])
    assert (code, output) == (1, "")
    assert "0 of 3 records of families opened." in words
    assert "Not sealed for this key: 3 records. They open with a key of: Chiara, Samira, recovery."\
        in words  # fmt: skip


def test_where_the_list_is_lost_the_right_key_opens_and_a_wrong_one_is_told_so(desk: Desk) -> None:
    content = exported(THREE, lists=[a_list(number=9)])
    assert desk.open(content)[0] == 0
    code, _, words = desk.open(content, key=MALLORY[0])
    assert code == 1
    assert "somebody, the file does not say who" in words


def test_a_reader_who_came_later_opens_what_is_sealed_since(desk: Desk) -> None:
    newer = a_list(number=2, readers=(Reader("Ana", MALLORY[1]), a_list().readers[1]))
    content = exported([*THREE[:2], sealed(a_record(3), readers=newer)], lists=[a_list(), newer])
    code, output, words = desk.open(content, key=MALLORY[0])
    assert (code, ids(output)) == (1, ["id-3"])
    assert "2 records. They open with a key of: Chiara, Samira, recovery." in words
    assert desk.open(content, key=SAMIRA[0])[:2][0] == 0


def test_damaged_records_are_named_and_the_others_opened(desk: Desk) -> None:
    broken = bytearray(THREE[1].record)
    broken[-5] ^= 1
    records = [THREE[0], Sealed(bytes(broken), a_list().fingerprint), THREE[2]]
    code, output, words = desk.open(exported(records))
    assert (code, ids(output)) == (1, ["id-1", "id-3"])
    assert "record 2: damaged\n" in words
    assert "2 of 3 records of families opened." in words


def test_a_file_that_was_cut_off_says_so_and_gives_what_it_has(desk: Desk) -> None:
    content = exported(THREE)
    code, output, words = desk.open(content[: content.index(b"record 3") + 30])
    assert (code, ids(output)) == (1, ["id-1", "id-2"])
    assert "cut off: the end is missing, after 2 of 3 records" in words


def test_later_answers_take_the_place_of_those_before(desk: Desk) -> None:
    answers = [CONSENT, {**CONSENT, "given": False}]
    content = exported([sealed(a_record(1), later={**a_record(1), "consents": answers})])
    code, output, _ = desk.open(content)
    told = json.loads(output)
    assert (code, told["given"], told["consents"]) == (0, "Amina 1", answers)


OTHERS = a_list(number=2, readers=(Reader("A", MALLORY[1]), Reader("B", SAMIRA[1])))
ANSWERED_SINCE = sealed(a_record(1), later=a_record(1))


def for_others() -> bytes:
    """The first has later answers, for other readers; the second has none."""
    later = seal_for(pack(a_record(1)), OTHERS.keys)
    record = Sealed(THREE[0].record, a_list().fingerprint, later, OTHERS.fingerprint)
    return exported([record, THREE[1]], lists=[a_list(), OTHERS])


def damaged() -> bytes:
    """The seal of the later answers is broken."""
    later = bytearray(ANSWERED_SINCE.later)
    later[-5] ^= 1
    return exported([replace(ANSWERED_SINCE, later=bytes(later)), THREE[1]])


def not_base64() -> bytes:
    """Their line has one letter too many."""
    return exported([ANSWERED_SINCE, THREE[1]]).replace(b"\nrecord 2", b"A\nrecord 2")


def no_line_of_ours() -> bytes:
    """Their line cannot be told from any other."""
    return exported([ANSWERED_SINCE, THREE[1]]).replace(b"later 1 0", b"?????????")


def run_together() -> bytes:
    """The end of the line before theirs is gone: a list of readers, and then their answers."""
    return for_others().replace(b"}\nlater", b"} later")


def of_another_campaign() -> bytes:
    """Their seal is good, and what is in it is not theirs."""
    later = a_record(1, campaign="other")
    return exported([sealed(a_record(1), later=later), THREE[1]])


def of_somebody_else() -> bytes:
    return exported([sealed(a_record(1), later=a_record(2)), THREE[1]])


@pytest.mark.parametrize(
    "content",
    [
        *(for_others, damaged, not_base64, no_line_of_ours, run_together),
        *(of_another_campaign, of_somebody_else),
    ],
    ids=lambda content: content.__name__,
)
def test_where_the_newest_answer_cannot_be_read_an_older_yes_is_none(
    desk: Desk, content: Callable[[], bytes]
) -> None:
    code, _, words = desk.open(content(), "--csv", str(desk.table))
    first, second = desk.rows()
    assert (code, first["record"], first["news"]) == (1, "id-1", "unknown (changed since)")
    assert (first["news_day"], json.loads(first["every_answer"])[0]) == ("", CONSENT)
    assert json.loads(first["every_answer"])[-1] == CHANGED_SINCE
    assert (second["news"], json.loads(second["every_answer"])) == ("yes", [CONSENT])
    assert "Changed since, and how is not known" in words
    assert "\n  id-1\n" in words
    assert "id-2" not in words


def test_for_whom_later_answers_are_sealed_is_said(desk: Desk) -> None:
    code, output, words = desk.open(for_others())
    assert (code, ids(output)) == (1, ["id-1", "id-2"])
    assert "later answers to 1 records. They open with a key of: A, B, recovery." in words
    assert json.loads(output.splitlines()[0])["consents"][-1] == CHANGED_SINCE


def test_a_damaged_record_casts_no_doubt_on_the_one_before_it(desk: Desk) -> None:
    code, output, words = desk.open(exported(THREE).replace(b"record 2 0", b"record ? 0"))
    assert (code, ids(output)) == (1, ["id-1", "id-3"])
    assert "Changed since" not in words


def test_where_a_file_is_cut_off_the_last_record_may_have_been_changed(desk: Desk) -> None:
    content = exported([*THREE[:2], sealed(a_record(3), later=a_record(3))])
    _, _, words = desk.open(content[: content.index(b"later 3")])
    assert words.count("\n  id-") == words.count("\n  id-3\n") == 1


def test_an_id_that_is_named_cannot_move_the_terminal(desk: Desk) -> None:
    hostile = "\x1b[2J\n\u202e" + "x" * 9999
    record = sealed(a_record(1, id=hostile), later=a_record(2))
    _, _, words = desk.open(exported([record]))
    assert "\n  \\u001b[2J\\n\\u202exxx" in words
    assert len(words) < 999


def test_somebody_elses_answers_are_not_put_to_a_record(desk: Desk) -> None:
    content = exported([sealed(a_record(1), later=a_record(2, consents=[]))])
    code, output, words = desk.open(content)
    assert (code, json.loads(output)["consents"]) == (1, [CONSENT, CHANGED_SINCE])
    assert "somebody else's" in words


def test_a_record_of_another_campaign_is_not_one_of_this(desk: Desk) -> None:
    code, output, words = desk.open(exported([sealed(a_record(1, campaign="other"))]))
    assert (code, output) == (1, "")
    assert "record 1: of another campaign" in words


def test_nothing_in_a_record_can_move_the_terminal(desk: Desk) -> None:
    hostile = "\x1b[2J\x9b31m\u202e\u2066\u200f\x00"
    _, output, _ = desk.open(exported([sealed(a_record(1, given=hostile, family="ئامىنە"))]))
    assert json.loads(output)["given"] == hostile
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u202e\u2066]", output)
    assert "ئامىنە" in output


def test_very_many_faults_are_counted_and_not_all_of_them_named(desk: Desk) -> None:
    content = exported(THREE)
    head, end = content.split(b"record 1", 1)[0], content.rsplit(b"\n", 2)[1]
    code, _, words = desk.open(head + b"?\n" * 500 + end + b"\n")
    assert code == 1
    assert len(words.splitlines()) == 52
    assert "500 faults (450 of them are not named above)" in words


@pytest.mark.parametrize(
    ("content", "key", "complaint"),
    [
        (b"nothing", CHIARA[0], "this is no file of records"),
        (exported(THREE), "x", "there is no key of a reader in it"),
        (
            exported(THREE),
            CHIARA[0][:-1] + ("A" if CHIARA[0][-1] != "A" else "C"),
            "a letter of the key is wrong",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(
    desk: Desk, content: bytes, key: str, complaint: str
) -> None:
    code, output, words = desk.open(content, key=key)
    assert (code, output, len(words.splitlines())) == (1, "", 1)
    assert complaint in words


def test_a_file_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none"), "--key", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.endswith("none: No such file or directory.\n")


def run(content: bytes, place: Path, *words: str, typed: str = "") -> tuple[int, str, int]:
    """The command in a process of its own, without any setting: code, words, memory in kB."""
    (place / "records").write_bytes(content)
    (place / "key").write_text(CHIARA[0])
    script = (
        "import sys; from tocsin.cli import _obey; code = _obey(sys.argv[1:])\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(code, peak.split()[1], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "open", str(place / "records"), *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={n: v for n, v in os.environ.items() if not n.startswith(("TOCSIN_", "DATABASE_"))},
    )
    *said, figures = done.stderr.splitlines()
    code, memory = figures.split()
    return int(code), "\n".join(said), int(memory)


def test_the_recovery_key_is_typed_from_the_paper_row_by_row(tmp_path: Path) -> None:
    paper = "\n".join(for_paper(PAPER[0]))
    code, words, _ = run(exported(THREE), tmp_path, "--key", "-", typed=paper)
    assert code == 0, words


def test_ten_thousand_records_need_no_more_memory_than_ten(tmp_path: Path) -> None:
    memory, said = {}, ""
    for number in (10, 10_000):
        content = exported([THREE[0]] * number)
        table = tmp_path / f"{number}.csv"
        words = ["--key", str(tmp_path / "key"), "--csv", str(table)]
        code, said, memory[number] = run(content, tmp_path, *words)
        assert code == 0, said
        assert len(table.read_text(encoding="utf-8-sig").splitlines()) == number + 1
    assert memory[10_000] - memory[10] < 4096
    assert said.splitlines()[:2] == ["2000 of 10000", "4000 of 10000"]
