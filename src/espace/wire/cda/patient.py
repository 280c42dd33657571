"""Who the document is about: recordTarget (CI-SIS « structuration minimale »; INS referential)."""

import re
from datetime import date, tzinfo

from espace.kernel.reasons.identity import IDENTITIES_DIFFER
from espace.wire.cda.finding import Notes, attribute, child, children, place_of, text_in
from espace.wire.cda.timestamps import day
from espace.wire.cda.values import HL7
from espace.wire.xds import Coded, PatientStatement
from espace.wire.xml import Element

INS_AUTHORITIES = frozenset(f"1.2.250.1.213.1.4.{last}" for last in (8, 9, 10, 11, 13))
"""NIR, NIA, NIR of test, NIR of demonstration, and .13, which two official examples use."""
_URN = re.compile("urn:oid:", re.IGNORECASE)
_ONCE = ("patient", "patient/birthTime", "patient/administrativeGenderCode")


def read_patient(role: Element, notes: Notes, zone: tzinfo) -> PatientStatement:
    """The statement of identity of a patientRole, the first of its recordTarget.

    What could be about two persons refuses: two roles or patients, two different INS, birth names or
    first birth given names. So does what is too vague to tell whose it is: a birth date that is not a
    day, or neither an INS nor all of birth name, first given name, birth date and sex (INS referential).
    """
    _check_alone(role, notes)
    ids = [_identifier(each) for each in children(role, "id") if attribute(each, "root")]
    ins = [each for each in ids if each.system in INS_AUTHORITIES and each.code]
    if len(set(ins)) > 1:
        notes.refuse(role, "two different INS", path="id", reason=IDENTITIES_DIFFER)
    person = child(role, "patient")
    birth_name, first, given = _names(role, notes)
    statement = PatientStatement(
        place=place_of(role),
        number=ins[0].code if ins else "",
        authority=ins[0].system if ins else "",
        birth_name=birth_name,
        first_given=first,
        given_names=given,
        birth_date=_birth_date(person, notes, zone),
        sex=_sex(person),
        birth_place=text_in(child(person, "birthplace/place/addr/county")),
        local_ids=tuple(each for each in ids if each.system not in INS_AUTHORITIES),
    )
    traits = (statement.birth_name, statement.first_given, statement.birth_date, statement.sex)
    if person is not None and not statement.number and not all(traits):
        notes.refuse(role, "an INS, or birth name, first given name, birth date and sex")
    _warn_missing(statement, role, notes)
    return statement


def _check_alone(role: Element, notes: Notes) -> None:
    for extra in role.itersiblings(HL7 + "patientRole"):
        notes.refuse(extra, "one patient only")
    if child(role, "patient") is None:
        notes.refuse(role, "the patient", path="patient")
    for path in _ONCE:
        for extra in list(children(role, path))[1:]:
            notes.refuse(extra, "one patient only")


def _identifier(element: Element) -> Coded:
    """An identifier of the patient; the OID of an INS authority is also read when it is written as a URN."""
    root = attribute(element, "root")
    bare = _URN.sub("", root, count=1)
    return Coded(attribute(element, "extension"), bare if bare in INS_AUTHORITIES else root)


def _names(role: Element, notes: Notes) -> tuple[str, str, tuple[str, ...]]:
    """Birth name, first given name, all given names in order: qualifier BR, and the given without qualifier.

    A family name that stands alone, without qualifier, is the birth name: it may not go unread.
    """
    families, givens = _qualified(role, "patient/name/family"), _qualified(role, "patient/name/given")
    if families and all(not qualifiers and text == families[0][1] for qualifiers, text in families):
        families = [(["BR"], families[0][1])]
    found = []
    for path, names in (("patient/name/family", families), ("patient/name/given", givens)):
        birth = [text for qualifiers, text in names if "BR" in qualifiers]
        if len({text.casefold() for text in birth}) > 1:
            notes.refuse(role, "two different names of birth", path=path, reason=IDENTITIES_DIFFER)
        found.append(birth[0] if birth else "")
    birth_name, first = found
    listed = tuple(word for qualifiers, text in givens if not qualifiers for word in text.split())
    return birth_name, first, listed or ((first,) if first else ())


def _qualified(role: Element, path: str) -> list[tuple[list[str], str]]:
    """The qualifiers and the text of every part of a name that has a text."""
    parts = ((attribute(each, "qualifier").split(), text_in(each)) for each in children(role, path))
    return [(qualifiers, text) for qualifiers, text in parts if text]


def _birth_date(person: Element | None, notes: Notes, zone: tzinfo) -> date | None:
    element = child(person, "birthTime")
    value = attribute(element, "value")
    if element is None or not value:
        return None
    born = day(value, zone)
    if born is None:
        notes.refuse(element, "a time stamp YYYYMMDD", path="@value")
    return born


def _sex(person: Element | None) -> str:
    code = attribute(child(person, "administrativeGenderCode"), "code")
    return code if code in ("M", "F") else ""


def _warn_missing(statement: PatientStatement, role: Element, notes: Notes) -> None:
    traits = (
        (statement.number, "id", "an INS (15 characters) with the OID of its authority"),
        (statement.birth_name, "patient/name/family[@qualifier='BR']", "the birth name"),
        (statement.first_given, "patient/name/given[@qualifier='BR']", "the first birth given name"),
        (statement.birth_date, "patient/birthTime/@value", "the birth date, to the day"),
        (statement.sex, "patient/administrativeGenderCode/@code", "M or F"),
        (statement.birth_place, "patient/birthplace/place/addr/county", "the official code of the birthplace"),
    )
    for value, path, rule in traits:
        if not value:
            notes.warn(role, rule, path=path)
