"""A signed-in professional on a page: the actor, the purpose that the address declares, the record opened once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from espace.access import gate
from espace.access.facts import BY_ID, Found
from espace.edge import now
from espace.identity.queries import actor_of_professional
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import Actor, Grant, Purpose, Refused, Verb, Visibility
from espace.looks.middleware import PAGE_POLICY
from espace.looks.plain import missing, refusal
from espace.workstation import sessions

P = ParamSpec("P")
T = TypeVar("T")
NOBODY: frozenset[Visibility] = frozenset()
CHANNEL = "workstation"
THEN = "suite"
LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in professional, who acts in `actor.organisation`; `secret`: in a session of a minor's
    secret care, as its address says."""

    actor: Actor
    purpose: Purpose
    session: UUID
    secret: bool = False

    @contextmanager
    def open(
        self,
        patient: PatientId | None,
        verb: Verb,
        asked: Mapping[str, str] | None = None,
        *,
        hidden_from: frozenset[Visibility] = NOBODY,
        found: Found = BY_ID,
        compares: bool = False,
    ) -> Iterator[Grant]:
        """Open this patient's record (None: nobody's); raises Refused, which `for_professional` renders."""
        with gate.open_record(
            actor=self.actor,
            patient=patient,
            purpose=self.purpose,
            verb=verb,
            at=now(),
            asked=asked,
            channel=CHANNEL,
            hidden_from=hidden_from,
            found=found,
            compares=compares,
            secret=self.secret,
        ) as grant:
            yield grant

    def decide(
        self,
        patient: PatientId,
        verb: Verb,
        act: Callable[[Grant], T],
        *,
        hidden_from: frozenset[Visibility] = NOBODY,
    ) -> T:
        """Open the record to change something; done again where another request of the same moment was in the way."""

        def once() -> T:
            with self.open(patient, verb, hidden_from=hidden_from) as grant:
                return act(grant)

        return gate.run_again(once)


def for_professional(
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase], purpose: Purpose, *, secret: bool = False
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The page for signed-in professionals only, for this purpose. A refusal becomes a page that explains it.

    Their session is looked up each time, and so is their right to act where they said: what ended elsewhere
    has ended here.
    """

    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        session = sessions.current(request, at=now())
        if session is None:
            return _elsewhere(request, "pro_home")
        actor = actor_of_professional(session.professional, session.organisation) if session.organisation else None
        if actor is None:
            return _elsewhere(request, "pro_place")
        try:
            acting = replace(actor, regulates=session.regulates)
            response = view(request, Visit(acting, purpose, session.id, secret), *args, **kwargs)
        except Refused as refused:
            response = refusal(request, refused.reason, name=actor.name)
        return let_out(request, response)

    return page


def welcome_or(
    public: Callable[[HttpRequest], HttpResponseBase],
    view: Callable[[HttpRequest, Visit], HttpResponseBase],
    purpose: Purpose,
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A public page for whoever is signed out, the professional's page for the professional."""
    private = for_professional(view, purpose)

    def page(request: HttpRequest) -> HttpResponseBase:
        return private(request) if sessions.SIGNED_IN in request.session else public(request)

    return page


def let_out(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The form that signs out leads to the provider, and browsers check where a form leads, redirections included."""
    if way_out := sessions.way_out(request):
        policy = PAGE_POLICY.replace("form-action 'self'", f"form-action 'self' {way_out}")
        response.headers.setdefault("Content-Security-Policy", policy)
    return response


def absent(request: HttpRequest) -> HttpResponse:
    """An address of this door that leads nowhere, in the frame of whoever is signed in."""
    session = sessions.current(request, at=now())
    place = session.organisation if session else None
    actor = actor_of_professional(session.professional, place) if session and place else None
    response = missing(request, name=actor.name if actor else "")
    let_out(request, response)
    return response


def own_path(path: str) -> str:
    """A path of this door for a redirection, else its first page."""
    home = reverse("pro_home")
    local = path.startswith(home) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    plain = path.isascii() and path.isprintable() and len(path) <= LONGEST_PATH
    return path if local and plain else home


def _elsewhere(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """To another page first, and then back here, but for what was being sent."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    query = f"?{urlencode({THEN: back})}" if back and own_path(back) == back != reverse("pro_home") else ""
    return HttpResponseRedirect(f"{reverse(name)}{query}")
