"""Bodies of requests that nobody has signed for: a slow one may hold a few threads, never all of them.

The doors that ask who calls before they read a byte are left alone. A proxy in front receives bodies whole
(docs/how-to/deploy.md); this is for the server without one.
"""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

MOST = 64 * 1024 * 1024
"""Bytes received before the work begins, in memory: what people send is never written to a disk unsealed. What is
announced to be longer is the page's to refuse, unread."""
PATIENCE = 0.25
"""Seconds to wait for a slot: ordinary bodies have arrived already, and are read in much less."""
_CHUNK = 65_536

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
            if length <= MOST:
                environ["wsgi.input"] = _received(environ["wsgi.input"], length)
        finally:
            free.release()
        return True

    return receive


def _length(environ: dict[str, Any]) -> int:
    """Of the body, as announced. Without a length there is no form to read: pages take none in chunks."""
    said = str(environ.get("CONTENT_LENGTH") or "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _received(source: Any, length: int) -> BytesIO:
    body = BytesIO()
    left = length
    while left and (chunk := source.read(min(_CHUNK, left))):
        body.write(chunk)
        left -= len(chunk)
    body.seek(0)
    return body
