"""A signed-in holder on a page: the actor, the purpose that the address declares, and the record opened once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.access import gate
from espace.edge import now
from espace.identity.queries import actor_of_account
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, Grant, Purpose, Refused, Verb
from espace.looks.plain import refusal

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in holder."""

    actor: Actor
    patient: PatientId
    purpose: Purpose

    @contextmanager
    def open(self, verb: Verb, asked: Mapping[str, str] | None = None) -> Iterator[Grant]:
        """Open the holder's record; raises Refused, which `for_holder` renders."""
        with gate.open_record(
            actor=self.actor, patient=self.patient, purpose=self.purpose, verb=verb, at=now(), asked=asked
        ) as grant:
            yield grant

    def decide(self, verb: Verb, act: Callable[[Grant], T]) -> T:
        """Open the record to change something; done again where another request of the same moment was in the way."""

        def once() -> T:
            with self.open(verb) as grant:
                return act(grant)

        return gate.run_again(once)


def visit_of(request: HttpRequest, purpose: Purpose) -> Visit | None:
    """The visit of whoever is signed in; None for nobody, or for an account that was closed since."""
    if not request.user.is_authenticated:
        return None
    actor = actor_of_account(request.user.pk)
    if actor is None or actor.patient is None:
        logout(request)
        return None
    return Visit(actor, actor.patient, purpose)


def for_holder(
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase], purpose: Purpose
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page of the holder's: sign-in first, and the one place where a refusal becomes a page."""

    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visit = visit_of(request, purpose)
        if visit is None:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        try:
            return view(request, visit, *args, **kwargs)
        except Refused as refused:
            return refusal(request, refused.reason, name=visit.actor.name)

    return page


def welcome_or(
    public: Callable[[HttpRequest], HttpResponseBase],
    view: Callable[[HttpRequest, Visit], HttpResponseBase],
    purpose: Purpose,
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A public page for whoever is signed out, the holder's page for the holder."""
    private = for_holder(view, purpose)

    def page(request: HttpRequest) -> HttpResponseBase:
        return private(request) if request.user.is_authenticated else public(request)

    return page
