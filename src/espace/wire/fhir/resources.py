"""The FHIR R4 (4.0.1) resources and types that MHD 4.2 and PDSm 3.1.1 need, with their every element.

Elements are optional here: cardinalities belong to the profiles (`provide_bundle`). `ignored` names the
elements of the standard that are accepted and not kept. One set of structs serves reading and writing.
"""

from typing import ClassVar, NewType

import msgspec

Base64 = NewType("Base64", str)
"""A `base64Binary`, as sent: it may be very long and is looked at once only, when it is decoded."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Element(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What every element may carry."""

    ignored: ClassVar[frozenset[str]] = frozenset()

    id: str | None = None
    extension: tuple["Extension", ...] = ()


class Coding(Element, frozen=True, kw_only=True):
    system: str | None = None
    version: str | None = None
    code: str | None = None
    display: str | None = None
    user_selected: bool | None = None


class CodeableConcept(Element, frozen=True, kw_only=True):
    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Identifier(Element, frozen=True, kw_only=True):
    ignored = frozenset({"period", "assigner"})

    use: str | None = None
    type: CodeableConcept | None = None
    system: str | None = None
    value: str | None = None


class Reference(Element, frozen=True, kw_only=True):
    reference: str | None = None
    type: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Period(Element, frozen=True, kw_only=True):
    start: str | None = None
    end: str | None = None


class Address(Element, frozen=True, kw_only=True):
    ignored = frozenset({"use", "type", "text", "line", "state", "country", "period"})

    city: str | None = None
    district: str | None = None
    postal_code: str | None = None


class HumanName(Element, frozen=True, kw_only=True):
    ignored = frozenset({"prefix", "suffix", "period"})

    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: tuple[str, ...] = ()


_VALUES = _names(
    "Base64Binary Canonical Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt Time UnsignedInt "
    "Uri Url Uuid Age Annotation Attachment ContactPoint Count Distance Duration HumanName Money Period Quantity "
    "Range Ratio SampledData Signature Timing ContactDetail Contributor DataRequirement Expression "
    "ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta"
)


class Extension(Element, frozen=True, kw_only=True):
    ignored = frozenset(f"value{name}" for name in _VALUES)

    url: str | None = None
    value_string: str | None = None
    value_code: str | None = None
    value_boolean: bool | None = None
    value_coding: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_identifier: Identifier | None = None
    value_reference: Reference | None = None
    value_address: Address | None = None


class Meta(Element, frozen=True, kw_only=True):
    ignored = frozenset({"versionId", "source"})

    last_updated: str | None = None
    profile: tuple[str, ...] = ()
    security: tuple[Coding, ...] = ()
    tag: tuple[Coding, ...] = ()


class Resource(Element, frozen=True, kw_only=True, tag_field="resourceType"):
    """A resource; `language` and the narrative (`text`) are accepted and not kept."""

    ignored = frozenset({"language", "text"})

    meta: Meta | None = None
    contained: tuple["Resource", ...] = ()


class Attachment(Element, frozen=True, kw_only=True):
    content_type: str | None = None
    language: str | None = None
    data: Base64 | None = None
    url: str | None = None
    size: int | None = None
    hash: str | None = None
    title: str | None = None
    creation: str | None = None


class Content(Element, frozen=True, kw_only=True):
    attachment: Attachment | None = None
    format: Coding | None = None


class RelatesTo(Element, frozen=True, kw_only=True):
    code: str | None = None
    target: Reference | None = None


class Context(Element, frozen=True, kw_only=True):
    encounter: tuple[Reference, ...] = ()
    event: tuple[CodeableConcept, ...] = ()
    period: Period | None = None
    facility_type: CodeableConcept | None = None
    practice_setting: CodeableConcept | None = None
    source_patient_info: Reference | None = None
    related: tuple[Reference, ...] = ()


class DocumentReference(Resource, frozen=True, kw_only=True, tag="DocumentReference"):
    master_identifier: Identifier | None = None
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    doc_status: str | None = None
    type: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    date: str | None = None
    author: tuple[Reference, ...] = ()
    authenticator: Reference | None = None
    custodian: Reference | None = None
    relates_to: tuple[RelatesTo, ...] = ()
    description: str | None = None
    security_label: tuple[CodeableConcept, ...] = ()
    content: tuple[Content, ...] = ()
    context: Context | None = None


class Binary(Resource, frozen=True, kw_only=True, tag="Binary"):
    content_type: str | None = None
    security_context: Reference | None = None
    data: Base64 | None = None


class ListEntry(Element, frozen=True, kw_only=True):
    flag: CodeableConcept | None = None
    deleted: bool | None = None
    date: str | None = None
    item: Reference | None = None


class Annotation(Element, frozen=True, kw_only=True):
    ignored = frozenset({"authorReference", "authorString", "time"})

    text: str | None = None


class List(Resource, frozen=True, kw_only=True, tag="List"):
    ignored = frozenset({"language", "text", "orderedBy"})

    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    mode: str | None = None
    title: str | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    date: str | None = None
    source: Reference | None = None
    note: tuple[Annotation, ...] = ()
    entry: tuple[ListEntry, ...] = ()
    empty_reason: CodeableConcept | None = None


class Part(Element, frozen=True, kw_only=True):
    """`Parameters.parameter` and its parts, as the PATCH of a replacement uses them."""

    name: str | None = None
    value_string: str | None = None
    value_code: str | None = None
    part: tuple["Part", ...] = ()


class Parameters(Resource, frozen=True, kw_only=True, tag="Parameters"):
    parameter: tuple[Part, ...] = ()


class Patient(Resource, frozen=True, kw_only=True, tag="Patient"):
    ignored = _names(
        "language text active telecom deceasedBoolean deceasedDateTime address maritalStatus multipleBirthBoolean "
        "multipleBirthInteger photo contact communication generalPractitioner managingOrganization link"
    )

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: str | None = None
    birth_date: str | None = None


class Practitioner(Resource, frozen=True, kw_only=True, tag="Practitioner"):
    ignored = _names("language text active telecom address gender birthDate photo qualification communication")

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()


class PractitionerRole(Resource, frozen=True, kw_only=True, tag="PractitionerRole"):
    ignored = _names(
        "language text active period location healthcareService telecom availableTime notAvailable "
        "availabilityExceptions endpoint"
    )

    identifier: tuple[Identifier, ...] = ()
    practitioner: Reference | None = None
    organization: Reference | None = None
    code: tuple[CodeableConcept, ...] = ()
    specialty: tuple[CodeableConcept, ...] = ()


class Organization(Resource, frozen=True, kw_only=True, tag="Organization"):
    ignored = _names("language text active type alias telecom address partOf contact endpoint")

    identifier: tuple[Identifier, ...] = ()
    name: str | None = None


class DeviceName(Element, frozen=True, kw_only=True):
    name: str | None = None
    type: str | None = None


class Device(Resource, frozen=True, kw_only=True, tag="Device"):
    ignored = _names(
        "language text definition udiCarrier status statusReason distinctIdentifier manufacturer manufactureDate "
        "expirationDate lotNumber serialNumber modelNumber partNumber type specialization version property "
        "patient contact location url note safety parent"
    )

    identifier: tuple[Identifier, ...] = ()
    device_name: tuple[DeviceName, ...] = ()
    owner: Reference | None = None


class RelatedPerson(Resource, frozen=True, kw_only=True, tag="RelatedPerson"):
    ignored = _names(
        "language text active patient relationship telecom gender birthDate address photo period communication"
    )

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()


class Link(Element, frozen=True, kw_only=True):
    relation: str | None = None
    url: str | None = None


class Request(Element, frozen=True, kw_only=True):
    method: str | None = None
    url: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_match: str | None = None
    if_none_exist: str | None = None


class Response(Element, frozen=True, kw_only=True):
    status: str | None = None
    location: str | None = None


class Search(Element, frozen=True, kw_only=True):
    mode: str | None = None


class Entry(Element, frozen=True, kw_only=True):
    ignored = frozenset({"link"})

    full_url: str | None = None
    resource: Resource | None = None
    search: Search | None = None
    request: Request | None = None
    response: Response | None = None


class Bundle(Resource, frozen=True, kw_only=True, tag="Bundle"):
    ignored = frozenset({"language", "signature"})

    identifier: Identifier | None = None
    type: str | None = None
    timestamp: str | None = None
    total: int | None = None
    link: tuple[Link, ...] = ()
    entry: tuple[Entry, ...] = ()


class Issue(Element, frozen=True, kw_only=True):
    severity: str | None = None
    code: str | None = None
    details: CodeableConcept | None = None
    diagnostics: str | None = None
    expression: tuple[str, ...] = ()


class OperationOutcome(Resource, frozen=True, kw_only=True, tag="OperationOutcome"):
    issue: tuple[Issue, ...] = ()


RESOURCES: dict[str, type[Resource]] = {
    kind.__name__: kind
    for kind in (
        Binary,
        Bundle,
        Device,
        DocumentReference,
        List,
        OperationOutcome,
        Organization,
        Parameters,
        Patient,
        Practitioner,
        PractitionerRole,
        RelatedPerson,
    )
}
