"""A document: read on the page, downloaded as it was deposited, its embedded files one by one."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from espace.kernel.reasons import decisions
from espace.kernel.words import Refused, Verb
from espace.portal.pages import cards
from espace.portal.pages.frame import render
from espace.portal.pages.pieces import Piece, file_name, files_of, pieces_of
from espace.portal.pages.visit import Visit
from espace.portal.pages.words import full_date, full_moment, kind_label, local_day, said
from espace.record import queries as record
from espace.record.facts import Content, Document
from espace.wire.cda import CDA_TYPES, CdaDocument, parse, render_html

TEMPLATE = "portal/reading.html"
CLOSED = "default-src 'none'; frame-ancestors 'self'; sandbox"
"""For bytes that come from outside: nothing runs, nothing is fetched. Chromium's PDF viewer accepts this header,
and refuses a frame with a sandbox attribute."""

INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain"})
"""Types that a browser shows by itself; the others are only offered for download."""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as its page says it; every text is ready to be read."""

    title: str
    marks: tuple[str, ...]
    facts: tuple[Fact, ...]
    language: str
    body: str
    readable: bool
    pieces: tuple[Piece, ...]
    download: str
    newer: str
    older: str
    deposited: str
    why: str


def reading(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    with visit.open(Verb.READ) as grant:
        content = record.content(grant, document_id)
    return render(request, TEMPLATE, {"reading": _reading(content)}, name=visit.actor.name)


def download(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """The document, byte for byte as it was deposited."""
    with visit.open(Verb.DOWNLOAD) as grant:
        content = record.content(grant, document_id)
    media_type = content.document.entry.mime_type
    name = file_name(cards.title(content.document), media_type)
    return _bytes(content.data, media_type, name, attached=True)


def piece(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponseBase:
    """A file embedded in the document, counted from 1; its type is the one that its bytes show."""
    attached = "telecharger" in request.GET
    with visit.open(Verb.DOWNLOAD if attached else Verb.READ) as grant:
        content = record.content(grant, document_id)
    files = files_of(content, _parsed(content))
    if not 1 <= number <= len(files):
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    media = files[number - 1]
    name = file_name(cards.title(content.document), media.media_type)
    return _bytes(media.data, media.media_type, name, attached=attached or media.media_type not in INLINE)


def _bytes(data: bytes, media_type: str, name: str, *, attached: bool) -> HttpResponse:
    kind = f"{media_type}; charset=utf-8" if media_type == "text/plain" else media_type
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(attached, name) or "attachment"
    response.headers["Content-Security-Policy"] = CLOSED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _parsed(content: Content) -> CdaDocument | None:
    """The document as a CDA; None when it was deposited as a plain file."""
    if content.document.entry.mime_type not in CDA_TYPES:
        return None
    return parse(content.data, zone=timezone.get_default_timezone()).document


def _reading(content: Content) -> Reading:
    document, cda = content.document, _parsed(content)
    files = files_of(content, cda)
    return Reading(
        title=cards.title(document),
        marks=cards.marks(document),
        facts=tuple(_facts(document)),
        language=(document.entry.language or "fr-FR").split(",")[0],
        body=_narrative(cda, document.id),
        readable=cda is not None or bool(files),
        pieces=pieces_of(files, document.id, inside=cda is not None and cda.body_level != 1),
        download=reverse("download", args=[document.id]),
        newer=cards.path(document.replaced_by) if document.replaced_by else "",
        older=cards.path(document.replaces) if document.replaces else "",
        deposited=_deposited(document),
        why=said(decisions.FEED_AUTHORISED.holder),
    )


def _narrative(cda: CdaDocument | None, document_id: UUID) -> str:
    """The body as HTML, which the renderer makes from an allow-list: the template's « safe » rests on that."""
    if cda is None or cda.body_level == 1:
        return ""
    numbers = {media.id: number for number, media in enumerate(cda.media, start=1)}

    def address(media_id: str) -> str:
        return reverse("piece", args=[document_id, numbers[media_id]])

    return render_html(cda, media_url=address)


def _facts(document: Document) -> list[Fact]:
    authors = ", ".join(filter(None, map(cards.author_line, document.entry.authors)))
    stated = (
        (gettext("Écrit par"), authors),
        (gettext("Organisme"), cards.institution(document)),
        (gettext("Date"), full_date(local_day(cards.happened_at(document)))),
        (gettext("Catégorie"), kind_label(cards.kind(document))),
    )
    return [Fact(label, value) for label, value in stated if value]


def _deposited(document: Document) -> str:
    values = {"moment": full_moment(document.deposited_at), "who": document.organisation_name}
    return gettext("Déposé le %(moment)s par %(who)s.") % values
