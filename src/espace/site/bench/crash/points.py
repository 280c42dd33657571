"""Named points at which a process kills itself with SIGKILL: put around the program's functions from outside.

Only the processes of a campaign load this module: no room knows of it. A point is armed by a file of its name; whoever
reaches it and takes the file away, which only one process can, dies there.
"""

import os
import signal
import stat
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from espace.site.bench.crash.facts import Point

Function = Callable[..., Any]


class Armed:
    """The folder of the files that arm the points."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def arm(self, point: Point) -> None:
        (self._folder / point).touch()

    def waits(self, point: Point) -> bool:
        """Whether nobody came to the point yet."""
        return (self._folder / point).exists()

    def disarm(self, point: Point) -> bool:
        """Whether it was still armed."""
        try:
            (self._folder / point).unlink()
        except FileNotFoundError:
            return False
        return True

    def reached(self, point: Point) -> None:
        if self.disarm(point):
            os.kill(os.getpid(), signal.SIGKILL)


class _Where(threading.local):
    """What the thread is doing: the same call means something else in the content store, or in the sequencer."""

    storing = False
    sequencing = False


_where = _Where()
_RENAMED, _ROWS = Point.CONTENT_AFTER_RENAME, Point.ROWS_BEFORE_LINE
_BEFORE = {True: Point.SEQUENCER_BEFORE_COMMIT, False: Point.BEFORE_COMMIT}
_AFTER = {True: Point.SEQUENCER_AFTER_COMMIT, False: Point.AFTER_COMMIT}


def install(armed: Armed) -> None:
    """Put the points around the functions of this process, once Django is ready."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    from espace.record.adapters import LocalContentStore
    from espace.record.adapters.s3 import S3ContentStore

    outbox, worker = import_module("espace.outbox.actions"), import_module("espace.site.worker")
    submit = import_module("espace.record.actions.submit")
    around: tuple[tuple[Any, str, Callable[[Function], Function]], ...] = (
        (LocalContentStore, "write", lambda write: _storing(write, armed)),
        (S3ContentStore, "write", lambda write: _storing(write, armed)),
        (os, "fsync", lambda fsync: _fsync(fsync, armed)),
        (os, "rename", lambda rename: _then(rename, lambda: armed.reached(_RENAMED) if _where.storing else None)),
        (submit, "insert", lambda insert: _then(insert, lambda: armed.reached(_ROWS))),
        (BaseDatabaseWrapper, "_commit", lambda commit: _commit(commit, armed)),
        (outbox, "lease", lambda lease: _leasing(lease, armed)),
        (outbox, "done", lambda done: _first(done, lambda: armed.reached(Point.BEFORE_DONE))),
        (worker, "sequence", _sequencing),
    )
    for owner, name, wrapped in around:
        setattr(owner, name, wrapped(getattr(owner, name)))


def _then(function: Function, after: Callable[[], object]) -> Function:
    def both(*words: Any, **named: Any) -> Any:
        answer = function(*words, **named)
        after()
        return answer

    return both


def _first(function: Function, before: Callable[[], object]) -> Function:
    def both(*words: Any, **named: Any) -> Any:
        before()
        return function(*words, **named)

    return both


def _storing(write: Function, armed: Armed) -> Function:
    def both(*words: Any, **named: Any) -> Any:
        _where.storing = True
        try:
            answer = write(*words, **named)
        finally:
            _where.storing = False
        armed.reached(Point.CONTENT_KEPT)
        return answer

    return both


def _fsync(fsync: Function, armed: Armed) -> Function:
    """Of the content's own file; its folder is made durable after the name is its own."""

    def both(descriptor: int) -> None:
        of_content = _where.storing and stat.S_ISREG(os.fstat(descriptor).st_mode)
        if of_content:
            armed.reached(Point.CONTENT_BEFORE_FSYNC)
        fsync(descriptor)
        if of_content:
            armed.reached(Point.CONTENT_AFTER_FSYNC)

    return both


def _commit(commit: Function, armed: Armed) -> Function:
    def both(database: Any) -> Any:
        of_rows = database.alias == "default" and database.connection is not None
        if of_rows:
            armed.reached(_BEFORE[_where.sequencing])
        answer = commit(database)
        if of_rows:
            armed.reached(_AFTER[_where.sequencing])
        return answer

    return both


def _leasing(lease: Function, armed: Armed) -> Function:
    def both(*words: Any, **named: Any) -> Any:
        leased = lease(*words, **named)
        if leased:
            armed.reached(Point.LEASED)
        return leased

    return both


def _sequencing(sequence: Function) -> Function:
    """The sequencer's own commits; one that found nothing to append is none of them only when nobody looks."""

    def both(limit: int) -> Any:
        _where.sequencing = True
        try:
            return sequence(limit)
        finally:
            _where.sequencing = False

    return both
