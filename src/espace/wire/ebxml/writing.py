"""Stored entries, sets and what links them → registry objects (ITI TF-3, 4.2.3; CI-SIS model).

Only what their senders stated and what the platform knows is told: an attribute that nobody stated is left out. Texts
are built as they go on the wire, in the namespace of ebRIM (`object_list` declares it): no tree is made, for a search
may answer thousands of them. All times are in UTC (ITI TF-3, table 4.2.3.1.7-2).
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID, uuid5

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire import nomenclature
from espace.wire.ebxml import hl7
from espace.wire.ebxml.schemes import (
    ASSOCIATION,
    FOLDER,
    HAS_MEMBER,
    PACKAGE,
    RIM,
    STABLE,
    SUBMISSION_SET,
    Entry,
    Folder,
    Relation,
    Set,
)
from espace.wire.nomenclature import system_of
from espace.wire.xds import Author, Coded, DocumentEntry, Linking, Submission
from espace.wire.xds import Folder as Stated

_RELATIONS = {
    Linking.REPLACES: Relation.REPLACES,
    Linking.TRANSFORMS_AND_REPLACES: Relation.TRANSFORMS_AND_REPLACES,
    Linking.APPENDS: Relation.APPENDS,
    Linking.TRANSFORMS: Relation.TRANSFORMS,
    Linking.SIGNS: Relation.SIGNS,
}
_APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
_NATIONAL = frozenset({"Archived", "Deleted"})
_FRENCH = "fr-FR"
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")
_NEVER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, whoever stored it (2.2)."""
_MARKUP = tuple((sign, f"&#{ord(sign)};") for sign in '&<>"\t\n\r')
_NOT_PLAIN = re.compile("[^ !#-%'-;=?-~\u00a0-\u024f\u2010-\u2027]")
_NODE = (1 << 48) - 1


@dataclass(frozen=True, slots=True)
class Whose:
    """What every object of an answer shares: its patient, as CX, and the OID of this repository."""

    patient: str
    repository: str


def whose(number: str, authority: str, repository: str) -> Whose:
    return Whose(hl7.identifier_text(number, authority, "NH"), repository)


@dataclass(frozen=True, slots=True)
class Known:
    """A document as the platform knows it; `status` is the last part of availabilityStatus."""

    id: UUID
    entry: DocumentEntry
    status: str
    size: int
    restrictions: frozenset[Visibility] = frozenset()
    version: int = 1


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A submission set as the platform knows it: when it came, should its sender not have said."""

    id: UUID
    stated: Submission
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class KnownFolder:
    """A filed folder as the platform knows it."""

    id: UUID
    stated: Stated
    status: str
    updated_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """What links two objects: membership (HAS_MEMBER), or a relation of two documents."""

    kind: str
    source: UUID
    target: UUID
    in_folder: bool = False

    @property
    def id(self) -> UUID:
        """The same whenever it is asked for, and nobody has to keep it."""
        return uuid5(self.source, f"{self.kind} {self.target}")


def text(value: str) -> str:
    """A text as it stands in an element or between double quotes; most need nothing."""
    if _NOT_PLAIN.search(value):
        value = _NEVER.sub("\ufffd", value)
        for sign, reference in _MARKUP:
            value = value.replace(sign, reference)
    return value


def urn(one: UUID) -> str:
    return f"urn:uuid:{one}"


def object_list(objects: Iterable[str]) -> str:
    """RegistryObjectList, in which no prefix is needed."""
    return f'<RegistryObjectList xmlns="{RIM}">{"".join(objects)}</RegistryObjectList>'


def object_ref(one: UUID) -> str:
    return f'<ObjectRef id="{urn(one)}"/>'


def document_entry(known: Known, shared: Whose) -> str:
    """ExtrinsicObject of a DocumentEntry."""
    entry, parts = known.entry, _Parts(known.id)
    body = [
        *_entry_slots(known, shared),
        _localised("Name", entry.title, entry.language),
        _localised("Description", entry.comments, entry.language),
        _version(known.version),
        *(_author(parts, Entry.AUTHOR, one) for one in entry.authors),
        *_codes(parts, Entry.CLASS, entry.class_),
        *_codes(parts, Entry.CONFIDENTIALITY, *_labels(known)),
        *_codes(parts, Entry.EVENT, *entry.event_codes),
        *_codes(parts, Entry.FORMAT, entry.format),
        *_codes(parts, Entry.FACILITY_TYPE, entry.facility_type),
        *_codes(parts, Entry.PRACTICE_SETTING, entry.practice_setting),
        *_codes(parts, Entry.TYPE, entry.type),
        _external(parts, Entry.PATIENT_ID, shared.patient, "XDSDocumentEntry.patientId"),
        _external(parts, Entry.UNIQUE_ID, unique_id(entry.unique_id), "XDSDocumentEntry.uniqueId"),
    ]
    return _extrinsic(known.id, known.status, entry.mime_type, body)


def deposit(id: UUID, stated_id: str, status: str, version: int = 1) -> str:
    """What a feeder sees of its own deposit: ids, status and the version that it changes (ITI-57)."""
    named = _external(_Parts(id), Entry.UNIQUE_ID, unique_id(stated_id), "XDSDocumentEntry.uniqueId")
    return _extrinsic(id, status, "", [_version(version), named])


def _extrinsic(id: UUID, status: str, mime_type: str, body: Iterable[str]) -> str:
    kind = f' mimeType="{text(mime_type)}"' if mime_type else ""
    return (
        f'<ExtrinsicObject id="{urn(id)}" lid="{urn(id)}" objectType="{STABLE}" status="{_status(status)}"{kind}'
        f' isOpaque="false">{"".join(body)}</ExtrinsicObject>'
    )


def submission_set(known: KnownSet, shared: Whose) -> str:
    """RegistryPackage of a SubmissionSet."""
    stated, parts = known.stated, _Parts(known.id)
    body = [
        _time("submissionTime", stated.submission_time or known.submitted_at),
        _localised("Name", stated.title),
        _localised("Description", stated.comments),
        f'<Classification id="{parts.next()}" classifiedObject="{parts.whole}" classificationNode="{SUBMISSION_SET}"/>',
        *((_author(parts, Set.AUTHOR, stated.author),) if stated.author else ()),
        *_codes(parts, Set.CONTENT_TYPE, stated.content_type),
        _external(parts, Set.PATIENT_ID, shared.patient, "XDSSubmissionSet.patientId"),
        _external(parts, Set.SOURCE_ID, source_id(stated.source_id), "XDSSubmissionSet.sourceId"),
        _external(parts, Set.UNIQUE_ID, unique_id(stated.unique_id), "XDSSubmissionSet.uniqueId"),
    ]
    return _package(parts.whole, "Approved", body)


def folder(known: KnownFolder, shared: Whose) -> str:
    """RegistryPackage of a Folder."""
    stated, parts = known.stated, _Parts(known.id)
    body = [
        _time("lastUpdateTime", known.updated_at),
        _localised("Name", stated.title),
        _localised("Description", stated.comments),
        _version(known.version),
        f'<Classification id="{parts.next()}" classifiedObject="{parts.whole}" classificationNode="{FOLDER}"/>',
        *_codes(parts, Folder.CODES, *stated.codes),
        _external(parts, Folder.PATIENT_ID, shared.patient, "XDSFolder.patientId"),
        _external(parts, Folder.UNIQUE_ID, unique_id(stated.unique_id), "XDSFolder.uniqueId"),
    ]
    return _package(parts.whole, known.status, body)


def own_folder(id: UUID, stated_id: str, status: str, updated_at: datetime, version: int = 1) -> str:
    """What a feeder sees of its own folder: ids, status and the version that it changes."""
    parts = _Parts(id)
    body = [
        _time("lastUpdateTime", updated_at),
        _version(version),
        f'<Classification id="{parts.next()}" classifiedObject="{parts.whole}" classificationNode="{FOLDER}"/>',
        _external(parts, Folder.UNIQUE_ID, unique_id(stated_id), "XDSFolder.uniqueId"),
    ]
    return _package(parts.whole, status, body)


def _package(name: str, status: str, body: Iterable[str]) -> str:
    return (
        f'<RegistryPackage id="{name}" lid="{name}" objectType="{PACKAGE}" status="{_status(status)}">'
        f"{''.join(body)}</RegistryPackage>"
    )


def association(link: Link) -> str:
    """Association; every document came with the set that has it (`Original`), which is not said of a folder."""
    member = _slot("SubmissionSetStatus", "Original") if link.kind == HAS_MEMBER and not link.in_folder else ""
    return (
        f'<Association id="{urn(link.id)}" lid="{urn(link.id)}" objectType="{ASSOCIATION}" status="{_APPROVED}"'
        f' associationType="{link.kind}" sourceObject="{urn(link.source)}" targetObject="{urn(link.target)}">'
        f"{member}</Association>"
    )


def relation(kind: Linking, source: UUID, target: UUID) -> Link:
    return Link(_RELATIONS[kind], source, target)


def membership(whole: UUID, member: UUID, *, in_folder: bool = False) -> Link:
    return Link(HAS_MEMBER, whole, member, in_folder)


def dtm(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at.year:04}{at.month:02}{at.day:02}{at.hour:02}{at.minute:02}{at.second:02}"


def unique_id(stated: str) -> str:
    """A uniqueId as XDS has it: an OID is bare there."""
    return stated.removeprefix("urn:oid:")


def source_id(stated: str) -> str:
    """A sourceId as XDS has it: of `system|value`, which only FHIR can state, the value."""
    return unique_id(stated.partition("|")[2] or stated)


class _Parts:
    """The ids of the parts of one object, which ebRIM wants and nobody uses: its own, counted on from."""

    def __init__(self, whole: UUID) -> None:
        self.whole = urn(whole)
        self._head, self._last = self.whole[:-12], whole.int & _NODE

    def next(self) -> str:
        self._last = (self._last + 1) & _NODE
        return f"{self._head}{self._last:012x}"


def _status(status: str) -> str:
    """availabilityStatus (JDV_J52)."""
    where = "asip:ci-sis:2010" if status in _NATIONAL else "oasis:names:tc:ebxml-regrep"
    return f"urn:{where}:StatusType:{status}"


def _slot(name: str, value: str, *more: str) -> str:
    """A slot; none without a value."""
    if not value:
        return ""
    others = "".join(f"<Value>{text(one)}</Value>" for one in more) if more else ""
    return f'<Slot name="{name}"><ValueList><Value>{text(value)}</Value>{others}</ValueList></Slot>'


def _time(name: str, moment: datetime | None) -> str:
    return f'<Slot name="{name}"><ValueList><Value>{dtm(moment)}</Value></ValueList></Slot>' if moment else ""


def _entry_slots(known: Known, shared: Whose) -> list[str]:
    entry = known.entry
    signer = hl7.person_text(entry.legal_authenticator) if entry.legal_authenticator else ""
    references = [hl7.identifier_text(one.code, one.system, one.display) for one in entry.reference_ids]
    return [
        _time("creationTime", entry.creation_time),
        _slot("hash", base64.b64decode(entry.hash).hex() if entry.hash else ""),
        _slot("languageCode", entry.language),
        _slot("legalAuthenticator", signer),
        _slot("repositoryUniqueId", entry.repository or shared.repository),
        _time("serviceStartTime", entry.service_start),
        _time("serviceStopTime", entry.service_stop),
        _slot("size", str(known.size)),
        # A local id of the sender's is not kept: CI-SIS then has the INS here.
        _slot("sourcePatientId", shared.patient),
        _slot("urn:ihe:iti:xds:2013:referenceIdList", *(references or ("",))),
    ]


def _localised(tag: str, value: str, language: str = "") -> str:
    if not value:
        return ""
    said = language if language and _LANGUAGE.fullmatch(language) else _FRENCH
    return f'<{tag}><LocalizedString xml:lang="{said}" charset="UTF-8" value="{text(value)}"/></{tag}>'


def _version(number: int) -> str:
    """Of the metadata: the one kept is the last."""
    return f'<VersionInfo versionName="{number}"/>'


def _labels(known: Known) -> Sequence[Coded]:
    """The level that was stated, and the restrictions now in force (JDV_J58)."""
    level = nomenclature.CONFIDENTIALITY.get(known.entry.confidentiality)
    return (*((level,) if level else ()), *(nomenclature.VISIBILITIES[one] for one in sorted(known.restrictions)))


def _codes(parts: _Parts, scheme: str, *codes: Coded | None) -> Iterable[str]:
    for code in codes:
        if code:
            yield _classification(parts, scheme, code.code, _code_body(code))


@lru_cache(maxsize=2048)
def _code_body(code: Coded) -> str:
    """The same in thousands of documents."""
    return _slot("codingScheme", _system(code)) + _localised("Name", code.display or code.code)


def _system(code: Coded) -> str:
    """The system by its OID, where it has one."""
    known = system_of(code.system)
    return known.oid if known else code.system.removeprefix("urn:oid:")


def _text_of(code: Coded | None) -> str:
    return hl7.coded_text(replace(code, system=_system(code))) if code else ""


def _author(parts: _Parts, scheme: str, one: Author) -> str:
    body = [
        _slot("authorPerson", hl7.person_text(one)),
        _slot("authorInstitution", hl7.organisation_text(one)),
        _slot("authorRole", _text_of(one.role)),
        _slot("authorSpecialty", _text_of(one.specialty)),
    ]
    return _classification(parts, scheme, "", "".join(body))


def _classification(parts: _Parts, scheme: str, code: str, body: str) -> str:
    return (
        f'<Classification id="{parts.next()}" classificationScheme="{scheme}" classifiedObject="{parts.whole}"'
        f' nodeRepresentation="{text(code)}">{body}</Classification>'
    )


def _external(parts: _Parts, scheme: str, value: str, name: str) -> str:
    """An external identifier; none of a value that was lost."""
    if not value:
        return ""
    return (
        f'<ExternalIdentifier id="{parts.next()}" registryObject="{parts.whole}" identificationScheme="{scheme}"'
        f' value="{text(value)}"><Name><LocalizedString value="{name}"/></Name></ExternalIdentifier>'
    )
