"""A PDF made the body of a CDA R2 of level 1 (IHE XDS-SD; CI-SIS, Structuration minimale des documents de santé).

Pure: the same description and bytes give the same document, its identifier too.
"""

import base64
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from espace_feed.facts import Author, Description, Held, Identity, Organisation, Why
from espace_feed.sidecar import fingerprint

_PEOPLE, _STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
_LOINC = "2.16.840.1.113883.6.1"
_TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20")
_SEXES = {"F": "Féminin", "M": "Masculin"}
_LEVELS = {"N": "Normal", "R": "Restreint", "V": "Très restreint"}
_WANTED = (
    ("identity.birth_name", "le nom de naissance"),
    ("identity.given_names", "les prénoms de naissance"),
    ("identity.birth_date", "la date de naissance"),
    ("identity.sex", "le sexe"),
    ("type", "le type du document (code LOINC de JDV_J07)"),
    ("title", "le titre du document"),
    ("author.id", "l’identifiant de l’auteur (8 et numéro RPPS)"),
    ("author.family", "le nom de l’auteur"),
    ("organisation.id", "l’identifiant de la structure (1 et numéro FINESS)"),
    ("organisation.name", "le nom de la structure"),
    ("organisation.facility", "le secteur d’activité (JDV_J02)"),
    ("organisation.setting", "le cadre d’exercice (JDV_J04)"),
)


def el(tag: str, attributes: dict[str, str] | None = None, *content: Element | str | None) -> Element:
    made = Element(tag, attributes or {})
    for one in content:
        if isinstance(one, str):
            made.text = one
        elif one is not None:
            made.append(one)
    return made


def moment(at: datetime) -> str:
    """A time stamp of HL7, to the second, with its offset."""
    return at.strftime("%Y%m%d%H%M%S%z")


def identifier(description: Description, pdf: bytes) -> str:
    """An OID under 2.25 (ITU-T X.667) that follows from what is said and from the bytes: asked again, the same."""
    return f"2.25.{UUID(bytes=fingerprint(description, pdf)[:16], version=5).int}"


def _coded(tag: str, code: str, system: str, label: str = "") -> Element:
    return el(tag, {"code": code, "codeSystem": system, **({"displayName": label} if label else {})})


def _time(tag: str, at: datetime) -> Element:
    return el(tag, {"value": moment(at)})


def _name(*parts: tuple[str, str | None, str]) -> Element:
    return el("name", None, *(el(tag, {"qualifier": use} if use else None, text) for tag, use, text in parts if text))


def _patient(who: Identity) -> Element:
    first = who.given_names.split()[0]
    born = el("birthplace", None, el("place", None, el("addr", None, el("county", None, who.birth_place))))
    person = el(
        "patient",
        None,
        _name(("family", "BR", who.birth_name), ("given", None, who.given_names), ("given", "BR", first)),
        _coded("administrativeGenderCode", who.sex, "2.16.840.1.113883.5.1", _SEXES[who.sex]),
        el("birthTime", {"value": f"{who.birth_date:%Y%m%d}"}),
        born if who.birth_place else None,
    )
    role = (
        el("id", {"root": who.oid, "extension": who.ins}),
        el("addr", {"nullFlavor": "NAV"}),
        el("telecom", {"nullFlavor": "NAV"}),
    )
    return el("recordTarget", None, el("patientRole", None, *role, person))


def _organisation(tag: str, of: Organisation, *, setting: bool = False) -> Element:
    return el(
        tag,
        None,
        el("id", {"root": _STRUCTURES, "extension": of.id}),
        el("name", None, of.name),
        el("telecom", {"nullFlavor": "NAV"}),
        el("addr", {"nullFlavor": "NAV"}),
        _coded("standardIndustryClassCode", of.setting, "1.2.250.1.213.1.1.4.9") if setting else None,
    )


def _entity(tag: str, who: Author, of: Organisation, *, setting: bool = False) -> Element:
    specialty = _coded("code", who.specialty, "1.2.250.1.213.1.1.4.5") if who.specialty else None
    return el(
        tag,
        None,
        el("id", {"root": _PEOPLE, "extension": who.id}),
        specialty,
        el("addr", {"nullFlavor": "NAV"}),
        el("telecom", {"nullFlavor": "NAV"}),
        el("assignedPerson", None, _name(("given", None, who.given), ("family", None, who.family))),
        _organisation("representedOrganization", of, setting=setting),
    )


def _span(said: Description, written: datetime) -> Element:
    low = _time("low", said.began or written)
    return el("effectiveTime", None, low, _time("high", said.ended) if said.ended else None)


def _beginning(said: Description, own: str, written: datetime) -> tuple[Element, ...]:
    hidden = (_coded("confidentialityCode", one, "1.2.250.1.213.1.1.4.13") for one in said.hidden_from)
    return (
        el("realmCode", {"code": "FR"}),
        el("typeId", {"root": "2.16.840.1.113883.1.3", "extension": "POCD_HD000040"}),
        *(el("templateId", {"root": one}) for one in _TEMPLATES),
        el("id", {"root": own}),
        _coded("code", said.type, _LOINC, said.type_label),
        el("title", None, said.title),
        _time("effectiveTime", written),
        _coded("confidentialityCode", said.confidentiality, "2.16.840.1.113883.5.25", _LEVELS[said.confidentiality]),
        *hidden,
        el("languageCode", {"code": "fr-FR"}),
        el("setId", {"root": own}),
        el("versionNumber", {"value": "1"}),
    )


def _care(said: Description, written: datetime) -> tuple[Element, ...]:
    of = said.organisation
    performer = el("performer", {"typeCode": "PRF"}, _entity("assignedEntity", said.author, of, setting=True))
    facility = el(
        "healthCareFacility",
        None,
        el("id", {"root": _STRUCTURES, "extension": of.id}),
        _coded("code", of.facility, "1.2.250.1.71.4.2.4"),
    )
    encounter = (_span(said, written), el("location", None, facility))
    return (
        el("documentationOf", None, el("serviceEvent", None, _span(said, written), performer)),
        el("componentOf", None, el("encompassingEncounter", None, *encounter)),
    )


def _whole(said: Description, own: str, written: datetime, pdf: bytes) -> Element:
    of = said.organisation
    signature = (
        _time("time", written),
        el("signatureCode", {"code": "S"}),
        _entity("assignedEntity", said.author, of),
    )
    body = el("text", {"mediaType": "application/pdf", "representation": "B64"}, base64.b64encode(pdf).decode())
    keeper = _organisation("representedCustodianOrganization", of)
    names = {"xmlns": "urn:hl7-org:v3", "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"}
    return el(
        "ClinicalDocument",
        names,
        *_beginning(said, own, written),
        _patient(said.identity),
        el("author", None, _time("time", written), _entity("assignedAuthor", said.author, of)),
        el("custodian", None, el("assignedCustodian", None, keeper)),
        el("legalAuthenticator", None, *signature),
        *_care(said, written),
        el("component", None, el("nonXMLBody", None, body)),
    )


def wrapped(said: Description, pdf: bytes, made_at: datetime) -> tuple[str, bytes]:
    """The identifier and the bytes of the CDA around this PDF, written at `made_at` unless its date is said.

    Raises Held, with every element that nobody said. The identifier does not follow from `made_at`: the same file
    given twice at two moments stays one document.
    """
    missing = [(place, what) for place, what in _WANTED if not _said(said, place)]
    if missing:
        sentence = "Il manque un élément que l’en-tête d’un document exige."
        fix = "Ajoutez-le à la fiche du document ou aux réglages du dossier."
        raise Held(*(Why("fiche_incomplete", sentence, f"{place} : {what}", fix) for place, what in missing))
    own = identifier(said, pdf)
    tree = _whole(said, own, said.written or made_at, pdf)
    return own, ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)


def _said(said: Description, place: str) -> object:
    found: object = said
    for name in place.split("."):
        found = getattr(found, name)
    return found
