"""A document: read on the page, downloaded as it was deposited, its embedded files one by one."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.edge import now
from espace.kernel.reasons import Reason, advising, care, decisions
from espace.kernel.reasons.helped import logged_to_helper
from espace.kernel.words import FROM_REPRESENTATIVES, Purpose, Refused, Verb, Visibility
from espace.looks.frame import render
from espace.looks.notes import note_in
from espace.looks.reading import deposited, embedded, original, reading_of, saved
from espace.looks.words import said
from espace.portal.pages.hiding import named
from espace.portal.pages.masking_words import topics_told
from espace.portal.pages.own.adding_words import Reader, added_at
from espace.portal.pages.own.choosing import address
from espace.portal.pages.visit import Visit
from espace.portal.places import ADDRESSES
from espace.record import queries as record
from espace.record.facts import Document

TEMPLATE = "portal/reading.html"


def reading(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    with visit.open(Verb.READ) as grant:
        content = record.content(grant, document_id, elsewhere=True)
        folders = {one.id: one.name for one in record.folders(grant, among=())}
        topics = {} if visit.carer else record.topic_names(grant)
    document, ids = content.document, (document_id,)
    masked = Visibility.MASQUE_PS in document.restrictions
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "visibility_path": reverse("unmask" if masked else "mask", args=[document_id]),
        "masked": masked,
        "open_path": reverse("open_secret", args=[document_id]) if _kept_secret(visit, document) else "",
        "kept_from": () if visit.carer else named(document),
        "hide_path": reverse("hide_choose", args=[document_id]),
        "topics": sorted(topics[one] for one in document.topics & topics.keys()),
        "topics_path": reverse("topics_of", args=[document_id]),
        "masked_by": topics_told(document, topics),
        "reading": reading_of(content, ADDRESSES),
        "deposited": _deposited(document, visit),
        "why": said(_why(document).holder if visit.own else logged_to_helper(_why(document))),
        "decides": not visit.carer,
        "own": document.own,
        "pinned": document.pinned,
        "folder": folders.get(document.folder, "") if document.folder else "",
        "arrange_path": address("arrange", ids),
        "describe_path": address("describe", ids),
        "remove_path": address("remove", ids),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def download(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    with visit.open(Verb.DOWNLOAD) as grant:
        content = record.content(grant, document_id)
    return original(content)


def piece(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponseBase:
    attached = "telecharger" in request.GET
    with visit.open(Verb.DOWNLOAD if attached else Verb.READ, framed=False) as grant:
        content = record.content(grant, document_id)
        if visit.guest and saved(content, number):
            raise Refused(advising.ADVISER_TAKES_NOTHING)
    return embedded(content, number, attached=attached)


def _kept_secret(visit: Visit, document: Document) -> bool:
    """Whether the holder, and nobody who stands for them, may show this document to their representatives."""
    return visit.purpose is Purpose.HOLDER and document.restrictions >= FROM_REPRESENTATIVES


def _deposited(document: Document, visit: Visit) -> str:
    return added_at(document, Reader(visit.name, own=visit.own)) if document.own else deposited(document)


def _why(document: Document) -> Reason:
    if document.own:
        return decisions.HOLDER_OWN_DOCUMENTS
    return care.PROFESSIONAL_FEEDS if document.professional else decisions.FEED_AUTHORISED
