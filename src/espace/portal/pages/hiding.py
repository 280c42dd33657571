"""Hiding one document from one professional, and showing it to them again (C24, C30).

A list of those who are linked to the record, the directory for anybody else, then a page that says what will happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.access import queries as access
from espace.access.facts import Relation
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.reasons import care
from espace.kernel.words import Grant, Refused, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import note_in
from espace.looks.professions import profession_name
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.directory import found_in, place, to_results, trade
from espace.portal.pages.readers import Choice, Reader, about
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Document
from espace.record.rules import written_by

TEMPLATE = "portal/hide_from.html"
KEPT = "portal/kept_from.html"


@dataclass(frozen=True, slots=True)
class Hiding(Act):
    """One of the two acts on a document and a professional; `also` are effects that depend on who they are."""

    act: Callable[[Grant, UUID, UUID], None]
    also: Callable[[Document, Professional, Relation | None], tuple[str, ...]] = lambda document, who, relation: ()


def choose(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """Who a document is to be hidden from."""
    path = reverse("hide_choose", args=[document_id])
    if request.method == "POST":
        return to_results(request, visit, path)
    with visit.open(Verb.HISTORY) as grant:
        document = record.document(grant, document_id)
        linked = access.relations(grant)
    directory = found_in(request, visit)
    known = {one.professional for one in linked}
    context = {
        "title": cards.title(document),
        "back": document_path(document_id),
        "path": path,
        "linked": [
            _reader(document, one.professional, one.name, _about(one.profession, one.organisation_name))
            for one in linked
        ],
        "directory": directory,
        "found": [
            _reader(document, one.id, one.name, about(trade(one), *map(place, one.activities[:1])))
            for one in directory.found
            if one.id not in known
        ],
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _about(profession: str, organisation: str) -> str:
    return about(profession_name(profession), organisation)


def _reader(document: Document, professional: UUID, name: str, said: str) -> Reader:
    """Somebody to choose, with what may be done: hide, or show again."""
    hidden = professional in document.kept_from
    act, label = ("show_to", gettext("Montrer de nouveau")) if hidden else ("hide_from", gettext("Masquer"))
    why = (gettext("Ce document lui est masqué."),) if hidden else ()
    return Reader(name, said, False, why, "", (Choice(reverse(act, args=[document.id, professional]), label),))


def hide_from(request: HttpRequest, visit: Visit, document_id: UUID, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, document_id, professional_id, HIDE)


def show_to(request: HttpRequest, visit: Visit, document_id: UUID, professional_id: UUID) -> HttpResponseBase:
    return _page(request, visit, document_id, professional_id, SHOW)


def _page(request: HttpRequest, visit: Visit, document_id: UUID, whom: UUID, hiding: Hiding) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        document, who = record.document(grant, document_id), _known(whom)
        relation = next((one for one in access.relations(grant) if one.professional == whom), None)
        return Object(cards.title(document), who.name, hiding.also(document, who, relation))

    def press(grant: Grant) -> str:
        who = _known(whom)
        hiding.act(grant, document_id, whom)
        grant.asked["professional"] = who.name
        return who.name

    back = document_path(document_id)
    return confirmed(request, visit, hiding, opened_to=Verb.HISTORY, look=look, press=press, back=back)


def _known(professional_id: UUID) -> Professional:
    """Refused(PROFESSIONAL_UNKNOWN) for nobody of the directory."""
    found = identity.professional(professional_id)
    if found is None:
        raise Refused(care.PROFESSIONAL_UNKNOWN)
    return found


def kept(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponseBase:
    """Everything that is hidden from one professional by name."""
    with visit.open(Verb.HISTORY) as grant:
        who = _known(professional_id)
        found = cards.newest_first(record.kept_from(grant)[1].get(professional_id, ()))
    context = {
        "who": who.name,
        "about": about(trade(who), *map(place, who.activities[:1])),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "rows": [
            (cards.card(one, document_path), reverse("show_to", args=[one.id, professional_id])) for one in found
        ],
    }
    return render(request, KEPT, context, name=visit.name)


def named(document: Document) -> tuple[Choice, ...]:
    """From whom a document is hidden by name, each with the way to show it again."""
    if not document.kept_from:
        return ()
    names = {one.id: one.name for one in identity.professionals_named(document.kept_from)}
    chosen = ((names.get(one, gettext("Quelqu’un qui n’est plus dans l’annuaire")), one) for one in document.kept_from)
    return tuple(Choice(reverse("show_to", args=[document.id, one]), name) for name, one in sorted(chosen))


def _depends(document: Document, who: Professional, relation: Relation | None) -> tuple[str, ...]:
    wrote = gettext("Cette personne a écrit ce document : elle le verra toujours, si elle peut lire votre espace.")
    doctor = gettext(
        "C’est votre médecin traitant : il voit ce que vous masquez à tous, mais pas ce que vous lui masquez à lui. "
        "Il vous suivra sans connaître ce document."
    )
    administrator = gettext(
        "C’est un administrateur de votre espace : il voit ce que vous masquez à tous, mais pas ce que vous lui "
        "masquez à lui."
    )
    sentences = {
        wrote: written_by(document.entry, who.national_id),
        doctor: relation is not None and relation.attending,
        administrator: relation is not None and relation.administrator_since is not None,
    }
    return tuple(sentence for sentence, holds in sentences.items() if holds)


HIDE = Hiding(
    Verb.MASK,
    title=gettext_noop("Masquer ce document à %(name)s ?"),
    effects=(
        gettext_noop("Cette personne ne le verra plus, dans aucune de ses versions, et rien ne lui dira qu’il existe."),
        gettext_noop("Elle n’est pas prévenue. Les autres professionnels que vous autorisez le verront encore."),
        gettext_noop("En urgence, elle le verrait seulement si vous l’avez accepté à la page « Urgences »."),
        gettext_noop("D’autres documents peuvent parler de la même chose : ils restent visibles."),
        gettext_noop("Ce qui a déjà été lu ou copié ne peut pas être repris."),
        gettext_noop("Vous pourrez le lui montrer de nouveau quand vous voudrez."),
    ),
    button=gettext_noop("Masquer à cette personne"),
    done=gettext_noop("C’est fait : ce document est masqué à %(name)s."),
    act=lambda grant, document_id, whom: actions.hide_from(grant, document_id, whom),
    also=_depends,
)
SHOW = Hiding(
    Verb.UNMASK,
    title=gettext_noop("Montrer de nouveau ce document à %(name)s ?"),
    effects=(
        gettext_noop("Cette personne le verra de nouveau, dans toutes ses versions, si elle peut lire votre espace."),
        gettext_noop("S’il est masqué à tous les professionnels, il le reste, pour elle aussi."),
        gettext_noop("Vous pourrez le lui masquer encore quand vous voudrez."),
    ),
    button=gettext_noop("Montrer de nouveau"),
    done=gettext_noop("C’est fait : ce document n’est plus masqué à %(name)s en particulier."),
    act=lambda grant, document_id, whom: actions.show_to(grant, document_id, whom),
)
