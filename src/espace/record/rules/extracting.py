"""Which documents are read by the platform: for their words, which are searched, and for what they state of somebody's
health. Here alone is it said."""

from espace.record.facts import Document
from espace.wire.cda import CDA_TYPES
from espace.wire.files import PDF, RTF, TEXT
from espace.wire.xds import DocumentEntry

FILES = frozenset({PDF, RTF, "text/rtf", TEXT})
"""Files that may have words in them; pictures have none."""


def is_read(entry: DocumentEntry, *, signs: bool = False) -> bool:
    """Whether the platform reads a document of this kind: its bytes are here, and it does not sign another one."""
    return entry.mime_type in CDA_TYPES | FILES and not (entry.repository or signs)


def has_words(document: Document) -> bool:
    """Whether there is something to read in it, for search at least; whoever added it."""
    return is_read(document.entry, signs=bool(document.signs)) and not document.damaged


def states_facts(document: Document) -> bool:
    """Whether a document may state facts in codes: a CDA, and that the holder did not add, who could have written
    it."""
    return document.entry.mime_type in CDA_TYPES and not document.own and has_words(document)
