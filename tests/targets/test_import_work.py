"""An import on its way: all or the good rows, killed half-way, twice at once, forgotten in time."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from tests.at_once import at_once
from tests.factories import NOW, a_target
from tests.outbox.test_leases import another_session
from tests.targets.bad_rows import KINDS, row
from tests.targets.files import as_csv, good
from tests.wait import until
from tocsin.stations import run_station
from tocsin.targets.importing.fields import guess_mapping
from tocsin.targets.importing.models import ImportLine, TargetImport
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.table import Unreadable
from tocsin.targets.importing.work import begin_import, go_on, import_targets_due
from tocsin.targets.models import Target, TargetAddress, TargetName

pytestmark = pytest.mark.django_db
State = TargetImport.State


def begun(content: bytes, *, state: str = State.CHECKING, good_only: bool = False) -> TargetImport:
    """An import that the worker is to check, or to run."""
    of = begin_import(name="list.csv", content=content, now=NOW)
    of.mapping = guess_mapping(read_table(content, today=NOW.date()).header, ["en", "fr"])
    of.good_only = good_only
    go_on(of, state=state)
    return of


def whole() -> dict[str, Any]:
    """All of the directory, without numbers that depend on how often something was tried."""
    return {
        "targets": list(Target.objects.order_by("slug").values_list("slug", "external_id", "kind")),
        "names": sorted(TargetName.objects.values_list("target__slug", "language", "name")),
        "addresses": sorted(TargetAddress.objects.values_list("target__slug", "address")),
    }


def ten_thousand(*, bad: int = 300) -> bytes:
    """So many rows, of which so many are bad, in turn of each kind that is so by itself."""
    alone = [cells for what, cells, _field, _wrong in KINDS if "two targets" not in what]
    alone = [cells for cells in alone if not {"archived", "merged"} & set(cells.values())]
    every = 10_000 // bad
    rows = []
    for number in range(10_000):
        if number % every or number // every >= bad:
            rows.append(good(number))
        else:
            cells = alone[number // every % len(alone)]
            rows.append(row(f"bad-{number}", cells))
    return as_csv(rows)


def test_of_ten_thousand_rows_three_hundred_are_bad_and_each_is_told() -> None:
    content = ten_thousand()
    of = begun(content)
    assert import_targets_due(now=NOW) == 1
    of.refresh_from_db()
    counts = {"new": 9700, "changed": 0, "unchanged": 0, "bad": 300}
    assert (of.state, of.counts(), of.done) == (State.CHECKED, counts, 10_000)
    assert not Target.objects.exists()
    lines = list(of.lines.filter(state="bad"))
    assert [line.number for line in lines] == [2 + 33 * number for number in range(300)]
    kinds = {(line.told[0][0], line.told[0][2]) for line in lines}
    assert len({wrong for _field, wrong in kinds}) >= 25
    assert len(kinds) >= 30
    of.good_only = True
    go_on(of, state=State.RUNNING)
    import_targets_due(now=NOW)
    of.refresh_from_db()
    assert (of.state, Target.objects.count(), bytes(of.content)) == (State.DONE, 9700, b"")
    before = whole()
    again = begun(content, state=State.RUNNING, good_only=True)
    import_targets_due(now=NOW)
    assert again.counts() == {"new": 0, "changed": 0, "unchanged": 9700, "bad": 300}
    assert whole() == before


def test_while_a_row_is_bad_nothing_is_imported() -> None:
    content = as_csv([good(1), row("bad", {"country": "XX"}), good(2)])
    of = begun(content, state=State.RUNNING)
    import_targets_due(now=NOW)
    of.refresh_from_db()
    assert (of.state, Target.objects.count()) == (State.REFUSED, 0)
    assert bytes(of.content) == content


def test_what_was_checked_is_checked_again_before_it_is_written() -> None:
    of = begun(as_csv([good(1), good(2)]))
    import_targets_due(now=NOW)
    target = a_target()
    Target.objects.filter(pk=target.pk).update(slug="good-1", archived_on=NOW.date())
    of.refresh_from_db()
    go_on(of, state=State.RUNNING)
    import_targets_due(now=NOW)
    of.refresh_from_db()
    assert of.state == State.REFUSED
    assert [line.told for line in of.lines.filter(state="bad")] == [[["key", "good-1", "archived"]]]
    assert Target.objects.count() == 1


def test_an_import_that_was_thrown_away_meanwhile_writes_nothing() -> None:
    of = begun(as_csv([good(1)]), state=State.RUNNING)
    TargetImport.objects.filter(pk=of.pk).update(state=State.MAPPING)
    import_targets_due(now=NOW)
    assert not Target.objects.exists()


def test_one_that_fails_is_tried_again_and_does_not_stand_in_the_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, fine = begun(as_csv([good(1)])), begun(as_csv([good(2)]), state=State.RUNNING)
    TargetImport.objects.filter(pk=broken.pk).update(mapping=["no", "such", "fields"])
    import_targets_due(now=NOW)
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == (State.CHECKING, State.DONE)
    assert "an import of targets fails" in caplog.text
    assert "mfa.example" not in caplog.text


def test_all_of_it_is_gone_after_a_day() -> None:
    of = begun(as_csv([good(1)]), state=State.RUNNING)
    import_targets_due(now=NOW)
    waiting = begin_import(name="b.csv", content=as_csv([good(2)]), now=NOW)
    import_targets_due(now=NOW + timedelta(hours=24))
    assert TargetImport.objects.filter(pk__in=[of.pk, waiting.pk]).count() == 2
    import_targets_due(now=NOW + timedelta(hours=24, seconds=1))
    assert not TargetImport.objects.exists()
    assert not ImportLine.objects.exists()
    assert Target.objects.count() == 1


def test_what_cannot_be_read_is_not_kept() -> None:
    with pytest.raises(Unreadable):
        begin_import(name="x", content=b"PK\x03\x04", now=NOW)
    assert not TargetImport.objects.exists()


def test_the_station_of_that_name_does_it() -> None:
    of = begun(as_csv([good(1)]))
    TargetImport.objects.update(began_at="2999-01-01T00:00Z")
    assert run_station("import_targets") == 1
    of.refresh_from_db()
    assert of.state == State.CHECKED


many = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])


def _blocked(table: str = "tocsin_target") -> int:
    """The session that waits to write into that table, if one does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s",
            [f'INSERT INTO "{table}"%'],
        )
        found = cursor.fetchone()
    return found[0] if found else 0


def _kill(other: psycopg.Connection[Any]) -> str:
    """Wait until the targets are written and their names are not, then end it as a crash would."""
    pid = until(lambda: _blocked("tocsin_targetname"), what="the import to wait for our lock")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.rollback()
    return "rolled back"


def _run() -> str:
    try:
        import_targets_due(now=NOW)
    except DatabaseError:
        return "killed"
    return "done"


@many
def test_killed_half_way_it_has_written_nothing_and_ends_the_same_when_it_runs_again() -> None:
    of = begun(as_csv(good(number) for number in range(1200)), state=State.RUNNING)
    with another_session() as other:
        other.execute("LOCK TABLE tocsin_targetname IN SHARE MODE")
        told = at_once([_run, lambda: _kill(other)])
    assert told[0] == "killed"
    assert not Target.objects.exists()
    of.refresh_from_db()
    assert of.state == State.RUNNING
    assert _run() == "done"
    of.refresh_from_db()
    assert (of.state, Target.objects.count(), TargetName.objects.count()) == (
        State.DONE,
        1200,
        1200,
    )


@many
def test_two_workers_at_once_import_it_once() -> None:
    of = begun(as_csv(good(number) for number in range(300)), state=State.RUNNING)
    assert at_once([_run, _run, _run]) == ["done"] * 3
    of.refresh_from_db()
    assert (of.state, Target.objects.count()) == (State.DONE, 300)
    assert of.lines.count() == 300


@many
def test_a_target_that_somebody_adds_meanwhile_makes_it_plan_again() -> None:
    of = begun(as_csv(good(number) for number in range(3)), state=State.RUNNING)

    def add() -> str:
        until(_blocked, what="the import to wait for our row")
        other.commit()
        return "added"

    with another_session() as other:
        other.execute(
            "INSERT INTO tocsin_target (slug, kind, country, seat, language, postal_address,"
            " external_id, holder) VALUES ('good-2', 'other', 'FR', '', 'de', '', '', '')"
        )
        assert at_once([_run, add]) == ["done", "added"]
    of.refresh_from_db()
    assert (of.state, Target.objects.count()) == (State.RUNNING, 1)
    assert _run() == "done"
    assert Target.objects.count() == 3
    assert Target.objects.get(slug="good-2").language == "fr"
