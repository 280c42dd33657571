"""What each request is called, and the one line that it leaves in the log of requests; nothing of a person.

The name is ours, a UUID. A proxy in front may give one: it is taken where a proxy is declared and where it is a UUID,
for it is written in logs and answered. The line has the route's name, never the address nor who asked.
"""

import logging
import re
from typing import Any

from espace import edge
from espace.site.metrics import ROUTE, door_of

HEADER = "X-Request-Id"
SAID = "HTTP_X_REQUEST_ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WITHOUT_BODY = frozenset({204, 304})
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_logger = logging.getLogger("espace.requests")


def identify(environ: dict[str, Any], proxies: int) -> str:
    """The name of this request; what was said of it leaves the environment."""
    said = str(environ.pop(SAID, ""))
    return said.lower() if proxies and _UUID.fullmatch(said) else str(edge.new_id())


def length_of(headers: list[tuple[str, str]]) -> int | None:
    """Of the body that is answered, in bytes, as its header says; None where it says nothing."""
    said = next((value for name, value in headers if name.lower() == "content-length"), "")
    return int(said) if said.isdigit() else None


def tell(environ: dict[str, Any], request_id: str, status: int, length: int | None, seconds: float) -> None:
    """The line of one request. A status of 0 is one that was never said: the server answers 500."""
    if not _logger.isEnabledFor(logging.INFO):
        return
    method = str(environ.get("REQUEST_METHOD", ""))
    bare = method == "HEAD" or status in _WITHOUT_BODY
    said = {
        "door": door_of(str(environ.get("PATH_INFO", ""))),
        "route": str(environ.get(ROUTE, "none")),
        "method": method if method in METHODS else "other",
        "status": status or 500,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": 0 if bare else length,
        "request_id": request_id,
    }
    _logger.info("answered", extra=said)
