"""Bytes → measures sent (API Mesures 1.5.2, 2.2; IHE POU, PCH-01): a transaction of Observation and Device, or one
Observation. Every problem is listed with its FHIRPath; what measures there are is for `clinical` to say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.wire.fhir import json, shape
from espace.wire.fhir.measures.resources import Component, Observation, PhdDevice, Quantity, Said
from espace.wire.fhir.resources import CodeableConcept, Coding, Identifier, Request
from espace.wire.fhir.values import date_time, system_name
from espace.wire.nomenclature.systems import UCUM
from espace.wire.report import Overflow, Report

MAX_ENTRIES = 100
"""Entries of one transaction at most."""
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_DEVICE_PROFILE = "http://hl7.org/fhir/uv/phd/StructureDefinition/PhdDevice"
_PROFILES = re.compile(
    r"(?:https://fhir\.monespacesante\.fr/ref/mesure/StructureDefinition/mes-observation-"
    r"|https://interop\.esante\.gouv\.fr/ig/fhir/mesures/StructureDefinition/mesures-(?:fr-)?observation-"
    r"|http://esante\.gouv\.fr/ci-sis/fhir/StructureDefinition/ENS_(?:Fr)?Observation)([A-Za-z-]{2,30})(?:\|[\d.]+)?",
    re.ASCII,
)
"""The three addresses under which the profiles of a measure were published: of MES, of the CI-SIS, and of before."""
_EXTENSIONS: Mapping[str, str] = {
    "mesures-reason-for-measurement": "reason",
    "mesures-moment-of-measurement": "moment",
    "mesures-number-of-days": "days",
    "mesures-diabetis-type": "diabetes",
    "ENS_ReasonForMeasurement": "reason",
    "ENS_MomentOfMeasurement": "moment",
    "ENS_NumberOfDays": "days",
    "ENS_DiabetisType": "diabetes",
}
"""By the last step of their address: they have two roots."""
_CONDITION = re.compile(r"identifier=(?P<system>[^|&\s]{1,200})\|(?P<value>[^|&\s]{1,200})")


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity of a code: a decimal text, and its unit in UCUM, "" for none."""

    code: Coding
    value: str
    unit: str
    place: str


@dataclass(frozen=True, slots=True)
class Device:
    """What took the measure: « OMRONHEALTHCARE HEM-9200T »."""

    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One Observation. `profile` is the end of its profile's address, in small letters (« bodyweight »); `at` is as it
    was sent, `day` the day that it is in the zone of the reader; `patient` « Patient/… » or « system|value »; `key` the
    first identifier, « system|value ». `said`: the texts of its extensions, by name."""

    place: str
    code: Coding
    profile: str
    numbers: tuple[Number, ...]
    at: str
    day: date
    patient: str
    key: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    device: Device | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """An entry of the transaction: the measure of which it is, or which its device took."""

    measure: int
    device: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read; `deposits`: it is a deposit of documents, for which there is another transaction. There are
    `parts`, one an entry, where there is no problem."""

    measures: tuple[Sent, ...] = ()
    problems: tuple[Problem, ...] = ()
    parts: tuple[Part, ...] = ()
    deposits: bool = False


def transaction(data: bytes, zone: tzinfo) -> Taken:
    """A Bundle of type transaction. Never raises."""
    value, malformed = json.read(data)
    if malformed:
        return Taken(problems=malformed)
    if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
        return Taken(problems=(Problem(reasons.FHIR_STRUCTURE, "Bundle", "a Bundle is expected"),))
    report = Report()
    try:
        return _Transaction(value, zone, report).read()
    except Overflow:
        return Taken(problems=tuple(report.problems))


def one(data: bytes, zone: tzinfo) -> Taken:
    """A single Observation, without a device. Never raises."""
    value, malformed = json.read(data)
    if malformed:
        return Taken(problems=malformed)
    report = Report()
    try:
        if not isinstance(value, dict) or value.get("resourceType") != "Observation":
            report.add(reasons.FHIR_STRUCTURE, "Observation", "an Observation is expected")
            return Taken(problems=tuple(report.problems))
        found = shape.struct_of(Observation, value, "Observation", report)
        sent = _sent(found, "Observation", {}, zone, report) if found else None
    except Overflow:
        sent = None
    return Taken((sent,) if sent and not report.problems else (), tuple(report.problems), (Part(0),))


_OF_DEPOSITS = frozenset({"DocumentReference", "List", "Binary"})


class _Transaction:
    """One transaction being read."""

    def __init__(self, bundle: dict[str, object], zone: tzinfo, report: Report) -> None:
        self.bundle = bundle
        self.zone = zone
        self.report = report
        self.devices: dict[str, tuple[int, str, PhdDevice]] = {}
        self.observations: list[tuple[int, str, Observation]] = []

    def read(self) -> Taken:
        entries = self.bundle.get("entry")
        listed = entries if isinstance(entries, list) else []
        if any(_type_of(one) in _OF_DEPOSITS for one in listed):
            return Taken(deposits=True)
        self._frame(listed)
        for index, entry in enumerate(listed[:MAX_ENTRIES]):
            self._entry(index, entry, f"Bundle.entry[{index}]")
        if not self.observations and not self.report.problems:
            self.report.missing("Bundle.entry", "an Observation")
        known = {name: _device(one) for name, (_, _, one) in self.devices.items()}
        sent = [_sent(found, place, known, self.zone, self.report) for _, place, found in self.observations]
        uses = self._uses()
        measures = tuple(one for one in sent if one)
        if self.report.problems:
            return Taken(measures, tuple(self.report.problems))
        return Taken(measures, (), self._parts(uses, len(listed)))

    def _frame(self, listed: Sequence[object]) -> None:
        if self.bundle.get("type") != "transaction":
            self.report.invalid("Bundle.type", "transaction is expected")
        if not listed:
            self.report.missing("Bundle.entry")
        if len(listed) > MAX_ENTRIES:
            self.report.invalid("Bundle.entry", f"{MAX_ENTRIES} entries at most")

    def _entry(self, index: int, entry: object, place: str) -> None:
        if not isinstance(entry, dict):
            self.report.add(reasons.FHIR_STRUCTURE, place, "an object is expected")
            return
        name, resource, here = _type_of(entry), entry.get("resource"), f"{place}.resource"
        if name not in ("Observation", "Device"):
            self.report.unsupported(here, "an Observation or a Device is expected")
            return
        request = self._request(entry, name, place)
        if name == "Observation" and (found := shape.struct_of(Observation, resource, here, self.report)):
            self.observations.append((index, here, found))
            self._unless(request.if_none_exist, found.identifier, place)
        elif name == "Device" and (device := shape.struct_of(PhdDevice, resource, here, self.report)):
            self._keep(index, entry, here, device)
            if request.if_none_exist is None:
                self.report.missing(f"{place}.request.ifNoneExist", "identifier=urn:oid:…|…")
            self._unless(request.if_none_exist, device.identifier, place)

    def _request(self, entry: Mapping[str, object], name: str, place: str) -> Request:
        here = f"{place}.request"
        if "request" not in entry:
            self.report.missing(here)
            return Request(if_none_exist="")
        found = shape.struct_of(Request, entry["request"], here, self.report) or Request()
        if found.method != "POST":
            self.report.unsupported(f"{here}.method", "POST is expected")
        if found.url != name:
            self.report.unsupported(f"{here}.url", f"{name} is expected")
        if any((found.if_match, found.if_none_match, found.if_modified_since)):
            self.report.unsupported(here, "ifNoneExist is the one condition taken")
        return found

    def _unless(self, said: str | None, identifiers: Sequence[Identifier], place: str) -> None:
        """The condition names what comes with it, and nothing else."""
        if not said:
            return
        found = _CONDITION.fullmatch(said.removeprefix("?"))
        if found is None or (found["system"], found["value"]) not in {(one.system, one.value) for one in identifiers}:
            self.report.invalid(f"{place}.request.ifNoneExist", "identifier=system|value of this resource is expected")

    def _keep(self, index: int, entry: Mapping[str, object], place: str, device: PhdDevice) -> None:
        profiles = [one.partition("|")[0] for one in device.meta.profile] if device.meta else []
        if _DEVICE_PROFILE not in profiles:
            self.report.add(reasons.ELEMENT_MISSING, f"{place}.meta.profile", _DEVICE_PROFILE)
        names = [f"Device/{device.id}"] if device.id else []
        full = entry.get("fullUrl")
        names += [full] if isinstance(full, str) and full else []
        if not names:
            self.report.missing(f"Bundle.entry[{index}].fullUrl", "what an Observation calls this Device by")
        for name in names:
            if name in self.devices:
                self.report.invalid(place, "two entries with the same id")
            self.devices[name] = (index, place, device)

    def _uses(self) -> dict[int, int]:
        """Which measure each entry of a device took; each has one."""
        found: dict[int, int] = {}
        for measure, (_, place, observation) in enumerate(self.observations):
            said = observation.device.reference if observation.device else None
            if said is None:
                continue
            if said in self.devices:
                found.setdefault(self.devices[said][0], measure)
            else:
                self.report.unresolved(f"{place}.device.reference", "the Device of another entry is expected")
        for index, place, _ in self.devices.values():
            if index not in found:
                self.report.unresolved(place, "no Observation names this Device")
        return found

    def _parts(self, uses: Mapping[int, int], count: int) -> tuple[Part, ...]:
        measures = {index: number for number, (index, _, _) in enumerate(self.observations)}
        return tuple(
            Part(measures[index]) if index in measures else Part(uses[index], device=True) for index in range(count)
        )


def _type_of(entry: object) -> str:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    return name if isinstance(name, str) else ""


def _device(one: PhdDevice) -> Device:
    named = next((name.name for name in one.device_name if name.name), "")
    said = [one.manufacturer, one.model_number] if one.manufacturer or one.model_number else [named]
    return Device(" ".join(" ".join(part for part in said if part).split())[:200])


def _sent(found: Observation, place: str, devices: Mapping[str, Device], zone: tzinfo, report: Report) -> Sent | None:
    """None where something without which there is no measure is missing."""
    _frame_of(found, place, report)
    code, profile = _code(found.code, f"{place}.code", report), _profile(found, place, report)
    numbers = _numbers(found, code, place, report)
    at = date_time(found.effective_date_time, zone, f"{place}.effectiveDateTime", report)
    if found.effective_date_time is None:
        report.missing(f"{place}.effectiveDateTime")
    if found.effective_date_time and len(found.effective_date_time) < len("2024-03-04"):
        report.invalid(f"{place}.effectiveDateTime", "a day, or a full time with its offset, is expected")
    patient = _patient(found, place, report)
    if code is None or at is None or found.effective_date_time is None or not numbers:
        return None
    keys = [f"{one.system or ''}|{one.value}" for one in found.identifier if one.value]
    used = devices.get(found.device.reference or "") if found.device else None
    return Sent(
        place,
        code,
        profile,
        numbers,
        found.effective_date_time,
        at.astimezone(zone).date(),
        patient,
        key=keys[0] if keys else "",
        said=_extensions(found.extension, place, report),
        device=used,
        note="\n".join(one.text for one in found.note if one.text),
    )


def _frame_of(found: Observation, place: str, report: Report) -> None:
    if found.status is None:
        report.missing(f"{place}.status")
    elif found.status not in ("final", "amended", "corrected"):
        report.invalid(f"{place}.status", "final is expected")
    codings = [one for category in found.category for one in category.coding]
    if not codings:
        report.missing(f"{place}.category")
    elif not any(one.system == _CATEGORY and one.code for one in codings):
        report.add(reasons.CODE_UNKNOWN, f"{place}.category", f"a code of {_CATEGORY} is expected")
    if found.contained:
        report.unsupported(f"{place}.contained", "a Device is an entry of the transaction")


def _code(concept: CodeableConcept | None, place: str, report: Report) -> Coding | None:
    coding = next((one for one in concept.coding if one.code), None) if concept else None
    if coding is None:
        report.missing(place, "a coding with its code")
    return coding


def _profile(found: Observation, place: str, report: Report) -> str:
    here = f"{place}.meta.profile"
    if not found.meta or not found.meta.profile:
        report.missing(here, "the profile of the measure")
        return ""
    ends = [known[1].replace("-", "").lower() for one in found.meta.profile if (known := _PROFILES.fullmatch(one))]
    if not ends:
        report.invalid(here, "a profile mes-observation-… is expected")
    return ends[0] if ends else ""


def _numbers(found: Observation, code: Coding | None, place: str, report: Report) -> tuple[Number, ...]:
    """That of the Observation, or those of its components; never both."""
    single = found.value_quantity is not None or found.value_integer is not None
    if single and found.component:
        report.invalid(f"{place}.component", "a value, or components")
    if found.component:
        parts = [_of_part(one, f"{place}.component[{i}]", report) for i, one in enumerate(found.component)]
        return tuple(one for one in parts if one)
    if found.value_quantity is not None and code:
        number = _number(found.value_quantity, code, f"{place}.valueQuantity", report)
        return (number,) if number else ()
    if found.value_integer is not None and code:
        return (Number(code, str(found.value_integer), "", f"{place}.valueInteger"),)
    if not single:
        report.missing(f"{place}.valueQuantity", "an observation without a value is refused")
    return ()


def _of_part(part: Component, place: str, report: Report) -> Number | None:
    code = _code(part.code, f"{place}.code", report)
    if part.value_quantity is None:
        report.missing(f"{place}.valueQuantity")
        return None
    return _number(part.value_quantity, code, f"{place}.valueQuantity", report) if code else None


def _number(quantity: Quantity, code: Coding, place: str, report: Report) -> Number | None:
    if quantity.comparator is not None:
        report.unsupported(f"{place}.comparator", "an exact value is expected")
    if quantity.value is None:
        report.missing(f"{place}.value")
        return None
    if quantity.system not in (None, UCUM.uri):
        report.add(reasons.CODE_UNKNOWN, f"{place}.system", f"{UCUM.uri} is expected")
    if quantity.code is None and quantity.unit is None:
        report.missing(f"{place}.code", "the unit, in UCUM")
        return None
    return Number(code, f"{quantity.value}", quantity.code or quantity.unit or "", place)


def _patient(found: Observation, place: str, report: Report) -> str:
    here, subject = f"{place}.subject", found.subject
    if subject is None or not (subject.reference or subject.identifier):
        report.missing(here, "Patient/…, or the identifier of the patient")
        return ""
    if subject.reference:
        return subject.reference
    identifier = subject.identifier
    if identifier is None or not (identifier.system and identifier.value):
        report.missing(f"{here}.identifier", "a system and a value")
        return ""
    return f"{system_name(identifier.system)}|{identifier.value}"


def _extensions(stated: Sequence[Said], place: str, report: Report) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, extension in enumerate(stated):
        here = f"{place}.extension[{index}]"
        name = _EXTENSIONS.get((extension.url or "").rpartition("/")[2], "")
        if not name:
            report.unsupported(here, "an extension of API Mesures is expected")
        elif text := _text(extension):
            found[name] = text
        else:
            report.missing(here, "its value")
    return found


def _text(said: Said) -> str:
    """A free text, the words or the code of a coded one, or a number."""
    concept = said.value_codeable_concept
    coding = said.value_coding or (next(iter(concept.coding), None) if concept else None)
    words = concept.text if concept else None
    whole = said.value_integer if said.value_integer is not None else said.value_positive_int
    coded = (coding.display or coding.code) if coding else None
    return said.value_string or words or coded or said.value_code or ("" if whole is None else str(whole))
