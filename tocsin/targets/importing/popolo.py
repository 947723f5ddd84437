"""Popolo, the open format for persons, organizations, posts and memberships: what we need of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.targets.importing.table import (
    MOST_ROWS,
    Record,
    Table,
    Unreadable,
    Why,
)
from tocsin.targets.rules import Wrong

HEADER = ("number", "name", "holder", "since", "address", "kind")
"""The columns that it becomes; country, language and salutation it does not know."""
LISTS = ("persons", "organizations", "posts", "memberships")


@dataclass(frozen=True)
class Whole:
    """The four lists of a file, by their numbers."""

    persons: Mapping[str, Mapping[str, Any]]
    organizations: Mapping[str, Mapping[str, Any]]
    posts: Mapping[str, Mapping[str, Any]]
    memberships: list[Mapping[str, Any]]


def read_popolo(text: str, *, encoding: str, today: date) -> Table:
    """One row a post, and one for whoever is in none; raises table.Unreadable.

    A post has the person whose membership has not ended. Who is a member without a post, or of
    nothing at all, is a row of their own, and so is an organization that nobody is in.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise Unreadable(Why.TOO_DEEP) from None
    except ValueError as error:
        raise Unreadable(Why.JSON, getattr(error, "lineno", 0)) from None
    if not isinstance(found, dict) or not any(isinstance(found.get(name), list) for name in LISTS):
        raise Unreadable(Why.NOT_POPOLO)
    lists = {name: found[name] if isinstance(found.get(name), list) else [] for name in LISTS}
    if sum(map(len, lists.values())) > 4 * MOST_ROWS:
        raise Unreadable(Why.TOO_MANY_ROWS)
    table = Table(HEADER, "Popolo", encoding)
    for number, (cells, wrong) in enumerate(_rows(lists, today=today), start=1):
        if number > MOST_ROWS:
            raise Unreadable(Why.TOO_MANY_ROWS)
        table.records.append(Record(number, cells, wrong))
    if not table.records:
        raise Unreadable(Why.NO_ROWS)
    return table


Cells = tuple[tuple[str, ...], Wrong | None]


def _rows(lists: Mapping[str, list[Any]], *, today: date) -> Iterator[Cells]:
    for name in LISTS:
        for each in lists[name]:
            if not isinstance(each, dict) or (name != "memberships" and not _text(each, "id")):
                yield (_cut(json.dumps(each)),), Wrong.NOT_A_RECORD
    whole = Whole(
        persons=_by_id(lists["persons"]),
        organizations=_by_id(lists["organizations"]),
        posts=_by_id(lists["posts"]),
        memberships=[each for each in lists["memberships"] if isinstance(each, dict)],
    )
    now = [each for each in whole.memberships if _is_current(each, today=today)]
    yield from _posts(whole, now)
    yield from _members(whole, now)
    members = {_text(each, "person_id") for each in whole.memberships}
    for number, person in whole.persons.items():
        if number not in members:
            yield _row(number, _text(person, "name"), person=person), None
    busy = {_text(each, "organization_id") for each in (*whole.memberships, *whole.posts.values())}
    for number, organization in whole.organizations.items():
        if number not in busy:
            yield _row(number, _text(organization, "name"), organization=organization), None


def _posts(whole: Whole, memberships: Iterable[Mapping[str, Any]]) -> Iterator[Cells]:
    holders = {_text(each, "post_id"): each for each in memberships if each.get("post_id")}
    for number, post in whole.posts.items():
        membership = holders.get(number, {})
        person = whole.persons.get(_text(membership, "person_id"))
        organization = whole.organizations.get(_text(post, "organization_id"))
        is_dangling = bool(membership) and person is None
        row = _row(
            number,
            _text(post, "label") or _text(post, "role"),
            person=person,
            organization=organization,
            since=_text(membership, "start_date"),
            own=post,
        )
        yield row, Wrong.DANGLING if is_dangling else None
    for each in memberships:
        if each.get("post_id") and _text(each, "post_id") not in whole.posts:
            yield _row(_number(each), _text(each, "role")), Wrong.DANGLING


def _members(whole: Whole, memberships: Iterable[Mapping[str, Any]]) -> Iterator[Cells]:
    for each in memberships:
        if each.get("post_id"):
            continue
        person = whole.persons.get(_text(each, "person_id"))
        organization = whole.organizations.get(_text(each, "organization_id"))
        row = _row(
            _number(each),
            _text(person or {}, "name"),
            person=person,
            organization=organization,
            since=_text(each, "start_date"),
        )
        yield row, None if person else Wrong.DANGLING


def _row(
    number: str,
    name: str,
    *,
    person: Mapping[str, Any] | None = None,
    organization: Mapping[str, Any] | None = None,
    since: str = "",
    own: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    holder = _text(person or {}, "name")
    mails = [mail for each in (own, person) if each for mail in _mails(each)]
    if not mails and organization:
        mails = _mails(organization)
    kind = _text(organization or {}, "classification")
    # Popolo allows a year, or a year and a month; we know days alone.
    day = since if len(since) == len("2026-03-10") else ""
    return number, name, holder, day, " ".join(dict.fromkeys(mails)), kind


def _mails(each: Mapping[str, Any]) -> list[str]:
    details = each.get("contact_details")
    listed = details if isinstance(details, list) else []
    known = [detail for detail in listed if isinstance(detail, dict)]
    found = [_text(detail, "value") for detail in known if detail.get("type") == "email"]
    return [mail for mail in (*found, _text(each, "email")) if mail]


def _by_id(rows: Iterable[Any]) -> dict[str, Mapping[str, Any]]:
    return {
        _text(each, "id"): each for each in rows if isinstance(each, dict) and _text(each, "id")
    }


def _number(membership: Mapping[str, Any]) -> str:
    person, organization = (_text(membership, name) for name in ("person_id", "organization_id"))
    return _text(membership, "id") or f"{person}@{organization}"


def _is_current(membership: Mapping[str, Any], *, today: date) -> bool:
    end = _text(membership, "end_date")
    return not end or end >= today.isoformat()[: len(end)]


def _text(each: Mapping[str, Any], name: str) -> str:
    """What stands there, if it is a text or a number."""
    value = each.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _cut(text: str) -> str:
    return text[:60]
