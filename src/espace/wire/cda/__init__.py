"""CDA R2 (HL7, 2005; CI-SIS): bytes to values, and narrative to accessible HTML."""

from espace.wire.cda.reading import parse
from espace.wire.cda.render import render_html, text_of
from espace.wire.cda.values import BODY_MEDIA, CDA_TYPES, CdaDocument, CdaResult, Media, RelatedDocument, Section

__all__ = [
    "BODY_MEDIA",
    "CDA_TYPES",
    "CdaDocument",
    "CdaResult",
    "Media",
    "RelatedDocument",
    "Section",
    "parse",
    "render_html",
    "text_of",
]
