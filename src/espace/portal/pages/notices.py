"""« Avis »: what the portal tells, newest first. Opening it marks nothing as read: a GET writes its line only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.paging import Pager
from espace.looks.words import bound, clock_time, full_date, local_day
from espace.notices import actions
from espace.notices import queries as notices_of
from espace.notices.facts import About, Centre, Received
from espace.portal.pages.notice_words import Words, words_of
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path

PER_PAGE = 25
TEMPLATE = "portal/notices.html"
ALL = "tout"


@dataclass(frozen=True, slots=True)
class Item:
    """One notice of the page: `icon`, what happened, what to do about it, the documents, and where to look."""

    id: UUID
    words: Words
    time: str
    iso: str
    unread: bool
    documents: tuple[tuple[str, str], ...]
    """Where each can be read, "" for one that cannot any more; and its title."""


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    items: tuple[Item, ...]


def notices(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        said = visit.decide(Verb.NOTICES, lambda grant: _changed(grant, request))
        return redirect_saying(request.get_full_path().split("?")[0], said, reader=visit.actor.id, at=now())
    before = _id(request.GET.get("avant", ""))
    with visit.open(Verb.HISTORY) as grant:
        found = notices_of.centre(grant, most=PER_PAGE, before=before)
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "days": by_day(found.notices),
        "unread": any(not one.read for one in found.notices) or bool(visit.unread),
        "pager": _pager(found, first=before is None),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _changed(grant: Grant, request: HttpRequest) -> str:
    """What was asked of one notice, or of all; what is said of it is the same for one that does not exist."""
    read, gone = request.POST.get("lu", ""), _id(request.POST.get("supprimer", ""))
    if gone:
        actions.remove(grant, [gone])
        return gettext("Avis supprimé. L’historique garde ce qui s’est passé.")
    if read == ALL:
        actions.mark_read(grant)
        return gettext("Tous les avis sont marqués comme lus.")
    one = _id(read)
    actions.mark_read(grant, [one] if one else [])
    return gettext("Avis marqué comme lu.")


def by_day(found: Iterable[Received]) -> tuple[Day, ...]:
    grouped = groupby(found, key=lambda one: local_day(one.notice.at))
    return tuple(Day(full_date(day), tuple(_item(one) for one in group)) for day, group in grouped)


def _item(one: Received) -> Item:
    at = one.notice.at
    return Item(
        one.id, words_of(one.notice), clock_time(at), at.isoformat(), not one.read,
        _named(one.notice.documents),
    )  # fmt: skip


def _named(documents: Sequence[About]) -> tuple[tuple[str, str], ...]:
    untitled = gettext("Document sans titre")
    return tuple(
        (document_path(one.id) if one.there else "", bound(one.title.strip()) or untitled) for one in documents
    )


def _pager(found: Centre, *, first: bool) -> Pager:
    return Pager(
        previous="" if first else "?",
        next="?" + urlencode({"avant": str(found.older)}) if found.older else "",
        previous_label=gettext("Revenir au plus récent"),
        next_label=gettext("Plus anciens"),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
