"""A document as a page: its title, facts, marks and body, its embedded files, and the bytes as they were deposited."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from espace.kernel.reasons import decisions
from espace.kernel.words import Refused
from espace.looks import cards
from espace.looks.pieces import Piece, file_name, files_of, pieces_of
from espace.looks.words import full_date, full_moment, kind_label, local_day
from espace.record.facts import Content, Document
from espace.wire.cda import CDA_TYPES, CdaDocument, parse, render_html

CLOSED = "default-src 'none'; frame-ancestors 'self'; sandbox"
"""For bytes that come from outside: nothing runs, nothing is fetched. Chromium's PDF viewer accepts this header,
and refuses a frame with a sandbox attribute."""

INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain"})
"""Types that a browser shows by itself; the others are only offered for download."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a door shows one document: its page, the file as deposited, an embedded file counted from 1."""

    page: cards.Address
    original: cards.Address
    piece: Callable[[UUID, int], str]


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as its page says it; every text is ready to be read. Who deposited it and why is the door's to say."""

    title: str
    marks: tuple[str, ...]
    facts: tuple[Fact, ...]
    language: str
    body: str
    readable: bool
    pieces: tuple[Piece, ...]
    download: str
    """Where the XML is, "" for a document that is a file itself: its bytes are its only piece."""
    newer: str
    older: str
    kept_by: str
    """The organisation that keeps its bytes; "" where they are here."""


def reading_of(content: Content, addresses: Addresses, *, to_others: bool = False) -> Reading:
    """What `looks/reading.html` shows, as `reading`; `to_others`: to whoever is not the holder."""
    document, cda = content.document, cda_of(content)
    address, elsewhere = partial(addresses.piece, document.id), bool(document.entry.repository)
    files = () if elsewhere else files_of(content, cda)
    return Reading(
        title=cards.title(document),
        marks=cards.marks(document, to_others=to_others),
        facts=tuple(facts_of(document)),
        language=(document.entry.language or "fr-FR").split(",")[0],
        body=_narrative(cda, address),
        readable=elsewhere or cda is not None or bool(files),
        pieces=pieces_of(files, address, inside=cda is not None and cda.body_level != 1),
        download=addresses.original(document.id) if document.entry.mime_type in CDA_TYPES and not elsewhere else "",
        newer=addresses.page(document.replaced_by) if document.replaced_by else "",
        older=addresses.page(document.replaces) if document.replaces else "",
        kept_by=document.organisation_name if elsewhere else "",
    )


def original(content: Content) -> HttpResponse:
    """The document, byte for byte as it was deposited."""
    media_type = content.document.entry.mime_type
    name = file_name(cards.title(content.document), media_type)
    return _bytes(content.data, media_type, name, attached=True)


def embedded(content: Content, number: int, *, attached: bool) -> HttpResponse:
    """A file embedded in the document, counted from 1; its type is the one that its bytes show. Raises Refused."""
    files = files_of(content, cda_of(content))
    if not 1 <= number <= len(files):
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    media = files[number - 1]
    name = file_name(cards.title(content.document), media.media_type)
    return _bytes(media.data, media.media_type, name, attached=attached or media.media_type not in INLINE)


def saved(content: Content, number: int) -> bool:
    """Whether a browser, which does not show such files, would save this one of the document."""
    files = files_of(content, cda_of(content))
    return 1 <= number <= len(files) and files[number - 1].media_type not in INLINE


def deposited(document: Document) -> str:
    """Who deposited it, and when: software of an organisation, a professional who acted there, or the holder."""
    if document.own:
        values = {"who": cards.added_by(document), "moment": full_moment(document.deposited_at)}
        helped = gettext("%(who)s, le %(moment)s.")
        return (helped if "," in values["who"] else gettext("%(who)s le %(moment)s.")) % values
    who = ", ".join(filter(None, (document.professional, document.organisation_name)))
    values = {"moment": full_moment(document.deposited_at), "who": who}
    return gettext("Déposé le %(moment)s par %(who)s.") % values


def _bytes(data: bytes, media_type: str, name: str, *, attached: bool) -> HttpResponse:
    kind = f"{media_type}; charset=utf-8" if media_type == "text/plain" else media_type
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(attached, name) or "attachment"
    response.headers["Content-Security-Policy"] = CLOSED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def cda_of(content: Content) -> CdaDocument | None:
    """The document as a CDA; None when it was deposited as a plain file."""
    if content.document.entry.mime_type not in CDA_TYPES:
        return None
    return parse(content.data, zone=timezone.get_default_timezone()).document


def _narrative(cda: CdaDocument | None, address: Callable[[int], str]) -> str:
    """The body as HTML, which the renderer makes from an allow-list: the template's « safe » rests on that."""
    if cda is None or cda.body_level == 1:
        return ""
    numbers = {media.id: number for number, media in enumerate(cda.media, start=1)}
    return render_html(cda, media_url=lambda media_id: address(numbers[media_id]))


def facts_of(document: Document) -> list[Fact]:
    """Who wrote a document, where, when, and what kind it is."""
    authors = ", ".join(filter(None, map(cards.author_line, document.entry.authors)))
    stated = (
        (gettext("Écrit par"), authors),
        (gettext("Organisme"), cards.institution(document)),
        (gettext("Date"), full_date(local_day(cards.happened_at(document)))),
        (gettext("Catégorie"), kind_label(cards.kind(document))),
    )
    return [Fact(label, value) for label, value in stated if value]
