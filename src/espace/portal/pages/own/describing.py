"""« Modifier »: the type, the title and the date of documents that the holder added, one or several (D34)."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, ngettext

from espace.edge import now
from espace.kernel.reasons import documents
from espace.kernel.words import Grant, Refused, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import local_day
from espace.portal.pages.own.choosing import among, chosen_ids, to_list_saying
from espace.portal.pages.own.forms import MOST_TITLE, DescribeForm
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Document

TEMPLATE = "portal/own/describing.html"


def describe(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """One form for each document that the address names. Refused(NOT_YOUR_DOCUMENT) for what the holder did not add."""
    ids = chosen_ids(request)
    if request.method != "POST":
        return _page(request, visit, ids)
    forms = [DescribeForm(request.POST, prefix=str(number)) for number in range(len(ids))]
    if [form for form in forms if not form.is_valid()]:
        return _page(request, visit, ids, forms)

    def act(grant: Grant) -> None:
        for one, form in zip(ids, forms, strict=True):
            actions.describe(grant, document=one, **form.cleaned_data)

    visit.decide(Verb.DESCRIBE, act)
    done = gettext("C’est fait : vos changements sont enregistrés.")
    if len(ids) == 1:
        return redirect_saying(document_path(ids[0]), done, reader=visit.actor.id, at=now())
    return to_list_saying(done, visit)


def _page(
    request: HttpRequest, visit: Visit, ids: Sequence[UUID], forms: Sequence[DescribeForm] = ()
) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        found = among(record.documents(grant), ids)
    if not all(one.own for one in found):
        raise Refused(documents.NOT_YOUR_DOCUMENT)
    forms = forms or [DescribeForm(initial=_initial(one), prefix=str(number)) for number, one in enumerate(found)]
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "title": ngettext("Modifier ce document", "Modifier %(count)s documents", len(ids)) % {"count": len(ids)},
        "parts": [(cards.title(one), form) for one, form in zip(found, forms, strict=True)],
        "several": len(ids) > 1,
        "wrong": any(form.errors for form in forms),
        "back": document_path(ids[0]) if len(ids) == 1 else "",
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _initial(document: Document) -> dict[str, object]:
    entry = document.entry
    return {
        "type_code": entry.type.code if entry.type else "",
        "title": cards.written_title(document)[:MOST_TITLE],
        "day": local_day(entry.service_start) if entry.service_start else None,
    }
