"""Bodies of requests that nobody has signed for: a slow one may hold a few threads, never all of them. And bodies of
answers that are large.

The doors that ask who calls before they read a byte are left alone. A proxy in front receives bodies whole
(docs/how-to/deploy.md); this is for the server without one.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

MOST = 64 * 1024 * 1024
"""Bytes kept before the work begins, in memory: what people send is never written to a disk unsealed."""
MOST_DRAINED = 4 * MOST
"""What is longer is read and thrown away, up to here, so that a browser hears the refusal instead of a broken line."""
PATIENCE = 0.25
"""Seconds to wait for a slot: ordinary bodies have arrived already, and are read in much less."""
_CHUNK = 65_536
SLICE = 262_144
"""Bytes of an answer that the server is given at once."""
_DIGITS = 16
_BARE = frozenset({"GET", "HEAD"})

Receive = Callable[[dict[str, Any]], bool]


def receiver(threads: int) -> Receive:
    """Receives the body of one request, by its environment, before the work begins; False where too many are awaited.

    Two threads, or one of three, are kept for whoever sends no body.
    """
    free = threading.BoundedSemaphore(max(1, threads - 2))

    def receive(environ: dict[str, Any]) -> bool:
        length = _length(environ)
        if length == 0:
            return True
        if not free.acquire(timeout=PATIENCE):
            return False
        try:
            _receive(environ, length)
        finally:
            free.release()
        return True

    return receive


class Sliced:
    """The body of an answer that is large, in slices that the server takes one after the other: what it is given at
    once it copies."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            for start in range(0, len(piece), SLICE):
                yield piece[start : start + SLICE]

    def close(self) -> None:
        getattr(self._body, "close", lambda: None)()


def _length(environ: dict[str, Any]) -> int | None:
    """Of the body, as announced; None for one sent in chunks, whose end alone tells (RFC 9112, 6.3)."""
    said = str(environ.get("CONTENT_LENGTH") or "")
    if said:
        return int(said) if said.isascii() and said.isdigit() and len(said) < _DIGITS else 0
    return None if environ.get("wsgi.input_terminated") and environ.get("REQUEST_METHOD") not in _BARE else 0


def _receive(environ: dict[str, Any], length: int | None) -> None:
    """What is read afterwards is in memory, with its length; of what is too long there is the length alone."""
    body, count = BytesIO(), 0
    most = MOST_DRAINED if length is None else min(length, MOST_DRAINED)
    while count < most and (chunk := environ["wsgi.input"].read(min(_CHUNK, most - count))):
        count += len(chunk)
        if max(count, length or 0) <= MOST:
            body.write(chunk)
        else:
            body = BytesIO()
    body.seek(0)
    environ["wsgi.input"] = body
    if length is None:
        environ["CONTENT_LENGTH"] = str(count)
