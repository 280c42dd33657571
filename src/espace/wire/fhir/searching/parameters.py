"""The search parameters of each type of resource: what is not here is not searched for.

Sources: MHD 4.2 (ITI-66 2:3.66.4.1.2, ITI-67 2:3.67.4.1.2), PDSm 3.1.1, R4 search.html. `x.identifier` may also
be said `x:identifier`. Authors and sources are contained, so that they have no address to be searched by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

_STATUS_SYSTEM = "http://hl7.org/fhir/document-reference-status"
_LIST_STATUS_SYSTEM = "http://hl7.org/fhir/list-status"
_RELATION_SYSTEM = "http://hl7.org/fhir/document-relationship-type"
_LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"


class Kind(StrEnum):
    """The type of a parameter (search.html#ptypes)."""

    TOKEN = auto()
    STRING = auto()
    DATE = auto()
    REFERENCE = auto()


_MODIFIERS = {
    Kind.TOKEN: frozenset({"not", "missing"}),
    Kind.STRING: frozenset({"exact", "contains", "missing"}),
    Kind.DATE: frozenset({"missing"}),
    Kind.REFERENCE: frozenset({"missing"}),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `codes` are all that may be asked for where the list is closed, under `system`;
    `target` the one type of resource that a reference may name; `about` says what it looks at."""

    name: str
    kind: Kind
    about: str
    codes: frozenset[str] = frozenset()
    system: str = ""
    target: str = ""
    plain: bool = False
    """Whether it goes without modifiers: it says of whom the search is, not what is looked for."""

    @property
    def modifiers(self) -> frozenset[str]:
        return frozenset() if self.plain else _MODIFIERS[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """What may be said of one type of resource: its parameters, and what it is sorted by."""

    resource: str
    parameters: Mapping[str, Parameter]
    sorts: tuple[str, ...]


def _table(resource: str, sorts: str, *parameters: Parameter) -> Table:
    return Table(resource, {one.name: one for one in parameters}, tuple(sorts.split()))


def _token(name: str, about: str, codes: str = "", system: str = "") -> Parameter:
    return Parameter(name, Kind.TOKEN, about, frozenset(codes.split()), system)


def _date(name: str, about: str) -> Parameter:
    return Parameter(name, Kind.DATE, about)


def _string(name: str, about: str) -> Parameter:
    return Parameter(name, Kind.STRING, about)


def _of_patient(*names: str) -> tuple[Parameter, ...]:
    known = {
        "patient": Parameter("patient", Kind.REFERENCE, "Patient/<id>", target="Patient", plain=True),
        "patient.identifier": Parameter("patient.identifier", Kind.TOKEN, "urn:oid:…|INS", plain=True),
    }
    return tuple(known[name] for name in names)


_COMMON = (
    _token("_id", "the id of the resource"),
    _date("_lastUpdated", "when it was deposited, or last changed"),
)

DOCUMENTS = _table(
    "DocumentReference",
    "_id _lastUpdated date creation period type status",
    *_of_patient("patient", "patient.identifier"),
    *_COMMON,
    _token("identifier", "masterIdentifier (uniqueId of the document), or the identifier given by this server"),
    _token("status", "current, superseded, entered-in-error", "current superseded entered-in-error", _STATUS_SYSTEM),
    _token("type", "typeCode"),
    _token("category", "classCode"),
    _token("format", "formatCode"),
    _token("setting", "practiceSettingCode"),
    _token("facility", "healthcareFacilityTypeCode"),
    _token("event", "eventCodeList"),
    _token("security-label", "confidentialityCode and the restrictions in force"),
    _token("contenttype", "the media type of the content"),
    _string("author.given", "given names of an author"),
    _string("author.family", "family name of an author"),
    _token("author.identifier", "national identifier of an author or of their organisation"),
    _date("date", "DocumentReference.date"),
    _date("creation", "creationTime"),
    _date("period", "serviceStartTime to serviceStopTime"),
    _date("period-start", "serviceStartTime (PDSm)"),
    _date("period-end", "serviceStopTime (PDSm)"),
    _token("related.identifier", "referenceIdList"),
    Parameter("relatesto", Kind.REFERENCE, "the document that it replaces", target="DocumentReference"),
    _token("relation", "replaces", "replaces transforms signs appends", _RELATION_SYSTEM),
    _token("isArchived", "true or false (PDSm)", "true false"),
)
"""ITI-67."""

LISTS = _table(
    "List",
    "_id _lastUpdated date title",
    *_of_patient("patient", "patient.identifier"),
    *_COMMON,
    _token("code", "submissionset", "submissionset folder", _LIST_TYPES),
    _token("identifier", "uniqueId of the submission set, or the identifier given by this server"),
    _token("status", "current", "current retired entered-in-error", _LIST_STATUS_SYSTEM),
    _date("date", "submissionTime"),
    _token("designationType", "contentTypeCode"),
    _token("sourceId", "sourceId"),
    _string("source.given", "given names of the author of the set"),
    _string("source.family", "family name of the author of the set"),
    _token("source.identifier", "national identifier of the author of the set, or of their organisation"),
    _string("title", "title of the set (PDSm)"),
)
"""ITI-66."""

PATIENTS = _table(
    "Patient",
    "",
    Parameter("identifier", Kind.TOKEN, "urn:oid:…|INS", plain=True),
    Parameter("_id", Kind.TOKEN, "the id of the resource", plain=True),
)
"""The status of a space (TD0.2)."""
