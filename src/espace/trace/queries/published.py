"""The public part of the log: checkpoint, tiles, entries. Nothing here tells of anybody."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from espace.trace.facts import Checkpoint
from espace.trace.rules.merkle import leaf_hash
from espace.trace.rules.tiles import HASH_BYTES, WIDTH, Fetch, Place, Tree, edge, full_tiles_needed, width_of

_LEAVES = "SELECT commitment || chains FROM trace_leaf WHERE index >= %s AND index < %s ORDER BY index"
_ROOTS = "SELECT root FROM trace_tile WHERE level = %s AND number >= %s AND number < %s ORDER BY number"
_FULL = """
SELECT t.level, t.number, t.hashes FROM unnest(%s::int[], %s::bigint[]) AS asked(level, number)
JOIN trace_tile t ON t.level = asked.level AND t.number = asked.number
"""


class LogBroken(Exception):
    """Rows of the log are missing or do not agree: somebody changed them."""


def checkpoint() -> Checkpoint | None:
    """The last one that was signed."""
    found = _rows("SELECT size, root, note, at FROM trace_checkpoint ORDER BY size DESC LIMIT 1", [])
    return Checkpoint(found[0][0], bytes(found[0][1]), found[0][2], found[0][3]) if found else None


def leaf_count() -> int:
    return int(_rows("SELECT coalesce(max(index), -1) + 1 FROM trace_leaf", [])[0][0])


def entries(number: int, width: int) -> list[bytes]:
    """The published entries of the first `width` leaves of a tile of leaves; fewer where there are fewer."""
    return [bytes(row[0]) for row in _rows(_LEAVES, [number * WIDTH, number * WIDTH + width])]


def hashes(level: int, number: int, width: int) -> bytes:
    """The first `width` hashes of a tile, one after the other; fewer where there are fewer."""
    if level == 0:
        return b"".join(map(leaf_hash, entries(number, width)))
    first = number * WIDTH
    return b"".join(bytes(row[0]) for row in _rows(_ROOTS, [level - 1, first, first + width]))


def tree(size: int, ask: Callable[[Tree], object]) -> Tree:
    """The first `size` leaves, with every tile read that answering `ask` takes: one statement for the full ones, one
    for each level of the right edge. Raises LogBroken where one is missing."""
    wanted = full_tiles_needed(size, ask)
    # Asked for none too: where in the tree a leaf is makes no other number of statements.
    levels, numbers = [level for level, _ in wanted], [number for _, number in wanted]
    found: dict[Place, bytes] = {(row[0], row[1]): bytes(row[2]) for row in _rows(_FULL, [levels, numbers])}
    for level, number in edge(size):
        found[level, number] = hashes(level, number, width_of(level, number, size))
    for place in (*wanted, *edge(size)):
        if len(found.get(place, b"")) != width_of(*place, size) * HASH_BYTES:
            raise LogBroken(f"tile {place[0]}/{place[1]}")
    return Tree(size, _from(found))


def _from(found: dict[Place, bytes]) -> Fetch:
    return lambda level, number: found[level, number]


def _rows(statement: str, values: Iterable[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())
