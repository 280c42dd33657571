"""ITI-105 « Simplified Publish » (MHD 4.2, 2:3.105; PDSm 3.1.1): one DocumentReference with its content inside.

What it does not state is derived from the header of the CDA (MHD 4.2, 1:33.6, « CDA to DocumentEntry »); what it
states is kept as stated, its masterIdentifier even where the CDA has another id. A content without a CDA header
states everything itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from espace.kernel.reasons import documents as reasons
from espace.kernel.values import defaults
from espace.kernel.words import Problem
from espace.wire import nomenclature
from espace.wire.cda import CdaDocument
from espace.wire.entries import described, entry_of
from espace.wire.fhir import json, shape
from espace.wire.fhir.documents import Read, Reading, read_document
from espace.wire.fhir.provide_bundle import from_base64
from espace.wire.fhir.resources import Attachment, DocumentReference
from espace.wire.fhir.values import uri_id
from espace.wire.report import Overflow, Report
from espace.wire.xds import Attached, Data, DocumentEntry, NewDocument, Submission

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
        document = _document(read, published.resource, published.attached.data, header)
        _report_absent(aside, document, header, report)
    except Overflow:
        return None, tuple(report.problems or aside.problems)
    return (None if report.problems else document), tuple(report.problems)


def _document(read: Read, resource: DocumentReference, data: Data, header: CdaDocument | None) -> NewDocument:
    if header is None:
        entry = described(read.entry, data)
    else:
        entry = entry_of(header, data, stated=_stated(read.entry, resource))
    said = read.relations
    return NewDocument(
        entry, data, read.patients, said.replaces, related=said.related, by_transforming=said.by_transforming
    )


_SAID: Mapping[str, Callable[[DocumentReference], bool]] = {
    **dict.fromkeys(("place", "mime_type", "comments", "custodian_id"), lambda _: True),
    "unique_id": lambda resource: resource.master_identifier is not None,
    **dict.fromkeys(
        ("service_start", "service_stop"),
        lambda resource: resource.context is not None and resource.context.period is not None,
    ),
    **dict.fromkeys(("confidentiality", "visibility"), lambda resource: bool(resource.security_label)),
}
"""Where a value of the entry is stated though it may be empty: a period has no end, labels no restriction. The
custodian is never the header's: stated, it must be whoever publishes, and a document may be kept by another."""


def _stated(entry: DocumentEntry, resource: DocumentReference) -> dict[str, Any]:
    """What is stated over the header. The title of an attachment without one is the description stated."""
    values = {name: getattr(entry, name) for name in defaults(DocumentEntry)}
    return {
        name: value
        for name, value in values.items()
        if (_SAID[name](resource) if name in _SAID else value not in (None, "", ()))
    }


def _may_name(entry: DocumentEntry) -> str:
    """The identifier where it is one that this door takes: an OID without extension, or a UUID."""
    return uri_id(f"urn:oid:{entry.unique_id}") or uri_id(entry.unique_id)


_FILLED: Mapping[str, Callable[[DocumentEntry], object]] = {
    f"{PLACE}.masterIdentifier": _may_name,
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
        if derived:
            continue
        kind = document.entry.type
        if place == f"{PLACE}.category" and kind:  # no class follows from a type that nobody knows
            report.add(reasons.CODE_UNKNOWN, f"{PLACE}.type", f"JDV_J07 : {kind.code[:20]}")
        else:
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
