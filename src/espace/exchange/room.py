"""How many bytes of large requests one process of the server holds at once.

A request is in memory whole while it is answered: many large ones together are refused rather than let the machine run
out of it. They are told to come again at once, and hold no thread of the server; small ones always have room.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Refused

HELD = "espace.held"
"""Where the environment of a request has what it holds."""
SMALL = 1024 * 1024
"""Bytes of a request up to which nothing is counted."""


class Room:
    """What all the requests of a process share."""

    def __init__(self) -> None:
        self._lock, self.bytes = Lock(), 0

    @contextmanager
    def entered(self, most: int) -> Iterator["Held"]:
        """What one request holds, given back at its end; `most` bytes for all of them together."""
        held = Held(self, most)
        try:
            yield held
        finally:
            if held.bytes:
                self.give_back(held.bytes)

    def fits(self, count: int, *, held: int, most: int) -> bool:
        """Whether there is room now. A request that is alone always has it, for no limit of sizes is hidden here."""
        return self.bytes <= held or self.bytes + count <= most

    def take(self, count: int, *, held: int, most: int) -> bool:
        """Whether there was room, and it is taken."""
        with self._lock:
            if not self.fits(count, held=held, most=most):
                return False
            self.bytes += count
            return True

    def give_back(self, count: int) -> None:
        with self._lock:
            self.bytes -= count


class Held:
    """The bytes that one request holds of the room."""

    def __init__(self, room: Room, most: int) -> None:
        self._room, self._most = room, most
        self.bytes = 0

    def expect(self, count: int) -> None:
        """So many bytes are announced: where there is no room now, none of them is read. Nothing is held for what has
        not come: whoever announces much and sends slowly keeps nobody out. Refused(LARGE_REQUESTS_BUSY)."""
        if count > SMALL and not self._room.fits(count, held=self.bytes, most=self._most):
            raise Refused(reasons.LARGE_REQUESTS_BUSY)

    def reach(self, count: int) -> None:
        """From here on the request has so many bytes. Refused(LARGE_REQUESTS_BUSY) where there is no room for them."""
        more = count - self.bytes
        if count <= SMALL or more <= 0:
            return
        if not self._room.take(more, held=self.bytes, most=self._most):
            raise Refused(reasons.LARGE_REQUESTS_BUSY)
        self.bytes = count
