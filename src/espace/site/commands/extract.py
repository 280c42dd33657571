"""`./espace extract`: facts of documents that were not read yet, or by older rules; what could not be read. No content,
and nobody's name."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from espace.site.runtime import close_connections, opened
from espace.site.terminal import say

if TYPE_CHECKING:
    # Models are behind these: only once Django is set up.
    from espace.clinical.facts import UnreadCount
    from espace.kernel.ids import PatientId

PEOPLE = 500
"""Whom one question to the database finds."""
SHOWN = 200
_COLUMNS = ("count", "why", "model", "template", "section", "last")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unread", action="store_true", help="print what could not be read, counted; reads nothing")
    parser.epilog = (
        "Cut short, the same command goes on where it stopped; several may run at once. Each record that is read has a "
        "line in its history. The worker does the same for what arrives."
    )


def run(options: argparse.Namespace) -> int:
    with opened():
        try:
            return _unread() if options.unread else _extract()
        finally:
            close_connections()


def _extract() -> int:
    """One record after the other, each in openings of its own: a fall loses the one that is open."""
    from espace.clinical.handlers import read

    people = documents = facts = failed = 0
    for patient in _waiting():
        more, before = True, documents
        while more:
            try:
                done = read(patient, goes_on=False)
            except Exception as error:
                # One record whose row, key or content fails stops no other.
                say(f"A record was left for later: {type(error).__name__}.")
                failed += 1
                break
            documents, facts, more = documents + done.documents, facts + done.facts, done.more
        people += documents > before
        if sys.stderr.isatty() and people % 100 == 0:
            say(f"  {people} records")
    say(f"Records: {people}. Documents: {documents}. Facts: {facts}. Left for later: {failed}.")
    return 1 if failed else 0


def _waiting() -> Iterator["PatientId"]:
    from espace.clinical.queries import NOBODY, patients_waiting

    last: UUID = NOBODY
    while found := patients_waiting(last, PEOPLE):
        yield from found
        last = found[-1]


def _unread() -> int:
    from espace.clinical.queries import unread_counts

    rows = [_COLUMNS, *map(_row, unread_counts(SHOWN))]
    if len(rows) == 1:
        print("Everything was read.")
        return 0
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(one: "UnreadCount") -> tuple[str, ...]:
    said = (str(one.count), one.why, one.model, one.template, one.section, one.day.isoformat())
    return tuple(cell or "-" for cell in said)
