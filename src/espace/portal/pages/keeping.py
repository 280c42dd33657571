"""Recovery codes just made: shown until they are noted, or for ten minutes; after that nobody can show them again.

They wait in the session, sealed: a page that is loaded again, or printed, still has them.
"""

import json
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from espace.portal.codes import open_text, seal_text

KEY = "new_codes"
SHOWN_FOR = timedelta(minutes=10)


def keep_to_show(request: HttpRequest, codes: list[str], *, suite: str, at: datetime) -> None:
    """Codes just made, for the page that shows them, which then leads to `suite`."""
    request.session[KEY] = {"sealed": seal_text(json.dumps(codes)), "at": at.isoformat(), "suite": suite}


def kept_to_show(request: HttpRequest, *, at: datetime) -> list[str] | None:
    """The codes; None where none were made lately, or they were noted."""
    kept = request.session.get(KEY)
    if not kept or at - datetime.fromisoformat(kept["at"]) > SHOWN_FOR:
        return None
    codes: list[str] = json.loads(open_text(kept["sealed"]))
    return codes


def noted(request: HttpRequest) -> str:
    """Forget the codes; where to go from there."""
    kept = request.session.pop(KEY, None)
    return kept["suite"] if kept else reverse("security")
