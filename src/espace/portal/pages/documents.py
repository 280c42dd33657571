"""« Documents »: everything the holder may see, by month, with a search."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.kernel.words import Verb
from espace.looks import cards
from espace.looks.filters import Chosen, chosen_in, kinds_in, matches, sealed, unsealed, years_in
from espace.looks.frame import render
from espace.looks.paging import Pager, cut, page_number
from espace.looks.words import counted_documents
from espace.portal.pages.lines import RECENT, opened_by_holder
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import queries as record
from espace.record.facts import Document, Status
from espace.trace import queries as trace

TEMPLATE = "portal/documents.html"


def documents(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        return _to_results(chosen_in(request.POST), visit)
    token = request.GET.get("filtre", "")
    chosen = unsealed(token, visit.actor.id) if token else Chosen()
    with visit.open(Verb.LIST, {"kind": chosen.kind} if chosen.kind else None) as grant:
        found = record.documents(grant)
        opened = opened_by_holder(trace.history(grant, limit=RECENT))
    number = page_number(request.GET.get("page", ""))
    return _page(request, visit, found, opened, chosen, token if chosen.some else "", number)


def _to_results(chosen: Chosen, visit: Visit) -> HttpResponse:
    query = "?" + urlencode({"filtre": sealed(chosen, visit.actor.id)}) if chosen.some else ""
    return HttpResponseRedirect(reverse("documents") + query)


def _page(
    request: HttpRequest,
    visit: Visit,
    found: Collection[Document],
    opened: cards.Opened,
    chosen: Chosen,
    token: str,
    number: int,
) -> HttpResponse:
    kept = [one for one in cards.newest_first(found) if matches(one, chosen)]
    shown, last = cut(kept, number)
    context = {
        "any": bool(found),
        "months": cards.by_month(shown, document_path, opened),
        "counted": counted_documents(len(kept)),
        "chosen": chosen,
        "kinds": kinds_in(found, chosen),
        "years": years_in(found, chosen),
        "has_old": any(one.status is not Status.APPROVED for one in found),
        "pager": _pager(min(number, last), last, token),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _pager(number: int, last: int, token: str) -> Pager:
    return Pager(
        previous=_address(number - 1, token) if number > 1 else "",
        next=_address(number + 1, token) if number < last else "",
        previous_label=gettext("Plus récents"),
        next_label=gettext("Plus anciens"),
    )


def _address(number: int, token: str) -> str:
    chosen = [("filtre", token)] if token else []
    return "?" + urlencode([*chosen, ("page", str(number))])
