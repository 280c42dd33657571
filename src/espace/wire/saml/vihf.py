"""What a VIHF says: a verified assertion ⇄ values. Source: CI-SIS « transport synchrone », VIHF 3.0 and 4.0.

Nothing is verified here but the form; who may say so and when it counts is elsewhere (`validity`, exchange/xds).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from espace.kernel.words import Visibility
from espace.wire.saml.signature import DS, SAML, malformed
from espace.wire.saml.values import certificate_in, instant, text_of
from espace.wire.xds import Coded, PatientStatement
from espace.wire.xml import Element

VERSIONS = frozenset({"3.0", "4.0"})
TARGETS = frozenset({"", "urn:dmp"})
"""Ressource_URN: the shared record, by its name of before; or not said."""
_XSPA, _XACML = "urn:oasis:names:tc:xspa:1.0", "urn:oasis:names:tc:xacml:2.0"
_PATIENT = f"{_XACML}:resource:resource-id"
_ROLE = f"{_XACML}:subject:role"
_PURPOSE = f"{_XSPA}:subject:purposeofuse"
_CONFIDENTIALITY = f"{_XSPA}:resource:patient:hl7:confidentiality-code"
_CONFIRMED_BY = "urn:oasis:names:tc:SAML:2.0:cm:"
_MOST_ATTRIBUTES = 40
_MOST_VALUES = 4
_VERSION = "2.0"
_Word = TypeVar("_Word", bound=StrEnum)


class Mode(StrEnum):
    """How the person proved who they are (Authentification_Mode)."""

    DIRECT = "DIRECTE"
    """With their own card: both certificates are the person's."""
    INDIRECT = "INDIRECTE"
    """To their organisation, which alone is known here."""
    REINFORCED = "INDIRECTE_RENFORCEE"
    """To their organisation, with two factors: it answers for the person (« AIR »)."""


class Ground(StrEnum):
    """Why the record is asked for (purposeofuse, TRE_R248)."""

    NORMAL = "normal"
    BREAK_GLASS = "bris_de_glace"
    DISPATCH = "centre_15"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How the bearer of the assertion is recognised (SAML 2.0 core, 2.4.1.1): the last word of the method's URN, and
    what goes with it; `certificate` is DER, b"" where none is named."""

    method: str
    recipient: str = ""
    in_response_to: str = ""
    not_on_or_after: datetime | None = None
    certificate: bytes = b""


@dataclass(frozen=True, slots=True)
class Vihf:
    """A VIHF. Texts are "" where they are not said; `subject` is the NameID (PS_IdNat), `structure` the Struct_IdNat,
    `role` the profession; `secret` asks for a session hidden from a minor's representatives."""

    id: str
    issuer: str
    subject: str
    issued_at: datetime
    not_before: datetime
    not_on_or_after: datetime
    audiences: tuple[str, ...]
    confirmations: tuple[Confirmation, ...]
    mode: Mode
    structure: str
    ground: Ground
    role: Coded
    patient: PatientStatement | None = None
    secret: bool = False
    reason: str = ""
    software: str = ""
    target: str = ""


def read(assertion: Element) -> Vihf:
    """The values of an assertion without its signature. Raises Refused: VIHF_MALFORMED."""
    tags = [one.tag for one in assertion]
    statements = {f"{SAML}AuthnStatement", f"{SAML}AttributeStatement"}
    if tags[:3] != [f"{SAML}Issuer", f"{SAML}Subject", f"{SAML}Conditions"] or sorted(tags[3:]) != sorted(statements):
        raise malformed("Assertion: Issuer, Signature, Subject, Conditions, one AuthnStatement, one AttributeStatement")
    if assertion.tag != f"{SAML}Assertion" or assertion.get("Version") != _VERSION:
        raise malformed("Assertion: Version 2.0")
    issuer, subject, conditions, *_ = assertion
    said = _attributes(assertion[tags.index(f"{SAML}AttributeStatement")])
    if _text(said, "VIHF_Version") not in VERSIONS:
        raise malformed("VIHF_Version: 3.0 or 4.0")
    return Vihf(
        id=assertion.get("ID", ""),
        issuer=text_of(issuer),
        subject=_subject(subject),
        issued_at=instant(assertion.get("IssueInstant", ""), "IssueInstant"),
        not_before=instant(conditions.get("NotBefore", ""), "NotBefore"),
        not_on_or_after=instant(conditions.get("NotOnOrAfter", ""), "NotOnOrAfter"),
        audiences=_audiences(conditions),
        confirmations=tuple(_confirmation(one) for one in list(subject)[1:]),
        mode=_one_of(Mode, _text(said, "Authentification_Mode"), "Authentification_Mode"),
        structure=_needed(_text(said, "Identifiant_Structure"), "Identifiant_Structure"),
        ground=_one_of(Ground, _code(said, _PURPOSE).code, "purposeofuse"),
        role=_roles(said)[0],
        patient=_patient(_text(said, _PATIENT)),
        secret=_secret(said),
        reason=_text(said, "Mode_Acces_Raison"),
        software=" ".join(filter(None, (_text(said, "LPS_Nom"), _text(said, "LPS_Version")))),
        target=_text(said, "Ressource_URN"),
    )


def _subject(subject: Element) -> str:
    """The NameID; after it nothing but confirmations."""
    first, *rest = [one.tag for one in subject] or [""]
    if first != f"{SAML}NameID":
        raise malformed("Subject: NameID")
    if any(tag != f"{SAML}SubjectConfirmation" for tag in rest) or len(rest) > _MOST_VALUES:
        raise malformed("Subject: NameID, then SubjectConfirmation")
    return _needed(text_of(subject[0]), "NameID")


def _confirmation(element: Element) -> Confirmation:
    method = element.get("Method", "").removeprefix(_CONFIRMED_BY)
    if [one.tag for one in element] not in ([], [f"{SAML}SubjectConfirmationData"]):
        raise malformed("SubjectConfirmation: SubjectConfirmationData or nothing")
    if not len(element):
        return Confirmation(method)
    data = element[0]
    until = data.get("NotOnOrAfter")
    if any(one.tag != f"{DS}KeyInfo" for one in data) or len(data) > 1:
        raise malformed("SubjectConfirmationData: one KeyInfo or nothing")
    return Confirmation(
        method,
        data.get("Recipient", ""),
        data.get("InResponseTo", ""),
        instant(until, "SubjectConfirmationData") if until is not None else None,
        certificate_in(data[0]) if len(data) else b"",
    )


def _audiences(conditions: Element) -> tuple[str, ...]:
    """Those of the one AudienceRestriction; OneTimeUse goes without saying, and another condition is not known."""
    rest = [one for one in conditions if one.tag != f"{SAML}OneTimeUse"]
    if [one.tag for one in rest] != [f"{SAML}AudienceRestriction"] or len(rest[0]) > _MOST_VALUES:
        raise malformed("Conditions: one AudienceRestriction")
    if any(one.tag != f"{SAML}Audience" for one in rest[0]):
        raise malformed("AudienceRestriction: Audience")
    return tuple(text_of(one) for one in rest[0])


def _attributes(statement: Element) -> Mapping[str, tuple[Element, ...]]:
    """The values of each attribute by its name, said once."""
    if len(statement) > _MOST_ATTRIBUTES or any(one.tag != f"{SAML}Attribute" for one in statement):
        raise malformed("AttributeStatement: at most 40 Attribute")
    said: dict[str, tuple[Element, ...]] = {}
    for one in statement:
        name, values = one.get("Name", ""), tuple(one)
        if not name or name in said or not 1 <= len(values) <= _MOST_VALUES:
            raise malformed("Attribute: each name once, with 1 to 4 values")
        if any(value.tag != f"{SAML}AttributeValue" for value in values):
            raise malformed("Attribute: AttributeValue")
        said[name] = values
    return said


def _value(said: Mapping[str, tuple[Element, ...]], name: str) -> Element | None:
    """The one value of an attribute, None where it is not said."""
    values = said.get(name, ())
    if len(values) > 1:
        raise malformed(f"{name}: one value")
    return values[0] if values else None


def _text(said: Mapping[str, tuple[Element, ...]], name: str) -> str:
    value = _value(said, name)
    return text_of(value) if value is not None else ""


def _code(said: Mapping[str, tuple[Element, ...]], name: str) -> Coded:
    value = _value(said, name)
    return _coded(value) if value is not None else Coded("")


def _coded(value: Element) -> Coded:
    """A code as an element of HL7 (`<Role code="10" codeSystem="…"/>`), or in text (`10^Médecin^…` or `…^system`)."""
    if len(value) == 1 and not len(value[0]) and not (value.text or "").strip():
        told = value[0]
        return Coded(told.get("code", ""), told.get("codeSystem", ""), told.get("displayName", ""))
    parts = [part.strip() for part in text_of(value).split("^")]
    return Coded(parts[0], parts[-1] if len(parts) > 1 else "", parts[1] if len(parts) > 2 else "")


def _roles(said: Mapping[str, tuple[Element, ...]]) -> tuple[Coded, ...]:
    """The profession first; a doctor's speciality or a pharmacist's section second."""
    found = tuple(_coded(value) for value in said.get(_ROLE, ()))
    if not found or not all(role.code for role in found):
        raise malformed("role: a code")
    return found


def _secret(said: Mapping[str, tuple[Element, ...]]) -> bool:
    code = _code(said, _CONFIDENTIALITY).code
    if code not in ("", "N", Visibility.INVISIBLE_REPRESENTANTS_LEGAUX):
        raise malformed("confidentiality-code: INVISIBLE_REPRESENTANTS_LEGAUX or nothing")
    return code == Visibility.INVISIBLE_REPRESENTANTS_LEGAUX


def _patient(text: str) -> PatientStatement | None:
    """CX: `279…^^^&1.2.250.1.213.1.4.10&ISO^NH`."""
    if not text:
        return None
    number, _, _, authority, *_ = [*(part.strip() for part in text.split("^")), "", "", "", ""]
    oid = [*authority.split("&"), "", ""][1].strip()
    if not number or not oid:
        raise malformed("resource-id: the INS with the OID of its authority")
    return PatientStatement("Assertion/resource-id", number=number, authority=oid)


def _one_of(kind: type[_Word], text: str, name: str) -> _Word:
    if text not in list(kind):
        raise malformed(f"{name}: {', '.join(kind)}")
    return kind(text)


def _needed(text: str, name: str) -> str:
    if not text:
        raise malformed(f"{name}: a value")
    return text
