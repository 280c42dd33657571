"""Removing documents that one added, undoing it at once, and putting them back later (D26).

Only what the holder added, ten at most at a time; what others wrote can be masked, never removed.
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, ngettext

from espace.edge import now
from espace.kernel.reasons import decisions
from espace.kernel.words import Refused, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import note_in
from espace.looks.words import full_date, local_day
from espace.portal.pages.own.choosing import among, chosen_ids, ids_in, to_list_saying
from espace.portal.pages.visit import Visit
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Document

TEMPLATE = "portal/own/removing.html"
REMOVED = "portal/own/removed.html"
MOST_REMOVED = 10
UNDO = "annuler"
"""In the address of the page after: what « Annuler » puts back."""


def remove(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What will be lost, then one press."""
    ids = chosen_ids(request)
    if request.method != "POST":
        return _page(request, visit, ids)
    visit.decide(Verb.REMOVE, lambda grant: actions.remove(grant, documents=ids))
    done = ngettext(
        "C’est fait : le document est supprimé.", "C’est fait : %(count)s documents sont supprimés.", len(ids)
    ) % {"count": len(ids)}
    return to_list_saying(done, visit, words=[(UNDO, str(one)) for one in ids])


def _page(request: HttpRequest, visit: Visit, ids: Sequence[UUID]) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        found = among(record.documents(grant), ids)
    others = [one for one in found if not one.own]
    context = {
        "title": _title(len(found), others),
        "titles": [cards.title(one) for one in found],
        "others": [cards.title(one) for one in others],
        "depositor": others[0].organisation_name if others else "",
        "possible": not others and len(found) <= MOST_REMOVED,
        "most": MOST_REMOVED,
        "days": settings.ESPACE_TRASH_DAYS,
        "count": len(found),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _title(count: int, others: Sequence[Document]) -> str:
    if not others:
        return ngettext("Supprimer ce document ?", "Supprimer ces %(count)s documents ?", count) % {"count": count}
    if count == len(others):
        return ngettext("Vous ne pouvez pas supprimer ce document", "Vous ne pouvez pas supprimer ces documents", count)
    return gettext("Vous ne pouvez pas supprimer tous ces documents")


def removed(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """« Documents supprimés »: what may still be put back."""
    with visit.open(Verb.LIST) as grant:
        found = record.removed(grant)
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "rows": [_row(one) for one in found],
        "days": settings.ESPACE_TRASH_DAYS,
    }
    return render(request, REMOVED, context, name=visit.name)


def _row(document: Document) -> dict[str, object]:
    at = document.changed_at or document.deposited_at
    return {"id": document.id, "card": cards.card(document, str), "since": full_date(local_day(at))}


def restore(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Put back what the form names. Refused(DOCUMENT_UNKNOWN) for what cannot be put back any more."""
    ids = ids_in(request.POST)
    if not ids:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    visit.decide(Verb.RESTORE, lambda grant: actions.restore(grant, documents=ids))
    done = ngettext(
        "C’est fait : le document est de nouveau dans l’espace.",
        "C’est fait : %(count)s documents sont de nouveau dans l’espace.",
        len(ids),
    ) % {"count": len(ids)}
    return to_list_saying(done, visit)


def undo_in(request: HttpRequest) -> tuple[str, ...]:
    """The ids that « Annuler » of this page puts back; none for what was made up."""
    try:
        return tuple(str(UUID(one)) for one in request.GET.getlist(UNDO)[:MOST_REMOVED])
    except ValueError:
        return ()
