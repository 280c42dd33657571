"""Who helps in this space, who did, and whom its holder helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.identity.facts.mandates import CHOSEN, Helped, Helps, Mandate, MandateState
from espace.identity.queries import mandates
from espace.identity.rules import mandate_state
from espace.identity.rules.mandates import MOST_CARERS, MOST_REPRESENTATIVES
from espace.kernel.words import Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in
from espace.looks.words import full_date, local_day
from espace.portal.pages.readers import Choice
from espace.portal.pages.relatives import words
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.portal.spaces import helped_in, path_of

TEMPLATE = "portal/relatives/relatives.html"
MOST_FORMER = 10


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody who helps, or is helped; every text is ready to be read."""

    name: str
    about: str
    said: tuple[str, ...]
    choices: tuple[Choice, ...]
    path: str = ""
    """Where their space is, for somebody whom one helps."""


def relatives(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    at = now()
    with visit.open(Verb.HISTORY) as grant:
        found = mandates(grant)
    # A code that no adviser typed in is nobody's help: its page alone tells of it.
    states = [(one, mandate_state(one, at)) for one in found if one.kind is not Helps.ADVISER or one.accepted_at]
    helping = [one for one, state in states if state is MandateState.IN_FORCE]
    waiting = [one for one, state in states if state is MandateState.WAITING]
    former = [(one, state) for one, state in states if state not in (MandateState.IN_FORCE, MandateState.WAITING)]
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=at),
        "helping": [_helping(one, visit) for one in helping],
        "waiting": [_waiting(one, visit) for one in waiting],
        "former": [_former(one, state) for one, state in reversed(former[-MOST_FORMER:])],
        "helped": [_helped(one) for one in helped_in(request)] if visit.own else (),
        "own": visit.own,
        "may_invite": _may_invite(visit, [*helping, *waiting], Helps.CARER, MOST_CARERS),
        "most_carers": MOST_CARERS,
        "second": _names_second(visit) and _room([*helping, *waiting], Helps.PARENT, MOST_REPRESENTATIVES),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def asked_of(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What waits for the answer of who is signed in: words, and where they answer."""
    waiting = (one.mandate for one in helped_in(request) if one.state is MandateState.WAITING)
    return tuple(
        (
            gettext("Vous êtes inscrit pour aider %(name)s : il reste à répondre.") % {"name": one.helped_name},
            reverse("declare_help", args=[one.id]),
        )
        for one in waiting
    )


def _may_invite(visit: Visit, living: Iterable[Mandate], kind: Helps, most: int) -> bool:
    own = visit.helps is None or visit.helps.kind is Helps.PARENT
    return own and _room(living, kind, most)


def _names_second(visit: Visit) -> bool:
    return visit.helps is not None and visit.helps.first


def _room(living: Iterable[Mandate], kind: Helps, most: int) -> bool:
    return sum(one.kind is kind for one in living) < most


def _helping(one: Mandate, visit: Visit) -> Relative:
    mine = visit.helps is not None and one.id == visit.helps.id
    since = gettext("Depuis le %(day)s.") % {"day": _day(one.accepted_at or one.asked_at)}
    contested = (
        (gettext("Accès contesté le %(day)s : l’exploitant regarde.") % {"day": _day(one.contested_at)},)
        if one.contested_at
        else ()
    )
    said = (f"{since} {words.term(one)}".strip(), words.may(one), words.never(one), words.proof(one), *contested)
    name = gettext("Vous") if mine else one.helper_name
    return Relative(name, words.right(one), tuple(filter(None, said)), _choices(one, mine=mine))


def _choices(one: Mandate, *, mine: bool) -> tuple[Choice, ...]:
    if mine:
        return (Choice(reverse("leave_help"), gettext("Ne plus aider")),)
    if one.kind in CHOSEN:
        return (Choice(reverse("end_help", args=[one.id]), gettext("Mettre fin à cette aide")),)
    if one.contested_at:
        return ()
    return (Choice(reverse("contest_help", args=[one.id]), gettext("Contester son accès")),)


def _waiting(one: Mandate, visit: Visit) -> Relative:
    """Somebody who was asked by this space, or whom an authority stated; only the first may be taken back here."""
    by = gettext("Invité le %(day)s par %(name)s ; sans réponse le %(end)s, l’invitation tombe.") % {
        "day": _day(one.asked_at),
        "name": gettext("vous") if one.asked_by == visit.name else one.asked_by,
        "end": _day(one.answer_by),
    }
    back = (Choice(reverse("end_help", args=[one.id]), gettext("Annuler l’invitation")),) if one.address else ()
    return Relative(one.address or one.helper_name, words.right(one), (by, words.may(one)), back)


def _former(one: Mandate, state: MandateState) -> Relative:
    ends = {
        MandateState.ENDED: (gettext("Terminé le %(day)s par %(name)s."), one.ended_at),
        MandateState.REFUSED: (gettext("A refusé le %(day)s."), one.refused_at),
        MandateState.LAPSED: (gettext("N’a pas répondu avant le %(day)s."), one.answer_by),
        MandateState.OVER: (gettext("Arrivé à son terme le %(day)s."), one.until),
    }
    said, at = ends[state]
    told = said % {"day": _day(at or one.asked_at), "name": one.ended_by}
    return Relative(one.helper_name or one.address, words.right(one), (told,), ())


def _helped(one: Helped) -> Relative:
    mandate, said = one.mandate, (words.term(one.mandate), words.may(one.mandate))
    if one.state is MandateState.WAITING:
        answer = Choice(reverse("declare_help", args=[mandate.id]), gettext("Répondre"))
        return Relative(mandate.helped_name, words.right(mandate), (gettext("Attend votre réponse."),), (answer,))
    leave = Choice(f"{path_of(one)}{reverse('leave_help').lstrip('/')}", gettext("Ne plus aider"))
    return Relative(
        mandate.helped_name, words.right(mandate), tuple(filter(None, said)), (leave,), path=path_of(one)
    )


def _day(at: datetime) -> str:
    return full_date(local_day(at))
