"""Many rows in one statement: given as columns, which the database opens with `unnest`."""

from collections.abc import Sequence

from django.db import connection


def columns_of(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """The columns of rows of that width, empty ones for no rows."""
    return [[row[number] for row in rows] for number in range(width)]


def run_with_columns(sql: str, rows: Sequence[Sequence[object]], width: int) -> None:
    """The statement is run with its rows; nothing happens without rows."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, columns_of(rows, width))
