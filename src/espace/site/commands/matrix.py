"""`./espace matrix FILE.csv`: bring the entitlement matrix in force from a day on, or print the one in force (C06)."""

import argparse
import sys
from datetime import date
from pathlib import Path

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="CSV: profession,type,read,write,source[,in_force_from]")
    parser.add_argument("--from", dest="day", type=_day, metavar="DATE", help="first day in force (default: today)")
    parser.add_argument("--export", action="store_true", help="print the matrix in force, to edit and bring back")
    parser.epilog = (
        "One cell a line: codes of profession and type, yes or no, who says so. The file is the whole matrix: what it "
        "does not name is nobody's, but for doctors, who read all others. One wrong line, and nothing is taken. The "
        "file again for the same day replaces it."
    )


def run(options: argparse.Namespace) -> int:
    if (options.file is None) is not options.export:
        raise Failed("a file, or --export.")
    data = b"" if options.export else _bytes(options.file)
    with opened():
        try:
            return _export(options.day) if options.export else _bring(data, options.day)
        finally:
            close_connections()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failed(f"{path} cannot be read: {error.strerror}.") from error


def _bring(data: bytes, wanted: date | None) -> int:
    from django.db import transaction
    from django.utils.timezone import localdate

    from espace import edge
    from espace.access.actions.matrix import put_matrix
    from espace.site.csv_file import NotTaken
    from espace.site.matrix_file import read

    try:
        found = read(data)
    except NotTaken as error:
        for line in error.lines:
            say(line)
        raise Failed("nothing was taken: a matrix is taken whole or not at all.") from error
    if wanted and found.in_force_from and wanted != found.in_force_from:
        raise Failed(f"the file says {found.in_force_from}, --from says {wanted}: nothing was taken.")
    day = wanted or found.in_force_from or localdate(edge.now())
    with transaction.atomic():
        put_matrix(found.cells, in_force_from=day)
    professions = len({cell.profession for cell in found.cells})
    say(f"{len(found.cells)} cells of {professions} professions, in force from {day} on.")
    return 0


def _export(day: date | None) -> int:
    from django.utils.timezone import localdate

    from espace import edge
    from espace.access.queries.entitlement import matrix_in_force
    from espace.site.matrix_file import write

    matrix = matrix_in_force(day or localdate(edge.now()))
    sys.stdout.write(write(matrix.cells, matrix.in_force_from))
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("YYYY-MM-DD, a day that exists") from None
