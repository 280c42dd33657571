"""Requests of ITI-18 and ITI-43 written out by hand."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from espace.wire.ebxml.schemes import QUERY, RIM, XDSB, StoredQuery
from espace.wire.xml import Element, parse_xml

APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
Slots = Sequence[tuple[str, str | Sequence[str]]]


def adhoc(kind: str, slots: Slots, *, returns: str = "LeafClass") -> bytes:
    """AdhocQueryRequest; a slot has one Value, or several."""
    body = "".join(_slot(name, [said] if isinstance(said, str) else said) for name, said in slots)
    return (
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:r="{RIM}">'
        f'<q:ResponseOption returnComposedObjects="true" returnType={quoteattr(returns)}/>'
        f"<r:AdhocQuery id={quoteattr(kind)}>{body}</r:AdhocQuery></q:AdhocQueryRequest>"
    ).encode()


def _slot(name: str, values: Sequence[str]) -> str:
    said = "".join(f"<r:Value>{escape(value)}</r:Value>" for value in values)
    return f"<r:Slot name={quoteattr(name)}><r:ValueList>{said}</r:ValueList></r:Slot>"


def retrieve(*wanted: tuple[str, str]) -> bytes:
    """RetrieveDocumentSetRequest of (repositoryUniqueId, uniqueId)."""
    rows = "".join(
        f"<x:DocumentRequest><x:RepositoryUniqueId>{escape(repository)}</x:RepositoryUniqueId>"
        f"<x:DocumentUniqueId>{escape(unique)}</x:DocumentUniqueId></x:DocumentRequest>"
        for repository, unique in wanted
    )
    return f'<x:RetrieveDocumentSetRequest xmlns:x="{XDSB}">{rows}</x:RetrieveDocumentSetRequest>'.encode()


def parsed(data: bytes) -> Element:
    found = parse_xml(data)
    assert found.root is not None, found.problems
    return found.root


def finding(*more: tuple[str, str | Sequence[str]], returns: str = "LeafClass") -> bytes:
    """FindDocuments of the current documents of a test patient."""
    patient = ("$XDSDocumentEntryPatientId", "'279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH'")
    slots = [patient, ("$XDSDocumentEntryStatus", APPROVED), *more]
    return adhoc(StoredQuery.FIND_DOCUMENTS, slots, returns=returns)
