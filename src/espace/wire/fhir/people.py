"""Who is named in a resource: patients as statements of identity, authors as XDS knows them."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.wire.fhir.resources import (
    Device,
    Extension,
    HumanName,
    Identifier,
    Organization,
    Patient,
    Practitioner,
    PractitionerRole,
    Reference,
    RelatedPerson,
    Resource,
)
from espace.wire.fhir.values import coded, day, is_ins, oid_of, system_name
from espace.wire.identifiers import PERSON_SYSTEMS
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, PatientStatement

Contained = Mapping[str, tuple[str, Resource]]
"""Contained resources by `#id`, with their place."""

_FR_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
# By the last step of their URL: FR Core has published this extension under several roots and names, before it
# Interop'Santé (http://interopsante.org/fhir/StructureDefinition/FrPatientIdentReliability).
_RELIABILITIES = frozenset(
    {
        "fr-core-identity-reliability",
        "fr-core-patient-ident-reliability",
        "fr-patient-ident-reliability",
        "frpatientidentreliability",
    }
)
_STRONG = frozenset({"VALI", "QUAL"})
UNREADABLE = "UNREADABLE"
"""The identity status of one who states it in a way that says nothing: it is not « not stated »."""
_BIRTH_GIVEN = f"{_FR_CORE}fr-core-patient-birth-list-given-name"
_INSEE = f"{_FR_CORE}fr-core-address-insee-code"
_BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
_SEX = {"male": "M", "female": "F"}
_BIRTH_NAME_USES = ("official", "maiden", None)
_INSEE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_LOCAL = re.compile(r"Patient/[A-Za-z0-9.-]{1,64}")


def contained_in(resource: Resource, place: str, report: Report) -> Contained:
    """The contained resources by the reference that names them."""
    found: dict[str, tuple[str, Resource]] = {}
    for index, inner in enumerate(resource.contained):
        here = f"{place}.contained[{index}]"
        if not inner.id:
            report.missing(f"{here}.id")
        elif f"#{inner.id}" in found:
            report.invalid(f"{here}.id", "two contained resources with the same id")
        else:
            found[f"#{inner.id}"] = (here, inner)
    return found


def statements(reference: Reference, contained: Contained, place: str, report: Report) -> list[PatientStatement]:
    """What a reference to a patient states: logical identifier, contained Patient, conditional reference.

    A literal `Patient/x` is the sender's own identifier and identifies nobody here: kept as such.
    """
    found = []
    if reference.identifier:
        found.append(_of_identifier(reference.identifier, f"{place}.identifier", report))
    target = reference.reference
    if target is None:
        if not found:
            report.missing(f"{place}.reference")
    elif target.startswith("#"):
        found += _of_contained(target, contained, f"{place}.reference", report)
    elif target.startswith("Patient?"):
        found.append(_of_condition(target, f"{place}.reference", report))
    elif _LOCAL.fullmatch(target):
        found.append(PatientStatement(f"{place}.reference", local_ids=(Coded(target.removeprefix("Patient/")),)))
    else:
        report.unresolved(f"{place}.reference", "#contained, Patient?identifier=… or an identifier is expected")
    return found


def _of_contained(target: str, contained: Contained, place: str, report: Report) -> list[PatientStatement]:
    where, patient = contained.get(target, ("", None))
    if patient is None:
        report.unresolved(place)
        return []
    if not isinstance(patient, Patient):
        report.add(reasons.FHIR_STRUCTURE, place, "a Patient is expected")
        return []
    return statements_of(patient, where, report)


def _of_condition(target: str, place: str, report: Report) -> PatientStatement:
    name, _, said = target.removeprefix("Patient?").partition("=")
    system, _, value = unquote_plus(said).partition("|")
    if name != "identifier" or "&" in said or not (system and value and (system + value).isprintable()):
        report.invalid(place, "Patient?identifier=system|value is expected")
        return PatientStatement(place)
    return _of_identifier(Identifier(system=system, value=value), place, report)


def _of_identifier(identifier: Identifier, place: str, report: Report) -> PatientStatement:
    if not identifier.value or not identifier.system:
        report.missing(f"{place}.{'system' if identifier.value else 'value'}")
        return PatientStatement(place)
    if is_ins(identifier):
        return PatientStatement(place, number=identifier.value, authority=oid_of(identifier.system))
    return PatientStatement(place, local_ids=(Coded(identifier.value, system_name(identifier.system)),))


def statements_of(patient: Patient, place: str, report: Report) -> list[PatientStatement]:
    """One statement for each current INS of a Patient (one in all where it has none), with its traits."""
    current = [(i, identifier) for i, identifier in enumerate(patient.identifier) if identifier.use != "old"]
    numbers = [(f"{place}.identifier[{i}]", identifier) for i, identifier in current if is_ins(identifier)]
    local = tuple(
        Coded(identifier.value or "", system_name(identifier.system))
        for _, identifier in current
        if identifier.value and not is_ins(identifier)
    )
    birth_name, given = _birth_names(patient)
    return [
        PatientStatement(
            place=here,
            number=identifier.value or "",
            authority=oid_of(identifier.system),
            birth_name=birth_name,
            first_given=given[0] if given else "",
            given_names=given,
            birth_date=day(patient.birth_date, f"{place}.birthDate", report),
            sex=_SEX.get(patient.gender or "", ""),
            birth_place=_birth_place(patient),
            reliability=_reliability((*patient.extension, *identifier.extension)),
            local_ids=local,
        )
        for here, identifier in numbers or [(place, Identifier())]
    ]


def _birth_names(patient: Patient) -> tuple[str, tuple[str, ...]]:
    """Birth name, and birth given names in order: the name of use official (fr-core), else maiden or unsaid."""
    for use in _BIRTH_NAME_USES:
        for name in patient.name:
            if name.use == use:
                listed = _first(name.extension, _BIRTH_GIVEN)
                all_given = tuple(listed.value_string.split()) if listed and listed.value_string else ()
                return name.family or "", all_given or name.given
    return "", ()


def _birth_place(patient: Patient) -> str:
    """The INSEE code of the birthplace: fr-core extension of the address, else its district."""
    extension = _first(patient.extension, _BIRTH_PLACE)
    address = extension.value_address if extension else None
    if address is None:
        return ""
    code = _first(address.extension, _INSEE)
    stated = code.value_coding.code if code and code.value_coding else address.district
    return stated if stated and _INSEE_CODE.fullmatch(stated) else ""


def _reliability(extensions: tuple[Extension, ...]) -> str:
    """The identity status of every `fr-core-identity-reliability`: the first one that is neither VALI nor QUAL,
    else the first one, else ""; UNREADABLE for one that gives no code."""
    found = [status for one in extensions if _last_step(one.url) in _RELIABILITIES for status in _statuses(one)]
    weak = (status for status in found if status.upper() not in _STRONG)
    return next(weak, found[0] if found else "")


def _last_step(url: str | None) -> str:
    return (url or "").strip().partition("|")[0].rstrip("/").rpartition("/")[2].lower()


def _statuses(extension: Extension) -> list[str]:
    """What one extension states, itself and in its `identityStatus`, in whatever form; never empty."""
    nested = [inner for inner in extension.extension if _last_step(inner.url) == "identitystatus"]
    found = [status for one in (extension, *nested) for status in _codes(one)]
    unreadable = any(not _codes(inner) for inner in nested) or not found
    return [*found, UNREADABLE] if unreadable else found


def _codes(extension: Extension) -> list[str]:
    """The codes of the value of an extension; UNREADABLE stands for a coding without code."""
    concept = extension.value_codeable_concept
    codings = [*([extension.value_coding] if extension.value_coding else []), *(concept.coding if concept else ())]
    plain = [text.strip() for text in (extension.value_code, extension.value_string) if text]
    return [*(coding.code or UNREADABLE for coding in codings), *plain]


def _first(extensions: tuple[Extension, ...], url: str) -> Extension | None:
    return next((extension for extension in extensions if extension.url == url), None)


def author(reference: Reference, contained: Contained, place: str, report: Report) -> Author | None:
    """An author as XDS knows it, from a contained resource or from what the reference itself says.

    One who has neither name nor identifier is nobody: reported as missing.
    """
    found = _stated(reference, contained, place, report)
    if found is None or replace(found, specialty=None, role=None) != Author():
        return found
    where, _ = contained.get(reference.reference or "", (place, None))
    report.missing(where, "a name or an identifier")
    return None


def _stated(reference: Reference, contained: Contained, place: str, report: Report) -> Author | None:
    target = reference.reference
    if target is None:
        if reference.identifier is None and reference.display is None:
            report.missing(f"{place}.reference")
            return None
        return Author(family=reference.display or "", person_id=_value(reference.identifier))
    _, resource = contained.get(target, ("", None))
    if resource is None:
        report.unresolved(f"{place}.reference", "the resource must be contained")
        return None
    return _author_of(resource, contained, place, report)


def _author_of(resource: Resource, contained: Contained, place: str, report: Report) -> Author | None:
    if isinstance(resource, PractitionerRole):
        return _of_role(resource, contained, place, report)
    if isinstance(resource, Organization):
        return Author(institution=resource.name or "", institution_id=_value(*resource.identifier))
    if isinstance(resource, Practitioner | Patient | RelatedPerson):
        family, given = _usual_name(resource.name)
        return Author(family=family, given=given, person_id=_person_number(*resource.identifier))
    if isinstance(resource, Device):
        name = resource.device_name[0].name if resource.device_name else None
        return Author(family=name or "", person_id=_value(*resource.identifier))
    report.add(reasons.FHIR_STRUCTURE, f"{place}.reference", "a resource that cannot be an author")
    return None


def _of_role(role: PractitionerRole, contained: Contained, place: str, report: Report) -> Author:
    person = _linked(role.practitioner, contained, place, report)
    institution = _linked(role.organization, contained, place, report)
    return Author(
        family=person.family,
        given=person.given,
        person_id=person.person_id or _person_number(*role.identifier),
        specialty=coded(role.specialty[0]) if role.specialty else None,
        role=coded(role.code[0]) if role.code else None,
        institution=institution.institution or institution.family,
        institution_id=institution.institution_id or institution.person_id,
    )


def _linked(reference: Reference | None, contained: Contained, place: str, report: Report) -> Author:
    """What a role refers to; a role that refers to itself or to another role says nothing more."""
    if reference is None:
        return Author()
    _, target = contained.get(reference.reference or "", ("", None))
    if isinstance(target, PractitionerRole):
        return Author()
    return _stated(reference, contained, place, report) or Author()


def _usual_name(names: tuple[HumanName, ...]) -> tuple[str, str]:
    """Family and given names; the whole name as a text stands for both where they are not said."""
    name = names[0] if names else HumanName()
    given = " ".join(name.given)
    return name.family or ("" if given else name.text or ""), given


def _value(*identifiers: Identifier | None) -> str:
    return next((i.value for i in identifiers if i and i.value), "")


def _person_number(*identifiers: Identifier | None) -> str:
    """The national number, if one is said: software often puts its own first."""
    national = [one for one in identifiers if one and one.system in PERSON_SYSTEMS]
    return _value(*national) or _value(*identifiers)
