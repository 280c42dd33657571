"""What the FHIR door answers: bundles, documents, statements of what it can do. Bytes of JSON, all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from espace.kernel.words import Visibility
from espace.wire import nomenclature
from espace.wire.fhir.provide_bundle import Part, Role
from espace.wire.fhir.resources import (
    Attachment,
    Base64,
    Binary,
    Bundle,
    CodeableConcept,
    Coding,
    Content,
    Context,
    DocumentReference,
    Entry,
    Extension,
    Identifier,
    Link,
    Meta,
    Period,
    Reference,
    RelatesTo,
    Response,
    Search,
)
from espace.wire.fhir.values import URI_SYSTEM, is_oid
from espace.wire.xds import Author, Coded, DocumentEntry, Submission

SUBSETTED = Meta(tag=(Coding(system="http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code="SUBSETTED"),))
STATUSES = {"Approved": "current", "Archived": "current", "Deprecated": "superseded", "Deleted": "entered-in-error"}
"""DocumentReference.status by availabilityStatus."""

_MASKED = Extension(url="http://hl7.org/fhir/StructureDefinition/data-absent-reason", value_code="masked")


@dataclass(frozen=True, slots=True)
class Known:
    """A document as the platform knows it; `status` is the last part of XDS availabilityStatus."""

    id: UUID
    entry: DocumentEntry
    status: str
    deposited_at: datetime
    size: int
    restrictions: frozenset[Visibility] = frozenset()
    replaces: UUID | None = None


def encode(resource: msgspec.Struct) -> bytes:
    return msgspec.json.encode(resource)


def transaction_response(
    parts: Iterable[Part], *, sent: Submission, submission: UUID, documents: Sequence[UUID], repeated: Sequence[bool]
) -> Bundle:
    """The answer to ITI-65: one entry for each entry sent, in order (MHD 4.2, 2:3.65.4.2).

    `documents` are the ids given, in the order of the submission, and `repeated` says which were there already;
    a document has the id of its Binary. The set is a repeated one when all its documents are.
    """

    def answer(part: Part) -> Entry:
        if part.role is Role.SUPERSEDED:
            return _done(True, sent.documents[part.document].replaces)
        if part.role is Role.SUBMISSION_SET:
            return _done(all(repeated), f"{part.role}/{submission}")
        return _done(repeated[part.document], f"{part.role}/{documents[part.document]}")

    return Bundle(type="transaction-response", entry=tuple(answer(part) for part in parts))


def _done(already: bool, location: str | None) -> Entry:
    return Entry(response=Response(status="200 OK" if already else "201 Created", location=location))


def searchset(found: Sequence[DocumentReference], *, total: int, base: str, links: Mapping[str, str]) -> Bundle:
    """One page of a search; `links` gives the addresses of this page and of the next (R4, http.html#paging)."""
    entries = (
        Entry(full_url=f"{base}/DocumentReference/{one.id}", resource=one, search=Search(mode="match")) for one in found
    )
    link = tuple(Link(relation=relation, url=url) for relation, url in links.items())
    return Bundle(type="searchset", total=total, link=link, entry=tuple(entries))


def deposit(*, id: UUID, unique_id: str, status: str, deposited_at: datetime) -> DocumentReference:
    """What a feeder sees of its own deposit: no subject, a masked content, and marked as a part of the resource."""
    return DocumentReference(
        id=str(id),
        meta=SUBSETTED,
        master_identifier=_uri(unique_id),
        status=STATUSES[status],
        date=deposited_at.isoformat(),
        content=(Content(attachment=Attachment(extension=(_MASKED,))),),
    )


def document_reference(known: Known, *, base: str, subject: Identifier) -> DocumentReference:
    """A document as its holder reads it: what its sender stated, and the restrictions now in force."""
    entry = known.entry
    return DocumentReference(
        id=str(known.id),
        master_identifier=_uri(entry.unique_id),
        status=STATUSES[known.status],
        type=_concept(entry.type),
        category=_concepts((entry.class_,)),
        subject=Reference(identifier=subject),
        date=_time(entry.creation_time) or known.deposited_at.isoformat(),
        author=tuple(said for author in entry.authors if (said := _author(author))),
        authenticator=_author(entry.legal_authenticator) if entry.legal_authenticator else None,
        custodian=Reference(identifier=Identifier(value=entry.custodian_id)) if entry.custodian_id else None,
        relates_to=_replaces(known.replaces),
        description=entry.comments or None,
        security_label=_labels(entry.confidentiality, known.restrictions),
        content=(Content(attachment=_attachment(known, base), format=_coding(entry.format)),),
        context=_context(entry),
    )


def _attachment(known: Known, base: str) -> Attachment:
    entry = known.entry
    return Attachment(
        content_type=entry.mime_type or None,
        language=entry.language or None,
        url=f"{base}/Binary/{known.id}",
        size=known.size,
        hash=entry.hash,
        title=entry.title or None,
        creation=_time(entry.creation_time),
    )


def _context(entry: DocumentEntry) -> Context | None:
    start, end = _time(entry.service_start), _time(entry.service_stop)
    found = Context(
        event=_concepts(entry.event_codes),
        period=Period(start=start, end=end) if start or end else None,
        facility_type=_concept(entry.facility_type),
        practice_setting=_concept(entry.practice_setting),
        related=tuple(
            Reference(identifier=Identifier(system=_system(one.system), value=one.code)) for one in entry.reference_ids
        ),
    )
    return found if found != Context() else None


def _labels(confidentiality: str, restrictions: frozenset[Visibility]) -> tuple[CodeableConcept, ...]:
    systems = nomenclature.systems
    said = [Coded(confidentiality, systems.CONFIDENTIALITY_CODE.oid)]
    said += [Coded(restriction, systems.VISIBILITY.oid) for restriction in sorted(restrictions)]
    return _concepts(said)


def _replaces(replaced: UUID | None) -> tuple[RelatesTo, ...]:
    if replaced is None:
        return ()
    return (RelatesTo(code="replaces", target=Reference(reference=f"DocumentReference/{replaced}")),)


def _author(author: Author) -> Reference | None:
    """None for an author of whom nothing is known that a Reference could say: FHIR has no empty objects."""
    person = " ".join(part for part in (author.given, author.family) if part)
    display = ", ".join(part for part in (person, author.institution) if part)
    number = author.person_id or author.institution_id
    found = Reference(display=display or None, identifier=Identifier(value=number) if number else None)
    return found if found != Reference() else None


def _uri(unique_id: str) -> Identifier | None:
    """None where the row that held it was altered and can no longer be believed."""
    if not unique_id:
        return None
    return Identifier(system=URI_SYSTEM, value=f"urn:oid:{unique_id}" if is_oid(unique_id) else unique_id)


def _system(name: str) -> str | None:
    """FHIR names a system by its URI: the published one, else its OID as a URN, else as stated."""
    known = nomenclature.system_of(name)
    if known:
        return known.uri
    return f"urn:oid:{name}" if is_oid(name) else name or None


def _coding(coded: Coded | None) -> Coding | None:
    return Coding(system=_system(coded.system), code=coded.code, display=coded.display or None) if coded else None


def _concept(coded: Coded | None) -> CodeableConcept | None:
    coding = _coding(coded)
    return CodeableConcept(coding=(coding,)) if coding else None


def _concepts(many: Iterable[Coded | None]) -> tuple[CodeableConcept, ...]:
    return tuple(concept for one in many if (concept := _concept(one)))


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def binary(*, id: UUID, content_type: str, data: str) -> Binary:
    """A Binary resource; `data` is base64 already."""
    return Binary(id=str(id), content_type=content_type, data=Base64(data))
