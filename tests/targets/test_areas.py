"""Files of postcodes beside a table of areas: new, moved, bad, and that twice is as once."""

import pytest

from tests.factories import NOW, a_target, an_area
from tests.targets.files import as_csv, imported, planned
from tocsin.targets.areas import AreaTable, Postcode
from tocsin.targets.importing.area_plan import AreaPlan, plan_areas, write_areas
from tocsin.targets.importing.area_rows import (
    MOST_AREA_ROWS,
    check_area,
    guess_area_mapping,
)
from tocsin.targets.importing.models import TargetImport
from tocsin.targets.importing.planning import BAD, CHANGED, NEW, UNCHANGED
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.work import begin_import, go_on, import_targets_due
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db
HEADER = ["Code postal", "Code circonscription", "Nom"]


@pytest.fixture
def table() -> AreaTable:
    """An empty one."""
    return AreaTable.objects.create(slug="fr-constituencies", name="Constituencies", country="FR")


def plan_of(table: AreaTable, *rows: tuple[str, str, str]) -> AreaPlan:
    """What would become of these rows, in a file of a French spreadsheet."""
    content = b"\xef\xbb\xbf" + as_csv(map(list, rows), delimiter=";", header=HEADER)
    read = read_table(content, today=NOW.date(), most=MOST_AREA_ROWS)
    mapping = guess_area_mapping(read.header)
    return plan_areas([check_area(read, each, mapping) for each in read.records], table=table)


def bring(table: AreaTable, *rows: tuple[str, str, str]) -> AreaPlan:
    """The same, and the good rows are written."""
    plan = plan_of(table, *rows)
    write_areas(plan)
    return plan


def states(plan: AreaPlan) -> list[str]:
    return [step.state for step in plan.steps]


def lie(table: AreaTable) -> set[tuple[str, str]]:
    """Each postcode with its area."""
    rows = Postcode.objects.filter(area__table=table)
    return set(rows.values_list("code", "area__code"))


def test_a_table_is_filled_and_twice_is_as_once(table: AreaTable) -> None:
    rows = [
        ("75001", "7501", "Paris 1"),
        ("75 002", "7501", ""),
        ("75002|75003", "7502", "Paris 2"),
    ]
    assert states(bring(table, *rows)) == [NEW, NEW, NEW]
    there = {("75001", "7501"), ("75002", "7501"), ("75002", "7502"), ("75003", "7502")}
    assert lie(table) == there
    ids = list(table.areas.values_list("pk", flat=True))
    assert states(bring(table, *rows)) == [UNCHANGED] * 3
    assert lie(table) == there
    assert list(table.areas.values_list("pk", flat=True)) == ids


def test_a_redrawn_border_is_followed_and_what_is_not_named_stays(table: AreaTable) -> None:
    bring(table, ("75001", "7501", "Paris 1"), ("75002", "7502", "Paris 2"))
    plan = bring(table, ("75001", "7502", "Paris Two"))
    assert states(plan) == [CHANGED]
    assert plan.steps[0].differences == [
        ("area_name", "Paris 2", "Paris Two"),
        ("postcode", "75001 → 7501", "75001 → 7502"),
    ]
    assert lie(table) == {("75001", "7502"), ("75002", "7502")}
    assert table.areas.filter(code="7501").exists()  # a target may stand for it


@pytest.mark.parametrize(
    ("row", "field", "wrong"),
    [
        (("75001", "", "Paris"), "area", "missing"),
        (("75001", "9", ""), "area_name", "no_area_name"),
        (("7500!", "7501", "Paris"), "Code postal", "postcode"),
        (("1234567890123", "7501", "Paris"), "Code postal", "postcode"),
        (("1000", "7501", "Paris"), "postcode", "lost_zero"),
        (("75001", "7501", "=1+1"), "Nom", "formula"),
        (("75001", "7502", "Another name"), "area_name", "two_names"),
    ],
)
def test_each_bad_row_is_told_by_field_and_reason(
    table: AreaTable, row: tuple[str, str, str], field: str, wrong: str
) -> None:
    plan = plan_of(table, ("75002", "7502", "Paris 2"), row)
    step = plan.steps[1]
    assert (step.state, step.number) == (BAD, 3)
    assert [(each.field, str(each.wrong)) for each in step.findings] == [(field, wrong)]
    assert not table.areas.exists()


def test_a_postcode_of_a_bad_row_is_not_taken_away_from_where_it_lies(table: AreaTable) -> None:
    bring(table, ("75001", "7501", "Paris 1"))
    plan = bring(table, ("75001", "7502", "Paris 2"), ("75001", "7501", "=SUM(1)"))
    assert states(plan) == [NEW, BAD]
    assert lie(table) == {("75001", "7501"), ("75001", "7502")}


def test_the_worker_imports_many_postcodes_whole_or_not_at_all(table: AreaTable) -> None:
    rows = [[f"{number:05}", f"{number % 577}", f"Area {number % 577}"] for number in range(6000)]
    bad = as_csv([*rows, ["1", "", ""]], header=HEADER)
    of = begin_import(name="codes.csv", content=bad, now=NOW, into=table)
    of.mapping = ["postcode", "area", "area_name"]
    go_on(of, state=TargetImport.State.RUNNING)
    import_targets_due(now=NOW)
    of.refresh_from_db()
    assert of.state == TargetImport.State.REFUSED
    assert not table.areas.exists()
    of.good_only = True
    go_on(of, state=TargetImport.State.RUNNING)
    import_targets_due(now=NOW)
    assert (table.areas.count(), len(lie(table))) == (577, 6000)
    assert of.counts() == {NEW: 6000, CHANGED: 0, UNCHANGED: 0, BAD: 1}


def test_a_target_is_imported_with_the_area_for_which_it_stands() -> None:
    area = an_area("7501")
    header = ["short name", "e-mail", "area"]
    target = a_target(kind="parliament")
    content = as_csv([[target.slug, "mp@parliament.example", "7501"]], header=header)
    [step] = imported(content, table="fr-constituencies")
    assert ("area", "", "7501") in step.differences
    assert Target.objects.get(pk=target.pk).area == area
    assert [each.state for each in planned(content, table="fr-constituencies")] == [UNCHANGED]
    [step] = planned(content, table="other")
    assert [str(each.wrong) for each in step.findings] == ["area"]
