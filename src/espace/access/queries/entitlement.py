"""The entitlement matrix in force on a day: the operator's last one, else the packaged one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.timezone import localdate

from espace.access.rules.entitlements import IN_FORCE_FROM, PACKAGED, PACKAGED_FOR, Cell, read_by_all_readers
from espace.kernel.json import decode
from espace.kernel.words import Kinds

_NOTHING = (Kinds(), Kinds())

_OWN = """
SELECT m.reads, m.others, m.writes
FROM (SELECT max(in_force_from) AS day FROM access_matrix WHERE in_force_from <= %s) last
LEFT JOIN access_matrix m ON m.in_force_from = last.day AND m.profession = %s
WHERE last.day IS NOT NULL
"""
_WHOLE = """
SELECT in_force_from, profession, reads, others, writes, sources::text FROM access_matrix
WHERE in_force_from = (SELECT max(in_force_from) FROM access_matrix WHERE in_force_from <= %s)
ORDER BY profession
"""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A whole matrix and its first day."""

    in_force_from: date
    cells: tuple[Cell, ...]


def entitlement(profession: str, at: datetime) -> tuple[Kinds, Kinds]:
    """The kinds of documents that this profession reads, and those that it writes, on that day in France.

    A profession without a row in the matrix reads and writes nothing. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [localdate(at), profession])
        row = cursor.fetchone()
    if row is None:
        return PACKAGED_FOR.get(profession, _NOTHING)
    reads, others, writes = row
    if reads is None:
        return _NOTHING
    return Kinds(frozenset(reads), others), Kinds(frozenset(writes))


def matrix_in_force(on: date) -> Matrix:
    """The whole matrix in force that day, cell by cell."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, [on])
        rows = cursor.fetchall()
    if not rows:
        return Matrix(IN_FORCE_FROM, PACKAGED)
    cells: list[Cell] = []
    for _, profession, reads, others, writes, sources in rows:
        read, written = Kinds(frozenset(reads), others), frozenset(writes)
        for code, source in decode(sources, dict[str, str]).items():
            cells.append(Cell(profession, code, code in read, code in written, source))
    return Matrix(rows[0][0], tuple(cells))


def quotable_in(type_code: str, at: datetime) -> Kinds:
    """The types of documents of which a document of this type may quote the facts, on that day in France: every
    profession that reads it reads them too. One statement."""
    return Kinds(read_by_all_readers(type_code, matrix_in_force(localdate(at)).cells))
