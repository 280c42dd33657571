"""A signed-in holder on a page: the actor, the purpose that the address declares, and the record opened once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from espace.access import gate
from espace.edge import now
from espace.identity.queries import own_person, person
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb
from espace.looks.plain import missing, refusal
from espace.portal.entering import still_here

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Visit:
    """One request of a signed-in holder. Their name comes with the record that they open."""

    actor: Actor
    patient: PatientId
    purpose: Purpose
    _name: str = ""

    @property
    def name(self) -> str:
        """« Camille Duval »; read apart for a page that opened nothing."""
        self._name = self._name or person(self.patient).name
        return self._name

    @contextmanager
    def open(self, verb: Verb, asked: Mapping[str, str] | None = None) -> Iterator[Grant]:
        """Open the holder's record; raises Refused, which `for_holder` renders."""
        with gate.open_record(
            actor=self.actor, patient=self.patient, purpose=self.purpose, verb=verb, at=now(), asked=asked
        ) as grant:
            self._name = own_person(grant).name
            yield grant

    def decide(self, verb: Verb, act: Callable[[Grant], T]) -> T:
        """Open the record to change something; done again where another request of the same moment was in the way."""

        def once() -> T:
            with self.open(verb) as grant:
                return act(grant)

        return gate.run_again(once)


def visit_of(request: HttpRequest, purpose: Purpose) -> Visit | None:
    """The visit of whoever is signed in; None for nobody, for an account that is no holder's, or after twelve hours.

    An account that was closed since is nobody already: Django's backend answers no inactive user.
    """
    if not request.user.is_authenticated:
        return None
    if request.user.patient_id is None:
        logout(request)
        return None
    if not still_here(request, request.user.pk, at=now()):
        return None
    patient = PatientId(request.user.patient_id)
    return Visit(Actor(ActorKind.HOLDER, request.user.pk, "", patient=patient), patient, purpose)


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
            return refusal(request, refused.reason, name=visit.name)

    return page


def absent(request: HttpRequest) -> HttpResponse:
    """An address that leads nowhere, in the frame of whoever is signed in."""
    visit = visit_of(request, Purpose.HOLDER)
    return missing(request, name=visit.name if visit else "")


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
