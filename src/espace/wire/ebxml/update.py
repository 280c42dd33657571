"""ITI-57 « Update Document Set » (ITI TF-2, 3.57): SubmitObjectsRequest → what is to become of which documents.

Two operations are read: the status of a document (UpdateAvailabilityStatus), and its entry stated anew (a HasMember
with PreviousVersion). The whole request is read and every problem listed; whatever else it asks is no operation here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from espace.kernel.reasons import care, updating
from espace.kernel.words import Problem
from espace.wire.ebxml import stating, writing
from espace.wire.ebxml.entries import read_entry
from espace.wire.ebxml.listing import check_ids, objects_of, set_of
from espace.wire.ebxml.objects import Stated, stated
from espace.wire.ebxml.query_forms import STATUSES
from espace.wire.ebxml.schemes import HAS_MEMBER, LCM, RIM, Relation
from espace.wire.ebxml.sets import read_set
from espace.wire.ebxml.writing import Known, Whose
from espace.wire.nomenclature import system_of
from espace.wire.report import Overflow, Report
from espace.wire.xds import Author, Coded, DocumentEntry, PatientStatement
from espace.wire.xml import Element, parse_xml

REQUEST = f"{{{LCM}}}SubmitObjectsRequest"
MAX_DOCUMENTS = 100
"""Operations of one request at most."""
_LIST = f"{{{RIM}}}RegistryObjectList"
_MAX_VERSION = 9
"""Figures of a version."""
_OURS_IF_UNSAID = frozenset({"hash", "size"})
_PLACES = {
    "unique_id": "/ExternalIdentifier[uniqueId]",
    "mime_type": "/@mimeType",
    "type": "/Classification[typeCode]",
    "class_": "/Classification[classCode]",
    "format": "/Classification[formatCode]",
    "title": "/Name",
    "comments": "/Description",
    "language": "/Slot[@name='languageCode']",
    "creation_time": "/Slot[@name='creationTime']",
    "service_start": "/Slot[@name='serviceStartTime']",
    "service_stop": "/Slot[@name='serviceStopTime']",
    "authors": "/Classification[author]",
    "legal_authenticator": "/Slot[@name='legalAuthenticator']",
    "facility_type": "/Classification[healthcareFacilityTypeCode]",
    "practice_setting": "/Classification[practiceSettingCode]",
    "confidentiality": "/Classification[confidentialityCode]",
    "event_codes": "/Classification[eventCodeList]",
    "reference_ids": "/Slot[@name='urn:ihe:iti:xds:2013:referenceIdList']",
    "hash": "/Slot[@name='hash']",
    "size": "/Slot[@name='size']",
}
"""Every attribute that stays as it was deposited; of the confidentiality codes, the one of N, R, V."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A document whose status is to change; both statuses are the last part of their URN."""

    place: str
    document: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Restated:
    """A document whose entry is stated anew, from the `version` that its sender read; `status` is "" if unsaid."""

    place: str
    document: UUID
    version: int
    status: str
    entry: DocumentEntry


@dataclass(frozen=True, slots=True)
class Update:
    """A request once read: to be done where there is no problem. `patients` are who all of it says that it is about."""

    patients: tuple[PatientStatement, ...] = ()
    moved: tuple[Moved, ...] = ()
    restated: tuple[Restated, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(body: Element) -> Update:
    """Read the body of an ITI-57 request. Never raises; places are XPath without prefixes, counted from one."""
    report = Report()
    try:
        return _read(body, report)
    except Overflow:
        return Update(problems=tuple(report.problems))


def differences(sent: DocumentEntry, kept: Known) -> Iterator[str]:
    """The places of what an entry stated anew has otherwise than the one kept, which a search tells in these very
    forms: displays and the order of codes say nothing, nor does a hash or size that is left out."""
    text = writing.object_list([writing.document_entry(kept, Whose("", ""))])
    root = parse_xml(text.encode()).root
    told = next(stated(root), None) if root is not None else None
    known = _entry(told, Report())[0] if told else kept.entry
    for name, place in _PLACES.items():
        said = getattr(sent, name)
        if _plain(said) != _plain(getattr(known, name)) and not (said is None and name in _OURS_IF_UNSAID):
            yield f"{sent.place}{place}"


def _plain(value: object) -> object:
    """A value as it is compared."""
    if isinstance(value, Coded):
        known = system_of(value.system)
        return value.code, known.oid if known else value.system.removeprefix("urn:oid:")
    if isinstance(value, Author):
        return replace(value, role=None, specialty=None), _plain(value.role), _plain(value.specialty)
    return frozenset(map(_plain, value)) if isinstance(value, tuple) else value


def _read(body: Element, report: Report) -> Update:
    objects = objects_of(body.findall(_LIST), report)
    check_ids(objects, report)
    chosen = set_of(objects, report)
    submission = read_set(chosen, (), report) if chosen else None
    operations = _Operations(chosen, [one for one in objects if one.tag == "ExtrinsicObject"], report)
    operations.read([one for one in objects if one.tag == "Association"])
    patients = (*(submission.patients if submission else ()), *operations.patients)
    return Update(patients, tuple(operations.moved), tuple(operations.restated), tuple(report.problems))


class _Operations:
    """What the associations of a request ask for."""

    def __init__(self, chosen: Stated | None, entries: list[Stated], report: Report) -> None:
        self.chosen = chosen
        self.entries = {one.id: one for one in entries}
        self.report = report
        self.moved: list[Moved] = []
        self.restated: list[Restated] = []
        self.patients: list[PatientStatement] = []

    def read(self, associations: list[Stated]) -> None:
        if len(associations) > MAX_DOCUMENTS:
            self.report.invalid("RegistryObjectList/Association", f"{MAX_DOCUMENTS} operations at most")
            raise Overflow
        brought: set[str] = set()
        for one in associations:
            if self.chosen and one.source != self.chosen.id:
                self.report.unresolved(f"{one.place}/@sourceObject", "the SubmissionSet is expected")
            if one.repeated:
                self.report.invalid(f"{one.place}/Slot", "one of them is said twice")
            if one.association == Relation.UPDATES_STATUS:
                self._move(one)
            elif one.association == HAS_MEMBER:
                self._restate(one, brought)
            else:
                self._refuse(f"{one.place}/@associationType", "UpdateAvailabilityStatus, or HasMember")
        for entry in self.entries.values():
            if entry.id not in brought:
                self._refuse(f"{entry.place}/@id", "no HasMember of the SubmissionSet brings it")
        if not associations and not self.entries:
            self._refuse("RegistryObjectList/Association", "nothing is asked")

    def _refuse(self, place: str, detail: str) -> None:
        self.report.add(updating.UPDATE_NOT_UNDERSTOOD, place, detail)

    def _move(self, one: Stated) -> None:
        before, after = (self._status(one, name) for name in ("OriginalStatus", "NewStatus"))
        document = self._document(one.target, f"{one.place}/@targetObject", [each.document for each in self.moved])
        if before and after and document:
            self.moved.append(Moved(one.place, document, before, after))

    def _status(self, one: Stated, name: str) -> str:
        text, place = one.slot(name), stating.slot_place(one, name)
        if not text:
            self._refuse(place, f"{name} is expected")
        elif text not in STATUSES:
            self.report.add(care.CHANGE_REFUSED, place, "a status of JDV_J52 is expected")
        return STATUSES.get(text, "")

    def _restate(self, one: Stated, brought: set[str]) -> None:
        entry = self.entries.get(one.target)
        if entry is None:
            self._refuse(f"{one.place}/@targetObject", "an ExtrinsicObject of this request is expected")
            return
        if one.target in brought:
            self._refuse(f"{one.place}/@targetObject", "brought twice")
            return
        brought.add(one.target)
        if one.slot("SubmissionSetStatus") != "Original":
            self.report.invalid(stating.slot_place(one, "SubmissionSetStatus"), "Original is expected")
        if one.slot("AssociationPropagation") not in ("", "yes"):
            self._refuse(stating.slot_place(one, "AssociationPropagation"), "what links the document stays")
        self._state(entry, self._version(one))

    def _version(self, one: Stated) -> int:
        """PreviousVersion; 0 where it is no number."""
        text = one.slot("PreviousVersion")
        if text.isascii() and text.isdigit() and len(text) <= _MAX_VERSION and int(text):
            return int(text)
        self._refuse(stating.slot_place(one, "PreviousVersion"), "the number of VersionInfo is expected")
        return 0

    def _state(self, stated_: Stated, version: int) -> None:
        lid, known = f"{stated_.place}/@lid", [each.document for each in self.restated]
        document = self._document(stated_.logical_id, lid, known)
        status = STATUSES.get(stated_.status, "")
        if stated_.status and not status:
            self.report.add(care.CHANGE_REFUSED, f"{stated_.place}/@status", "a status of JDV_J52 is expected")
        entry, patients = _entry(stated_, self.report)
        self.patients += patients
        if document:
            self.restated.append(Restated(stated_.place, document, version, status, entry))

    def _document(self, text: str, place: str, known: Collection[UUID]) -> UUID | None:
        """The entryUUID or logicalId, which are the same here, of a document that is named once."""
        named = stating.uuid(text)
        if not named:
            self._refuse(place, "the entryUUID of a document filed before is expected")
        elif UUID(named) in known:
            self._refuse(place, "asked twice of one document")
        else:
            return UUID(named)
        return None


def _entry(one: Stated, report: Report) -> tuple[DocumentEntry, tuple[PatientStatement, ...]]:
    """An entry as that of a new document, whose status and logicalId are another matter."""
    return read_entry(replace(one, status="", logical_id=""), report)
