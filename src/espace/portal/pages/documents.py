"""« Documents »: everything the holder may see, what they pinned first, then by month; by folder, with a search."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.clinical import queries as clinical
from espace.edge import now
from espace.kernel.folding import folded
from espace.kernel.values import replace
from espace.kernel.words import Verb
from espace.looks import cards
from espace.looks.filters import Chosen, chosen_in, kinds_in, matches, sealed, unsealed, years_in
from espace.looks.finding import Sought, beyond_words, sought
from espace.looks.frame import render
from espace.looks.notes import note_in
from espace.looks.paging import cut, page_number, pager
from espace.looks.words import counted_documents, local_day, month_name
from espace.portal.pages.lines import RECENT, may_read, opened_by
from espace.portal.pages.own.adding_words import Reader, added_by
from espace.portal.pages.own.arranging import UNCHOSEN
from espace.portal.pages.own.choosing import list_words
from espace.portal.pages.own.removing import undo_in
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import queries as record
from espace.record.facts import Document, Folder, Status
from espace.trace import queries as trace

TEMPLATE = "portal/documents.html"
NO_FOLDER = "aucun"
NO_WORD = Sought()


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the list, as its holder arranged it."""

    id: UUID
    card: cards.Card
    folder: str
    pinned: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One choice of the row of folders."""

    path: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class List:
    """The documents asked for, in their order, and everything that was found to choose from."""

    found: Collection[Document]
    kept: Sequence[Document]
    folders: Mapping[UUID, Folder]
    opened: cards.Opened
    reader: Reader
    looked_for: Sought


def documents(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        return _to_results(request, chosen_in(request.POST), visit)
    token, place = request.GET.get("filtre", ""), request.GET.get("dossier", "")
    chosen = unsealed(token, visit.actor.id) if token else Chosen()
    with visit.open(Verb.LIST, {"kind": chosen.kind} if chosen.kind else None) as grant:
        every, visible = record.documents_and_visible_ids(grant)
        found, known = record.in_folders(grant, (one for one in every if not one.signs))
        opened = opened_by(trace.read_shown(grant, may_read(grant, visible), most=RECENT).lines, visit.reader)
        looked_for = sought(chosen.words, clinical.known(grant, texts=True) if chosen.words else None)
    folders = {one.id: one for one in known}
    kept = [one for one in found if _in(one, place) and _matches(one, chosen, folders, looked_for)]
    kept = sorted(cards.newest_first(kept), key=lambda one: not one.pinned)
    listed = List(found, kept, folders, opened, Reader(visit.name, own=visit.own), looked_for)
    return _page(request, visit, listed, chosen, place)


def _to_results(request: HttpRequest, chosen: Chosen, visit: Visit) -> HttpResponse:
    """The words travel sealed; the folder that somebody looks in stays."""
    words = [(name, value) for name, value in list_words(request) if name == "dossier"]
    words += [("filtre", sealed(chosen, visit.actor.id))] if chosen.some else []
    return HttpResponseRedirect(f"{reverse('documents')}{_query(words)}")


def _query(words: Sequence[tuple[str, str]]) -> str:
    return f"?{urlencode(words)}" if words else ""


def _in(document: Document, place: str) -> bool:
    here = str(document.folder) if document.folder else NO_FOLDER
    return place in ("", here)


def _matches(document: Document, chosen: Chosen, folders: Mapping[UUID, Folder], looked_for: Sought) -> bool:
    """What the shared search finds, and what lies in a folder whose name has every word."""
    folder = folders.get(document.folder) if document.folder else None
    words = folded(chosen.words).split()
    named = folder is not None and bool(words) and all(word in folded(folder.name) for word in words)
    return matches(document, chosen, NO_WORD if named else looked_for)


def _page(request: HttpRequest, visit: Visit, listed: List, chosen: Chosen, place: str) -> HttpResponse:
    number = page_number(request.GET.get("page", ""))
    shown, last = cut(listed.kept, number)
    note = note_in(request, reader=visit.actor.id, at=now())
    kept = [(name, value) for name, value in list_words(request) if name != "page"]
    context = {
        "note": note,
        "undo": undo_in(request) if note else (),
        "unchosen": UNCHOSEN in request.GET,
        "any": bool(listed.found),
        "groups": _groups(shown, listed),
        "counted": counted_documents(len(listed.kept)),
        "beyond": beyond_words(listed.looked_for),
        "declared": listed.looked_for.declared,
        "chosen": chosen,
        "narrowed": chosen.some or bool(place),
        "place": place,
        "shelves": _shelves(listed, place) if listed.folders else (),
        "kinds": kinds_in(listed.found, chosen),
        "years": years_in(listed.found, chosen),
        "has_old": any(one.status is not Status.APPROVED for one in listed.found),
        "search_path": reverse("documents") + _query([word for word in kept if word[0] == "dossier"]),
        "choose_path": reverse("choose") + _query(list_words(request)),
        "pager": pager(number, last, lambda page: _query([*kept, ("page", str(page))])),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _groups(shown: Sequence[Document], listed: List) -> tuple[Group, ...]:
    """« Épinglés », then a group for each month."""
    grouped = groupby(shown, key=lambda one: gettext("Épinglés") if one.pinned else _month(one))
    return tuple(Group(label, tuple(_row(one, listed) for one in group)) for label, group in grouped)


def _month(document: Document) -> str:
    return month_name(local_day(cards.happened_at(document)))


def _row(document: Document, listed: List) -> Row:
    card = cards.card(document, document_path, listed.opened)
    folder = listed.folders.get(document.folder) if document.folder else None
    by = added_by(document, listed.reader) if document.own else card.by
    card = replace(card, by=by, extracts=listed.looked_for.extracts(document.id))
    return Row(document.id, card, folder.name if folder else "", document.pinned, document.own)


def _shelves(listed: List, place: str) -> tuple[Shelf, ...]:
    """« Tous », each folder, « Sans dossier »: how many of what may be seen lies where."""
    path, found = reverse("documents"), [one for one in listed.found if one.status is Status.APPROVED]
    counted = {one: sum(document.folder == one for document in found) for one in (None, *listed.folders)}
    named = ((str(one.id), one.name, counted[one.id]) for one in listed.folders.values())
    return (
        Shelf(path, gettext("Tous"), len(found), place == ""),
        *(Shelf(f"{path}?dossier={value}", label, count, place == value) for value, label, count in named),
        Shelf(f"{path}?dossier={NO_FOLDER}", gettext("Sans dossier"), counted[None], place == NO_FOLDER),
    )
