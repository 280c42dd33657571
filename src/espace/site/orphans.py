"""What the worker does about orphans: it goes through the store once an hour, a batch at a time."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import Error as DatabaseError

from espace.edge import now
from espace.keys.facts import KeyServiceUnavailable
from espace.outbox.queries import database_now
from espace.record.actions.contents import collect, own_store
from espace.record.adapters import Stored, content_store
from espace.record.queries.contents import orphans

BATCH = 500
FIRST_AFTER, EVERY = 300.0, 3600.0
"""Seconds by a clock that does not jump. Not at once: a worker that falls and starts again would list for ever."""
LOOKS_BACK = timedelta(days=8)
"""Beyond the grace period, for a worker that was away for a week; what is older is for `./espace fsck --repair`."""
_log = logging.getLogger("espace.worker")


def grace_ends(at: datetime) -> datetime:
    """Contents written before then are no deposit's that is under way, by the slower of our clock and the
    database's: one that has jumped ahead makes nothing old."""
    return min(at, database_now()) - timedelta(hours=settings.ESPACE_ORPHAN_HOURS)


class Collector:
    """Where the worker is in the store. `clock` gives seconds that never jump."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due = clock() + FIRST_AFTER
        self._round: Iterator[Stored] | None = None
        self._before = now()

    def step(self, *, pause: Callable[[float], object] = time.sleep) -> int:
        """One batch, once due: how many contents were removed. What goes wrong is said, and tried again in an hour."""
        if self._clock() < self._due:
            return 0
        try:
            return self._batch(pause)
        except (OSError, DatabaseError, KeyServiceUnavailable):
            _log.warning("orphans were not collected", exc_info=True)
            self._rest()
            return 0

    def _batch(self, pause: Callable[[float], object]) -> int:
        if self._round is None:
            if not own_store(claim=True):
                _log.error("the content store is another installation's: nothing is collected in it")
                self._rest()
                return 0
            self._before = grace_ends(now())
            self._round = content_store().listing(since=self._before - LOOKS_BACK, until=self._before)
        stored = list(islice(self._round, BATCH))
        if len(stored) < BATCH:
            content_store().sweep(before=self._before)
            self._rest()
        found = orphans(stored, before=self._before)
        if not found.plausible:
            _log.error(
                "most contents are orphans: is this the database of this store? they are left to ./espace fsck",
                extra={"orphans": len(found.names), "contents": found.old},
            )
            return 0
        removed = collect(found.names, pause=pause) or ()
        if removed:
            _log.info("orphans collected", extra={"count": len(removed)})
        return len(removed)

    def _rest(self) -> None:
        self._round, self._due = None, self._clock() + EVERY
