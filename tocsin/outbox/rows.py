"""One way to ask the database in its own words."""

from typing import Any

from django.db import connection


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """What the statement returns; `%(name)s` in it stands for the value of that name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
