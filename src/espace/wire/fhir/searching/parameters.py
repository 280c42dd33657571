"""The search parameters of each type of resource: what is not here is not searched for.

Sources: MHD 4.2 (ITI-66 2:3.66.4.1.2, ITI-67 2:3.67.4.1.2), PDSm 3.1.1, R4 search.html. `x.identifier` may also
be said `x:identifier`. Authors and sources are contained, so that they have no address to be searched by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


class Form(StrEnum):
    """What a token is, where it is no mere code."""

    CODE = auto()
    ID = auto()
    UNIQUE_ID = auto()
    SOURCE = auto()
    INS = auto()


_MODIFIERS = {
    Kind.TOKEN: frozenset({"not", "missing"}),
    Kind.STRING: frozenset({"exact", "contains", "missing"}),
    Kind.DATE: frozenset({"missing"}),
    Kind.REFERENCE: frozenset({"missing"}),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `codes` are all that may be asked for where the list is closed, under `system`;
    `target` the one type of resource that a reference may name, "" for any; `about` says what it looks at. A `plain`
    one goes without modifiers."""

    name: str
    kind: Kind
    about: str
    codes: frozenset[str] = frozenset()
    system: str = ""
    target: str = ""
    plain: bool = False
    form: Form = Form.CODE

    @property
    def modifiers(self) -> frozenset[str]:
        return frozenset() if self.plain else _MODIFIERS[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """What may be said of one type of resource: its parameters, what it is sorted by, and what `includes` add to what
    is found (`_include`, `_revinclude` → all that may be said of them)."""

    resource: str
    parameters: Mapping[str, Parameter]
    sorts: tuple[str, ...]
    includes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _table(resource: str, sorts: str, *parameters: Parameter) -> Table:
    return Table(resource, {one.name: one for one in parameters}, tuple(sorts.split()))


def _token(name: str, about: str, codes: str = "", system: str = "") -> Parameter:
    return Parameter(name, Kind.TOKEN, about, frozenset(codes.split()), system)


def _date(name: str, about: str) -> Parameter:
    return Parameter(name, Kind.DATE, about)


def _string(name: str, about: str) -> Parameter:
    return Parameter(name, Kind.STRING, about)


def _unique_id(about: str) -> Parameter:
    return Parameter("identifier", Kind.TOKEN, about, form=Form.UNIQUE_ID)


_OF_WHOM = (
    Parameter("patient", Kind.REFERENCE, "Patient/<id>", target="Patient", plain=True),
    Parameter("patient.identifier", Kind.TOKEN, "urn:oid:…|INS", plain=True, form=Form.INS),
)
_COMMON = (
    Parameter("_id", Kind.TOKEN, "the id of the resource", form=Form.ID),
    _date("_lastUpdated", "when it was deposited, or last changed"),
)

DOCUMENTS = _table(
    "DocumentReference",
    "_id _lastUpdated date creation period type status",
    *_OF_WHOM,
    *_COMMON,
    _unique_id("masterIdentifier (uniqueId of the document), or the identifier given by this server"),
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
    Parameter("relatesto", Kind.REFERENCE, "what it replaces, completes or transforms", target="DocumentReference"),
    _token("relation", "replaces", "replaces transforms signs appends", _RELATION_SYSTEM),
    Parameter("isArchived", Kind.TOKEN, "true or false (PDSm)", frozenset({"true", "false"}), plain=True),
)
"""ITI-67."""

LISTS = _table(
    "List",
    "_id _lastUpdated date title",
    *_OF_WHOM,
    *_COMMON,
    _token("code", "submissionset", "submissionset folder", _LIST_TYPES),
    _unique_id("uniqueId of the submission set, or the identifier given by this server"),
    _token("status", "current", "current retired entered-in-error", _LIST_STATUS_SYSTEM),
    _date("date", "submissionTime"),
    _token("designationType", "contentTypeCode"),
    Parameter("sourceId", Kind.TOKEN, "sourceId", form=Form.SOURCE),
    _string("source.given", "given names of the author of the set"),
    _string("source.family", "family name of the author of the set"),
    _token("source.identifier", "national identifier of the author of the set, or of their organisation"),
    _string("title", "title of the set (PDSm)"),
)
"""ITI-66."""

PATIENTS = _table(
    "Patient",
    "",
    Parameter("identifier", Kind.TOKEN, "urn:oid:…|INS", plain=True, form=Form.INS),
    Parameter("_id", Kind.TOKEN, "the id of the resource", plain=True, form=Form.ID),
)
"""The status of a space (TD0.2)."""
