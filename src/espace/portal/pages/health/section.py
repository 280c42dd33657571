"""One section of « Ma santé »: what it says, and what is done with the whole of it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Item, Profile, Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import profile as rules
from espace.edge import now
from espace.kernel.reasons import decisions, stating
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.stated import rows, told_day
from espace.looks.words import said
from espace.portal.pages.health.measures import groups
from espace.portal.pages.health.words import section_named
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record import queries as record
from espace.record.facts import Document

TEMPLATE = "portal/health/section.html"
UNDO = "annuler"
"""In the address of the page after a removal: what « Annuler » puts back."""
ACT = "choix"
"""What the forms of the page ask of the whole section."""
_CHOSEN: Mapping[str, tuple[Verb, str]] = {
    "aucun": (Verb.STATE, gettext_noop("C’est noté : non concerné.")),
    "concerne": (Verb.STATE, gettext_noop("C’est noté : cette partie est de nouveau à remplir.")),
    "montrer": (Verb.VISIBILITY, gettext_noop("C’est fait : les professionnels voient cette partie.")),
    "masquer": (Verb.VISIBILITY, gettext_noop("C’est fait : les professionnels ne voient plus cette partie.")),
}
"""What may be asked: as what it is decided, and what is said once it is done."""


def one(request: HttpRequest, visit: Visit, section: str) -> HttpResponseBase:
    """The items of a section, newest first; measures by what is measured, with their curves."""
    which = section_named(section)
    with visit.open(Verb.LIST) as grant:
        found = profile(grant)
        documents = _linked(grant, found.of(which))
    note = note_in(request, reader=visit.actor.id, at=now())
    shown = rows(found.of(which), found.items, documents, document_path)
    context = {
        **about(which, found),
        "note": note,
        "undo": undo_in(request) if note else "",
        "rows": shown,
        "groups": groups(found, shown) if which is Section.MEASURES else (),
        "decides": not visit.carer,
        "removes": not visit.guest,
    }
    return render(request, TEMPLATE, context, name=visit.name)


def undo_in(request: HttpRequest) -> str:
    """The id of the item that « Annuler » of this page puts back; "" for none, and for what was made up."""
    try:
        return str(UUID(request.GET.get(UNDO, "")))
    except ValueError:
        return ""


def about(which: Section, found: Profile) -> dict[str, object]:
    """What every page of a section says of it."""
    sheet, count, choices = rules.SHEETS[which], len(found.of(which)), found.choices
    day = choices.unconcerned.get(which)
    return {
        "word": which.value,
        "title": said(sheet.title),
        "about": said(sheet.about),
        "add": said(sheet.one),
        "icon": sheet.icon,
        "room": count < sheet.most,
        "unconcerned": told_day(day) if day else "",
        "hidden": which in choices.hidden,
        "blood": which is Section.BLOOD,
        "wishes": which is Section.WISHES,
        "measures": which is Section.MEASURES,
    }


def _linked(grant: Grant, items: Iterable[Item]) -> Mapping[UUID, Document]:
    """The documents to which items are linked, of those that the reader may see."""
    wanted = {document for item in items for document in item.documents}
    return {one.id: one for one in record.documents(grant) if one.id in wanted} if wanted else {}


def choose(request: HttpRequest, visit: Visit, section: str) -> HttpResponseBase:
    """« I am not concerned », or am after all; shown to professionals, or not."""
    which = section_named(section)
    asked = request.POST.get(ACT, "")
    if asked not in _CHOSEN:
        raise Refused(decisions.NO_RULE_ALLOWS)
    verb, done = _CHOSEN[asked]
    visit.decide(verb, lambda grant: _decide(grant, which, asked))
    return back_to(which, gettext(done), visit)


def _decide(grant: Grant, which: Section, asked: str) -> None:
    if asked in ("aucun", "concerne"):
        actions.say_unconcerned(grant, section=which, on=asked == "aucun")
    else:
        actions.show_section(grant, section=which, visible=asked == "montrer")


def remove(request: HttpRequest, visit: Visit, section: str, item_id: UUID) -> HttpResponseBase:
    """At once, and undone as easily; a digital adviser, to whom nothing is offered to remove, removes nothing."""
    which = section_named(section)
    if visit.guest:
        raise Refused(stating.ITEM_UNKNOWN)
    visit.decide(Verb.STATE, lambda grant: actions.remove(grant, item=item_id))
    return back_to(which, gettext("C’est supprimé."), visit, undo=item_id)


def restore(request: HttpRequest, visit: Visit, section: str, item_id: UUID) -> HttpResponseBase:
    """Nor does an adviser put back what was removed, which they do not see."""
    which = section_named(section)
    if visit.guest:
        raise Refused(stating.ITEM_UNKNOWN)
    visit.decide(Verb.STATE, lambda grant: actions.restore(grant, item=item_id))
    return back_to(which, gettext("C’est remis."), visit)


def back_to(which: Section, done: str, visit: Visit, *, undo: UUID | None = None) -> HttpResponseBase:
    answer = redirect_saying(path_of(which), done, reader=visit.actor.id, at=now())
    if undo:
        answer.headers["Location"] += f"&{UNDO}={undo}"
    return answer


def path_of(which: Section) -> str:
    return reverse("health_section", args=[which.value])
