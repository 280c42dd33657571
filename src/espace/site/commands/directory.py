"""`./espace directory FILE`: bring the directory of professionals up to date from a file (any home)."""

import argparse
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say

if TYPE_CHECKING:
    # Models are behind these: only once Django is set up.
    from espace.identity.actions.professionals import Written
    from espace.site.directory_file import Line

BATCH = 5_000
PROGRESS = 20
"""A word about progress every twenty batches."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the public extract of the national directory: fields between « | »")
    parser.add_argument(
        "--missing-inactive",
        action="store_true",
        help="the file is the whole directory: who is not in it is inactive, and activities not in it have ended",
    )
    parser.epilog = (
        "UTF-8, one activity a line, a header with the French names of « PS_LibreAcces_Personne_activite »; columns "
        "are found by name. Refused lines are reported, the others taken; the same file again changes nothing. Exit "
        "code 1 when a line was refused."
    )


def run(options: argparse.Namespace) -> int:
    try:
        file = options.file.open("rb")
    except OSError as error:
        raise Failed(f"{options.file} cannot be read: {error.strerror}.") from error
    with file, opened():
        try:
            return bring(file, missing_inactive=options.missing_inactive)
        finally:
            close_connections()


def bring(file: BinaryIO, *, missing_inactive: bool) -> int:
    """The whole file; 1 when a line was refused. Each batch is a transaction: after an interruption, run it again."""
    from espace import edge
    from espace.access.gate import run_again
    from espace.identity.actions.professionals import Written
    from espace.site.directory_file import NotADirectoryFile, read

    import_id = edge.new_id() if missing_inactive else None
    done, lines_read, refused = Written(), 0, 0
    try:
        for number, lines in enumerate(_batches(read(file)), 1):
            done += run_again(partial(_put, lines, import_id))
            lines_read += len(lines)
            refused += _told(lines)
            if number % PROGRESS == 0:
                say(f"{lines_read} lines…")
    except (NotADirectoryFile, OSError) as error:
        raise Failed(f"{error}".rstrip(".") + ".") from error
    say(
        f"{lines_read - refused} lines taken, {refused} refused; professionals: {done.added} added, "
        f"{done.changed} brought up to date; activities: {done.activities} added"
    )
    if import_id:
        _end_missing(import_id, lines_read, refused)
    return 1 if refused else 0


def _batches(lines: "Iterable[Line]") -> "Iterator[list[Line]]":
    source = iter(lines)
    while batch := list(islice(source, BATCH)):
        yield batch


def _told(lines: "Iterable[Line]") -> int:
    """Report the refused lines; how many they are."""
    refusals = [line for line in lines if line.refusal]
    for line in refusals:
        say(f"line {line.number}: {line.refusal}")
    return len(refusals)


def _put(lines: "list[Line]", import_id: UUID | None) -> "Written":
    from django.db import transaction

    from espace.identity.actions import directory

    taken = [line for line in lines if line.professional]
    with transaction.atomic():
        written, stored = directory.put_lines([line.professional for line in taken if line.professional])
        if import_id:
            named = [
                (line.number, one.national_id, next((a.organisation for a in one.activities), None), False)
                for line, one in zip(taken, stored, strict=True)
            ]
            named += [(line.number, line.national_id, None, True) for line in lines if line.refusal]
            directory.remember(import_id, named)
    return written


def _end_missing(import_id: UUID, lines_read: int, refused: int) -> None:
    """Nothing is marked on the word of a file without a good line, or when the notes of the import are not whole."""
    from django.db import transaction

    from espace.access.gate import run_again
    from espace.identity.actions import directory

    def end() -> tuple[int, int]:
        with transaction.atomic():
            if lines_read == refused or directory.remembered(import_id) != lines_read:
                raise Failed("nobody was marked inactive: the file has no good line, or another import came between.")
            ended = directory.end_missing(import_id)
            directory.forget(import_id)
            return ended

    inactive, ended = run_again(end)
    say(f"not in the file: {inactive} professionals made inactive, {ended} activities ended")
