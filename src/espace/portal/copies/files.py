"""The files of one document: as it was deposited, what it embeds, and a page to read it where it is a CDA."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import override

from espace.looks import cards
from espace.looks.pieces import file_name
from espace.looks.reading import cda_of, facts_of
from espace.looks.words import local_day
from espace.record.facts import Content, Document
from espace.wire.cda import CdaDocument, render_html

FOLDER = "documents"
READABLE = ".html"
TEMPLATE = "portal/copies/document.html"
_MOST_TITLE = 60
_LOST = """Le contenu de ce document ne peut pas être lu : l’exploitant du service en est averti.

The content of this document cannot be read: the operator of the service is told.
"""


def files(document: Document, data: bytes | None, number: int) -> list[tuple[str, bytes]]:
    """Names, in small letters and digits only, and bytes; the document as it was deposited comes first.

    A content that is lost or altered has a note in its place: it is said, never left out.
    """
    with override("fr"):  # documents are French, and so are their titles
        stem = f"{FOLDER}/{local_day(cards.happened_at(document)).isoformat()}-{_slug(document)}-{number:04}"
        if data is None:
            return [(f"{stem}-illisible.txt", _LOST.encode())]
        cda = cda_of(Content(document, data))
        read = _read(document, cda, stem) if cda else ()
        return [(f"{stem}.{extension(document.entry.mime_type)}", data), *read]


def extension(media_type: str) -> str:
    return file_name("", media_type).rpartition(".")[2]


def _slug(document: Document) -> str:
    return slugify(cards.title(document))[:_MOST_TITLE].strip("-_") or "document"


def _read(document: Document, cda: CdaDocument, stem: str) -> Iterator[tuple[str, bytes]]:
    names = [f"{stem}-{place}.{extension(media.media_type)}" for place, media in enumerate(cda.media, start=1)]
    yield from zip(names, (media.data for media in cda.media), strict=True)
    near = {media.id: name.rpartition("/")[2] for media, name in zip(cda.media, names, strict=True)}
    context = {
        "title": cards.title(document),
        "marks": cards.marks(document),
        "facts": facts_of(document),
        "language": (document.entry.language or "fr-FR").split(",")[0],
        "body": "" if cda.body_level == 1 else render_html(cda, media_url=near.get),
        "embedded": near.values(),
    }
    yield f"{stem}{READABLE}", render_to_string(TEMPLATE, context).encode()
