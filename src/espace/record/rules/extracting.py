"""Which documents are read by the platform, to know what they state of somebody's health."""

from espace.record.facts import Document
from espace.wire.cda import CDA_TYPES


def states_facts(document: Document) -> bool:
    """Whether a document may state facts in codes: a CDA whose bytes are here, and that the holder did not add, who
    could have written it."""
    kept_elsewhere = bool(document.entry.repository)
    return document.entry.mime_type in CDA_TYPES and not (document.own or document.damaged or kept_elsewhere)
