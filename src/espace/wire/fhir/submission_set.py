"""The SubmissionSet List of MHD 4.2 (« IHE.MHD.Comprehensive.SubmissionSet ») → what XDS knows of a lot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from espace.wire.fhir.documents import Reading, refuse_hidden_labels, require
from espace.wire.fhir.people import author, contained_in, statements
from espace.wire.fhir.resources import Extension, Identifier, List, ListEntry, Reference
from espace.wire.fhir.values import URI_SYSTEM, coded, date_time, system_name, unique_id, uri_id
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, Folder, NewDocument, PatientStatement, Submission

_IHE = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"
DESIGNATION = f"{_IHE}ihe-designationType"
_SOURCE = f"{_IHE}ihe-sourceId"
_AUTHOR_ORG = f"{_IHE}ihe-authorOrg"
_ENTRY_UUID_USE = "usual"


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """A SubmissionSet without its documents; `place` is that of its List in the bundle."""

    place: str
    unique_id: str
    source_id: str
    submission_time: datetime | None
    content_type: Coded | None
    title: str
    comments: str
    author: Author | None
    patients: tuple[PatientStatement, ...]

    def with_documents(
        self,
        documents: tuple[NewDocument, ...],
        folders: Sequence[Folder] = (),
        patients: Sequence[PatientStatement] = (),
    ) -> Submission:
        """With these, and whom the folders are about: all must be one."""
        return Submission(
            place=self.place,
            unique_id=self.unique_id,
            source_id=self.source_id,
            submission_time=self.submission_time,
            documents=documents,
            content_type=self.content_type,
            title=self.title,
            comments=self.comments,
            author=self.author,
            patients=(*self.patients, *patients),
            folders=tuple(folders),
        )


def is_folder(resource: List) -> bool:
    found = coded(resource.code)
    return found is not None and found.code == "folder"


def read_set(resource: List, place: str, urls: Sequence[str], reading: Reading, report: Report) -> SubmissionSet:
    """The set that a List states; `urls` are the fullUrl of the bundle's documents and folders, all of which it must
    list."""
    contained = contained_in(resource, place, report)
    check_fixed(resource, place, "submissionset", report)
    _check_items(resource, place, urls, report)
    subject, source = resource.subject, resource.source
    return SubmissionSet(
        place=place,
        unique_id=list_unique_id(resource, place, report),
        source_id=_source_id(resource, place, report),
        submission_time=_time(resource.date, place, reading, report),
        content_type=_content_type(resource, place, report),
        title=resource.title or "",
        comments=" ".join(note.text for note in resource.note if note.text),
        author=author(_author_reference(source), contained, f"{place}.source", report) if source else None,
        patients=tuple(statements(subject, contained, f"{place}.subject", report)) if subject else (),
    )


def check_fixed(resource: List, place: str, kind: str, report: Report) -> None:
    require(resource.status, "current", f"{place}.status", report)
    require(resource.mode, "working", f"{place}.mode", report)
    code = coded(resource.code)
    require(code.code if code else None, kind, f"{place}.code", report)
    refuse_hidden_labels(resource.meta, f"{place}.meta", report)
    for name, value in (("encounter", resource.encounter), ("emptyReason", resource.empty_reason)):
        if value is not None:
            report.unsupported(f"{place}.{name}", "MHD has none")


def _check_items(resource: List, place: str, urls: Sequence[str], report: Report) -> None:
    """Every document of the bundle is listed once, and nothing else is."""
    listed: set[str] = set()
    for index, entry in enumerate(resource.entry):
        here = f"{place}.entry[{index}].item"
        target = item_of(entry, f"{place}.entry[{index}]", report)
        if target and target not in urls:
            report.unresolved(f"{here}.reference", "the fullUrl of a DocumentReference of this bundle is expected")
        elif target and target in listed:
            report.invalid(f"{here}.reference", "listed twice")
        listed.add(target)
    if any(url and url not in listed for url in urls):
        report.missing(f"{place}.entry", "every DocumentReference, and every Folder, of the bundle")


def item_of(entry: ListEntry, place: str, report: Report) -> str:
    """The reference of an entry of a List; "" without one."""
    if entry.flag is not None or entry.deleted is not None or entry.date is not None:
        report.unsupported(place, "MHD has neither flag, deleted nor date")
    target = (entry.item.reference if entry.item else None) or ""
    if not target:
        report.missing(f"{place}.item.reference")
    return target


def list_unique_id(resource: List, place: str, report: Report) -> str:
    """The uniqueId of a set or folder; "" where none is stated, for MHD makes it optional."""
    for index, identifier in enumerate(resource.identifier):
        if not _is_entry_uuid(identifier):
            said = identifier if identifier.system else Identifier(system=URI_SYSTEM, value=identifier.value)
            return unique_id(said, f"{place}.identifier[{index}]", report)
    return ""


def _is_entry_uuid(identifier: Identifier) -> bool:
    kind = coded(identifier.type)
    return identifier.use == _ENTRY_UUID_USE or (kind is not None and kind.code == "entryUUID")


def _source_id(resource: List, place: str, report: Report) -> str:
    """SubmissionSet.sourceId: the OID or URI, or `system|value` where the value is neither."""
    found = _extension(resource.extension, _SOURCE)
    identifier = found[1].value_identifier if found else None
    if not found or not identifier or not identifier.value:
        report.missing(
            f"{place}.extension" if not found else f"{place}.extension[{found[0]}].valueIdentifier.value",
            "ihe-sourceId",
        )
        return ""
    if identifier.system in (None, URI_SYSTEM):
        return uri_id(identifier.value) or identifier.value
    return f"{system_name(identifier.system)}|{identifier.value}"


def _content_type(resource: List, place: str, report: Report) -> Coded | None:
    found = _extension(resource.extension, DESIGNATION)
    code = coded(found[1].value_codeable_concept) if found else None
    if code is None:
        report.missing(f"{place}.extension", "ihe-designationType")
    return code


def _time(text: str | None, place: str, reading: Reading, report: Report) -> datetime | None:
    if text is None:
        report.missing(f"{place}.date")
    return date_time(text, reading.zone, f"{place}.date", report)


def _author_reference(source: Reference) -> Reference:
    """The author, or the author's organisation where only that is said (`ihe-authorOrg`)."""
    found = _extension(source.extension, _AUTHOR_ORG)
    stated = found[1].value_reference if found else None
    return stated if stated and not source.reference else source


def _extension(extensions: tuple[Extension, ...], url: str) -> tuple[int, Extension] | None:
    return next(((index, one) for index, one in enumerate(extensions) if one.url == url), None)
