"""The header of a CDA R2: mandatory elements, and their mapping to XDS (IHE XDS-MS, CI-SIS)."""

import re
from datetime import datetime, tzinfo

from espace.kernel.reasons.documents import XML_LIMIT
from espace.kernel.words import Visibility
from espace.wire.cda.finding import (
    Notes,
    attribute,
    child,
    children,
    coded,
    identifier,
    number_of,
    text_in,
    texts,
)
from espace.wire.cda.timestamps import instant
from espace.wire.cda.values import HL7, RelatedDocument
from espace.wire.xds import Author, Coded, DocumentEntry
from espace.wire.xml import Element

HL7_FRANCE = "2.16.840.1.113883.2.8.2.1"
CI_SIS = "1.2.250.1.213.1.1.1.1"
ORDER = "urn:ihe:iti:xds:2013:order"
ACCESSION = "urn:ihe:iti:xds:2013:accession"
_ACCESSION_TAG = "{urn:dicom-org:ps3-20}accessionNumber"
_LEVELS = ("N", "R", "V")
_MOST_TEXT = 20_000
_ROOT = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,127}")
_EXTENSION = re.compile(r"[!-~]{0,128}")

_REFUSES = (
    ("id", "the identifier of the document"),
    ("code", "the type of the document"),
    ("recordTarget/patientRole", "the patient"),
    ("author/assignedAuthor", "an author"),
    ("custodian/assignedCustodian/representedCustodianOrganization", "the custodian"),
    ("component", "the body"),
)
_ONCE = (("recordTarget", "one patient only"), ("component", "one body only"))
_WARNS = (
    ("realmCode", "code", "FR"),
    ("typeId", "extension", "POCD_HD000040"),
    ("effectiveTime", "value", "the time of creation"),
    ("confidentialityCode", "code", "N, R or V"),
    ("languageCode", "code", "fr-FR"),
    ("setId", "root", "the identifier common to all versions"),
    ("versionNumber", "value", "the number of the version"),
    ("legalAuthenticator/signatureCode", "code", "S"),
    ("legalAuthenticator/time", "value", "the time of the signature"),
    ("legalAuthenticator/assignedEntity/id", "root", "the person responsible for the document"),
    ("documentationOf/serviceEvent", "", "the act documented"),
    ("documentationOf/serviceEvent/effectiveTime", "", "the time of the main act"),
    ("documentationOf/serviceEvent/performer", "", "the performer of the main act"),
    ("componentOf/encompassingEncounter/location/healthCareFacility/code", "code", "the kind of facility"),
)
_FIXED = {"realmCode": "FR", "languageCode": "fr-FR", "legalAuthenticator/signatureCode": "S"}


def check_header(cda: Element, notes: Notes) -> None:
    """Every mandatory element that is missing or wrong: what makes reading unsafe refuses, the rest warns."""
    for path, rule in _REFUSES:
        if next(children(cda, path), None) is None:
            notes.refuse(cda, rule, path=path)
    for part in cda.iterchildren():
        if part.tag != HL7 + "component" and sum(map(len, texts(part))) > _MOST_TEXT:
            notes.refuse(part, f"more than {_MOST_TEXT} characters", reason=XML_LIMIT)
    for name, rule in _ONCE:
        for extra in list(children(cda, name))[1:]:
            notes.refuse(extra, rule)
    _check_id(cda, notes)
    if (code := child(cda, "code")) is not None and not attribute(code, "code"):
        notes.refuse(code, "the type of the document", path="@code")
    for path, name, rule in _WARNS:
        _check_wanted(cda, path, name, rule, notes)
    for template in (HL7_FRANCE, CI_SIS):
        if template not in templates_of(cda):
            notes.warn(cda, template, path="templateId")
    for extra in [each for each in children(cda, "relatedDocument") if attribute(each, "typeCode") == "RPLC"][1:]:
        notes.warn(extra, "one document replaced at most")
    if not text_in(child(cda, "title")):
        notes.warn(cda, "the title", path="title")


def _check_id(cda: Element, notes: Notes) -> None:
    element = child(cda, "id")
    if element is None:
        return
    root, extension = attribute(element, "root"), attribute(element, "extension")
    if not _ROOT.fullmatch(root) or not _EXTENSION.fullmatch(extension):
        notes.refuse(element, "an OID or a UUID", path="@root")
    elif extension:
        notes.warn(element, "an OID or a UUID without extension", path="@extension")


def _check_wanted(cda: Element, path: str, name: str, rule: str, notes: Notes) -> None:
    """At least one element at the path has the attribute, with its fixed value where it has one."""
    found = list(children(cda, path))
    values = [attribute(each, name) for each in found] if name else ["any"] * len(found)
    wanted = _FIXED.get(path)
    if not any(value == wanted if wanted else value for value in values):
        below = f"/@{name}" if name else ""
        notes.warn(cda, rule, path=path + below)


def templates_of(cda: Element) -> tuple[str, ...]:
    return tuple(attribute(each, "root") for each in children(cda, "templateId") if attribute(each, "root"))


def read_related(cda: Element) -> tuple[RelatedDocument, ...]:
    return tuple(
        RelatedDocument(
            attribute(each, "typeCode"),
            identifier(child(each, "parentDocument/id")),
            identifier(child(each, "parentDocument/setId")),
            attribute(child(each, "parentDocument/versionNumber"), "value"),
        )
        for each in children(cda, "relatedDocument")
    )


def read_entry(cda: Element, mime_type: str, notes: Notes, zone: tzinfo) -> DocumentEntry:
    """The header as an XDS DocumentEntry; class, format, hash and size are not in a header."""
    event = _main_event(cda)
    confidentiality, visibility = _confidentiality(cda, notes)
    kind = coded(child(cda, "code"))
    organisation = child(event, "performer/assignedEntity/representedOrganization")
    signer = child(cda, "legalAuthenticator")
    return DocumentEntry(
        place="/ClinicalDocument",
        unique_id=identifier(child(cda, "id")),
        mime_type=mime_type,
        type=kind,
        title=text_in(child(cda, "title")) or (kind.display if kind else ""),
        language=attribute(child(cda, "languageCode"), "code"),
        creation_time=_time(child(cda, "effectiveTime"), notes, zone),
        service_start=_time(_start(event), notes, zone),
        service_stop=_time(child(event, "effectiveTime/high"), notes, zone),
        authors=tuple(_author(each, "assignedAuthor") for each in children(cda, "author")),
        legal_authenticator=None if signer is None else _author(signer, "assignedEntity"),
        facility_type=coded(child(cda, "componentOf/encompassingEncounter/location/healthCareFacility/code")),
        practice_setting=coded(child(organisation, "standardIndustryClassCode")),
        confidentiality=confidentiality,
        visibility=visibility,
        event_codes=tuple(filter(None, map(coded, children(cda, "documentationOf/serviceEvent/code")))),
        reference_ids=_references(cda),
        set_id=identifier(child(cda, "setId")),
        version=_version(cda, notes),
        custodian_id=number_of(child(cda, "custodian/assignedCustodian/representedCustodianOrganization/id")),
    )


def _main_event(cda: Element) -> Element | None:
    """The main act is the one with a time and a performer (CI-SIS); failing that, the first."""
    events = list(children(cda, "documentationOf/serviceEvent"))
    main = (
        each for each in events if child(each, "effectiveTime") is not None and child(each, "performer") is not None
    )
    return next(main, events[0] if events else None)


def _start(event: Element | None) -> Element | None:
    low = child(event, "effectiveTime/low")
    return child(event, "effectiveTime") if low is None else low


def _time(element: Element | None, notes: Notes, zone: tzinfo) -> datetime | None:
    value = attribute(element, "value")
    if element is None or not value:
        return None
    at = instant(value, zone)
    if at is None:
        notes.warn(element, "a time stamp YYYYMMDDHHMMSS+ZZZZ", path="@value")
    return at


def _confidentiality(cda: Element, notes: Notes) -> tuple[str, frozenset[Visibility]]:
    """The most restrictive of the levels stated, and the visibility codes; an unknown restriction refuses."""
    level, visibility = "N", set[Visibility]()
    for element in children(cda, "confidentialityCode"):
        code = attribute(element, "code")
        if code in _LEVELS:
            level = max(level, code, key=_LEVELS.index)
        elif code in Visibility.__members__:
            visibility.add(Visibility(code))
        elif code:
            notes.refuse(element, "N, R or V", path="@code")
    return level, frozenset(visibility)


def _author(participation: Element, entity_name: str) -> Author:
    """An author or a signer; a device states its model as family and its software as given (IHE XCN)."""
    entity = child(participation, entity_name)
    name = child(entity, "assignedPerson/name")
    device = child(entity, "assignedAuthoringDevice")
    organisation = child(entity, "representedOrganization")
    given = " ".join(filter(None, map(text_in, children(name, "given"))))
    return Author(
        family=text_in(child(name, "family"))
        or text_in(child(device, "manufacturerModelName"))
        or (text_in(name) if not given else ""),
        given=given or text_in(child(device, "softwareName")),
        person_id=number_of(child(entity, "id")),
        specialty=coded(child(entity, "code")),
        role=coded(child(participation, "functionCode")),
        institution=text_in(child(organisation, "name")),
        institution_id=number_of(child(organisation, "id")),
    )


def _references(cda: Element) -> tuple[Coded, ...]:
    """Orders fulfilled, as XDS referenceIdList: number, assigning authority, and the kind as display."""
    found = []
    for order in children(cda, "inFulfillmentOf/order"):
        numbered = [(each, ORDER) for each in children(order, "id")]
        numbered += [(each, ACCESSION) for each in order.iterchildren(_ACCESSION_TAG)]
        found += [
            Coded(number_of(each), attribute(each, "root") if attribute(each, "extension") else "", kind)
            for each, kind in numbered
            if number_of(each)
        ]
    return tuple(found)


def _version(cda: Element, notes: Notes) -> str:
    element = child(cda, "versionNumber")
    value = attribute(element, "value")
    if element is not None and value and not re.fullmatch(r"[1-9][0-9]{0,8}", value):
        notes.warn(element, "a positive integer", path="@value")
        return ""
    return value
