"""« Voir comme… »: the holder sees their documents as a professional, or somebody who helps them, would (C24, C30).

The decision and the queries are those that the other person would go through; the access log has the holder's line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access import gate
from espace.access import queries as access
from espace.access.facts import DOCTOR
from espace.access.rules.entitlements import PACKAGED_FOR
from espace.identity import queries as identity
from espace.kernel.reasons import Reason, care, decisions
from espace.kernel.reasons.helped import logged_to_helper
from espace.kernel.words import Actor, ActorKind, Refused, Verb
from espace.looks import cards
from espace.looks.frame import render, tabs
from espace.looks.paging import cut, page_number, pager
from espace.looks.professions import profession_name
from espace.looks.words import counted_documents, said
from espace.portal.pages.masking_words import topics_told
from espace.portal.pages.readers import Choice, about
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING, document_path
from espace.portal.whose import gettext
from espace.record import queries as record
from espace.record.facts import Document, Unseen

TEMPLATE, CHOOSING = "portal/seeing_as.html", "portal/see_as.html"
AGREED = "accord"
_NOBODY = UUID(int=0)

_UNSEEN: Mapping[Unseen, str] = {
    Unseen.KIND: gettext_noop("Sa profession ne lit pas ce type de document."),
    Unseen.MASKED: gettext_noop("Vous l’avez masqué aux professionnels, ou son auteur."),
    Unseen.NAMED: gettext_noop("Vous l’avez masqué à cette personne."),
    Unseen.REPRESENTATIVES: gettext_noop("Il est caché aux représentants légaux."),
    Unseen.REFUSED: gettext_noop("Cette personne ne peut pas ouvrir votre espace."),
}


@dataclass(frozen=True, slots=True)
class Seer:
    """Whose eyes: who looks (None for somebody who helps), what they are called and what else is said of them."""

    actor: Actor | None
    name: str
    about: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    consented: bool = False
    gone: bool = False
    """They act nowhere any more, says the directory, and cannot sign in."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A document that would not be seen, and why."""

    path: str
    title: str
    date: str
    why: str


def choose(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """With whose eyes."""
    with visit.open(Verb.HISTORY) as grant:
        linked = access.relations(grant)
    first = sorted(linked, key=lambda one: not one.attending)
    professions = sorted((profession_name(code), code) for code in PACKAGED_FOR if code != DOCTOR)
    context = {
        "tabs": tabs(request, SHARING),
        "linked": [
            (
                Choice(reverse("see_as", args=[one.professional]), one.name),
                about(profession_name(one.profession), one.organisation_name),
                one.attending,
            )
            for one in first
        ],
        "unknown_doctor": reverse("see_as_profession", args=[DOCTOR]),
        "professions": [Choice(reverse("see_as_profession", args=[code]), name) for name, code in professions],
    }
    return render(request, CHOOSING, context, name=visit.name)


def as_professional(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    """Somebody of the directory, as they are let in today; with « accord », as if the holder had consented."""
    found = identity.professional(professional_id)
    if found is None:
        with visit.open(Verb.SEE_AS):  # who may not look so is told that, whoever they name
            raise Refused(care.PROFESSIONAL_UNKNOWN)
    place = next((one.name for one in found.activities), "")
    actor = Actor(
        ActorKind.PROFESSIONAL,
        found.id,
        found.name,
        organisation_name=place,
        profession=found.profession,
        national_id=found.national_id,
    )
    seer = Seer(
        actor,
        found.name,
        about(profession_name(found.profession), place),
        (("professional", found.name),),
        consented=AGREED in request.GET,
        gone=not (found.active and found.activities),
    )
    return _page(request, visit, seer)


def as_profession(request: HttpRequest, visit: Visit, profession: str) -> HttpResponseBase:
    """Somebody of that profession whom nothing links to the record, with the holder's consent."""
    if profession not in PACKAGED_FOR:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    name = profession_name(profession)
    actor = Actor(ActorKind.PROFESSIONAL, _NOBODY, name, profession=profession)
    told = gettext("Quelqu’un que vous ne connaissez pas, à qui vous donneriez votre accord")
    return _page(request, visit, Seer(actor, name, told, (("profession", profession),), consented=True))


def as_helper(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Somebody who helps the holder: a legal representative, a guardian, a carer."""
    told = gettext("Représentant légal, tuteur ou aidant : tous voient les mêmes documents")
    return _page(request, visit, Seer(None, gettext("Quelqu’un qui vous aide"), told, (("helper", "yes"),)))


def _page(request: HttpRequest, visit: Visit, seer: Seer) -> HttpResponseBase:
    with visit.open(Verb.SEE_AS, dict(seer.asked)) as grant:
        reason = gate.look_as(grant, seer.actor, consented=seer.consented, gone=seer.gone)
        found, unseen = record.seen_as(grant)
        topics = record.topic_names(grant)
    allowed = not seer.gone and (reason is None or reason.allows)
    kept = cards.newest_first(found)
    number = page_number(request.GET.get("page", ""))
    shown, last = cut(kept, number)
    query = f"{AGREED}=1&" if AGREED in request.GET else ""
    context = {
        "seer": seer,
        "allowed": allowed,
        "why": _why(seer, reason, visit),
        "agreed_path": "" if allowed or seer.gone or reason is care.PROFESSIONAL_BLOCKED else f"?{AGREED}=1",
        "counted": counted_documents(len(kept)),
        "months": cards.by_month(shown, document_path, to_others=True),
        "pager": pager(number, last, lambda page: f"?{query}page={page}"),
        "unseen": _hidden(unseen, topics) if allowed else (),
        "unseen_counted": counted_documents(len(unseen)).lower(),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _why(seer: Seer, reason: Reason | None, visit: Visit) -> str:
    """Why they would be let in, or refused; "" where it is supposed that they are."""
    if seer.gone:
        return gettext("Selon l’annuaire, cette personne n’exerce plus nulle part : elle ne peut pas se connecter.")
    if reason is None or (seer.consented and reason.allows):
        return ""
    return said(reason.holder if visit.own else logged_to_helper(reason))


def _hidden(unseen: Sequence[tuple[Document, Unseen]], topics: Mapping[UUID, str]) -> list[Hidden]:
    why, rows = {one.id: said for one, said in unseen}, cards.newest_first([one for one, _ in unseen])
    drawn = ((one, cards.card(one, document_path)) for one in rows)
    return [Hidden(card.path, card.title, card.date, _because(one, why[one.id], topics)) for one, card in drawn]


def _because(document: Document, why: Unseen, topics: Mapping[UUID, str]) -> str:
    """Why it would not be seen, with the topics that mask it: those who look at their own record know them."""
    by_topic = topics_told(document, topics) if why is Unseen.MASKED else ""
    return by_topic or gettext(_UNSEEN[why])
