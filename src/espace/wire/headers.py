"""What a content says of itself, once it was read: the header of a CDA, or the manifest of an examination."""

from espace.wire.cda import CdaDocument
from espace.wire.kos import MEDIA_TYPE, KeyObjects

Header = CdaDocument | KeyObjects


def media_type_of(header: Header) -> str:
    """The type that the bytes showed."""
    return MEDIA_TYPE if isinstance(header, KeyObjects) else header.entry.mime_type
