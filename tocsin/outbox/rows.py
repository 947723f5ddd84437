"""One way to ask the database in its own words."""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

Value = str | int | bytes | UUID | datetime | None


class Conditions(dict[str, str]):
    """Conditions by name; every one may name those before it."""

    def add(self, name: str, text: str) -> None:
        """Another one."""
        self[name] = self.within(text)

    def within(self, text: str) -> str:
        """The text with the conditions that it names; they are constants, nothing from outside."""
        return text.format_map(self)


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """What the statement returns; `%(name)s` in it stands for the value of that name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def committed_rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """The same of a statement that is a transaction by itself: what it did is there to stay.

    RuntimeError inside a transaction, which could still be taken back.
    """
    alone = nullcontext() if not connection.in_atomic_block else transaction.atomic(durable=True)
    with alone:
        return rows(statement, **values)


def begin_session() -> None:
    """Let go of a session that broke, or is old: the next statement opens another.

    In a transaction nothing happens: it would be lost.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def array(values: Iterable[Value]) -> str:
    """The values as PostgreSQL reads a list of them, for `%(name)s::text[]` and its like.

    The library would write each of them as a statement has it, which takes ten times as long.
    """
    return "{" + ",".join([_element(each) for each in values]) + "}"


def _element(value: Value) -> str:
    match value:
        case None:
            return "NULL"
        case int():
            return str(int(value))
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case UUID():
            return value.hex
        case bytes():
            return '"\\\\x' + value.hex() + '"'
    return '"' + value.isoformat() + '"'
