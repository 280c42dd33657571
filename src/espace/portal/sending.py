"""Sending copies takes web threads for as long as their readers are slow: never more than half of those of a process,
so that the pages go on."""

from collections.abc import Iterator
from threading import BoundedSemaphore, Lock

from django.conf import settings

from espace.kernel.reasons import copies as reasons
from espace.kernel.words import Refused

_sending = BoundedSemaphore(max(1, settings.ESPACE_THREADS // 2))


class Sending:
    """One copy on its way; `close`, which Django calls whatever becomes of the answer, makes room for another."""

    def __init__(self) -> None:
        """Refused(COPY_BUSY) where there is no room."""
        if not _sending.acquire(blocking=False):
            raise Refused(reasons.COPY_BUSY)
        self._bytes: Iterator[bytes] = iter(())
        self._open, self._once = True, Lock()

    def of(self, bytes: Iterator[bytes]) -> "Sending":
        self._bytes = bytes
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self._bytes

    def close(self) -> None:
        with self._once:
            if self._open:
                self._open = False
                _sending.release()
