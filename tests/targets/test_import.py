"""Rows of a file beside the directory: what is new, changed, bad, and that twice is as once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, a_target
from tests.targets.bad_rows import GOOD, HEADER, KINDS, row
from tests.targets.files import as_csv, good, imported, planned
from tocsin.targets.importing.planning import BAD, CHANGED, NEW, UNCHANGED
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db


def everything() -> list[object]:
    """All that the directory says, row by row."""
    return [
        list(Target.objects.order_by("slug").values()),
        list(Target.objects.order_by("slug", "names__language").values_list("slug", "names__name")),
        list(TargetAddress.objects.values_list("target__slug", "address", "is_public")),
    ]


@pytest.fixture
def there() -> None:
    """What the directory must have for some rows to be bad."""
    one, two, old, gone = (a_target() for _each in range(4))
    Target.objects.filter(pk=one.pk).update(slug="one")
    Target.objects.filter(pk=two.pk).update(slug="two", external_id="N-2")
    Target.objects.filter(pk=old.pk).update(slug="archived", archived_on=NOW.date())
    Target.objects.filter(pk=gone.pk).update(
        slug="merged", archived_on=NOW.date(), merged_into=one.pk
    )


def test_there_are_more_than_thirty_kinds_of_bad_row() -> None:
    assert len({what for what, *_rest in KINDS}) == len(KINDS) >= 30
    assert len({wrong for *_rest, wrong in KINDS}) >= 25


@pytest.mark.parametrize(
    ("what", "cells", "field", "wrong"), KINDS, ids=[each[0] for each in KINDS]
)
def test_each_kind_of_bad_row_is_told_by_row_field_and_reason(
    there: None, what: str, cells: dict[str, str], field: str, wrong: str
) -> None:
    before = everything()
    twins = [row("twin", {})] if "twin" in str(cells) and "short name" in cells else []
    twins += [row("other", {"number": "N-twin"})] if "number" in cells else []
    content = as_csv([good(1), row("bad", cells), *twins])
    first, step, *_others = planned(content)
    assert first.state == NEW
    assert step.state == BAD
    assert [(each.field, str(each.wrong)) for each in step.findings] == [(field, wrong)]
    assert step.entry.number == 3
    assert all(len(each.value) <= 60 for each in step.findings)
    assert everything() == before


def test_every_fault_of_a_row_is_told_and_not_only_the_first() -> None:
    [step] = planned(as_csv([row("bad one", {"country": "XX", "e-mail": "x", "since": "x"})]))
    assert [each.field for each in step.findings] == ["short name", "country", "e-mail", "since"]


@pytest.mark.parametrize(("cells", "wrong"), [(3, "too_few_cells"), (20, "too_many_cells")])
def test_a_row_that_is_cut_or_too_long_is_told(cells: int, wrong: str) -> None:
    content = as_csv([good(1), good(2)[:cells] + ["more"] * (cells - len(HEADER))])
    first, step = planned(content)
    assert (first.state, step.state) == (NEW, BAD)
    assert [str(each.wrong) for each in step.findings] == [wrong]


def test_a_new_target_is_there_as_the_row_says() -> None:
    cells = {
        "number": "Q1",
        "kind": "Ambassade",
        "seat": "fr",
        "country": "cn",
        "language": "FR",
        "holder": "Wang Wu",
        "since": "06/05/2024",
        "checked": "2026-03-01",
        "postal address": "1 Square\nCHINA",
        "name (en)": "The embassy",
        "salutation (en)": "Sir,",
        "e-mail": "a@B.example; c@d.example",
    }
    [step] = imported(as_csv([row("embassy-fr", cells)]))
    target = Target.objects.get()
    assert step.state == NEW
    assert (target.kind, target.country, target.seat, target.language) == (
        *("embassy", "CN", "FR", "fr"),
    )
    assert (str(target.holder_since), str(target.checked_on)) == ("2024-05-06", "2026-03-01")
    assert [str(row.checked_on) for row in target.addresses.all()] == ["2026-03-01"] * 2
    assert target.postal_address == "1 Square\nCHINA"
    names = target.names.order_by("language").values_list("language", "name", "salutation")
    assert list(names) == [
        ("en", "The embassy", "Sir,"),
        ("fr", "Le ministère", "Excellence,"),
    ]
    assert [row.address for row in target.addresses.all()] == ["a@b.example", "c@d.example"]
    assert not target.addresses.filter(is_public=True).exists()


def test_a_second_import_changes_nothing() -> None:
    content = as_csv(good(number, number=f"N{number}") for number in range(5))
    imported(content)
    before = everything()
    assert {step.state for step in imported(content)} == {UNCHANGED}
    assert everything() == before


def test_a_changed_row_says_before_and_after_and_an_empty_cell_changes_nothing() -> None:
    imported(as_csv([good(1, holder="Wang Wu")]))
    TargetAddress.objects.update(is_public=True)
    changes = {"language": "en", "name (en)": "M", "salutation (en)": "Sir,", "country": ""}
    content = as_csv(
        [good(1, **changes | {"holder": "", "name": "", "salutation": "", "e-mail": ""})]
    )
    [step] = imported(content)
    assert step.state == CHANGED
    assert step.differences == [
        ("language", "fr", "en"),
        ("name:en", "", "M"),
        ("salutation:en", "", "Sir,"),
    ]
    target = Target.objects.get()
    assert (target.holder, target.country, target.language) == ("Wang Wu", "CN", "en")
    assert target.names.count() == 2
    assert target.addresses.get().is_public


def test_addresses_of_the_file_take_the_place_of_those_there_and_stay_public() -> None:
    imported(as_csv([good(1, **{"e-mail": "a@b.example c@d.example"})]))
    TargetAddress.objects.filter(address="c@d.example").update(is_public=True)
    imported(as_csv([good(1, **{"e-mail": "c@d.example e@f.example"})]))
    rows = TargetAddress.objects.values_list("address", "is_public")
    assert list(rows) == [("c@d.example", True), ("e@f.example", False)]


def test_a_target_is_found_again_by_its_number_alone() -> None:
    header = ["id", "name", "kind", "country", "language", "salutation"]
    cells = ["Ä/1 x", "Le ministère", "ministre", "CN", "fr", "Excellence,"]
    [step] = imported(as_csv([cells], header=header))
    target = Target.objects.get()
    assert step.state == NEW
    assert target.slug.startswith("a1-x-")
    Target.objects.update(slug="renamed-by-hand")
    [step] = imported(as_csv([["Ä/1 x", "Autre nom", *cells[2:]]], header=header))
    assert (step.state, Target.objects.count()) == (CHANGED, 1)
    assert Target.objects.get().slug == "renamed-by-hand"


def test_a_number_is_given_to_a_target_that_has_none_and_never_taken_away() -> None:
    imported(as_csv([good(1)]))
    imported(as_csv([good(1, number="Q1")]))
    assert Target.objects.get().external_id == "Q1"
    [step] = planned(as_csv([good(1, number="Q2")]))
    assert [str(each.wrong) for each in step.findings] == ["conflict"]


def test_what_holds_for_all_rows_holds_where_a_row_is_silent() -> None:
    header = ["key", "name", "country"]
    content = as_csv([["a", "A", ""], ["b", "B", "TR"]], header=header)
    given = {"kind": "company", "country": "FR", "language": "de", "salutation": "Guten Tag,"}
    imported(content, **given)
    rows = Target.objects.values_list("slug", "kind", "country", "names__salutation")
    assert list(rows) == [
        ("a", "company", "FR", "Guten Tag,"),
        ("b", "company", "TR", "Guten Tag,"),
    ]


def test_a_row_and_a_number_that_mean_one_target_are_twins() -> None:
    imported(as_csv([good(1, number="Q1")]))
    steps = planned(as_csv([good(1), row("", {"number": "Q1"})]))
    assert [[str(each.wrong) for each in step.findings] for step in steps] == [["key_twice"]] * 2


def test_a_large_file_takes_few_statements() -> None:
    with CaptureQueriesContext(connection) as asked:
        imported(as_csv(good(number) for number in range(400)))
    assert len(asked) < 12
    assert Target.objects.count() == 400
    assert GOOD["name"] in Target.objects.latest("pk").names.get().name
