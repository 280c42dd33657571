"""The CSV file of `./espace matrix`: one cell a line. A matrix is taken whole or not at all."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO

from espace.access.rules.entitlements import Cell
from espace.site.csv_file import NotTaken, rows
from espace.wire.nomenclature import PROFESSIONS, TYPES

HEADER = ["profession", "type", "read", "write", "source"]
DAY = "in_force_from"
HEADERS = (HEADER, [*HEADER, DAY])
SOURCE_MOST = 200
BYTES_MOST = 4 * 1024 * 1024
ANSWERS = {"yes": True, "no": False, "oui": True, "non": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """The cells of a file, and the day that it states, if it does."""

    cells: tuple[Cell, ...]
    in_force_from: date | None


def read(data: bytes) -> MatrixFile:
    """Every cell of a file. Raises NotTaken with the lines that are wrong, the first twenty of them."""
    lines = list(rows(data, HEADERS, f"{','.join(HEADER)}[,{DAY}]", BYTES_MOST, whole=True))
    faults: list[str] = []
    cells: dict[tuple[str, str], Cell] = {}
    for number, row in lines:
        cell, wrong = _cell(row)
        if (cell.profession, cell.type_code) in cells:
            wrong.append("this profession and type are already in the file")
        cells.setdefault((cell.profession, cell.type_code), cell)
        if wrong:
            faults.append(f"line {number}: {'; '.join(wrong)}")
    days = {row[5] for _, row in lines if len(row) > len(HEADER)}
    if len(days) > 1:
        faults.append(f"{DAY}: one day for the whole file")
    day = _day(next(iter(days))) if len(days) == 1 else None
    if len(days) == 1 and day is None:
        faults.append(f"{DAY}: YYYY-MM-DD, a day that exists")
    if not cells:
        faults.append("The file has no cell.")
    if faults:
        raise NotTaken(*faults)
    return MatrixFile(tuple(cells.values()), day)


def write(cells: Iterable[Cell], in_force_from: date) -> str:
    """The file of a matrix, in order of profession and type."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS[1])
    for cell in sorted(cells, key=lambda one: (one.profession, one.type_code)):
        answers = ("yes" if allowed else "no" for allowed in (cell.read, cell.write))
        writer.writerow([cell.profession, cell.type_code, *answers, cell.source, in_force_from.isoformat()])
    return text.getvalue()


def _cell(row: list[str]) -> tuple[Cell, list[str]]:
    """The cell of a line, and all that is wrong with it."""
    profession, type_code, read_word, write_word, source = row[: len(HEADER)]
    faults = (
        ("profession: a code of TRE_G15, TRE_R94 or TRE_R95", profession in PROFESSIONS),
        ("type: a code of JDV_J07 or JDV_J66", type_code in TYPES),
        ("read: yes or no", read_word.lower() in ANSWERS),
        ("write: yes or no", write_word.lower() in ANSWERS),
        (f"source: 1 to {SOURCE_MOST} characters", 0 < len(source) <= SOURCE_MOST and source.isprintable()),
    )
    reads, writes = (ANSWERS.get(word.lower(), False) for word in (read_word, write_word))
    return Cell(profession, type_code, reads, writes, source), [fault for fault, holds in faults if not holds]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
