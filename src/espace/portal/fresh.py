"""Step-up: an act that could shut the holder out, or empty their space, needs a second factor given lately."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from espace.portal.entering import SECOND_FACTOR, instant

NEXT = "suite"
MOST_PATH = 500


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether this session gave a second factor less than ESPACE_STEP_UP_MINUTES ago."""
    given = instant(request, SECOND_FACTOR)
    return given is not None and given <= at < given + timedelta(minutes=settings.ESPACE_STEP_UP_MINUTES)


def confirm_now(request: HttpRequest, *, at: datetime) -> None:
    """Say that this session has just given a second factor."""
    request.session[SECOND_FACTOR] = at.isoformat()


def own_path(path: str, *, default: str) -> str:
    """A path of this site for a redirection, or `default`."""
    local = path.startswith("/") and len(path) <= MOST_PATH
    return path if local and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else default
