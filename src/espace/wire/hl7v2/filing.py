"""What was transmitted, with the headers of its CDA documents → one submission of all of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire import nomenclature
from espace.wire.cda import CdaDocument
from espace.wire.entries import entry_of
from espace.wire.fhir.values import uri_id
from espace.wire.hl7v2.values import Carried, Transmission
from espace.wire.xds import DocumentEntry, NewDocument, Submission

_NEEDED: tuple[tuple[str, Callable[[DocumentEntry], object]], ...] = (
    ("id", lambda entry: uri_id(f"urn:oid:{entry.unique_id}") or uri_id(entry.unique_id)),
    ("code", lambda entry: entry.type),
    ("title", lambda entry: entry.title),
    ("effectiveTime", lambda entry: entry.creation_time),
    ("author", lambda entry: entry.authors),
    (
        "documentationOf/serviceEvent/performer/assignedEntity/representedOrganization/standardIndustryClassCode",
        lambda entry: entry.practice_setting,
    ),
    (
        "componentOf/encompassingEncounter/location/healthCareFacility/code",
        lambda entry: entry.facility_type,
    ),
)
"""What the entry must have and nothing but the header gives: the id is an OID without extension, or a UUID."""


def documents_of(
    transmission: Transmission, headers: Sequence[CdaDocument]
) -> tuple[tuple[NewDocument, ...], tuple[Problem, ...]]:
    """The documents, each with the patients that the message and its header name; and what is wrong with them."""
    pairs = list(zip(transmission.documents, headers, strict=True))
    problems = [problem for carried, header in pairs for problem in _problems(transmission, carried, header)]
    return tuple(_document(transmission, carried, header) for carried, header in pairs), tuple(problems)


def _document(transmission: Transmission, carried: Carried, header: CdaDocument) -> NewDocument:
    """The flags add to what the header restricts. The custodian may be another than the one who sends."""
    visibility = header.entry.visibility | transmission.visibility
    stated = {"place": carried.place, "visibility": visibility, "comments": "", "custodian_id": ""}
    entry = entry_of(header, carried.content, stated=stated)
    named = replace(header.patient, place=f"{carried.place} {header.patient.place}")
    return NewDocument(entry, carried.content, (*transmission.patients, named))


def _problems(transmission: Transmission, carried: Carried, header: CdaDocument) -> Iterable[Problem]:
    entry = entry_of(header, carried.content)
    if transmission.routes.mail and (unsaid := header.entry.visibility - transmission.visibility):
        place = f"{carried.place} /ClinicalDocument/confidentialityCode"
        yield Problem(reasons.METADATA_MISMATCH, place, ", ".join(sorted(unsaid)))
    for path, found in _NEEDED:
        if not found(entry):
            yield Problem(reasons.ELEMENT_MISSING, f"{carried.place} /ClinicalDocument/{path}")
    written = entry.type.code if entry.type else ""
    if carried.type_code and written and carried.type_code != written:
        yield Problem(reasons.METADATA_MISMATCH, carried.type_place, f"{carried.type_code[:20]} ≠ {written[:20]}")


def submission_of(
    transmission: Transmission, documents: Sequence[NewDocument], *, unique_id: str, at: datetime
) -> Submission:
    """The set that the platform makes around the documents; its source is whoever sends the message (PRT of SB), and
    without one the caller."""
    sender, first = transmission.sender, documents[0].entry
    return Submission(
        place=transmission.sender_place or "MSH^1",
        unique_id=unique_id,
        source_id=sender.institution_id if sender else "",
        submission_time=at,
        documents=tuple(documents),
        content_type=nomenclature.SUBMISSION_TYPES[transmission.activity],
        title=first.title,
        author=sender or (first.authors[0] if first.authors else None),
    )
