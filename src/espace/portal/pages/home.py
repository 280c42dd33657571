"""« Accueil »: what is new, the last documents, who used the space lately."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import ngettext

from espace.edge import now
from espace.kernel.words import Verb
from espace.looks.cards import card, is_new, newest_first
from espace.looks.frame import render
from espace.looks.notes import note_in
from espace.looks.words import clock_time, full_date, local_day
from espace.portal.adapters import PREVIOUS_VISIT
from espace.portal.pages.history import altered_words
from espace.portal.pages.lines import RECENT, known, lately, may_read, opened_by, own, shown
from espace.portal.pages.relatives.listing import asked_of
from espace.portal.pages.visit import Visit
from espace.portal.pages.way_back import waiting_words
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record.facts import Document, Status
from espace.trace import queries as trace

LAST_DOCUMENTS = 4
LAST_LINES = 4


def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/welcome.html", {})


def home(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        about = known(grant)
        read = trace.read_shown(grant, may_read(grant, about.visible), most=RECENT)
    history = read.lines
    opened = opened_by(history, visit.reader)
    events = () if visit.carer else shown(history, about.visible, helper=not visit.own)
    others = [event for event in events if not own(event, visit.reader)]
    current = newest_first([one for one in about.documents.values() if one.status is Status.APPROVED])
    unread = [one for one in current if is_new(one, opened)]
    context = {
        "way_back": waiting_words(visit.actor.id) if visit.own else "",
        "altered": "" if visit.carer else altered_words(read.altered),
        "accesses": not visit.carer,
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "asked": asked_of(request) if visit.own else (),
        "given_name": visit.name.split(" ")[0],
        "news": news(unread, previous_visit(request) if visit.own else None) if current else gettext("Bienvenue."),
        "newest": card(unread[0], document_path, opened) if unread else None,
        "cards": [card(one, document_path, opened) for one in current[:LAST_DOCUMENTS]],
        "lines": lately(others, about, LAST_LINES),
    }
    return render(request, "portal/home.html", context, name=visit.name)


def previous_visit(request: HttpRequest) -> datetime | None:
    stated = request.session.get(PREVIOUS_VISIT)
    return datetime.fromisoformat(stated) if stated else None


def news(unread: Sequence[Document], since: datetime | None) -> str:
    """One or two sentences: how many documents the holder has not opened, how many came since last time."""
    if not unread:
        return gettext("Rien de nouveau : vous avez ouvert tous vos documents.")
    arrived = sum(one.deposited_at > since for one in unread) if since else 0
    said = ngettext(
        "%(count)s document que vous n’avez pas encore ouvert.",
        "%(count)s documents que vous n’avez pas encore ouverts.",
        len(unread),
    ) % {"count": len(unread)}
    return f"{said} {_arrived(arrived, since)}".strip() if since else said


def _arrived(count: int, since: datetime) -> str:
    """Since a visit of today the hour counts, since one of another day the day does."""
    visit = gettext("du %(day)s") % {"day": full_date(local_day(since))}
    if local_day(since) == local_day(now()):
        visit = gettext("d’aujourd’hui à %(time)s") % {"time": clock_time(since)}
    if count == 0:
        return gettext("Aucun n’est arrivé depuis votre visite %(visit)s.") % {"visit": visit}
    return ngettext(
        "%(count)s est arrivé depuis votre visite %(visit)s.",
        "%(count)s sont arrivés depuis votre visite %(visit)s.",
        count,
    ) % {"count": count, "visit": visit}
