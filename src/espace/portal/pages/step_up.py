"""The pages of sensitive acts: a second factor given lately, or confirmed first."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from espace.edge import now
from espace.portal.fresh import NEXT, is_fresh
from espace.portal.pages.visit import Visit
from espace.portal.spaces import account_path

P = ParamSpec("P")


def fresh(
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase], *, back: str
) -> Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]:
    """The page, for whoever gave a second factor lately; others confirm first, and come back to it.

    `back` names the address to which they come back, "" for this one. What was posted is not kept: they press again.
    """

    @wraps(view)
    def page(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_fresh(request, at=now()):
            return view(request, visit, *args, **kwargs)
        path = reverse(back) if back else request.path
        return HttpResponseRedirect(f"{account_path('security_confirm')}?{urlencode({NEXT: path})}")

    return page
