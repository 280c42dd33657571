"""« Documents »: everything the holder may see, by month, with a search."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.kernel.words import Verb
from espace.portal.pages import cards
from espace.portal.pages.filters import Chosen, chosen_in, matches, sealed, unsealed
from espace.portal.pages.frame import render
from espace.portal.pages.lines import RECENT, opened_by_holder
from espace.portal.pages.paging import Pager, cut, page_number
from espace.portal.pages.visit import Visit
from espace.portal.pages.words import counted_documents, kind_label, local_day
from espace.record import queries as record
from espace.record.facts import Document, Status
from espace.trace import queries as trace
from espace.wire.nomenclature import KINDS

TEMPLATE = "portal/documents.html"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


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
        "months": cards.by_month(shown, opened),
        "counted": counted_documents(len(kept)),
        "chosen": chosen,
        "kinds": _kinds(found, chosen),
        "years": _years(found, chosen),
        "has_old": any(one.status is not Status.APPROVED for one in found),
        "pager": _pager(min(number, last), last, token),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _kinds(found: Collection[Document], chosen: Chosen) -> tuple[Option, ...]:
    """The kinds that the record has, in the order of the closed list: no choice leads to nothing."""
    present = {cards.kind(one).slug for one in found} | {chosen.kind}
    return tuple(Option(one.slug, kind_label(one), one.slug == chosen.kind) for one in KINDS if one.slug in present)


def _years(found: Collection[Document], chosen: Chosen) -> tuple[Option, ...]:
    present = {str(local_day(cards.happened_at(one)).year) for one in found} | ({chosen.year} - {""})
    return tuple(Option(year, year, year == chosen.year) for year in sorted(present, reverse=True))


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
