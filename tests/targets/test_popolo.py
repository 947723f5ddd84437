"""Popolo: who is in a post now, and what of it the directory can know."""

import json
from typing import Any

import pytest

from tests.targets.files import TODAY, imported, planned
from tocsin.targets.importing.planning import UNCHANGED
from tocsin.targets.importing.reading import read_table
from tocsin.targets.models import Target

GIVEN = {"country": "FR", "language": "fr", "salutation": "Bonjour,", "kind": "other"}

WHOLE: dict[str, Any] = {
    "persons": [
        {"id": "p1", "name": "Erika Muster", "email": "erika@parliament.example"},
        {"id": "p2", "name": "Jan Alt", "contact_details": [
            {"type": "email", "value": "j@x.example"}]},
        {"id": "p3", "name": "Nadia", "contact_details": [{"type": "voice", "value": "1"}]},
        {"id": "p4", "name": "Nobody’s", "email": "n@x.example"},
    ],
    "organizations": [
        {"id": "o1", "name": "Parliament", "classification": "legislature"},
        {"id": "o2", "name": "Ministry", "classification": "ministry", "contact_details": [
            {"type": "email", "value": "desk@ministry.example"}]},
        {"id": "o3", "name": "Works Ltd", "classification": "company"},
    ],
    "posts": [
        {"id": "post1", "label": "Member for Nowhere", "organization_id": "o1"},
        {"id": "post2", "role": "Minister", "organization_id": "o2"},
    ],
    "memberships": [
        {"person_id": "p2", "post_id": "post1", "end_date": "2020-01-31"},
        {"person_id": "p1", "post_id": "post1", "start_date": "2020-02-01"},
        {"person_id": "p3", "organization_id": "o1", "start_date": "2021"},
    ],
}  # fmt: skip


def rows(whole: Any) -> list[tuple[tuple[str, ...], str]]:
    table = read_table(json.dumps(whole).encode(), today=TODAY)
    return [(row.cells, str(row.wrong or "")) for row in table.records]


def test_a_post_has_whoever_is_in_it_now() -> None:
    found = {cells[0]: cells[1:] for cells, _wrong in rows(WHOLE)}
    assert found == {
        "post1": (
            *("Member for Nowhere", "Erika Muster", "2020-02-01"),
            *("erika@parliament.example", "legislature"),
        ),
        "post2": ("Minister", "", "", "desk@ministry.example", "ministry"),
        "p3@o1": ("Nadia", "Nadia", "", "", "legislature"),
        "p4": ("Nobody’s", "Nobody’s", "", "n@x.example", ""),
        "o3": ("Works Ltd", "", "", "", "company"),
    }


@pytest.mark.django_db
def test_popolo_comes_into_the_directory_and_twice_is_as_once() -> None:
    content = json.dumps(WHOLE).encode()
    imported(content, **GIVEN)
    kinds = dict(Target.objects.values_list("external_id", "kind"))
    assert kinds == {
        "post1": "parliament",
        "post2": "ministry",
        "p3@o1": "parliament",
        "p4": "other",
        "o3": "company",
    }
    assert {step.state for step in planned(content, **GIVEN)} == {UNCHANGED}
    changed = json.loads(content)
    changed["memberships"][1]["end_date"] = "2026-01-01"
    changed["memberships"].append({"person_id": "p2", "post_id": "post1"})
    steps = imported(json.dumps(changed).encode(), **GIVEN)
    assert [step.differences for step in steps if step.differences] == [
        [
            ("holder", "Erika Muster", "Jan Alt"),
            ("address", "erika@parliament.example", "j@x.example"),
        ]
    ]


def test_what_is_no_record_or_leads_nowhere_is_a_bad_row_of_its_own() -> None:
    whole = {
        "persons": [3, {"name": "without a number"}, {"id": "p", "name": ["a", "list"]}],
        "posts": [{"id": "post", "label": "Post"}],
        "memberships": [
            {"person_id": "gone", "post_id": "post"},
            {"person_id": "p", "post_id": "gone", "id": "m"},
            {"person_id": "gone", "organization_id": "o"},
            None,
        ],
    }
    wrong = [wrong for _cells, wrong in rows(whole)]
    assert wrong.count("not_a_record") == 3
    assert wrong.count("dangling") == 3


def test_half_a_letter_from_another_plane_is_told(db: None) -> None:
    content = b'{"persons": [{"id": "p1", "name": "a\\ud800"}]}'
    [step] = planned(content, **GIVEN)
    assert [str(each.wrong) for each in step.findings] == ["unreadable"] * 2
    assert "\ud800" not in step.findings[0].value
