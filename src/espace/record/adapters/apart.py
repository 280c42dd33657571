"""A process of its own for what others sent: few of them at once, and each for a bounded time.

What does not get its turn in time is told to come again, and holds no thread of the server for long.
"""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore, Thread, Timer

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import transport
from espace.kernel.words import Refused

MOST = 1024 * 1024 * 1024
"""Bytes of an answer of which its caller says no bound of its own."""


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


def answered(
    command: Sequence[str], said: Iterable[bytes], turns: Turns, seconds: float, *, most: int = MOST
) -> tuple[bytes, bool]:
    """What the process answered to what it was `said`, and whether it ended by itself: False when it met a bound, which
    an answer of more than `most` bytes is as well; the rest of it is never read.

    It has no environment, and no folder of ours. Raises Refused: TEMPORARILY_UNAVAILABLE where no process can be
    started, FILES_BUSY where too many are.
    """
    try:
        with turns.taken():
            return _run(command, said, seconds, most)
    except OSError as error:
        raise Refused(transport.TEMPORARILY_UNAVAILABLE) from error


def _run(command: Sequence[str], said: Iterable[bytes], seconds: float, most: int) -> tuple[bytes, bool]:
    with subprocess.Popen(  # noqa: S603  the command is ours, never read from outside
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as process:
        late = Timer(seconds, process.kill)
        telling = Thread(target=_tell, args=(process, said))
        late.start()
        telling.start()
        try:
            answer = process.stdout.read(most + 1) if process.stdout else b""
            if len(answer) > most:
                process.kill()
            ended = process.wait()
        finally:
            late.cancel()
            process.kill()
            telling.join()
    return answer[:most], ended >= 0


def _tell(process: subprocess.Popen[bytes], said: Iterable[bytes]) -> None:
    """What a process that ended no longer hears is lost with it."""
    if process.stdin:
        with suppress(OSError), process.stdin:
            for piece in said:
                process.stdin.write(piece)
