"""The worker: hands each waiting event to its reactions, puts the access log's lines in their tree, purges what
has expired and collects what no document names."""

import logging
import os
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import IntegrityError, close_old_connections, reset_queries

from espace.access import actions as access
from espace.clinical.actions.profile import forget_items
from espace.edge import now
from espace.identity.actions import sessions
from espace.identity.actions.majority import remind_of_majority
from espace.keys.facts import KeyServiceUnavailable
from espace.notices.actions import forget_old
from espace.outbox import actions as outbox
from espace.outbox.facts import Hopeless, Leased
from espace.outbox.rules import registry
from espace.record.actions.destroying import destroy_copies
from espace.record.actions.forgetting import forget_removed
from espace.site.orphans import Collector
from espace.site.wiring import REACTIONS, TOGETHER
from espace.trace.actions import publish, sequence
from espace.trace.queries import LogBroken

BATCH = 50
BEGUN_WITHIN = timedelta(seconds=30)
"""An event is begun only this soon after its lease of two minutes, so that even a mail for which every answer of the
SMTP server takes its ten seconds ends within it: nobody else sends it meanwhile."""
LEAVES = 1000
PURGES = (
    sessions.purge_expired, access.purge_expired, access.purge_tallies, access.purge_handovers, access.purge_listed,
    forget_removed, forget_items, forget_old, destroy_copies, remind_of_majority,
)  # fmt: skip
"""What is looked at every hour: what has expired, and whose majority comes near."""
PURGED, PURGED_EVERY = 1000, timedelta(hours=1)
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
PAUSE_AFTER_FAILURE = 2.0

_ALTERED = "the access log was altered: nothing is added or signed any more"
_log = logging.getLogger("espace.worker")
Reactions = Mapping[type, tuple[Any, ...]]


def run_once(*, worker: str, reactions: Reactions = REACTIONS) -> int:
    """One batch: what was sequenced and handled; 0 when nothing waited.

    An event whose reaction fails is put back for later and does not stop the others.
    """
    close_old_connections()
    reset_queries()
    count = _sequenced()
    since = now()
    _publish(since)
    leased_now = outbox.lease(worker=worker, at=since, limit=BATCH, known=registry(reactions))
    waiting = _handle_together(leased_now, reactions)
    count += len(leased_now) - len(waiting)
    for place, leased in enumerate(waiting):
        if now() - since > BEGUN_WITHIN:
            outbox.put_back(waiting[place:])
            break
        _handle(leased, reactions[type(leased.event)])
        count += 1
    return count


def _sequenced() -> int:
    """How many lines have their leaf now. Where the tree was altered they wait, and everything else goes on."""
    try:
        return sequence(LEAVES)
    except (LogBroken, IntegrityError) as why:
        _log.critical(_ALTERED, extra={"code": type(why).__name__})
        return 0


def _publish(at: datetime) -> None:
    """Sign the tree. Where that cannot be, everything else goes on: lines and leaves wait for their signature."""
    try:
        publish(at=at, origin=log_origin())
    except LogBroken as why:
        _log.critical(_ALTERED, extra={"code": str(why)})
    except KeyServiceUnavailable as why:
        _log.error("the access log cannot be signed", extra={"code": str(why)})


def log_origin() -> str:
    """The name of the log of a new installation: where it is published, without the scheme (C2SP tlog-checkpoint)."""
    return f"{urlsplit(settings.ESPACE_PUBLIC_URL).netloc}/transparency"


def _handle_together(leased: Sequence[Leased], reactions: Reactions) -> list[Leased]:
    """Hand over at once the events whose one reaction takes many; those that remain, theirs too when it failed."""
    groups: dict[Any, list[Leased]] = {}
    for one in leased:
        found = reactions[type(one.event)]
        if len(found) == 1 and found[0] in TOGETHER:
            groups.setdefault(found[0], []).append(one)
    handled: set[UUID] = set()
    for reaction, group in groups.items():
        try:
            reaction(*(one.event for one in group))
        except Exception:
            # One by one, then: what is wrong with one of them is said of that one, and stops no other.
            _log.warning("a batch failed", extra={"kind": group[0].kind}, exc_info=True)
            continue
        outbox.done(*group)
        handled |= {one.id for one in group}
    return [one for one in leased if one.id not in handled]


def _handle(leased: Leased, reactions: tuple[Any, ...]) -> None:
    """Every reaction is idempotent: after a failure all of them run again, unless it is hopeless."""
    try:
        for reaction in reactions:
            reaction(leased.event)
    except Hopeless as why:
        _log.warning("reaction given up", extra={"kind": leased.kind, "code": str(why)})
        outbox.failed(leased, at=now(), error=str(why), again=False)
    except Exception as error:
        _log.warning("reaction failed", extra={"kind": leased.kind, "attempts": leased.attempts}, exc_info=True)
        outbox.failed(leased, at=now(), error=type(error).__name__)
    else:
        outbox.done(leased)


def purge(due: datetime) -> datetime:
    """One batch of each kind of what has expired, once `due` is past. When the next is due: at once while a batch
    was full, so that events never wait behind more than one; an hour later otherwise, and after a failure."""
    at = now()
    if at < due:
        return due
    try:
        counts = [forget(at=at, limit=PURGED) for forget in PURGES]
    except (DatabaseError, KeyServiceUnavailable):
        _log.warning("what has expired was not purged", exc_info=True)
        return at + PURGED_EVERY
    return at if max(counts) >= PURGED else at + PURGED_EVERY


def run_until_idle() -> None:
    while run_once(worker=worker_name()):
        pass


def run_forever() -> None:
    """Until an exception from outside (a signal) ends it; a database that goes away is waited for."""
    pause, purge_due, collector = SHORTEST_PAUSE, now(), Collector()
    while True:
        try:
            found = run_once(worker=worker_name())
        except (DatabaseError, KeyServiceUnavailable):
            _log.warning("the database or the key service does not answer", exc_info=True)
            time.sleep(PAUSE_AFTER_FAILURE)
            continue
        purge_due = purge(purge_due)
        collector.step()
        pause = SHORTEST_PAUSE if found else min(LONGEST_PAUSE, pause * 2)
        time.sleep(pause)


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:100]
