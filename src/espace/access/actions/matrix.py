"""Bringing an entitlement matrix."""

from collections.abc import Sequence
from datetime import date

import msgspec
from django.db import connection

from espace.access.rules.entitlements import Cell, entitled

_PUT = """
INSERT INTO access_matrix (in_force_from, profession, reads, others, writes, sources)
VALUES (%s, %s, %s::text[], %s, %s::text[], %s::jsonb)
"""


def put_matrix(cells: Sequence[Cell], *, in_force_from: date) -> None:
    """The whole matrix in force from that day on, in place of the one brought for the same day.

    What it does not name is nobody's, but for the doctors, who read all others. Callers hold the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_matrix WHERE in_force_from = %s", [in_force_from])
        for profession in sorted({cell.profession for cell in cells}):
            reads, writes = entitled(profession, cells)
            sources = {cell.type_code: cell.source for cell in cells if cell.profession == profession}
            cursor.execute(
                _PUT,
                [
                    in_force_from,
                    profession,
                    sorted(reads.listed),
                    reads.others,
                    sorted(writes.listed),
                    msgspec.json.encode(sources).decode(),
                ],
            )
