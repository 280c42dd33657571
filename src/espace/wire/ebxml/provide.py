"""ITI-41 « Provide and Register Document Set-b » (ITI TF-2, 3.41): ProvideAndRegisterDocumentSetRequest → Submission;
and ITI-42 « Register Document Set-b » (3.42), the same without the bytes, which another repository keeps.

The whole request is read and every problem listed; nothing is obeyed that could be understood in two ways.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import soap, xds
from espace.kernel.values import replace
from espace.kernel.words import Problem, Refused
from espace.wire.ebxml.entries import REFERENCES, read_entry
from espace.wire.ebxml.linking import Links
from espace.wire.ebxml.listing import check_ids, folders_of, objects_of, set_of
from espace.wire.ebxml.objects import Stated
from espace.wire.ebxml.schemes import LCM, RIM, RS, XDSB
from espace.wire.ebxml.sets import read_folder, read_set
from espace.wire.ebxml.signing import Signings, is_signature
from espace.wire.entries import described
from espace.wire.report import Overflow, Report
from espace.wire.soap.envelope import INCLUDE
from espace.wire.soap.mtom import from_base64, named
from espace.wire.xds import Attached, Data, DocumentEntry, NewDocument, PatientStatement, Submission
from espace.wire.xml import Element

REQUEST = f"{{{XDSB}}}ProvideAndRegisterDocumentSetRequest"
REGISTER = f"{{{LCM}}}SubmitObjectsRequest"
MAX_DOCUMENTS = 100
"""Documents of one submission at most."""
_COPIED = 1024 * 1024
"""Bytes of an attachment up to which it is copied; a larger one stays where it was received."""
_DOCUMENT = f"{{{XDSB}}}Document"
_LIST = f"{REGISTER}/{{{RIM}}}RegistryObjectList"
_REGISTERED = frozenset({f"{{{RIM}}}RegistryObjectList", f"{{{RS}}}RequestSlotList"})
"""What a registration is made of (ebRS 3.0, 2.1.1): bytes sent with one would be lost."""
_EXTRA = "urn:"
"""What a slot beyond the standard begins with (ITI TF-3, 4.2.3.1.6)."""

Read = tuple[Stated, DocumentEntry, tuple[PatientStatement, ...]]


@dataclass(frozen=True, slots=True)
class Provided:
    """A request once read. There is a submission where there is no problem; `attached` has one item a document in both
    cases (empty bytes where they could not be read); `warnings` are for an answer that succeeds."""

    submission: Submission | None
    problems: tuple[Problem, ...]
    attached: tuple[Attached, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read(body: Element, parts: Mapping[str, memoryview], *, max_bytes: int) -> Provided:
    """Read the body of an ITI-41 request, its attachments in `parts`, each document of `max_bytes` at most. Never
    raises; places are XPath without prefixes, counted from one."""
    report = Report()
    try:
        return _Request(body, parts, max_bytes, report).read()
    except Overflow:
        return Provided(None, tuple(report.problems))


def read_register(body: Element) -> Provided:
    """Read the body of an ITI-42 request (SubmitObjectsRequest), as `read`; no document has bytes."""
    report = Report()
    try:
        return _Register(body, {}, 0, report).read()
    except Overflow:
        return Provided(None, tuple(report.problems))


class _Request:
    """One request being read."""

    def __init__(self, body: Element, parts: Mapping[str, memoryview], max_bytes: int, report: Report) -> None:
        self.body = body
        self.parts = parts
        self.max_bytes = max_bytes
        self.report = report
        self.left = dict(parts)
        self.includes = 0

    def read(self) -> Provided:
        contents = self._contents()
        objects = self._objects()
        check_ids(objects, self.report)
        reads = [(one, *read_entry(one, self.report)) for one in objects if one.tag == "ExtrinsicObject"]
        self._check_unique_ids(reads)
        reads = [(one, self._placed(one, _kept(entry)), patients) for one, entry, patients in reads]
        attached = tuple(self._attach(one, entry, contents) for one, entry, _ in reads)
        self._refuse_leftovers(contents)
        named = {one.id: entry.unique_id for one, entry, _ in reads}
        packages = folders_of(objects)
        folders = {one.id for one in packages}
        links = Links([one for one in objects if one.tag == "Association"], named, folders)
        chosen = set_of(objects, self.report)
        links.read(chosen, [*(one for one, _, _ in reads), *packages], self.report)
        signings = Signings({one.id: entry for one, entry, _ in reads}, chosen.id if chosen else "")
        signings.read(links.signing, self.report)
        documents = tuple(
            NewDocument(
                described(entry, content.data), content.data, patients, links.replaced.get(one.id),
                *signings.of(one.id), *links.of(one.id),
            )
            for (one, entry, patients), content in zip(reads, attached, strict=True)
        )
        submission = read_set(chosen, documents, self.report) if chosen else None
        submission = self._with_folders(submission, packages, links)
        problems = tuple(self.report.problems)
        return Provided(None if problems else submission, problems, attached, tuple(_extra(objects)))

    def _with_folders(
        self, submission: Submission | None, packages: list[Stated], links: Links
    ) -> Submission | None:
        """Their patients are those of the set: all must be one."""
        reads = [read_folder(one, links.inside.get(one.id, ()), self.report) for one in packages]
        patients = tuple(patient for _, patient in reads if patient)
        return submission and replace(
            submission,
            folders=tuple(folder for folder, _ in reads),
            placed=tuple(links.placed),
            patients=(*submission.patients, *patients),
        )

    def _objects(self) -> list[Stated]:
        if any(one.tag not in (REGISTER, _DOCUMENT) for one in self.body):
            self.report.unsupported("ProvideAndRegisterDocumentSetRequest", "an unknown element in it")
        return objects_of(self.body.findall(_LIST), self.report)

    def _placed(self, one: Stated, entry: DocumentEntry) -> DocumentEntry:
        """Whatever repository the entry names, the bytes are here."""
        return entry

    def _check_unique_ids(self, reads: list[Read]) -> None:
        if not reads:
            self.report.missing("RegistryObjectList/ExtrinsicObject")
        if len(reads) > MAX_DOCUMENTS:
            self.report.invalid("RegistryObjectList/ExtrinsicObject", f"{MAX_DOCUMENTS} documents a set at most")
        seen: set[str] = set()
        for one, entry, _ in reads:
            if entry.unique_id in seen:
                self.report.add(xds.UNIQUE_ID_TWICE, f"{one.place}/ExternalIdentifier[uniqueId]")
            seen |= {entry.unique_id} if entry.unique_id else set()

    def _contents(self) -> dict[str, tuple[str, Data]]:
        """By the id of a Document, its place and its bytes."""
        found: dict[str, tuple[str, Data]] = {}
        for index, one in enumerate(self.body.iterfind(_DOCUMENT), start=1):
            place, name = f"Document[{index}]", one.get("id", "").strip()
            if not name:
                self.report.missing(f"{place}/@id")
            elif name in found:
                self.report.add(xds.UNIQUE_ID_TWICE, f"{place}/@id")
            else:
                found[name] = place, self._bytes(one, place)
        if sum(1 for _ in self.body.iter(INCLUDE)) > self.includes:
            self.report.unsupported("Include", "an Include stands alone in a Document")
        return found

    def _bytes(self, one: Element, place: str) -> Data:
        """What a Document holds: base64, or one Include and nothing else."""
        if len(one) == 0:
            data: Data | None = from_base64(_taken(one))
            if data is None:
                self.report.invalid(place, "base64 is expected (RFC 4648, section 4)")
        elif len(one) == 1 and one[0].tag == INCLUDE and not len(one[0]) and not _beside(one[0]):
            self.includes += 1
            data = self._part(one[0].get("href", ""), place)
        else:
            self.report.invalid(place, "base64, or one Include alone, is expected")
            data = None
        return self._bounded(data, place)

    def _part(self, reference: str, place: str) -> Data | None:
        """The attachment that an Include names, which nothing else named."""
        try:
            name = named(reference)
        except Refused as refused:
            self.report.add(refused.reason, place, refused.detail)
            return None
        found = self.left.pop(name, None)
        if found is None:
            self.report.add(soap.PART_UNKNOWN, place, "named twice" if name in self.parts else "no such part")
            return None
        return found if len(found) > _COPIED else bytes(found)

    def _bounded(self, data: Data | None, place: str) -> Data:
        if data is not None and not data:
            self.report.add(reasons.CONTENT_EMPTY, place)
        elif data and len(data) > self.max_bytes:
            self.report.add(reasons.CONTENT_TOO_LARGE, place, f"{self.max_bytes} bytes at most")
        return data or b""

    def _attach(self, one: Stated, entry: DocumentEntry, contents: dict[str, tuple[str, Data]]) -> Attached:
        place, data = contents.pop(one.id, ("", b""))
        if not place:
            self.report.add(xds.DOCUMENT_MISSING, one.place)
        return Attached(place, entry.mime_type, data, is_signature(entry))

    def _refuse_leftovers(self, contents: dict[str, tuple[str, Data]]) -> None:
        for place, _ in contents.values():
            self.report.add(xds.DOCUMENT_METADATA_MISSING, place)
        if self.left:
            self.report.add(soap.PART_UNKNOWN, "Include", f"parts that no Document names: {len(self.left)}")


class _Register(_Request):
    """One request without bytes: each entry says which repository keeps them, and what they are."""

    def _objects(self) -> list[Stated]:
        if any(one.tag not in _REGISTERED for one in self.body):
            self.report.unsupported("SubmitObjectsRequest", "an unknown element in it")
        return objects_of(self.body.findall(f"{{{RIM}}}RegistryObjectList"), self.report)

    def _contents(self) -> dict[str, tuple[str, Data]]:
        return {}

    def _placed(self, one: Stated, entry: DocumentEntry) -> DocumentEntry:
        repository = one.slot("repositoryUniqueId").removeprefix("urn:oid:")
        for name, said in (("repositoryUniqueId", repository), ("hash", entry.hash), ("size", entry.size)):
            if not said:
                self.report.missing(f"{one.place}/Slot[@name='{name}']")
        if is_signature(entry):
            self.report.unsupported(one.place, "a signature is checked with the bytes that it signs (ITI-41)")
        return replace(entry, repository=repository)

    def _attach(self, one: Stated, entry: DocumentEntry, contents: dict[str, tuple[str, Data]]) -> Attached:
        return Attached(one.place, entry.mime_type, b"")


def _taken(one: Element) -> str:
    """The text of an element, which is out of the tree from here on: it may be half of what a request costs."""
    text, one.text = one.text or "", None
    return text


def _beside(include: Element) -> str:
    """What else an element has than the one that is in it."""
    parent = include.getparent()
    return f"{'' if parent is None else parent.text or ''}{include.tail or ''}".strip()


def _kept(entry: DocumentEntry) -> DocumentEntry:
    """A signature is seen by whoever sees what it signs, whatever it says itself."""
    return replace(entry, visibility=frozenset()) if is_signature(entry) else entry


def _extra(objects: list[Stated]) -> Iterator[Problem]:
    for one in objects:
        if any(name.startswith(_EXTRA) and name != REFERENCES for name in one.slots):
            yield Problem(xds.EXTRA_NOT_KEPT, one.place)
