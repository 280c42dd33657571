"""ITI-65 « Provide Document Bundle », Comprehensive (MHD 4.2, 2:3.65; PDSm 3.1.1): bytes → Submission.

The whole bundle is read and every problem listed; nothing is obeyed that the answer would not show.
"""

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire.ebxml.signing import is_signature
from espace.wire.fhir import json, shape
from espace.wire.fhir.conditions import if_none_exist
from espace.wire.fhir.documents import Read, Reading, read_document, refuse_hidden_labels
from espace.wire.fhir.folders import MAX_FOLDERS, named, read_folder
from espace.wire.fhir.patch import superseded
from espace.wire.fhir.relating import resolved
from espace.wire.fhir.resources import (
    Binary,
    Bundle,
    DocumentReference,
    Entry,
    List,
    Parameters,
    Patient,
    Request,
    Resource,
)
from espace.wire.fhir.submission_set import SubmissionSet, is_folder, read_set
from espace.wire.report import Overflow, Report
from espace.wire.xds import Attached, DocumentEntry, NewDocument, Submission

MAX_DOCUMENTS = 100
"""Documents of one bundle at most."""


class Role(StrEnum):
    """What an entry of the bundle is for."""

    SUBMISSION_SET = "List"
    FOLDER = "Folder"
    DOCUMENT = "DocumentReference"
    CONTENT = "Binary"
    SUPERSEDED = "Patch"


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the bundle: its role, and which document, or folder, of the submission it belongs to."""

    role: Role
    document: int = 0


@dataclass(frozen=True, slots=True)
class Provided:
    """A bundle once read. There is a submission where there is no problem; `attached` has one item a document
    in both cases (empty bytes where they could not be read); `parts` one an entry, in order; `unless`, of each
    document, the uniqueIds of its condition `ifNoneExist`, if it has one."""

    submission: Submission | None
    problems: tuple[Problem, ...]
    parts: tuple[Part, ...] = ()
    attached: tuple[Attached, ...] = ()
    unless: tuple[frozenset[str], ...] = ()


def parse(data: bytes, reading: Reading) -> Provided:
    """Read the body of an ITI-65 request. Never raises; places are FHIRPath from `Bundle`."""
    value, malformed = json.read(data)
    del data  # read: a large body is not kept beside what comes of it
    if malformed:
        return Provided(None, tuple(map(_in_bundle, malformed)))
    if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
        return Provided(None, (Problem(reasons.FHIR_STRUCTURE, "Bundle", "a Bundle is expected"),))
    report = Report()
    try:
        root = shape.resource_of(value, report)
        del value
        if isinstance(root, Bundle):
            return _Bundle(root, reading, report).read()
    except Overflow:
        pass
    return Provided(None, tuple(report.problems))


def _in_bundle(problem: Problem) -> Problem:
    """A path of the JSON text as one of the Bundle; a byte offset stays as it is."""
    is_path = problem.place[0].isalpha() and " " not in problem.place
    return replace(problem, place=f"Bundle.{problem.place}") if is_path else problem


@dataclass(slots=True)
class _Content:
    """A Binary of the bundle, and how many documents point at it."""

    place: str
    binary: Binary
    uses: int = 0


class _Bundle:
    """One bundle being read."""

    def __init__(self, bundle: Bundle, reading: Reading, report: Report) -> None:
        self.bundle = bundle
        self.reading = reading
        self.report = report
        self.sets: list[tuple[str, List]] = []
        self.folders: list[tuple[str, List, str]] = []
        self.documents: list[tuple[str, DocumentReference, str]] = []
        self.contents: dict[str, _Content] = {}
        self.patches: list[tuple[str, Parameters, str]] = []
        self.unless: list[frozenset[str]] = []

    def read(self) -> Provided:
        self._sort()
        reading = replace(self.reading, beside=frozenset(url for _, _, url in self.documents if url))
        reads = [read_document(resource, place, reading, self.report) for place, resource, _ in self.documents]
        reads = self._signatures(reads)
        attached = tuple(self._attach(read) for read in reads)
        self._refuse_leftovers()
        submission_set = self._submission_set()
        self._check_patches(reads)
        names = {url: read.entry.unique_id for (_, _, url), read in zip(self.documents, reads, strict=True)}
        folders = [read_folder(one, place, reading, self.report) for place, one, _ in self.folders]
        submission = None
        if not self.report.problems and submission_set:
            submission = submission_set.with_documents(
                _documents(reads, attached, names),
                [named(one, names) for one, _ in folders],
                [patient for _, patients in folders for patient in patients],
            )
        return Provided(submission, tuple(self.report.problems), self._parts(reads), attached, tuple(self.unless))

    def _signatures(self, reads: list[Read]) -> list[Read]:
        """A signature signs documents of the bundle, and nothing else does; it is seen by whoever sees what it signs,
        whatever it says itself."""
        urls = [url for _, _, url in self.documents]
        signatures = {url for url, read in zip(urls, reads, strict=True) if is_signature(read.entry)}
        found = list[Read]()
        for url, read in zip(urls, reads, strict=True):
            place, signs = f"{read.entry.place}.relatesTo", read.relations.signs
            if url in signatures and not signs:
                self.report.missing(place, "signs")
            elif url not in signatures and signs:
                self.report.unsupported(place, "a signature signs")
            elif not signatures.isdisjoint(signs):
                self.report.unresolved(place, "a signature signs no signature")
            entry = replace(read.entry, visibility=frozenset()) if url in signatures else read.entry
            found.append(replace(read, entry=entry))
        return found

    def _sort(self) -> None:
        """Put every entry in its place, or refuse it."""
        if self.bundle.type != "transaction":
            self.report.invalid("Bundle.type", "transaction is expected")
        if not self.bundle.entry:
            self.report.missing("Bundle.entry")
        refuse_hidden_labels(self.bundle.meta, "Bundle.meta", self.report)
        seen: set[str] = set()
        for index, entry in enumerate(self.bundle.entry):
            place = f"Bundle.entry[{index}]"
            if entry.full_url in seen:
                self.report.invalid(f"{place}.fullUrl", "two entries with the same fullUrl")
            seen.add(entry.full_url or "")
            if not entry.full_url and not isinstance(entry.resource, Parameters):
                self.report.missing(f"{place}.fullUrl")
            self._sort_one(entry, place)

    def _sort_one(self, entry: Entry, place: str) -> None:
        resource, here = entry.resource, f"{place}.resource"
        request = self._request(entry, place)
        if isinstance(resource, List) and is_folder(resource):
            self.folders.append((here, resource, entry.full_url or ""))
            if len(self.folders) == MAX_FOLDERS + 1:
                self.report.invalid(here, f"{MAX_FOLDERS} folders a bundle at most")
        elif isinstance(resource, List):
            self.sets.append((here, resource))
        elif isinstance(resource, DocumentReference):
            self.documents.append((here, resource, entry.full_url or ""))
            self.unless.append(self._condition(request, place))
            if len(self.documents) == MAX_DOCUMENTS + 1:
                self.report.invalid(here, f"{MAX_DOCUMENTS} documents a bundle at most")
        elif isinstance(resource, Binary):
            refuse_hidden_labels(resource.meta, f"{here}.meta", self.report)
            self.contents[entry.full_url or here] = _Content(here, resource)
        elif isinstance(resource, Parameters):
            self.patches.append((place, resource, request.url or ""))
        elif resource is None:
            self.report.missing(here)
        else:
            self.report.unsupported(here, _WHY_NOT.get(type(resource), "this type of entry"))

    def _request(self, entry: Entry, place: str) -> Request:
        """The request of an entry; POST to its own type, but PATCH for the Parameters of a replacement."""
        here = f"{place}.request"
        if entry.request is None:
            self.report.missing(here)
            return Request()
        request, resource = entry.request, entry.resource
        conditional = request.if_none_exist if not isinstance(resource, DocumentReference) else None
        if any((conditional, request.if_match, request.if_none_match, request.if_modified_since)):
            self.report.unsupported(here, "ifNoneExist of a DocumentReference is the one condition taken")
        for name, value in (("method", request.method), ("url", request.url)):
            if value is None:
                self.report.missing(f"{here}.{name}")
        expected = "PATCH" if isinstance(resource, Parameters) else "POST"
        if request.method not in (None, expected):
            self.report.unsupported(f"{here}.method", f"{expected} is expected")
        if resource and expected == "POST" and request.url not in (None, _type_of(resource)):
            self.report.unsupported(f"{here}.url", f"{_type_of(resource)} is expected")
        return request

    def _condition(self, request: Request, place: str) -> frozenset[str]:
        if request.if_none_exist is None:
            return frozenset()
        return if_none_exist(request.if_none_exist, f"{place}.request.ifNoneExist", self.report)

    def _attach(self, read: Read) -> Attached:
        """The bytes of the Binary that a document points at."""
        here = f"{read.entry.place}.content[0].attachment"
        content = self.contents.get(read.url) or self._by_suffix(read.url)
        if content is None:
            if read.url:
                self.report.unresolved(f"{here}.url", "the fullUrl of a Binary of this bundle is expected")
            return Attached(here, read.entry.mime_type, b"", is_signature(read.entry))
        content.uses += 1
        if content.uses > 1:
            self.report.invalid(f"{here}.url", "a Binary belongs to one document")
            return Attached(here, read.entry.mime_type, b"")
        return self._take(read.entry, content)

    def _by_suffix(self, url: str) -> _Content | None:
        """`Binary/x` names the entry whose fullUrl ends so (R4, bundle.html#references)."""
        if not _RELATIVE.fullmatch(url):
            return None
        return next((c for full_url, c in self.contents.items() if full_url.endswith(f"/{url}")), None)

    def _take(self, entry: DocumentEntry, content: _Content) -> Attached:
        stated = content.binary.content_type
        if stated is None:
            self.report.missing(f"{content.place}.contentType")
        elif entry.mime_type and stated != entry.mime_type:
            self.report.add(
                reasons.CONTENT_TYPE_MISMATCH, f"{content.place}.contentType", "not that of the DocumentReference"
            )
        return Attached(f"{content.place}.data", entry.mime_type, self._decoded(content), is_signature(entry))

    def _decoded(self, content: _Content) -> bytes:
        here = f"{content.place}.data"
        if content.binary.security_context is not None:
            self.report.unsupported(f"{content.place}.securityContext")
        if content.binary.data is None:
            self.report.missing(here)
            return b""
        data = from_base64(content.binary.data)
        if data is None:
            self.report.invalid(here, "base64 is expected (RFC 4648, section 4)")
            return b""
        if not data:
            self.report.add(reasons.CONTENT_EMPTY, here)
        elif len(data) > self.reading.max_bytes:
            self.report.add(reasons.CONTENT_TOO_LARGE, here, f"{self.reading.max_bytes} bytes at most")
        return data

    def _refuse_leftovers(self) -> None:
        for content in self.contents.values():
            if not content.uses:
                self.report.unresolved(content.place, "no document points at this Binary")

    def _submission_set(self) -> SubmissionSet | None:
        if not self.documents:
            self.report.missing("Bundle.entry", "a DocumentReference")
        if not self.sets:
            self.report.missing("Bundle.entry", "a SubmissionSet List")
            return None
        for place, _ in self.sets[1:]:
            self.report.invalid(place, "one SubmissionSet a bundle")
        place, resource = self.sets[0]
        urls = [url for _, _, url in (*self.documents, *self.folders)]
        return read_set(resource, place, urls, self.reading, self.report)

    def _check_patches(self, reads: list[Read]) -> None:
        replaced = {read.replaces for read in reads if read.replaces}
        for place, parameters, url in self.patches:
            superseded(parameters, place, url, replaced, self.reading, self.report)

    def _parts(self, reads: list[Read]) -> tuple[Part, ...]:
        """One part an entry; empty when something was refused, for there will be no answer to make."""
        if self.report.problems:
            return ()
        documents = {url: index for index, (_, _, url) in enumerate(self.documents)}
        contents = {id(self._binary(read.url)): index for index, read in enumerate(reads)}
        replaced = {read.replaces: index for index, read in enumerate(reads)}
        parts: list[Part] = []
        for entry in self.bundle.entry:
            if isinstance(entry.resource, List) and is_folder(entry.resource):
                parts.append(Part(Role.FOLDER, sum(part.role is Role.FOLDER for part in parts)))
            elif isinstance(entry.resource, List):
                parts.append(Part(Role.SUBMISSION_SET))
            elif isinstance(entry.resource, DocumentReference):
                parts.append(Part(Role.DOCUMENT, documents[entry.full_url or ""]))
            elif isinstance(entry.resource, Binary):
                parts.append(Part(Role.CONTENT, contents[id(entry.resource)]))
            elif entry.request and entry.request.url:
                old = entry.request.url.removeprefix(f"{self.reading.base}/")
                parts.append(Part(Role.SUPERSEDED, replaced[old]))
        return tuple(parts)

    def _binary(self, url: str) -> Binary | None:
        content = self.contents.get(url) or self._by_suffix(url)
        return content.binary if content else None


_RELATIVE = re.compile(r"Binary/[A-Za-z0-9.-]{1,64}")
_WHY_NOT: dict[type[Resource], str] = {
    Patient: "PDSm takes no Patient; state the INS in subject or in a contained Patient",
    Bundle: "documents in FHIR are not taken",
}


def _type_of(resource: Resource) -> str:
    return type(resource).__name__


def from_base64(text: str) -> bytes | None:
    """The bytes, or None; white space between groups is allowed by FHIR, nothing else is passed over."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        pass
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(None, _SPACE), strict_mode=True)
    except ValueError:
        return None


_SPACE = b" \t\r\n"


def _documents(
    reads: Iterable[Read], attached: Iterable[Attached], names: Mapping[str, str]
) -> tuple[NewDocument, ...]:
    return tuple(
        NewDocument(
            read.entry,
            content.data,
            read.patients,
            read.replaces,
            frozenset(names[one] for one in read.relations.signs),
            related=resolved(read.relations.related, names),
            by_transforming=read.relations.by_transforming,
        )
        for read, content in zip(reads, attached, strict=True)
    )
