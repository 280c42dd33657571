"""A document as its reader is told of it: what its sender stated, and the restrictions now in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from espace.kernel.words import Visibility
from espace.wire import nomenclature
from espace.wire.fhir.answers.codes import MHD, PDSM, coding, concept, concepts, moment, system_uri, uri
from espace.wire.fhir.answers.people import Told, author, structure_identifier
from espace.wire.fhir.relating import TOLD
from espace.wire.fhir.resources import (
    Attachment,
    CodeableConcept,
    Coding,
    Content,
    Context,
    DocumentReference,
    Extension,
    Identifier,
    Meta,
    Patient,
    Period,
    Reference,
    RelatesTo,
    Resource,
)
from espace.wire.fhir.searching import Summary
from espace.wire.fhir.values import URI_SYSTEM
from espace.wire.xds import Author, Coded, DocumentEntry, Linking

SUBSETTED = Coding(system="http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code="SUBSETTED")
STATUSES = {"Approved": "current", "Archived": "current", "Deprecated": "superseded", "Deleted": "entered-in-error"}
"""DocumentReference.status by availabilityStatus."""
ARCHIVED = Extension(url=f"{PDSM}/pdsm-ext-is-archived", value_boolean=True)

_MASKED = Extension(url="http://hl7.org/fhir/StructureDefinition/data-absent-reason", value_code="masked")
_COMPREHENSIVE = f"{MHD}/IHE.MHD.Comprehensive.DocumentReference"
_NATIONAL = f"{PDSM}/pdsm-comprehensive-document-reference"
_SOURCE = "patient"
_SOURCE_REFERENCE = Reference(reference=f"#{_SOURCE}")


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
    signs: tuple[UUID, ...] = ()
    changed_at: datetime | None = None
    related: tuple[tuple[Linking, UUID], ...] = ()
    by_transforming: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose documents are told: their id here and their INS. Made once for every document of an answer."""

    reference: Reference
    source: Patient


def subject_of(patient: UUID, ins: Identifier) -> Subject:
    reference = Reference(reference=f"Patient/{patient}", type="Patient", identifier=ins)
    return Subject(reference, Patient(id=_SOURCE, identifier=(ins,)))


def deposit(
    *, id: UUID, unique_id: str, status: str, deposited_at: datetime, changed_at: datetime | None = None
) -> DocumentReference:
    """What a feeder sees of its own deposit: no subject, a masked content, and marked as a part of the resource."""
    return DocumentReference(
        id=str(id),
        meta=Meta(last_updated=moment(changed_at or deposited_at), tag=(SUBSETTED,)),
        extension=(ARCHIVED,) if status == "Archived" else (),
        master_identifier=uri(unique_id),
        identifier=(_own(str(id)),),
        status=STATUSES[status],
        date=moment(deposited_at),
        content=(Content(attachment=Attachment(extension=(_MASKED,))),),
    )


def document_reference(known: Known, *, base: str, subject: Subject) -> DocumentReference:
    """The DocumentReference of a document; `base` is the address of the door."""
    entry, id = known.entry, str(known.id)
    created = moment(entry.creation_time)
    stated = {one: told for n, one in enumerate(entry.authors) if (told := author(one, f"author{n}"))}
    signer = _signer(entry.legal_authenticator, stated)
    authors = tuple(stated.values())
    return DocumentReference(
        id=id,
        meta=Meta(
            last_updated=moment(known.changed_at or known.deposited_at),
            profile=_profiles(entry, signed=bool(authors and signer)),
        ),
        contained=_contained(subject, authors, signer),
        extension=(ARCHIVED,) if known.status == "Archived" else (),
        master_identifier=uri(entry.unique_id),
        identifier=(_own(id),),
        status=STATUSES[known.status],
        type=concept(entry.type),
        category=concepts((entry.class_,)),
        subject=subject.reference,
        date=created or moment(known.deposited_at),
        author=tuple(reference for reference, _ in authors),
        authenticator=signer[0] if signer else None,
        custodian=Reference(identifier=structure_identifier(entry.custodian_id)) if entry.custodian_id else None,
        relates_to=_relations(known),
        description=entry.comments or None,
        security_label=_labels(entry.confidentiality, known.restrictions),
        content=(Content(attachment=_attachment(known, f"{base}/Binary/{id}", created), format=coding(entry.format)),),
        context=_context(entry),
    )


def _own(id: str) -> Identifier:
    """The logicalId (PDSm, « DocumentEntry.logicalId → identifier »)."""
    return Identifier(system=URI_SYSTEM, value=f"urn:uuid:{id}")


def _signer(stated: Author | None, authors: Mapping[Author, Told]) -> Told | None:
    """The legal authenticator; one of the authors is told once."""
    return (authors.get(stated) or author(stated, "authenticator")) if stated else None


def _contained(subject: Subject, authors: tuple[Told, ...], signer: Told | None) -> tuple[Resource, ...]:
    told = authors if signer is None or signer in authors else (*authors, signer)
    return (subject.source, *(one for _, contained in told for one in contained))


def _profiles(entry: DocumentEntry, *, signed: bool) -> tuple[str, ...]:
    """The profiles that what its sender stated lets the answer conform to: MHD 4.2 Comprehensive, PDSm 3.1.1."""
    stated = (entry.unique_id, entry.mime_type, entry.type, entry.class_, entry.format, entry.language)
    if not (all(stated) and entry.creation_time and entry.facility_type and entry.practice_setting):
        return ()
    national = signed and entry.title and entry.hash and entry.service_start
    return (_COMPREHENSIVE, _NATIONAL) if national else (_COMPREHENSIVE,)


def _attachment(known: Known, url: str, created: str | None) -> Attachment:
    entry = known.entry
    return Attachment(
        content_type=entry.mime_type or None,
        language=entry.language or None,
        url=None if entry.repository else url,  # its bytes are in another repository, by ITI-43
        size=known.size,
        hash=entry.hash,
        title=entry.title or None,
        creation=created,
    )


def _context(entry: DocumentEntry) -> Context:
    start, end = moment(entry.service_start), moment(entry.service_stop)
    return Context(
        event=concepts(entry.event_codes),
        period=Period(start=start, end=end) if start or end else None,
        facility_type=concept(entry.facility_type),
        practice_setting=concept(entry.practice_setting),
        source_patient_info=_SOURCE_REFERENCE,
        related=tuple(
            [
                Reference(identifier=Identifier(system=system_uri(one.system), value=one.code))
                for one in entry.reference_ids
            ]
        ),
    )


@lru_cache(maxsize=256)
def _labels(confidentiality: str, restrictions: frozenset[Visibility]) -> tuple[CodeableConcept, ...]:
    systems = nomenclature.systems
    said = [Coded(confidentiality, systems.CONFIDENTIALITY_CODE.oid)]
    said += [Coded(restriction, systems.VISIBILITY.oid) for restriction in sorted(restrictions)]
    return concepts(said)


def _relations(known: Known) -> tuple[RelatesTo, ...]:
    kind = Linking.TRANSFORMS_AND_REPLACES if known.by_transforming else Linking.REPLACES
    said = [(kind, known.replaces)] if known.replaces else []
    said += [*known.related, *((Linking.SIGNS, one) for one in known.signs)]
    return tuple(_related(code, target) for kind, target in said for code in TOLD[kind])


def _related(code: str, target: UUID) -> RelatesTo:
    return RelatesTo(code=code, target=Reference(reference=f"DocumentReference/{target}"))


def shortened(told: DocumentReference, summary: Summary) -> DocumentReference:
    """What `_summary` leaves of it (R4, search.html#summary); marked as a part wherever something is left out."""
    shorten = _SHORTENED.get(summary)
    return shorten(told) if shorten else told


def _meta(told: DocumentReference) -> Meta:
    return msgspec.structs.replace(told.meta or Meta(), profile=(), tag=(SUBSETTED,))


def _essential(told: DocumentReference) -> DocumentReference:
    """The elements of the summary (R4, DocumentReference, Σ), with the contained resources that they refer to."""
    named = {reference.reference for reference in told.author}
    kept = tuple(one for one in told.contained if any(f"#{one.id}".startswith(str(name)) for name in named))
    period = told.context.period if told.context else None
    return msgspec.structs.replace(
        told,
        meta=_meta(told),
        contained=kept,
        authenticator=None,
        custodian=None,
        context=Context(period=period) if period else None,
    )


def _mandatory(told: DocumentReference) -> DocumentReference:
    """`text`: the narrative, of which there is none, and the mandatory elements."""
    return DocumentReference(id=told.id, meta=_meta(told), status=told.status, content=told.content)


_SHORTENED: Mapping[Summary, Callable[[DocumentReference], DocumentReference]] = {
    Summary.TRUE: _essential,
    Summary.TEXT: _mandatory,
}
