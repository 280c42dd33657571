"""HTTP to the platform: TLS verified, no redirection followed, nothing sent in the clear but on this machine."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from espace_feed.verdicts import Answer

TIMEOUT_SECONDS = 60.0
MAX_ANSWER = 4 * 1024 * 1024
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its body and headers hold secrets and patients, so they are never shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


Call = Callable[[Request], Answer]


class Unreachable(Exception):
    """No whole answer came; whether the platform did what was asked is unknown."""


def checked(url: str) -> SplitResult:
    """The parts of an address that may be asked: https, or http on this machine. Raises ValueError."""
    parts = urlsplit(url)
    here = parts.scheme == "http" and parts.hostname in _HERE
    if not (parts.scheme == "https" or here) or not parts.hostname or parts.username or parts.port == 0:
        raise ValueError(f"{url}: an https address is expected (http on this machine only)")
    return parts


class Https:
    """Calls over a connection of their own; `ca` is a file of authorities trusted instead of the machine's."""

    def __init__(self, ca: Path | None = None) -> None:
        self._context = ssl.create_default_context(cafile=str(ca) if ca else None)

    def __call__(self, request: Request) -> Answer:
        parts = checked(request.url)
        connection = self._connection(parts)
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        try:
            connection.request(request.method, target, request.body, dict(request.headers))
            answer = connection.getresponse()
            body = answer.read(MAX_ANSWER + 1)
            if len(body) > MAX_ANSWER:
                raise Unreachable("réponse démesurée")
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(type(error).__name__) from error
        finally:
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme == "https":
            return HTTPSConnection(host, parts.port, timeout=TIMEOUT_SECONDS, context=self._context)
        return HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
