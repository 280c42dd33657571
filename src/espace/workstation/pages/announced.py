"""POST /pro/deconnexion-annoncee/: the provider says that a session of its own has ended.

OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8: the sessions named end at once, whoever's browser it is.
"""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from espace import edge
from espace.access.gate import run_again
from espace.identity.actions.sessions import obey_announced_logout
from espace.identity.adapters.oidc import tokens
from espace.identity.adapters.oidc.calls import Unavailable
from espace.trace.adapters import security_log
from espace.workstation.pages.signin import our_provider
from espace.workstation.signing_in import SignInRefused

FORM = "application/x-www-form-urlencoded"


class _Refused(Exception):
    """An announcement that is not obeyed; the message is a claim or a part, never a value."""


def announced(request: HttpRequest) -> HttpResponseBase:
    """200 when what was named is ended, or was already; 400, and a word about why, otherwise."""
    try:
        _obey(request, edge.now())
    except _Refused as refused:
        security_log.note("pro.logout", str(refused), edge.request_id())
        return _said({"error": "invalid_request", "error_description": str(refused)}, 400)
    return _said({}, 200)


def _obey(request: HttpRequest, at: datetime) -> None:
    given = request.POST.getlist("logout_token") if request.content_type == FORM else []
    if len(given) != 1:
        raise _Refused("logout_token")
    try:
        provider = our_provider()
        header = tokens.header_of(given[0], types=tokens.LOGOUT_TYPES)
        claims = tokens.claims_of(given[0], header, provider.key(header, at))
        expected = tokens.Expected(provider.client.issuer, provider.client.client_id, at)
        names, jti = tokens.check_logout_token(claims, expected)
    except tokens.BadToken as error:
        raise _Refused(str(error)) from error
    except (Unavailable, SignInRefused) as error:
        raise _Refused("provider") from error
    forget_at = at + 2 * (tokens.OLDEST + tokens.LEEWAY)
    if run_again(partial(obey_announced_logout, names=names, jti=jti, at=at, forget_at=forget_at)) is None:
        raise _Refused("jti")


def _said(body: dict[str, str], status: int) -> HttpResponseBase:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
