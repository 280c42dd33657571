"""ITI-105 « Simplified Publish » (MHD 4.2, 2:3.105; PDSm 3.1.1): one DocumentReference with its content inside.

What it does not state is derived from the header of the CDA (MHD 4.2, 1:33.6, « CDA to DocumentEntry »); what it
states is kept as stated, its masterIdentifier even where the CDA has another id. A content without a CDA header
states everything itself.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.wire import nomenclature
from espace.wire.cda import CdaDocument
from espace.wire.fhir import json, shape
from espace.wire.fhir.documents import Read, Reading, read_document
from espace.wire.fhir.provide_bundle import Attached, from_base64
from espace.wire.fhir.report import Overflow, Report
from espace.wire.fhir.resources import Attachment, DocumentReference
from espace.wire.fhir.values import uri_id
from espace.wire.xds import Coded, DocumentEntry, NewDocument, Submission

PLACE = "DocumentReference"
_ATTACHMENT = f"{PLACE}.content[0].attachment"
_ANY_ACTIVITY = "97"
"""Kind of a submission whose sender states none (R209 « Type d'activité indifférencié »)."""


@dataclass(frozen=True, slots=True)
class Published:
    """A body once read: the resource without its content, and the content. `resource` is None where it has
    problems that leave nothing to read further."""

    resource: DocumentReference | None
    attached: Attached
    problems: tuple[Problem, ...]


def read_published(data: bytes, reading: Reading) -> Published:
    """Read the body of an ITI-105 request. Never raises; places are FHIRPath from `DocumentReference`."""
    nothing = Attached(f"{_ATTACHMENT}.data", "", b"")
    value, malformed = json.read(data)
    if malformed:
        return Published(None, nothing, malformed)
    if not isinstance(value, dict) or value.get("resourceType") != PLACE:
        return Published(None, nothing, (Problem(reasons.FHIR_STRUCTURE, PLACE, "a DocumentReference is expected"),))
    report = Report()
    try:
        resource = shape.resource_of(value, report)
        del value
        if isinstance(resource, DocumentReference):
            return _detached(resource, reading, report)
    except Overflow:
        pass
    return Published(None, nothing, tuple(report.problems))


def _detached(resource: DocumentReference, reading: Reading, report: Report) -> Published:
    """The content taken out of its attachment, whose address, hash and size are then the platform's to say."""
    content = resource.content[0] if resource.content else None
    attachment = (content.attachment if content else None) or Attachment()
    if attachment.url is not None:
        report.unsupported(f"{_ATTACHMENT}.url", "the content is in data")
    data = _decoded(attachment, reading, report)
    if content is not None:
        bare = msgspec.structs.replace(attachment, data=None, url=None)
        contents = (msgspec.structs.replace(content, attachment=bare), *resource.content[1:])
        resource = msgspec.structs.replace(resource, content=contents)
    attached = Attached(f"{_ATTACHMENT}.data", attachment.content_type or "", data)
    return Published(resource, attached, tuple(report.problems))


def _decoded(attachment: Attachment, reading: Reading, report: Report) -> bytes:
    here = f"{_ATTACHMENT}.data"
    if attachment.data is None:
        report.missing(here)
        return b""
    data = from_base64(attachment.data)
    if data is None:
        report.invalid(here, "base64 is expected (RFC 4648, section 4)")
    elif not data:
        report.add(reasons.CONTENT_EMPTY, here)
    elif len(data) > reading.max_bytes:
        report.add(reasons.CONTENT_TOO_LARGE, here, f"{reading.max_bytes} bytes at most")
    return data or b""


class _Aside(Report):
    """A report that puts aside what is missing: it may be derived."""

    def __init__(self) -> None:
        super().__init__()
        self.absent: dict[str, str] = {}

    def missing(self, place: str, detail: str = "") -> None:
        self.absent.setdefault(place, detail)


def completed(
    published: Published, header: CdaDocument | None, reading: Reading
) -> tuple[NewDocument | None, tuple[Problem, ...]]:
    """The document stated, completed from the header where there is one; or every problem. Never raises."""
    if published.resource is None:
        return None, published.problems
    aside, report = _Aside(), Report()
    try:
        for problem in published.problems:
            report.add(problem.reason, problem.place, problem.detail)
        read = read_document(published.resource, PLACE, reading, aside)
        for problem in aside.problems:
            report.add(problem.reason, problem.place, problem.detail)
        document = _document(read, published, header)
        _report_absent(aside, document, header, report)
    except Overflow:
        return None, tuple(report.problems or aside.problems)
    return (None if report.problems else document), tuple(report.problems)


def _document(read: Read, published: Published, header: CdaDocument | None) -> NewDocument:
    data = published.attached.data
    entry = _described(read.entry, data)
    if header is not None and published.resource is not None:
        entry = _derived(entry, published.resource, header)
    return NewDocument(entry, data, read.patients, read.replaces)


def _described(entry: DocumentEntry, data: bytes) -> DocumentEntry:
    """Hash and size are those of the content where they are not stated; where they are, the record compares."""
    digest = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    return replace(entry, hash=entry.hash or digest, size=len(data) if entry.size is None else entry.size)


_FROM_HEADER = (
    "type",
    "title",
    "language",
    "creation_time",
    "authors",
    "legal_authenticator",
    "facility_type",
    "practice_setting",
    "event_codes",
    "reference_ids",
    "set_id",
    "version",
)


def _derived(entry: DocumentEntry, resource: DocumentReference, header: CdaDocument) -> DocumentEntry:
    """What is not stated, from the header. The title of an attachment without one is the description stated."""
    known = header.entry
    found: dict[str, Any] = {
        name: getattr(known, name) for name in _FROM_HEADER if not getattr(entry, name) and getattr(known, name)
    }
    if not entry.unique_id and resource.master_identifier is None:
        found["unique_id"] = uri_id(f"urn:oid:{known.unique_id}") or uri_id(f"urn:uuid:{known.unique_id}")
    if resource.context is None or resource.context.period is None:
        found |= {"service_start": known.service_start, "service_stop": known.service_stop}
    if not resource.security_label:
        found |= {"confidentiality": known.confidentiality, "visibility": known.visibility}
    entry = replace(entry, **found)
    return replace(entry, class_=entry.class_ or _class(entry.type), format=entry.format or _format(header))


def _class(kind: Coded | None) -> Coded | None:
    return nomenclature.CLASSES.get(nomenclature.class_of(kind.code) or "") if kind else None


def _format(header: CdaDocument) -> Coded | None:
    """The format that the templates give (A11), else that of a document without a published model."""
    embedded = header.media[0].media_type if header.body_level == 1 and header.media else None
    found = nomenclature.FORMATS.get(
        nomenclature.format_of(header.templates, embedded) or nomenclature.NO_PROFILE
    )
    return Coded(found.code, found.system, found.label_fr) if found else None


_FILLED: Mapping[str, Callable[[DocumentEntry], object]] = {
    f"{PLACE}.masterIdentifier": lambda entry: entry.unique_id,
    f"{PLACE}.type": lambda entry: entry.type,
    f"{PLACE}.category": lambda entry: entry.class_,
    f"{PLACE}.author": lambda entry: entry.authors,
    f"{PLACE}.context.facilityType": lambda entry: entry.facility_type,
    f"{PLACE}.context.practiceSetting": lambda entry: entry.practice_setting,
    f"{PLACE}.content[0].format": lambda entry: entry.format,
    f"{_ATTACHMENT}.title": lambda entry: entry.title,
    f"{_ATTACHMENT}.creation": lambda entry: entry.creation_time,
    f"{_ATTACHMENT}.hash": lambda entry: True,
    f"{_ATTACHMENT}.size": lambda entry: True,
    f"{_ATTACHMENT}.url": lambda entry: True,
}
"""What may be missing, and where its derived value is looked for."""


def _report_absent(aside: _Aside, document: NewDocument, header: CdaDocument | None, report: Report) -> None:
    for place, detail in aside.absent.items():
        filled = _FILLED.get(place)
        derived = filled(document.entry) if filled else place == f"{PLACE}.subject" and header is not None
        if not derived:
            report.missing(place, detail)


def submission_of(document: NewDocument, *, unique_id: str, source_id: str, at: datetime) -> Submission:
    """The set that the platform makes around one document; its source is whoever sent it."""
    entry = document.entry
    return Submission(
        place=PLACE,
        unique_id=unique_id,
        source_id=source_id,
        submission_time=at,
        documents=(document,),
        content_type=nomenclature.SUBMISSION_TYPES[_ANY_ACTIVITY],
        title=entry.title,
        author=entry.authors[0] if entry.authors else None,
    )
