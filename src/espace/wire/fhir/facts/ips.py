"""The International Patient Summary as a FHIR document (HL7 uv.ips 2.0.0, CC0): a Composition, then everything that it
names. What a profile of it makes mandatory and nobody stated is said to be unknown; a resource that its profile still
does not fit does not claim it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape

import msgspec

from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.elements import UNKNOWN
from espace.wire.fhir.resources import (
    Bundle,
    CodeableConcept,
    Coding,
    Element,
    Entry,
    Identifier,
    Meta,
    Patient,
    Period,
    Reference,
    Resource,
)
from espace.wire.fhir.values import URI_SYSTEM

_PROFILES = "http://hl7.org/fhir/uv/ips/StructureDefinition"
VERSION = "2.0.0"
COMPOSITION, BUNDLE = f"{_PROFILES}/Composition-uv-ips", f"{_PROFILES}/Bundle-uv-ips"
OPERATION = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"
_LOINC = "http://loinc.org"
_EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no place for."""
_TOBACCO, _ALCOHOL, _PREGNANT = "72166-2", "74013-4", "82810-3"
_LABORATORY = "laboratory"


class Narrative(Element, frozen=True, kw_only=True):
    status: str | None = None
    div: str | None = None


class Section(Element, frozen=True, kw_only=True):
    title: str | None = None
    code: CodeableConcept | None = None
    text: Narrative | None = None
    entry: tuple[Reference, ...] = ()
    empty_reason: CodeableConcept | None = None


class Composition(Resource, frozen=True, kw_only=True, tag="Composition"):
    language: str | None = None
    identifier: Identifier | None = None
    status: str | None = None
    type: CodeableConcept | None = None
    subject: Reference | None = None
    date: str | None = None
    author: tuple[Reference, ...] = ()
    title: str | None = None
    confidentiality: str | None = None
    section: tuple[Section, ...] = ()


class DeviceUseStatement(Resource, frozen=True, kw_only=True, tag="DeviceUseStatement"):
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    subject: Reference | None = None
    derived_from: tuple[Reference, ...] = ()
    timing_period: Period | None = None
    device: Reference | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A section to be: its LOINC code, its title in the language of the document and in English, the lines of its
    narrative, the resources that it names; `nothing` is said where there is no line."""

    code: str
    title: str
    english: str
    lines: tuple[str, ...]
    entries: tuple[Resource, ...] = ()
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a document is about, and when it is made: an instant, as text; `id` is a UUID of its own, `base` the
    address of the door, under which its resources have theirs."""

    id: str
    at: str
    title: str
    language: str
    base: str
    patient: Patient
    author: resources.Device


def document(about: About, parts: Iterable[Part], beside: Iterable[Resource] = ()) -> Bundle:
    """The document; `beside` are resources that those of the sections name."""
    found = list(parts)
    named = {_address(one): one for part in found for one in part.entries}
    named |= {_address(one): one for one in beside}
    author = f"urn:uuid:{about.author.id}"
    composition = Composition(
        id=about.id,
        meta=Meta(profile=(COMPOSITION,)),
        language=about.language,
        identifier=Identifier(system=URI_SYSTEM, value=f"urn:uuid:{about.id}"),
        status="final",
        type=values.known(_LOINC, "60591-5", "Patient summary Document"),
        subject=_reference(about, about.patient),
        date=about.at,
        author=(Reference(reference=author, display=_name(about.author)),),
        title=about.title,
        confidentiality="N",
        section=tuple(_section(about, part) for part in found),
    )
    return Bundle(
        id=about.id,
        meta=Meta(profile=(BUNDLE,)),
        identifier=composition.identifier,
        type="document",
        timestamp=about.at,
        entry=(
            Entry(full_url=f"urn:uuid:{about.id}", resource=composition),
            Entry(full_url=f"{about.base}/{_address(about.patient)}", resource=about.patient),
            Entry(full_url=author, resource=about.author),
            *(Entry(full_url=f"{about.base}/{address}", resource=one) for address, one in named.items()),
        ),
    )


def _address(resource: Resource) -> str:
    return f"{type(resource).__name__}/{resource.id}"


def _name(author: resources.Device) -> str | None:
    return author.device_name[0].name if author.device_name else None


def _reference(about: About, resource: Resource) -> Reference:
    """Whole addresses: the Composition has none of its own at this door, from which others could be told."""
    return Reference(reference=f"{about.base}/{_address(resource)}")


def _section(about: About, part: Part) -> Section:
    empty = values.known(_EMPTY, "unavailable", "Unavailable") if not part.lines else None
    return Section(
        title=part.title,
        code=CodeableConcept(coding=(Coding(system=_LOINC, code=part.code),), text=part.english),
        text=Narrative(status="generated", div=_div(part.lines or (part.nothing,), about.language)),
        entry=tuple(_reference(about, one) for one in part.entries),
        empty_reason=empty,
    )


def _div(lines: tuple[str, ...], language: str) -> str:
    items = "".join(f"<li>{escape(_UNPRINTABLE.sub(' ', one), quote=False)}</li>" for one in lines)
    return f'<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="{language}" lang="{language}"><ul>{items}</ul></div>'


# -- what the profiles ask of each resource


def fitted(resource: Resource) -> Resource:
    """A resource of this door as the profile of its type wants it; as it is where there is none."""
    fit = _FITS.get(type(resource).__name__)
    return fit(resource) if fit else resource


def patient(told: Patient) -> Patient:
    return msgspec.structs.replace(told, meta=_meta(told, "Patient-uv-ips"))


def use_of(device: resources.Device, worn: Period | None) -> DeviceUseStatement:
    """That a device is in use: IPS names the use, and the use its device."""
    return DeviceUseStatement(
        id=device.id,
        meta=_meta(device, "DeviceUseStatement-uv-ips"),
        status="active" if device.status in ("active", "unknown") else "completed",
        subject=device.patient,
        timing_period=worn or Period(extension=UNKNOWN),
        device=Reference(reference=_address(device)),
    )


def _meta(resource: Resource, profile: str) -> Meta:
    return msgspec.structs.replace(resource.meta or Meta(), profile=(f"{_PROFILES}/{profile}",))


def _claiming(profile: str) -> Callable[[Resource], Resource]:
    return lambda resource: msgspec.structs.replace(resource, meta=_meta(resource, profile))


def _statement(resource: Resource) -> Resource:
    return _dated(resource, "MedicationStatement-uv-ips", "effective_date_time", "effective_period")


def _procedure(resource: Resource) -> Resource:
    return _dated(resource, "Procedure-uv-ips", "performed_date_time", "performed_period")


def _dated(resource: Resource, profile: str, moment: str, period: str) -> Resource:
    """With a period that is said to be unknown, where neither is known."""
    missing = {} if getattr(resource, moment) or getattr(resource, period) else {period: Period(extension=UNKNOWN)}
    return msgspec.structs.replace(resource, meta=_meta(resource, profile), **missing)


def _observation(resource: Resource) -> Resource:
    if not isinstance(resource, resources.Observation):
        return resource
    if any(one.code == _LABORATORY for told in resource.category for one in told.coding):
        unknown = {} if resource.performer else {"performer": (Reference(extension=UNKNOWN),)}
        dated = _dated(resource, _RESULT, "effective_date_time", "effective_period")
        return msgspec.structs.replace(dated, **unknown)
    return msgspec.structs.replace(resource, meta=_meta(resource, profile)) if (profile := _own(resource)) else resource


_RESULT = "Observation-results-laboratory-pathology-uv-ips"
_OWN: Mapping[str, tuple[str, str]] = {
    _TOBACCO: ("Observation-tobaccouse-uv-ips", "value_codeable_concept"),
    _ALCOHOL: ("Observation-alcoholuse-uv-ips", "value_quantity"),
    _PREGNANT: ("Observation-pregnancy-status-uv-ips", "value_codeable_concept"),
}
"""LOINC code of what has a profile of its own, and the type of value that it knows."""


def _own(resource: resources.Observation) -> str:
    codes = [one.code for one in resource.code.coding if one.system == _LOINC] if resource.code else []
    profile, value = next((_OWN[code] for code in codes if code and code in _OWN), ("", ""))
    fits = profile and resource.effective_date_time and getattr(resource, value)
    return profile if fits and not (resource.body_site or resource.specimen or resource.reference_range) else ""


_FITS: Mapping[str, Callable[[Resource], Resource]] = {
    "AllergyIntolerance": _claiming("AllergyIntolerance-uv-ips"),
    "Condition": _claiming("Condition-uv-ips"),
    "MedicationStatement": _statement,
    "MedicationRequest": _claiming("MedicationRequest-uv-ips"),
    "Immunization": _claiming("Immunization-uv-ips"),
    "Procedure": _procedure,
    "Observation": _observation,
    "Device": _claiming("Device-uv-ips"),
}
