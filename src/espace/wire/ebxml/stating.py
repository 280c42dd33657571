"""What documents and sets state alike: uniqueIds, patients, authors, times (ITI TF-3, 4.2.3)."""

import re
from datetime import UTC, datetime

from espace.wire.cda.timestamps import instant
from espace.wire.ebxml import hl7
from espace.wire.ebxml.objects import Classified, Stated
from espace.wire.report import Report
from espace.wire.xds import Author, Coded, PatientStatement

INS_ROOT = "1.2.250.1.213.1.4."
"""Every OID of the INS authorities begins so (ANS)."""

_OID = re.compile(r"(?=.{1,64}\Z)[0-2](\.(0|[1-9][0-9]*))+", re.ASCII)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DTM = re.compile(r"[0-9]{4}([0-9]{2}){0,5}", re.ASCII)


def oid(text: str) -> str:
    """The OID, bare; "" for anything else."""
    bare = text.removeprefix("urn:oid:")
    return bare if _OID.fullmatch(bare) else ""


def uuid(text: str) -> str:
    """`urn:uuid:…` in lower case; "" for anything else."""
    lower = text.lower()
    return lower if _UUID.fullmatch(lower) else ""


def unique_id(stated: Stated, scheme: str, report: Report) -> str:
    """An OID alone, or `urn:uuid:` in lower case; OID^extension is refused, as the DMP does."""
    value, place = _external(stated, scheme, "uniqueId", report)
    normal = oid(value) or uuid(value)
    if value and not normal:
        report.invalid(place, "an OID of 64 characters at most without extension, or urn:uuid:… is expected")
    return normal


def source_id(stated: Stated, scheme: str, report: Report) -> str:
    """The OID of who submits."""
    value, place = _external(stated, scheme, "sourceId", report)
    if value and not oid(value):
        report.invalid(place, "an OID is expected")
    return oid(value)


def patient(stated: Stated, scheme: str, report: Report) -> PatientStatement | None:
    """XDS patientId: the INS with its authority; None where it is faulty."""
    value, place = _external(stated, scheme, "patientId", report)
    number, authority, _ = hl7.identifier(value)
    if not value:
        return None
    if not number or not authority:
        report.invalid(place, "number^^^&OID&ISO^NH is expected")
        return None
    if is_ins(authority):
        return PatientStatement(place, number=number, authority=authority)
    return PatientStatement(place, local_ids=(Coded(number, authority),))


def is_ins(authority: str) -> bool:
    return authority.startswith(INS_ROOT)


def _external(stated: Stated, scheme: str, name: str, report: Report) -> tuple[str, str]:
    """The value of the identifier, "" where it is not there once, and its place."""
    place = f"{stated.place}/ExternalIdentifier[{name}]"
    values = stated.external(scheme)
    if len(values) > 1:
        report.invalid(place, "said twice")
    elif not values or not values[0]:
        report.missing(place)
    return (values[0] if len(values) == 1 else ""), place


def authors(stated: Stated, scheme: str, report: Report) -> tuple[Author, ...]:
    """Every author; CI-SIS needs one at least, with a name or a number, their institution's if not their own. One with
    several institutions or specialties is told with the first."""
    place = f"{stated.place}/Classification[author]"
    found = tuple(map(_author, stated.codes(scheme)))
    if not found:
        report.missing(place)
    elif any(not (one.family or one.person_id or one.institution) for one in found):
        report.missing(place, "authorPerson or authorInstitution")
    return found


def _author(one: Classified) -> Author:
    number, family, given = hl7.person(first(one, "authorPerson"))
    institution, institution_id = hl7.organisation(first(one, "authorInstitution"))
    return Author(
        family=family,
        given=given,
        person_id=number,
        specialty=hl7.coded(first(one, "authorSpecialty")),
        role=hl7.coded(first(one, "authorRole")),
        institution=institution,
        institution_id=institution_id,
    )


def first(one: Classified, name: str) -> str:
    return next(iter(one.slots.get(name, ())), "")


def coded(one: Classified) -> Coded:
    return Coded(one.code, oid(first(one, "codingScheme")) or first(one, "codingScheme"), one.name)


def code(stated: Stated, scheme: str, name: str, report: Report) -> Coded | None:
    """The one code of a scheme."""
    found, place = stated.codes(scheme), f"{stated.place}/Classification[{name}]"
    if not found or not found[0].code:
        report.missing(place)
        return None
    if len(found) > 1:
        report.invalid(place, "said twice")
    return coded(found[0])


def time(stated: Stated, name: str, report: Report, *, needed: bool = False) -> datetime | None:
    """A DTM, which is UTC (ITI TF-3, table 4.2.3.1.7-2)."""
    text, place = stated.slot(name), slot_place(stated, name)
    found = instant(text, UTC) if _DTM.fullmatch(text) else None
    if text and found is None:
        report.invalid(place, "YYYY[MM[DD[hh[mm[ss]]]]] in UTC is expected")
    elif not text and needed:
        report.missing(place)
    return found


def slot_place(stated: Stated, name: str) -> str:
    """`name` is one of ours: what a sender called a slot could hold anything."""
    return f"{stated.place}/Slot[@name='{name}']"


def needed(value: str, place: str, report: Report) -> str:
    if not value:
        report.missing(place)
    return value
