"""Tables of documents and copies, and a store, that only one test sees: those of others are not its business."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, connections

from espace.edge import new_id


@contextmanager
def alone() -> Iterator[str]:
    """Empty tables of documents and copies in a schema of its own, first in the application's path; its name."""
    schema = f"alone_{new_id().hex}"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO PUBLIC")
        for table in ("record_entry", "record_copy", "record_copy_part"):
            cursor.execute(f"CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.{table} TO PUBLIC")
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    options["options"] = f"-c search_path={schema},public"
    try:
        yield schema
    finally:
        connection.close()
        del options["options"]
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def another_session() -> psycopg.Connection:
    """A session of the application's own role, on the same tables."""
    settings = connection.settings_dict
    return psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"],
        options=settings["OPTIONS"].get("options", ""),
    )
