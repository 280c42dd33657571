"""A process of its own for what others sent: few of them at once, and each for a bounded time.

What does not get its turn in time is told to come again, and holds no thread of the server for long.
"""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import transport
from espace.kernel.words import Refused


class Turns:
    """At most `at_once` at the same time, `waiting` more behind them, none of which waits longer than `seconds`."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._inside, self._queue = BoundedSemaphore(at_once), BoundedSemaphore(at_once + waiting)
        self._seconds = seconds

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Refused(FILES_BUSY) where there is no room, or no turn in time."""
        with _held(self._queue, 0), _held(self._inside, self._seconds):
            yield


@contextmanager
def _held(semaphore: BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=seconds):
        raise Refused(reasons.FILES_BUSY)
    try:
        yield
    finally:
        semaphore.release()


def answered(command: Sequence[str], said: Iterable[bytes], turns: Turns, seconds: float) -> tuple[bytes, bool]:
    """What the process answered to what it was `said`, and whether it ended by itself: False when it met a bound.

    It has no environment, and no folder of ours. Raises Refused: TEMPORARILY_UNAVAILABLE where no process can be
    started, FILES_BUSY where too many are.
    """
    try:
        with turns.taken():
            ended = subprocess.run(  # noqa: S603  the command is ours, never read from outside
                command,
                input=b"".join(said),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                env={},
                cwd="/",
                check=False,
            )
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", False
    except OSError as error:
        raise Refused(transport.TEMPORARILY_UNAVAILABLE) from error
    return ended.stdout, ended.returncode >= 0
