"""Wrong passwords from one place, and the holder who is told of them."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from espace.edge import now
from espace.identity.events import PasswordTried
from espace.outbox import actions as outbox

SILENT = 4
"""Wrong passwords from one place in a day that are told to nobody: people mistype. The next one is."""
_BOUNDS = {"wrong": f"{SILENT}/1d/key", "told": "1/1d/key"}


def note_wrong_password(request: HttpRequest, identifier: str) -> None:
    """Count one more from this address for this identifier; the fifth in a day is announced, once.

    The same is done, and written, for an identifier that is nobody’s: only the worker knows whose it is.
    """
    key = f"{ratelimit.get_ip(request)}|{identifier.lower()}"
    if not _within(request, "wrong", key) and _within(request, "told", key):
        at = now()
        outbox.post(PasswordTried(identifier, at), patient=None, at=at)


def _within(request: HttpRequest, action: str, key: str) -> bool:
    return ratelimit.consume(request, app="portal", action=action, config=_BOUNDS, key=key) is not None
