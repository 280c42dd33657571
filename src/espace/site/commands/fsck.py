"""`./espace fsck`: whether every row has its bytes, whole, and every content its row. Ids only, never patient data."""

import argparse
import errno
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from espace.site.runtime import opened
from espace.site.terminal import Failed, say

if TYPE_CHECKING:
    from espace.record.queries.contents import Ailing

BATCH = 200
_ANOTHERS = (
    "the content store bears the mark of another installation: check ESPACE_CONTENT_URL and the key service. "
    "Nothing was read or removed."
)
_DOWN = "the content store does not answer: check ESPACE_CONTENT_URL and its keys, then run the same command again."
_UNMARKED = (
    "the content store bears no mark: is its volume mounted? Nothing was read or removed. If its contents are lost, "
    "./espace fsck --new-store takes the folder as it is."
)
_MOST = (
    "Most of these contents are orphans: is this the database that goes with this store, and not an older one? "
    "They are left where they are; --even-most removes them."
)
_LASTS = "A transaction lasts: these orphans are left for another time."
_FELL = "the database, the key service or the content store stopped answering: run the same command again."


@dataclass
class Found:
    """What was counted on the way."""

    rows: int = 0
    erased: int = 0
    contents: int = 0
    ailments: dict[str, int] = field(default_factory=dict)
    orphans: int = 0
    unfinished: int = 0
    links: int = 0
    removed: int = 0

    @property
    def wrong(self) -> int:
        """What is still wrong after what was repaired."""
        return sum(self.ailments.values()) + self.orphans + self.unfinished + self.links - self.removed


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair", action="store_true", help="remove orphans and unfinished files older than ESPACE_ORPHAN_HOURS"
    )
    parser.add_argument(
        "--even-most", action="store_true", help="with --repair: remove orphans even where most contents are"
    )
    parser.add_argument(
        "--new-store", action="store_true", help="mark the store, though the contents of the documents are not in it"
    )
    parser.epilog = (
        "One line for each document that is missing, unreadable or altered, and for each content that no document "
        "names; ids only. Exit code 1 while something is wrong. A row is never removed, nor a content that one names. "
        "May run while the server does."
    )


def run(options: argparse.Namespace) -> int:
    with opened():
        from django.db import Error as DatabaseError

        from espace.keys.facts import KeyServiceUnavailable

        found = Found()
        try:
            before = _ready(claim=options.repair, anew=options.new_store)
            _check_rows(found)
            _check_copies(found)
            _check_links(found)
            _check_contents(found, before, repair=options.repair, even_most=options.even_most)
        except (DatabaseError, KeyServiceUnavailable, OSError) as error:
            raise Failed(_FELL) from error
    return _tell(found)


def _ready(*, claim: bool, anew: bool) -> datetime:
    """When the grace period ends; Failed unless the store answers and is ours."""
    from espace import edge
    from espace.record.actions.contents import make_store, own_store
    from espace.record.adapters import content_store
    from espace.site.orphans import grace_ends

    try:
        if anew:
            make_store(anew=True)
        content_store().check()
        ours = own_store(claim=claim)
    except OSError as error:
        raise Failed(_UNMARKED if error.errno == errno.ENODEV else _DOWN) from error
    if not ours:
        raise Failed(_ANOTHERS)
    return grace_ends(edge.now())


def _check_rows(found: Found) -> None:
    from espace.record.queries.contents import FIRST, check

    after: tuple[UUID, UUID] | None = FIRST
    while after is not None:
        batch = check(after, BATCH)
        found.rows += batch.rows
        found.erased += batch.erased
        for one in batch.ailing:
            found.ailments[one.ailment] = found.ailments.get(one.ailment, 0) + 1
            print(_line(one))
        after = batch.last


def _check_copies(found: Found) -> None:
    """Copies of whole spaces: nothing is lost with one, which is asked for again, but its asker waits for it."""
    from espace.record.queries.contents import FIRST, check_copies, cut_copies

    after: tuple[UUID, UUID] | None = FIRST
    while after is not None:
        batch = check_copies(after, BATCH)
        for one in batch.ailing:
            found.ailments[one.ailment] = found.ailments.get(one.ailment, 0) + 1
            print(_line(one, "copy"))
        after = batch.last
    for copy in cut_copies():
        found.ailments["cut"] = found.ailments.get("cut", 0) + 1
        print(f"cut  copy={copy}")


def _line(one: "Ailing", what: str = "document") -> str:
    return f"{one.ailment}  {what}={one.entry}  content={one.content}"


def _check_links(found: Found) -> None:
    """Links in the store are named and never removed: what they lead to may be what a document names."""
    from espace.record.adapters import content_store

    for name in content_store().links():
        found.links += 1
        print(f"link  content={name}")


def _check_contents(found: Found, before: datetime, *, repair: bool, even_most: bool) -> None:
    from espace.record.actions.contents import collect
    from espace.record.adapters import content_store

    for batch, plausible in _orphans(found, before):
        wanted = repair and (plausible or even_most)
        removed = collect(batch, pause=time.sleep) if wanted else None
        found.orphans += len(batch if removed is None else removed)
        found.removed += len(removed or ())
        if repair and removed is None:
            say(_LASTS if wanted else _MOST)
        for name in batch if removed is None else removed:
            print(f"orphan  content={name}" + ("" if removed is None else "  removed"))
    found.unfinished = content_store().unfinished(before=before)
    found.removed += content_store().sweep(before=before) if repair else 0


def _orphans(found: Found, before: datetime) -> Iterator[tuple[tuple[UUID, ...], bool]]:
    """Batches of orphans, and whether there may be so many."""
    from espace.record.adapters import content_store
    from espace.record.queries.contents import orphans

    listed = content_store().listing(since=None, until=before)
    while batch := list(islice(listed, BATCH)):
        these = orphans(batch, before=before)
        found.contents += these.old
        if these.names:
            yield these.names, these.plausible


def _tell(found: Found) -> int:
    wrong = "".join(f", {count} {name}" for name, count in sorted(found.ailments.items()))
    say(f"{found.rows} documents checked ({found.erased} of erased people, not readable any more){wrong}.")
    say(
        f"{found.contents} contents older than the grace period: {found.orphans} orphans, "
        f"{found.unfinished} unfinished files, {found.removed} removed."
    )
    if found.links:
        say(f"{found.links} links in the store, which no program of ours makes and no back-up follows.")
    say("Nothing is lost." if not found.wrong else "Something is wrong: docs/how-to/check-nothing-is-lost.md.")
    return 1 if found.wrong else 0
