"""A signed-in holder on a page: the actor, the purpose that the address declares, and the record opened once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from espace.access import gate
from espace.edge import now
from espace.identity.facts.mandates import CHOSEN, Helped, Helps, Mandate, MandateState
from espace.identity.queries import helped_by, helped_person, own_person, person
from espace.identity.queries.advising import structure_in
from espace.identity.queries.mandates import session_of
from espace.kernel.ids import PatientId
from espace.kernel.reasons import advising, decisions, helping
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Refused, Verb
from espace.looks.frame import Bell
from espace.looks.plain import missing, refusal
from espace.notices import queries as notices
from espace.notices.rules import MOST_COUNTED
from espace.portal import spaces
from espace.portal.entering import still_here

_VISIT = "espace.visit"
"""In the environment of a request: the visit, for the bell of its page."""
_SHOWN = frozenset({Verb.LIST, Verb.READ, Verb.HISTORY})
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Visit:
    """One request of a signed-in person, in their own space, or in that of somebody whom they help (`helps` is then the
    mandate). Their name comes with their record, or with the mandate."""

    actor: Actor
    patient: PatientId
    purpose: Purpose
    helps: Mandate | None = None
    _name: str = ""
    adviser: str = ""
    """Where the digital adviser works who is signed in; "" for anybody else."""
    unread: int | None = None
    """How many notices were not read; None where the page did not ask."""

    @property
    def name(self) -> str:
        """« Camille Duval »: who is signed in; read apart for a page that opened nothing."""
        if not self._name and self.actor.patient is not None:
            self._name = person(self.actor.patient).name
        return self._name

    @property
    def own(self) -> bool:
        return self.purpose is Purpose.HOLDER

    @property
    def carer(self) -> bool:
        """Whom the holder chose: who reads is not theirs to know."""
        return self.helps is not None and self.helps.kind in CHOSEN

    @property
    def guest(self) -> bool:
        """A digital adviser in a session: reads on the page, and takes nothing away."""
        return self.helps is not None and self.helps.kind is Helps.ADVISER

    @property
    def reader(self) -> UUID | None:
        """Who helps; None for the holder."""
        return None if self.own else self.actor.id

    @contextmanager
    def open(
        self, verb: Verb, asked: Mapping[str, str] | None = None, *, framed: bool = True
    ) -> Iterator[Grant]:
        """Open the holder's record; raises Refused, which `for_holder` renders. `framed`: the answer to a reading is a
        page, whose bell counts what was not read."""
        with gate.open_record(
            actor=self.actor, patient=self.patient, purpose=self.purpose, verb=verb, at=now(), asked=asked
        ) as grant:
            if self.own:
                self._name = own_person(grant).name
            if framed and verb in _SHOWN and not self.carer:
                self.unread = notices.unread(grant)
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
    actor = Actor(ActorKind.HOLDER, request.user.pk, "", patient=patient)
    helped = helped_by(actor, now()) if request.user.helps else ()
    adviser = _supervised(request, patient)
    mandate = spaces.mandate_in(request)
    if mandate is None:
        spaces.keep(request, helped, None)
        return Visit(actor, patient, purpose, adviser=adviser)
    return _helping(request, actor, helped, mandate)


def _supervised(request: HttpRequest, patient: PatientId) -> str:
    """What the row of the account says of digital advisers, for the frame: a statement more in each database for whom
    one helps now, none for anybody else. Where the account's own adviser works, "" for no adviser."""
    user = request.user
    if not user.is_authenticated:
        return ""
    advised = session_of(patient, now()) if user.advised_until and user.advised_until > now() else None
    adviser = structure_in(user.adviser, user.pk)
    spaces.supervise(request, spaces.Supervised(advised, bool(adviser)))
    return adviser


def _helping(request: HttpRequest, actor: Actor, helped: tuple[Helped, ...], mandate: UUID) -> Visit:
    """In the space of whom this mandate helps; Http404 for another's mandate, and for none."""
    here = next((one for one in helped if one.mandate.id == mandate), None)
    spaces.keep(request, helped, here if here and here.state is MandateState.IN_FORCE else None)
    patient = here.patient if here else helped_person(actor, mandate)
    if patient is None:
        spaces.leave(request)
        raise Http404
    name = here.mandate.helper_name if here else ""
    return Visit(actor, patient, Purpose.PROXY, here.mandate if here else None, name)


_OUTSIDE = frozenset(
    {
        *(helping.NOT_A_HELPER, helping.HELP_WAITING, helping.HELP_ENDED, helping.HELP_OVER, helping.CAME_OF_AGE),
        advising.ADVISING_OVER,
    }
)
"""Refusals of whoever may not be in that space at all: their page leads to their own."""


_ASLEEP = frozenset({decisions.SPACE_SUSPENDED, decisions.SPACE_NOT_OPEN})
"""Refusals of a holder whose space is closed, or is to be: their page leads to where it is reopened."""


def for_holder(
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase], purpose: Purpose
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page of the holder's: sign-in first, and the one place where a refusal becomes a page."""

    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visit = request.META[_VISIT] = visit_of(request, purpose)
        if visit is None:
            suite = request.get_full_path() if request.method == "GET" else "/"
            return redirect_to_login(suite, spaces.account_path("account_login"))
        try:
            return view(request, visit, *args, **kwargs)
        except Refused as refused:
            if refused.reason in _OUTSIDE:
                spaces.leave(request)
            asleep = visit.own and refused.reason in _ASLEEP
            onward = (reverse("reopen_space"), gettext("Rouvrir mon espace")) if asleep else ("", "")
            return refusal(request, refused.reason, name=visit.name, to_helper=not visit.own, onward=onward)

    return page


def bell(request: HttpRequest) -> Bell | None:
    """The bell of every page, for the holder and who stands for them; a carer is told nothing of who reads."""
    visit = request.META.get(_VISIT)
    if not isinstance(visit, Visit) or visit.carer:
        return None
    if not visit.unread:
        return Bell(reverse("notices"), "", gettext("Avis"))
    count = f"{visit.unread}+" if visit.unread >= MOST_COUNTED else str(visit.unread)
    words = ngettext("Avis, %(count)s non lu", "Avis, %(count)s non lus", visit.unread)
    return Bell(reverse("notices"), count, words % {"count": count})


def absent(request: HttpRequest) -> HttpResponse:
    """An address that leads nowhere, in the frame of whoever is signed in."""
    try:
        visit = visit_of(request, Purpose.HOLDER)
    except Http404:
        visit = visit_of(request, Purpose.HOLDER)  # it was in nobody's space, and is in their own now
    return missing(request, name=visit.name if visit else "")


def welcome_or(
    public: Callable[[HttpRequest], HttpResponseBase],
    view: Callable[[HttpRequest, Visit], HttpResponseBase],
    purpose: Purpose,
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A public page for whoever is signed out, the holder's page for the holder."""
    private = for_holder(view, purpose)

    def page(request: HttpRequest) -> HttpResponseBase:
        known = request.user.is_authenticated or spaces.mandate_in(request) is not None
        return private(request) if known else public(request)

    return page
