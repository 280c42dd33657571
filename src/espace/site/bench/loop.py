"""Where pgbench is absent: scripts repeated on one connection. `python -m espace.site.bench.loop ORDERS`."""

import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from espace.kernel.json import decode


class Orders(msgspec.Struct, frozen=True):
    """`where` names the database; `values` those of the scripts' variables (`:name`)."""

    where: dict[str, str]
    scripts: list[list[str]]
    values: dict[str, str]
    seconds: float


def repeat(orders: Orders) -> int:
    """How many scripts were done within the seconds, once connected; statements are prepared, as pgbench does."""
    with psycopg.connect(**_words(orders.where), autocommit=True) as connection, connection.cursor() as cursor:
        count, limit = 0, time.monotonic() + orders.seconds
        while time.monotonic() < limit:
            for statement in orders.scripts[count % len(orders.scripts)]:
                cursor.execute(*_bound(statement, orders.values), prepare=True)
            count += 1
    return count


def _words(where: dict[str, str]) -> dict[str, Any]:
    return dict(where)


def _bound(statement: str, values: dict[str, str]) -> tuple[bytes, dict[str, str] | None]:
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    for name in used:
        statement = statement.replace(f":{name}", f"%({name})s")
    return statement.encode(), used or None


if __name__ == "__main__":
    print(repeat(decode(Path(sys.argv[1]).read_bytes(), Orders)))
