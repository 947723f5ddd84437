"""`tocsin targets import`: what it says, when it writes nothing, and that twice is as once."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.targets.bad_rows import row
from tests.targets.files import as_csv, good
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two good rows."""
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv([good(1), good(2)]))
    return path


def told(*words: str) -> str:
    out = StringIO()
    call_command("targets", "import", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_imports_and_twice_is_as_once(file: Path) -> None:
    said = told(str(file))
    assert "CSV, UTF-8, 2 rows." in said
    assert "2 targets are written." in said
    assert "0 targets are written." in told(str(file))
    assert Target.objects.count() == 2


def test_a_dry_run_says_what_would_be_and_writes_nothing(file: Path) -> None:
    said = told(str(file), "--dry-run")
    assert "new  2" in said
    assert "Nothing is written" in said
    assert not Target.objects.exists()


def test_nothing_is_written_while_a_row_is_bad_unless_it_is_said(
    file: Path, tmp_path: Path
) -> None:
    bad = [row(f"bad-{number}", {"country": "XX"}) for number in range(25)]
    bad += [row("formula", {"name": "=1+1"})]
    file.write_bytes(as_csv([good(1), *bad]))
    report = tmp_path / "report.csv"
    with pytest.raises(CommandError, match="nothing is written"):
        told(str(file), "--report", str(report))
    assert not Target.objects.exists()
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 27
    assert lines[1].startswith('"3","country","XX","No country')
    assert '"\'=1+1"' in lines[26]
    said = told(str(file), "--good-rows")
    assert "… and 6 more faults (--report FILE)." in said
    assert "1 targets are written." in said


def test_columns_and_what_holds_for_all_rows_can_be_said(file: Path) -> None:
    file.write_bytes(as_csv([["a", "A", "Hello,", "x"]], header=["ref", "org", "hi", "mail"]))
    given = ("--kind=company", "--country=FR", "--language=en")
    said = ("--column=ref=key", "--column=org=name", "--column=hi=salutation:en", "--column=mail=")
    told(str(file), *given, *said)
    target = Target.objects.get()
    assert (target.slug, target.kind, target.names.get().salutation) == ("a", "company", "Hello,")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--column=nothing=key",), "no such column"),
        (("--column=short name=colour",), "no such field"),
        (("--column=number=key",), "two columns are the same: key"),
        (("--column=short name=", "--column=number="), "one column must be the key"),
        (("--kind=king",), "--kind: one of ministry"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(
    file: Path, words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        told(str(file), *words)
    assert not Target.objects.exists()


def test_a_file_that_is_not_there_or_is_none_is_refused_in_a_line(file: Path) -> None:
    with pytest.raises(CommandError, match="cannot read"):
        told(str(file.with_name("gone.csv")))
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError, match="spreadsheet or an archive"):
        told(str(file))
