"""Whether this process can serve: one line for each part, and the verdict that a load balancer reads.

The verdict is that of the two databases, without which next to nothing works. Contents have a line and no say:
a server that still lists, finds and signs people in is worth more than none (docs/explanation/degraded-life.md).
"""

import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.db import connections

OK, SILENT, READ_ONLY, UNMOUNTED = "ok", "no answer", "read-only", "not mounted"
_FAULTS = {errno.ENODEV: UNMOUNTED}
PATIENCE = 1.0
"""Seconds for the store of contents: a bucket far away may take many to say that it does not answer."""


@dataclass(frozen=True, slots=True)
class Readiness:
    ready: bool
    lines: tuple[str, ...]

    @property
    def text(self) -> bytes:
        return "".join(f"{line}\n" for line in self.lines).encode()


def readiness() -> Readiness:
    """Asks every part. Callers give the connections back."""
    databases = {"database": _database("default"), "keys": _database("keys")}
    said = {**databases, "contents": CONTENTS.state()}
    ready = all(state == OK for state in databases.values())
    return Readiness(ready, tuple(f"{name}: {state}" for name, state in said.items()))


def _database(alias: str) -> str:
    """A database that only reads serves nobody: no reading without its line in the access log."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only')")
            row = cursor.fetchone()
    except DatabaseError:
        return SILENT
    return OK if row == ("off",) else READ_ONLY


class Waited:
    """A question that may take long: asked by one thread at a time, answered in time or « no answer »."""

    def __init__(self, ask: Callable[[], None], patience: float) -> None:
        self._ask, self._patience = ask, patience
        self._lock = threading.Lock()
        self._asking: _Asking | None = None

    def state(self) -> str:
        with self._lock:
            if self._asking is None or not self._asking.is_alive():
                self._asking = _Asking(self._ask)
                self._asking.start()
            asking = self._asking
        asking.join(self._patience)
        return asking.state


class _Asking(threading.Thread):
    def __init__(self, ask: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._ask, self.state = ask, SILENT

    def run(self) -> None:
        try:
            self._ask()
        except OSError as error:
            self.state = _FAULTS.get(error.errno or 0, SILENT)
            return
        self.state = OK


def _ask_contents() -> None:
    # Here: settings are read when somebody asks.
    from espace.record.adapters import content_store

    content_store().check()


CONTENTS = Waited(_ask_contents, PATIENCE)
