"""The tables of the entitlement matrix that comes with the program."""

from docs.markdown import code, table
from espace.access.rules import entitlements
from espace.wire import nomenclature

MATRIX = {(cell.profession, cell.type_code): cell for cell in entitlements.PACKAGED}
MATRIX_PROFESSIONS = tuple(dict.fromkeys(profession for profession, _ in MATRIX))
MATRIX_TYPES = tuple(dict.fromkeys(code for _, code in MATRIX))


def marks(cell: entitlements.Cell) -> str:
    """What a profession may do; in bold, reading where its source is known."""
    read = "r" if cell.read else "–"
    if cell.known:
        read = f"**{read}**"
    elif cell.write and not cell.read:
        read = ""
    return read + ("w" if cell.write else "")


def entitlement_professions() -> str:
    def count(profession: str, kind: str) -> int:
        return sum(getattr(MATRIX[profession, one], kind) for one in MATRIX_TYPES)

    rows = (
        (code(one), nomenclature.profession_label(one), *(count(one, kind) for kind in ("read", "write", "known")))
        for one in MATRIX_PROFESSIONS
    )
    return table(("code", "profession", "types read", "types written", "cells with a source"), rows)


def entitlement_sources() -> str:
    known: dict[str, int] = {}
    for cell in MATRIX.values():
        known[cell.source] = known.get(cell.source, 0) + 1
    return table(("source", "cells"), sorted(known.items()))


def entitlement_table() -> str:
    rows = (
        (code(one), nomenclature.type_label(one), *(marks(MATRIX[who, one]) for who in MATRIX_PROFESSIONS))
        for one in MATRIX_TYPES
    )
    return table(("type", "label", *MATRIX_PROFESSIONS), rows)
