"""Who the document is about: recordTarget (CI-SIS « structuration minimale »; INS referential)."""

from datetime import date, tzinfo

from espace.kernel.reasons.identity import IDENTITIES_DIFFER
from espace.wire.cda.finding import Notes, attribute, child, children, place_of, text_in
from espace.wire.cda.timestamps import day, instant
from espace.wire.xds import Coded, PatientStatement
from espace.wire.xml import Element

INS_AUTHORITIES = frozenset(f"1.2.250.1.213.1.4.{last}" for last in (8, 9, 10, 11, 13))
"""NIR, NIA, NIR of test, NIR of demonstration, and .13, which two official examples use."""


def read_patient(role: Element, notes: Notes, zone: tzinfo) -> PatientStatement:
    """The statement of identity of a patientRole. Two different INS refuse, as does a malformed birth date."""
    ids = [
        Coded(attribute(each, "extension"), attribute(each, "root"))
        for each in children(role, "id")
        if attribute(each, "root")
    ]
    ins = [each for each in ids if each.system in INS_AUTHORITIES and each.code]
    if len(set(ins)) > 1:
        notes.refuse(role, "two different INS", path="id", reason=IDENTITIES_DIFFER)
    person = child(role, "patient")
    birth_name, first, given = _names(person)
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
    _warn_missing(statement, role, notes)
    return statement


def _names(person: Element | None) -> tuple[str, str, tuple[str, ...]]:
    """Birth name, first given name, all given names in order: qualifier BR, and the given without qualifier."""
    families = [(attribute(each, "qualifier").split(), text_in(each)) for each in children(person, "name/family")]
    givens = [(attribute(each, "qualifier").split(), text_in(each)) for each in children(person, "name/given")]
    birth_name = next((text for qualifiers, text in families if "BR" in qualifiers and text), "")
    first = next((text for qualifiers, text in givens if "BR" in qualifiers and text), "")
    listed = tuple(word for qualifiers, text in givens if not qualifiers for word in text.split())
    return birth_name, first, listed or ((first,) if first else ())


def _birth_date(person: Element | None, notes: Notes, zone: tzinfo) -> date | None:
    element = child(person, "birthTime")
    value = attribute(element, "value")
    if element is None or not value:
        return None
    if instant(value, zone) is None:
        notes.refuse(element, "a time stamp YYYYMMDD", path="@value")
    return day(value, zone)


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
