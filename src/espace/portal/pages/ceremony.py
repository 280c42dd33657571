"""The page where a browser makes or uses a passkey: the one page with a script, ours, which fetches nothing."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from espace.looks.frame import render
from espace.looks.middleware import PAGE_POLICY

TEMPLATE = "portal/security/passkey.html"
POLICY = f"{PAGE_POLICY}; script-src 'self'"
INVALID = 422


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the page says, and where else to go. `kind` is what the browser does: "create" or "get"."""

    kind: str
    title: str
    lead: str
    button: str
    other: str
    other_label: str


def ceremony_page(
    request: HttpRequest, ceremony: Ceremony, options: str, *, form: Any = None, refused: bool = False, name: str = "",
    suite: str = "",
) -> HttpResponse:  # fmt: skip
    """`options` are for the script; `form` has the fields to fill; `refused`: the last answer was not taken."""
    wrong = refused or bool(form and form.is_bound and form.errors)
    context = {"ceremony": ceremony, "options": options, "form": form, "refused": refused, "suite": suite}
    response = render(request, TEMPLATE, context, name=name, status=INVALID if wrong else 200)
    response.headers["Content-Security-Policy"] = POLICY
    return response
