"""A submission set, or a filed folder, as its reader is told of it: a List (MHD 4.2, « SubmissionSet », « Folder »;
PDSm 3.1.1)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from espace.wire.fhir.answers.codes import MHD, PDSM, concept, moment, system_uri, uri
from espace.wire.fhir.answers.documents import SUBSETTED, Subject
from espace.wire.fhir.answers.people import author
from espace.wire.fhir.resources import (
    Annotation,
    CodeableConcept,
    Coding,
    Extension,
    Identifier,
    List,
    ListEntry,
    Meta,
    Reference,
)
from espace.wire.fhir.searching import Summary
from espace.wire.fhir.values import URI_SYSTEM
from espace.wire.xds import Author, Folder, Submission

_KINDS = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
_CODE = CodeableConcept(coding=(Coding(system=_KINDS, code="submissionset"),))
_FOLDER = CodeableConcept(coding=(Coding(system=_KINDS, code="folder"),))
_COMPREHENSIVE = f"{MHD}/IHE.MHD.Comprehensive.SubmissionSet"
_NATIONAL = f"{PDSM}/pdsm-submissionset-comprehensive"


def submission_set(
    stated: Submission, *, id: UUID, submitted_at: datetime, members: Sequence[UUID], subject: Subject
) -> List:
    """The List of a set: what its sender stated, and those of its documents that the reader may see."""
    source = author(stated.author or Author(), "source")
    return List(
        id=str(id),
        meta=Meta(last_updated=moment(submitted_at), profile=_profiles(stated, signed=source is not None)),
        contained=source[1] if source else (),
        extension=_extensions(stated),
        identifier=_identifiers(id, stated.unique_id),
        status="current",
        mode="working",
        title=stated.title or None,
        code=_CODE,
        subject=subject.reference,
        date=moment(stated.submission_time or submitted_at),
        source=source[0] if source else None,
        note=(Annotation(text=stated.comments),) if stated.comments else (),
        entry=tuple(ListEntry(item=Reference(reference=f"DocumentReference/{one}")) for one in members),
    )


def folder(
    stated: Folder, *, id: UUID, status: str, updated_at: datetime, members: Sequence[UUID], subject: Subject
) -> List:
    """The List of a filed folder: what its sender stated, and those of its documents that the reader may see."""
    codes = (Extension(url=f"{MHD}/ihe-designationType", value_codeable_concept=concept(one)) for one in stated.codes)
    return List(
        id=str(id),
        meta=Meta(last_updated=moment(updated_at), profile=(f"{MHD}/IHE.MHD.Comprehensive.Folder",)),
        extension=tuple(codes),
        identifier=_identifiers(id, stated.unique_id),
        status="current" if status == "Approved" else "retired",
        mode="working",
        title=stated.title or None,
        code=_FOLDER,
        subject=subject.reference,
        date=moment(updated_at),
        note=(Annotation(text=stated.comments),) if stated.comments else (),
        entry=tuple(ListEntry(item=Reference(reference=f"DocumentReference/{one}")) for one in members),
    )


def _identifiers(id: UUID, unique_id: str) -> tuple[Identifier, ...]:
    """The entryUUID, and the uniqueId where one was stated (MHD makes it optional)."""
    own = Identifier(use="usual", system=URI_SYSTEM, value=f"urn:uuid:{id}")
    stated = uri(unique_id, use="official")
    return (own, stated) if stated else (own,)


def _extensions(stated: Submission) -> tuple[Extension, ...]:
    designation = concept(stated.content_type)
    found = [Extension(url=f"{MHD}/ihe-designationType", value_codeable_concept=designation)] if designation else []
    if stated.source_id:
        found.append(Extension(url=f"{MHD}/ihe-sourceId", value_identifier=_source(stated.source_id)))
    return tuple(found)


def _source(source_id: str) -> Identifier | None:
    """The OID or URI of a source, or the `system|value` that its sender stated."""
    system, bar, value = source_id.partition("|")
    return Identifier(system=system_uri(system), value=value) if bar else uri(source_id)


def _profiles(stated: Submission, *, signed: bool) -> tuple[str, ...]:
    if not (stated.source_id and stated.content_type):
        return ()
    return (_COMPREHENSIVE, _NATIONAL) if signed else (_COMPREHENSIVE,)


def shortened_list(told: List, summary: Summary) -> List:
    """What `_summary` leaves of it (R4, List, Σ): neither the notes nor the members."""
    if summary not in (Summary.TRUE, Summary.TEXT):
        return told
    meta = msgspec.structs.replace(told.meta or Meta(), profile=(), tag=(SUBSETTED,))
    if summary is Summary.TEXT:
        return List(id=told.id, meta=meta, status=told.status, mode=told.mode)
    return msgspec.structs.replace(told, meta=meta, extension=(), note=(), entry=())
