"""DocumentReference → XDS DocumentEntry (MHD 4.2, « Comprehensive DocumentReference »; PDSm 3.1.1)."""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Visibility
from espace.wire import nomenclature
from espace.wire.fhir.people import Contained, author, contained_in, statements
from espace.wire.fhir.relating import Relations, relations
from espace.wire.fhir.resources import (
    Attachment,
    CodeableConcept,
    Content,
    Context,
    DocumentReference,
    Meta,
    Period,
    Reference,
)
from espace.wire.fhir.values import as_coded, coded, date_time, instant, system_name, unique_id
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, DocumentEntry, PatientStatement

CONFIDENTIALITIES = frozenset({"N", "R", "V"})
SHA1_BYTES = 20
_LABELS = CONFIDENTIALITIES | {restriction.value for restriction in Visibility}
_NATIONAL: dict[str, Collection[str]] = {
    "type": nomenclature.TYPES,
    "category": nomenclature.CLASSES,
    "context.facilityType": nomenclature.FACILITY_TYPES,
    "context.practiceSetting": nomenclature.PRACTICE_SETTINGS,
}
_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
IS_ARCHIVED = f"{_PDSM}pdsm-ext-is-archived"
IS_DELETED = f"{_PDSM}pdsm-ext-is-deleted"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: `zone` for dates without a time, `base` the address of the FHIR door, `max_bytes` of one
    document, `beside` the fullUrls of the documents of one bundle."""

    zone: tzinfo
    base: str
    max_bytes: int
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """A DocumentReference once read. `url` is its attachment's."""

    entry: DocumentEntry
    url: str
    patients: tuple[PatientStatement, ...]
    relations: Relations

    @property
    def replaces(self) -> str | None:
        return self.relations.replaces


def read_document(resource: DocumentReference, place: str, reading: Reading, report: Report) -> Read:
    """The entry that a DocumentReference states; everything wrong or missing is reported."""
    return _Document(resource, place, reading, report).read()


class _Document:
    """One DocumentReference being read. Every method reports what it finds wrong at its own place."""

    def __init__(self, resource: DocumentReference, place: str, reading: Reading, report: Report) -> None:
        self.resource = resource
        self.place = place
        self.reading = reading
        self.report = report
        self.contained: Contained = contained_in(resource, place, report)
        self.content = self._content()
        self.attachment = self.content.attachment or Attachment()
        self.context = resource.context or Context()
        self.at = f"{place}.content[0].attachment"

    def read(self) -> Read:
        self._refuse_the_unsupported()
        return Read(
            entry=self._entry(),
            url=self._needed(self.attachment.url, f"{self.at}.url"),
            patients=self._patients(),
            relations=relations(
                self.resource.relates_to,
                f"{self.place}.relatesTo",
                self.reading.base,
                self.reading.beside,
                self.report,
            ),
        )

    def _entry(self) -> DocumentEntry:
        stated, visibility = labels(self.resource.security_label, self.place, self.report)
        period = self.context.period or Period()
        return DocumentEntry(
            place=self.place,
            unique_id=self._master_identifier(),
            mime_type=self._needed(self.attachment.content_type, f"{self.at}.contentType"),
            type=self._code("type", self.resource.type),
            class_=self._category(),
            format=self._format(),
            title=self._needed(self.attachment.title or self.resource.description, f"{self.at}.title"),
            comments=self.resource.description or "",
            language=self.attachment.language or "",
            creation_time=self._creation(),
            service_start=self._time(period.start, "context.period.start"),
            service_stop=self._time(period.end, "context.period.end"),
            authors=self._authors(),
            legal_authenticator=self._author(self.resource.authenticator, "authenticator"),
            facility_type=self._code("context.facilityType", self.context.facility_type),
            practice_setting=self._code("context.practiceSetting", self.context.practice_setting),
            confidentiality=stated or "N",
            visibility=visibility,
            event_codes=tuple(code for event in self.context.event if (code := coded(event))),
            reference_ids=self._reference_ids(),
            hash=self._hash(),
            size=self._size(),
            custodian_id=self._custodian(),
        )

    def _needed(self, value: str | None, place: str) -> str:
        if not value:
            self.report.missing(place)
        return value or ""

    def _content(self) -> Content:
        found = self.resource.content
        if not found:
            self.report.missing(f"{self.place}.content")
        elif len(found) > 1:
            self.report.unsupported(f"{self.place}.content[1]", "one content a DocumentReference")
        elif found[0].attachment is None:
            self.report.missing(f"{self.place}.content[0].attachment")
        return found[0] if found else Content()

    def _refuse_the_unsupported(self) -> None:
        require(self.resource.status, "current", f"{self.place}.status", self.report)
        if self.resource.doc_status is not None:
            self.report.unsupported(f"{self.place}.docStatus", "MHD has none")
        if self.attachment.data is not None:
            self.report.unsupported(f"{self.at}.data", "the content goes into a Binary of the bundle")
        refuse_hidden_labels(self.resource.meta, f"{self.place}.meta", self.report)
        for index, extension in enumerate(self.resource.extension):
            if extension.url in (IS_ARCHIVED, IS_DELETED) and extension.value_boolean is not False:
                here = f"{self.place}.extension[{index}]"
                self.report.unsupported(here, "a new document is neither archived nor deleted")

    def _master_identifier(self) -> str:
        here = f"{self.place}.masterIdentifier"
        if self.resource.master_identifier is None:
            self.report.missing(here)
            return ""
        return unique_id(self.resource.master_identifier, here, self.report)

    def _hash(self) -> str | None:
        """The SHA-1 in base64; whether it is that of the content is the record's to say."""
        here = f"{self.at}.hash"
        text = self._needed(self.attachment.hash, here)
        if not text:
            return None
        try:
            digest = base64.b64decode(text, validate=True)
        except ValueError:
            digest = b""
        if len(digest) != SHA1_BYTES:
            self.report.invalid(here, "the 20 bytes of a SHA-1 in base64 are expected")
            return None
        return text

    def _size(self) -> int | None:
        size = self.attachment.size
        if size is None:
            self.report.missing(f"{self.at}.size")
        elif size < 0:
            self.report.invalid(f"{self.at}.size", "a number of bytes is expected")
        return size

    def _time(self, text: str | None, element: str) -> datetime | None:
        return date_time(text, self.reading.zone, f"{self.place}.{element}", self.report)

    def _creation(self) -> datetime | None:
        """creationTime: `attachment.creation` (MHD), else `date` (PDSm concept map); one of them is needed."""
        said = instant(self.resource.date, f"{self.place}.date", self.report)
        created = self._time(self.attachment.creation, "content[0].attachment.creation")
        if self.resource.date is None and self.attachment.creation is None:
            self.report.missing(f"{self.at}.creation", "or DocumentReference.date")
        return created or said

    def _code(self, element: str, concept: CodeableConcept | None) -> Coded | None:
        found = coded(concept, _NATIONAL[element])
        if found is None:
            self.report.missing(f"{self.place}.{element}")
        return found

    def _category(self) -> Coded | None:
        if len(self.resource.category) > 1:
            self.report.unsupported(f"{self.place}.category[1]", "one class a document")
        return self._code("category", self.resource.category[0] if self.resource.category else None)

    def _format(self) -> Coded | None:
        found = self.content.format
        if found is None or not found.code:
            self.report.missing(f"{self.place}.content[0].format")
            return None
        return as_coded(found)

    def _authors(self) -> tuple[Author, ...]:
        if not self.resource.author:
            self.report.missing(f"{self.place}.author")
        found = (self._author(said, f"author[{index}]") for index, said in enumerate(self.resource.author))
        return tuple(one for one in found if one)

    def _author(self, said: Reference | None, element: str) -> Author | None:
        return author(said, self.contained, f"{self.place}.{element}", self.report) if said else None

    def _custodian(self) -> str:
        custodian = self._author(self.resource.custodian, "custodian")
        return (custodian.institution_id or custodian.person_id) if custodian else ""

    def _reference_ids(self) -> tuple[Coded, ...]:
        """referenceIdList: the identifiers of `context.related` and `context.encounter`."""
        found = (reference.identifier for reference in (*self.context.related, *self.context.encounter))
        return tuple(Coded(i.value, system_name(i.system)) for i in found if i and i.value)

    def _patients(self) -> tuple[PatientStatement, ...]:
        said = {"subject": self.resource.subject, "context.sourcePatientInfo": self.context.source_patient_info}
        found = [
            statement
            for element, reference in said.items()
            if reference
            for statement in statements(reference, self.contained, f"{self.place}.{element}", self.report)
        ]
        if not any(said.values()):
            self.report.missing(f"{self.place}.subject")
        return tuple(found)


def labels(
    concepts: Sequence[CodeableConcept], place: str, report: Report
) -> tuple[str, frozenset[Visibility]]:
    """One of N, R, V ("" where none is said) under whatever system, and the visibility codes (JDV_J58).

    Every coding of every label counts: one passed over could be the restriction.
    """
    confidentiality: set[str] = set()
    visibility: set[Visibility] = set()
    for index, concept in enumerate(concepts):
        here = f"{place}.securityLabel[{index}]"
        codes = [coding.code or "" for coding in concept.coding]
        if not codes or not _LABELS.issuperset(codes):
            report.add(reasons.CODE_UNKNOWN, here, "N, R, V or a visibility code of JDV_J58 is expected")
        confidentiality |= {code for code in codes if code in CONFIDENTIALITIES}
        visibility |= {Visibility(code) for code in codes if code in _LABELS - CONFIDENTIALITIES}
        if len(confidentiality) > 1:
            report.invalid(here, "one of N, R, V a document")
    return (min(confidentiality) if confidentiality else ""), frozenset(visibility)


def require(value: str | None, expected: str, place: str, report: Report) -> None:
    """An element whose value is fixed by the profile."""
    if value is None:
        report.missing(place, f"{expected} is expected")
    elif value != expected:
        report.invalid(place, f"{expected} is expected")


def refuse_hidden_labels(meta: Meta | None, place: str, report: Report) -> None:
    """A restriction said in `meta.security` would be lost: it belongs in `securityLabel`."""
    for index, label in enumerate(meta.security if meta else ()):
        if label.code in _LABELS - {"N"}:
            report.unsupported(f"{place}.security[{index}]", "say it in DocumentReference.securityLabel")
