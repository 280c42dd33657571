"""Collecting what no row names: contents whose deposit was refused, rolled back or cut short after they were written.

Contents of documents that were replaced, archived or deleted by who deposited them are named by their rows and stay:
the law keeps versions, and a deletion can be asked about. Those of erased people stay too, unreadable for ever. What
holders removed of their own is forgotten after a time (`forgetting`).
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from django.db import connection

from espace.keys.facts import SealBroken
from espace.keys.queries import open_system, seal_system
from espace.record.adapters import MARK, ContentMissing, ContentUnavailable, content_store
from espace.record.queries.contents import latest_named, named, open_transactions

LOOKED_FOR = 20
PAUSES = (0.0, 0.05, 0.2, 1.0, 3.0)
_WHOSE = "content_store"


def make_store(*, anew: bool = False) -> bool:
    """Mark the store when it is first made; whether it bears a mark then.

    It is first made while no document names a content. A store without a mark is also this installation's where it has
    one of the contents named last: it is older than marks, or was put back from a back-up. Else it is rather the place
    where a volume is not mounted, and is left alone; `anew` marks it all the same, for an operator who knows that its
    contents are lost. OSError when the store does not answer.
    """
    store = content_store()
    try:
        store.read(MARK)
    except ContentUnavailable:
        raise OSError("the content store does not answer") from None
    except ContentMissing:
        latest = latest_named(LOOKED_FOR)
        if latest and not anew and not any(map(_holds, latest)):
            return False
        with suppress(FileExistsError):
            store.mark(seal_system(_WHOSE, MARK.bytes))
    return True


def _holds(name: UUID) -> bool:
    try:
        return bool(content_store().read(name))
    except ContentMissing:
        return False


def own_store(*, claim: bool) -> bool:
    """Whether the store is this installation's, by a mark that only its key service opens.

    A bucket without one is taken for its own; `claim` marks it. Without this, a trial that was pointed at another
    installation's bucket would take all of it for orphans. OSError when the store does not answer, ENODEV for a
    folder without a mark, which only `make_store` makes one's own.
    """
    try:
        mark = content_store().read(MARK)
    except ContentUnavailable:
        raise OSError("the content store does not answer") from None
    except ContentMissing:
        if not claim:
            return True
        with suppress(FileExistsError):
            content_store().write(MARK, seal_system(_WHOSE, MARK.bytes))
        return own_store(claim=False)
    try:
        return open_system(_WHOSE, mark) == MARK.bytes
    except SealBroken:
        return False


def collect(orphans: Sequence[UUID], *, pause: Callable[[float], object]) -> tuple[UUID, ...] | None:
    """Remove these contents, found old and named by no row; those removed, or None when it is not yet the moment.

    Whoever writes a content opened a transaction before. Once every transaction that was under way after the content
    was seen has ended, a row names it or none ever will: that needs no clock to be right, and holds for a deposit
    that takes long or whose machine stood still. Not inside a transaction, which would not see the others' rows.
    """
    if connection.in_atomic_block:
        raise TypeError("orphans are not collected inside a transaction")
    if not orphans:
        return ()
    waited_for = open_transactions()
    for seconds in PAUSES:
        pause(seconds)
        if not waited_for & open_transactions():
            break
    else:
        return None
    borne = named(orphans)
    left = tuple(name for name in orphans if name not in borne)
    content_store().remove(left)
    return left
