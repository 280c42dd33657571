"""ITI-57 « Update Document Set » (ITI TF-2, 3.57): SubmitObjectsRequest → what is to become of which objects.

Three operations are read: the status of a document, a folder or an association (UpdateAvailabilityStatus), a document
or a folder stated anew (a HasMember with PreviousVersion), and an association between objects filed before
(SubmitAssociation). The whole request is read and every problem listed; whatever else it asks is no operation here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from espace.kernel.reasons import care, updating
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire.ebxml import stating
from espace.wire.ebxml.entries import NEW, read_entry
from espace.wire.ebxml.listing import check_ids, folders_of, objects_of, set_of
from espace.wire.ebxml.objects import Stated
from espace.wire.ebxml.query_forms import STATUSES
from espace.wire.ebxml.schemes import HAS_MEMBER, LCM, RIM, Relation
from espace.wire.ebxml.sets import read_folder, read_set
from espace.wire.report import Overflow, Report
from espace.wire.xds import DocumentEntry, Folder, PatientStatement
from espace.wire.xml import Element

REQUEST = f"{{{LCM}}}SubmitObjectsRequest"
MAX_DOCUMENTS = 100
"""Operations of one request at most."""
_LIST = f"{{{RIM}}}RegistryObjectList"
_MAX_VERSION = 9
"""Figures of a version."""
SUBMITTED = frozenset({HAS_MEMBER, Relation.APPENDS, Relation.TRANSFORMS})
"""The associations that may be made between objects filed before: what replaces or signs a document is deposited."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A document, a folder or an association whose status is to change; both statuses are the last part of their
    URN."""

    place: str
    target: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Restated:
    """A document whose entry is stated anew, from the `version` that its sender read; `status` and `repository`
    (repositoryUniqueId) are "" if unsaid."""

    place: str
    document: UUID
    version: int
    status: str
    entry: DocumentEntry
    repository: str = ""


@dataclass(frozen=True, slots=True)
class Refiled:
    """A folder that is stated anew, likewise; what is in it stays."""

    place: str
    folder: UUID
    version: int
    status: str
    stated: Folder


@dataclass(frozen=True, slots=True)
class Submitted:
    """An association that is to be, between objects filed before; `kind` is one of SUBMITTED."""

    place: str
    kind: str
    source: UUID
    target: UUID


@dataclass(frozen=True, slots=True)
class Update:
    """A request once read: to be done where there is no problem. `patients` are who all of it says that it is about."""

    patients: tuple[PatientStatement, ...] = ()
    moved: tuple[Moved, ...] = ()
    restated: tuple[Restated, ...] = ()
    refiled: tuple[Refiled, ...] = ()
    submitted: tuple[Submitted, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(body: Element) -> Update:
    """Read the body of an ITI-57 request. Never raises; places are XPath without prefixes, counted from one."""
    report = Report()
    try:
        return _read(body, report)
    except Overflow:
        return Update(problems=tuple(report.problems))


def _read(body: Element, report: Report) -> Update:
    objects = objects_of(body.findall(_LIST), report)
    check_ids(objects, report)
    chosen = set_of(objects, report)
    submission = read_set(chosen, (), report) if chosen else None
    brought = [*(one for one in objects if one.tag == "ExtrinsicObject"), *folders_of(objects)]
    operations = _Operations(chosen, brought, report)
    operations.read([one for one in objects if one.tag == "Association"])
    return Update(
        patients=(*(submission.patients if submission else ()), *operations.patients),
        moved=tuple(operations.moved),
        restated=tuple(operations.restated),
        refiled=tuple(operations.refiled),
        submitted=tuple(operations.submitted),
        problems=tuple(report.problems),
    )


class _Operations:
    """What the associations of a request ask for."""

    def __init__(self, chosen: Stated | None, entries: list[Stated], report: Report) -> None:
        self.chosen = chosen
        self.entries = {one.id: one for one in entries}
        self.report = report
        self.moved: list[Moved] = []
        self.restated: list[Restated] = []
        self.refiled: list[Refiled] = []
        self.submitted: list[Submitted] = []
        self.patients: list[PatientStatement] = []

    def read(self, associations: list[Stated]) -> None:
        if len(associations) > MAX_DOCUMENTS:
            self.report.invalid("RegistryObjectList/Association", f"{MAX_DOCUMENTS} operations at most")
            raise Overflow
        new = {one.id: one for one in associations if one.id}
        asked = [one.target for one in associations if one.association == Relation.SUBMITS]
        brought: set[str] = set()
        for one in associations:
            if one.id not in asked or one.association == Relation.SUBMITS:
                self._operation(one, new, brought)
        for entry in self.entries.values():
            if entry.id not in brought:
                self._refuse(f"{entry.place}/@id", "no HasMember of the SubmissionSet brings it")
        if not associations and not self.entries:
            self._refuse("RegistryObjectList/Association", "nothing is asked")

    def _operation(self, one: Stated, new: Mapping[str, Stated], brought: set[str]) -> None:
        if self.chosen and one.source != self.chosen.id:
            self.report.unresolved(f"{one.place}/@sourceObject", "the SubmissionSet is expected")
        if one.repeated:
            self.report.invalid(f"{one.place}/Slot", "one of them is said twice")
        if one.association == Relation.UPDATES_STATUS:
            self._move(one)
        elif one.association == HAS_MEMBER:
            self._restate(one, brought)
        elif one.association == Relation.SUBMITS:
            self._submit(one, new, brought)
        else:
            self._refuse(f"{one.place}/@associationType", "UpdateAvailabilityStatus, SubmitAssociation, or HasMember")

    def _submit(self, one: Stated, new: Mapping[str, Stated], brought: set[str]) -> None:
        link = new.get(one.target)
        if link is None or link.association == Relation.SUBMITS:
            self._refuse(f"{one.place}/@targetObject", "an Association of this request is expected")
        elif one.target in brought:
            self._refuse(f"{one.place}/@targetObject", "brought twice")
        elif link.association not in SUBMITTED:
            self._refuse(f"{link.place}/@associationType", "HasMember of a folder, APND or XFRM")
        elif link.status not in NEW:
            self._refuse(f"{link.place}/@status", "a new association is approved")
        else:
            source = self._filed(link.source, f"{link.place}/@sourceObject")
            target = self._filed(link.target, f"{link.place}/@targetObject")
            if source and target:
                self.submitted.append(Submitted(link.place, link.association, source, target))
        brought.add(one.target)

    def _refuse(self, place: str, detail: str) -> None:
        self.report.add(updating.UPDATE_NOT_UNDERSTOOD, place, detail)

    def _move(self, one: Stated) -> None:
        before, after = (self._status(one, name) for name in ("OriginalStatus", "NewStatus"))
        document = self._document(one.target, f"{one.place}/@targetObject", [each.target for each in self.moved])
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
            self._refuse(f"{one.place}/@targetObject", "an ExtrinsicObject or a Folder of this request is expected")
            return
        if one.target in brought:
            self._refuse(f"{one.place}/@targetObject", "brought twice")
            return
        brought.add(one.target)
        if one.slot("SubmissionSetStatus") != "Original":
            self.report.invalid(stating.slot_place(one, "SubmissionSetStatus"), "Original is expected")
        if one.slot("AssociationPropagation") not in ("", "yes"):
            self._refuse(stating.slot_place(one, "AssociationPropagation"), "what links the document stays")
        if entry.tag == "ExtrinsicObject":
            self._state(entry, self._version(one))
        else:
            self._refile(entry, self._version(one))

    def _version(self, one: Stated) -> int:
        """PreviousVersion; 0 where it is no number."""
        text = one.slot("PreviousVersion")
        if text.isascii() and text.isdigit() and len(text) <= _MAX_VERSION and int(text):
            return int(text)
        self._refuse(stating.slot_place(one, "PreviousVersion"), "the number of VersionInfo is expected")
        return 0

    def _state(self, stated: Stated, version: int) -> None:
        document = self._document(stated.logical_id, f"{stated.place}/@lid", [each.document for each in self.restated])
        status = self._said(stated)
        entry, patients = read_entry(_new(stated), self.report)
        self.patients += patients
        if document:
            repository = stated.slot("repositoryUniqueId")
            self.restated.append(Restated(stated.place, document, version, status, entry, repository))

    def _refile(self, stated: Stated, version: int) -> None:
        named = self._document(stated.logical_id, f"{stated.place}/@lid", [each.folder for each in self.refiled])
        status = self._said(stated)
        folder, patient = read_folder(_new(stated), (), self.report)
        self.patients += (patient,) if patient else ()
        if named:
            self.refiled.append(Refiled(stated.place, named, version, status, folder))

    def _said(self, stated: Stated) -> str:
        """The status that an object stated anew says that it has."""
        if stated.status and stated.status not in STATUSES:
            self.report.add(care.CHANGE_REFUSED, f"{stated.place}/@status", "a status of JDV_J52 is expected")
        return STATUSES.get(stated.status, "")

    def _document(self, text: str, place: str, known: Collection[UUID]) -> UUID | None:
        """The entryUUID or logicalId, which are the same here, of an object that is named once."""
        found = self._filed(text, place)
        if found in known:
            self._refuse(place, "asked twice of one object")
            return None
        return found

    def _filed(self, text: str, place: str) -> UUID | None:
        named = stating.uuid(text)
        if not named:
            self._refuse(place, "the entryUUID of an object filed before is expected")
        return UUID(named) if named else None


def _new(one: Stated) -> Stated:
    """An object as a new one, whose status and logicalId are another matter."""
    return replace(one, status="", logical_id="")
