"""The header of a document (CI-SIS, Structuration minimale des documents de santé)."""

from espace.wire.cda_writing.words import (
    ACT_CODE,
    PEOPLE_AUTHORITY,
    STRUCTURES_AUTHORITY,
    Address,
    Frame,
    Model,
    Organisation,
    Patient,
    Professional,
)
from espace.wire.cda_writing.xml import Element, coded, el, moment, span, template, whole
from espace.wire.nomenclature import CONFIDENTIALITY
from espace.wire.xds import Coded

_SEXES = {"F": "Féminin", "M": "Masculin"}
_ENCOUNTERS = {
    "AMB": "Ambulatoire (hors établissement)",
    "IMP": "Hospitalisation",
    "EMER": "Urgences",
    "VR": "Téléconsultation",
}


def _address(address: Address) -> Element:
    """The parts that are known; an address of which nothing is known says so."""
    parts = (
        ("houseNumber", address.number),
        ("streetName", address.street),
        ("postalCode", address.postcode),
        ("city", address.city),
    )
    known = [el(part, None, text) for part, text in parts if text]
    return el("addr", None if known else {"nullFlavor": "NAV"}, *known)


def _telecom(phone: str, use: str) -> Element:
    return el("telecom", {"value": f"tel:{phone}", "use": use} if phone else {"nullFlavor": "NAV"})


def _patient_name(patient: Patient) -> Element:
    return el(
        "name",
        None,
        el("family", {"qualifier": "BR"}, patient.birth_name),
        el("given", None, " ".join(patient.given_names)),
        el("given", {"qualifier": "BR"}, patient.given_names[0]),
        el("family", {"qualifier": "CL"}, patient.used_name or patient.birth_name),
        el("given", {"qualifier": "CL"}, patient.used_given or patient.given_names[0]),
    )


def _record_target(patient: Patient) -> Element:
    sex = Coded(patient.sex, "2.16.840.1.113883.5.1", _SEXES[patient.sex])
    born_in = (("county", patient.birth_place), ("city", patient.birth_city))
    place = el("addr", None, *(el(part, None, text) for part, text in born_in if text))
    person = el(
        "patient",
        None,
        _patient_name(patient),
        coded("administrativeGenderCode", sex),
        el("birthTime", {"value": moment(patient.birth_date)}),
        el("birthplace", None, el("place", None, place)),
    )
    local = patient.local
    return el(
        "recordTarget",
        None,
        el(
            "patientRole",
            None,
            el("id", {"extension": patient.ins, "root": patient.authority}),
            el("id", {"extension": local[1], "root": local[0]}) if local else None,
            _address(patient.address),
            _telecom(patient.phone, "MC"),
            el("telecom", {"value": f"mailto:{patient.ins}@patient.mssante.fr"}),
            person,
        ),
    )


def _person(tag: str, who: Professional) -> Element:
    parts = (("prefix", who.civility), ("given", who.given), ("family", who.family), ("suffix", who.title))
    return el(tag, None, el("name", None, *(el(part, None, text) for part, text in parts if text)))


def _organisation(tag: str, organisation: Organisation, *, setting: bool) -> Element:
    return el(
        tag,
        None,
        el("id", {"root": STRUCTURES_AUTHORITY, "extension": organisation.id}),
        el("name", None, organisation.name),
        _telecom(organisation.phone, "WP"),
        _address(organisation.address),
        coded("standardIndustryClassCode", organisation.setting) if setting else None,
    )


def _entity(tag: str, who: Professional, *, setting: bool = True) -> Element:
    return el(
        tag,
        None,
        el("id", {"root": PEOPLE_AUTHORITY, "extension": who.id}),
        coded("code", who.specialty),
        _address(who.organisation.address),
        _telecom(who.organisation.phone, "WP"),
        _person("assignedPerson", who),
        _organisation("representedOrganization", who.organisation, setting=setting),
    )


def performer(who: Professional) -> Element:
    return el("performer", {"typeCode": "PRF"}, _entity("assignedEntity", who))


def author(frame: Frame) -> Element:
    time = el("time", {"value": moment(frame.written)})
    return el("author", None, time, _entity("assignedAuthor", frame.author, setting=False))


def _associated(who: Professional) -> Element:
    return el(
        "associatedEntity",
        {"classCode": "PROV"},
        el("id", {"root": PEOPLE_AUTHORITY, "extension": who.id}),
        coded("code", who.specialty),
        _address(who.organisation.address),
        _telecom(who.organisation.phone, "WP"),
        _person("associatedPerson", who),
        _organisation("scopingOrganization", who.organisation, setting=False),
    )


def _participants(frame: Frame) -> tuple[Element, ...]:
    found = []
    if frame.requested_by:
        time = el("time", {"xsi:type": "IVL_TS"}, el("high", {"value": moment(frame.began)}))
        found.append(el("participant", {"typeCode": "REF"}, time, _associated(frame.requested_by)))
    if frame.attending:
        function = coded("functionCode", Coded("PCP", "2.16.840.1.113883.5.88", "Médecin traitant"))
        time = el("time", {"nullFlavor": "NA"})
        found.append(el("participant", {"typeCode": "INF"}, function, time, _associated(frame.attending)))
    return tuple(found)


def _service(frame: Frame, act: Coded) -> Element:
    event = el(
        "serviceEvent",
        None,
        coded("code", act),
        span("effectiveTime", frame.began, frame.ended),
        performer(frame.performer),
    )
    return el("documentationOf", None, event)


def _encounter(frame: Frame) -> Element:
    place = frame.performer.organisation
    facility = el(
        "healthCareFacility",
        None,
        el("id", {"root": STRUCTURES_AUTHORITY, "extension": place.id}),
        coded("code", place.facility),
        el("location", None, el("name", None, place.name), _address(place.address)),
    )
    return el(
        "componentOf",
        None,
        el(
            "encompassingEncounter",
            None,
            coded("code", Coded(frame.encounter, ACT_CODE, _ENCOUNTERS[frame.encounter])),
            span("effectiveTime", frame.began, frame.ended),
            el("location", None, facility),
        ),
    )


def _identity(frame: Frame, model: Model, title: str) -> tuple[Element, ...]:
    common = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
    return (
        el("realmCode", {"code": "FR"}),
        el("typeId", {"root": "2.16.840.1.113883.1.3", "extension": "POCD_HD000040"}),
        *template(*common, *model.templates),
        el("id", {"root": frame.id}),
        coded("code", model.type),
        el("title", None, title or model.title),
        el("effectiveTime", {"value": moment(frame.written)}),
        coded("confidentialityCode", CONFIDENTIALITY[frame.confidentiality]),
        el("languageCode", {"code": "fr-FR"}),
        el("setId", {"root": frame.set_id}),
        el("versionNumber", {"value": str(frame.version)}),
    )


def _signature(frame: Frame) -> Element:
    return el(
        "legalAuthenticator",
        None,
        el("time", {"value": moment(frame.written)}),
        el("signatureCode", {"code": "S"}),
        _entity("assignedEntity", frame.author),
    )


def _replaced(frame: Frame) -> Element | None:
    if not frame.replaces:
        return None
    parent = el("parentDocument", None, el("id", {"root": frame.replaces}))
    return el("relatedDocument", {"typeCode": "RPLC"}, parent)


def document(frame: Frame, model: Model, body: Element, *, title: str = "") -> Element:
    """The whole document: header of `frame` and `model`, then `body` (structuredBody or nonXMLBody)."""
    keeper = _organisation("representedCustodianOrganization", frame.custodian, setting=False)
    order = el("order", None, el("id", {"root": frame.request})) if frame.request else None
    return whole(
        "ClinicalDocument",
        *_identity(frame, model, title),
        _record_target(frame.patient),
        author(frame),
        el("custodian", None, el("assignedCustodian", None, keeper)),
        _signature(frame),
        *_participants(frame),
        el("inFulfillmentOf", None, order) if order is not None else None,
        _service(frame, model.act),
        _replaced(frame),
        _encounter(frame),
        el("component", None, body),
    )
