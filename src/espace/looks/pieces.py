"""The files embedded in a document: which are shown, which are offered, under what name."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from espace.looks.words import readable_size
from espace.record.facts import Content
from espace.wire.cda import BODY_MEDIA, CDA_TYPES, CdaDocument, Media

MOST_NAME = 80

_EXTENSIONS: Mapping[str, str] = {
    "application/dicom": "dcm",
    "application/pdf": "pdf",
    "application/rtf": "rtf",
    "application/xslt+xml": "xml",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "text/xml": "xml",
}
_SHOWN: Mapping[str, str] = {
    "application/dicom": "viewer",
    "application/pdf": "pdf",
    "image/gif": "image",
    "image/jpeg": "image",
    "image/png": "image",
    "text/plain": "text",
}
_OFFERS: Mapping[str, str] = {
    "application/dicom": gettext_noop("Télécharger le lien vers les images"),
    "application/pdf": gettext_noop("Télécharger le PDF"),
    "application/rtf": gettext_noop("Télécharger le texte (RTF)"),
    "text/rtf": gettext_noop("Télécharger le texte (RTF)"),
    "text/plain": gettext_noop("Télécharger le texte"),
}
_OFFER_IMAGE = gettext_noop("Télécharger l’image")


@dataclass(frozen=True, slots=True)
class Piece:
    """`shown` is pdf, image, text, viewer for what names images that a viewer opens, or "" for what is only offered;
    `inside` when the narrative shows it itself."""

    path: str
    download: str
    label: str
    size: str
    title: str
    shown: str
    text: str
    inside: bool


def files_of(content: Content, cda: CdaDocument | None) -> tuple[Media, ...]:
    """The files of a document: those that a CDA embeds, or the document itself when it is one of them."""
    if cda is not None:
        return cda.media
    entry = content.document.entry
    return () if entry.mime_type in CDA_TYPES else (Media(BODY_MEDIA, entry.mime_type, content.data),)


def pieces_of(files: Sequence[Media], address: Callable[[int], str], *, inside: bool) -> tuple[Piece, ...]:
    """Every file of the document, in its order; `inside` when the narrative shows them itself."""
    return tuple(_piece(media, address(number), number, inside=inside) for number, media in enumerate(files, start=1))


def _piece(media: Media, path: str, number: int, *, inside: bool) -> Piece:
    shown = _SHOWN.get(media.media_type, "")
    return Piece(
        path=path,
        download=f"{path}?telecharger",
        label=gettext(_OFFERS.get(media.media_type, _OFFER_IMAGE)),
        size=readable_size(len(media.data)),
        title=gettext("Contenu du document, %(number)s") % {"number": number},
        shown="" if inside else shown,
        text=media.data.decode("utf-8", "replace") if shown == "text" and not inside else "",
        inside=inside,
    )


def _unfit(letter: str) -> bool:
    return letter in '/\\:*?"<>|' or unicodedata.category(letter).startswith(("C", "Z"))


def file_name(title: str, media_type: str) -> str:
    """A name that every system takes: no path, no control, no leading dot, a bounded length."""
    kept = "".join(" " if _unfit(letter) else letter for letter in title)
    stem = " ".join(kept.split()).strip(". ")[:MOST_NAME].strip() or "document"
    return f"{stem}.{_EXTENSIONS.get(media_type, 'bin')}"
