"""Collecting what no row names: contents whose deposit was refused, rolled back or cut short after they were written.

Contents of documents that were replaced, archived or deleted are named by their rows and stay: the law keeps versions,
and a deletion can be asked about. Those of erased people stay too, unreadable for ever.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from django.db import connection

from espace.keys.facts import SealBroken
from espace.keys.queries import open_system, seal_system
from espace.record.adapters import ContentMissing, ContentUnavailable, content_store
from espace.record.queries.contents import named, open_transactions

MARK = UUID(int=0)
"""The name under which a store says whose it is; never a content's, which are UUIDv7, and so never listed."""
PAUSES = (0.0, 0.05, 0.2, 1.0, 3.0)
_WHOSE = "content_store"


def own_store(*, claim: bool) -> bool:
    """Whether the store is this installation's, by a mark that only its key service opens.

    A store without one is taken for its own; `claim` marks it. Without this, a trial that was pointed at another
    installation's bucket would take all of it for orphans. OSError when the store does not answer.
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
