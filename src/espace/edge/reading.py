"""Reading many rows of the database at once."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from psycopg.pq import Format


def fetched(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a statement selects, as the server keeps them: half the cost of reading their texts, which tells
    where they are many. Not for jsonb, which Django reads as text."""
    with connection.cursor() as cursor:
        native = cursor.cursor
        native.format = Format.BINARY
        try:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
        finally:
            native.format = Format.TEXT  # a cursor is kept for the next one
