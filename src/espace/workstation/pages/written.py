"""What the platform writes for a professional: the CDA around a PDF, and the metadata that follow from a header."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace.identity.facts import Activity, Person, Professional
from espace.kernel.values import replace
from espace.wire import entries, nomenclature
from espace.wire.cda import CdaDocument
from espace.wire.cda_writing import Address, Frame, Organisation, Patient, embedded
from espace.wire.cda_writing import Professional as Author
from espace.wire.nomenclature import systems
from espace.wire.xds import Coded, DocumentEntry

HOSPITAL_SECTORS = frozenset({"SA01", "SA02", "SA03", "SA04"})
"""Establishments of JDV_J02, whose setting (JDV_J04) is that of a stay; the others are ambulatory."""

USUAL = {
    "facility_type": nomenclature.FACILITY_TYPES["SA07"],
    "practice_setting": nomenclature.PRACTICE_SETTINGS["AMBULATOIRE"],
}
"""Where a header that does not say it was written: a practice."""

NOWHERE = Address("", "", "", "")
TITLES = {"10": "DR", "40": "DR", "21": "DR"}
"""Doctors, dentists and pharmacists bear the title (TRE_G15)."""


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF is: its type (JDV_J07), its title, when the act took place."""

    type_code: str
    title: str
    began: datetime


def level_one(
    pdf: bytes, about: About, *, person: Person, by: Professional, where: Activity, at: datetime, id: UUID
) -> bytes:
    """A CDA of level 1 around a PDF, with the whole header of CI-SIS; its identifier is an OID made of `id`."""
    made = frame(person=person, by=by, where=where, at=at, id=id)
    framed = replace(made, began=about.began, ended=about.began)
    return embedded(framed, about.type_code, about.title, pdf, "application/pdf")


def frame(*, person: Person, by: Professional, where: Activity, at: datetime, id: UUID) -> Frame:
    """The header of a document written at `at`; its identifier is an OID made of `id`."""
    author = _author(by, where)
    unique = f"2.25.{id.int}"
    return Frame(
        id=unique,
        set_id=f"{unique}.1",
        version=1,
        written=at,
        patient=_patient(person),
        author=author,
        performer=author,
        began=at,
        ended=at,
    )


def entry_of(header: CdaDocument, content: bytes) -> DocumentEntry:
    """The entry of a document that states nothing beside its header."""
    return entries.entry_of(header, content, usual=USUAL)


def _author(by: Professional, where: Activity) -> Author:
    specialty = nomenclature.SPECIALTIES.get(by.specialty) or nomenclature.author_specialty(by.profession)
    return Author(
        id=by.national_id,
        family=by.family,
        given=by.given,
        civility="",
        title=TITLES.get(by.profession, ""),
        specialty=specialty or Coded(by.profession, systems.SPECIALTY.oid),
        organisation=_organisation(where),
    )


def _organisation(where: Activity) -> Organisation:
    """Struct_IdNat: 1 and the FINESS, 3 and the SIRET, else the technical id of the directory."""
    numbers = (("1", where.finess), ("3", where.siret), ("", where.technical_id))
    number = next((prefix + value for prefix, value in numbers if value), str(where.organisation))
    sector = where.sector if where.sector in nomenclature.FACILITY_TYPES else "SA07"
    setting = "ETABLISSEMENT" if sector in HOSPITAL_SECTORS else "AMBULATOIRE"
    return Organisation(
        id=number,
        name=where.name,
        address=replace(NOWHERE, city=where.city),
        phone="",
        facility=nomenclature.FACILITY_TYPES[sector],
        setting=nomenclature.PRACTICE_SETTINGS[setting],
    )


def _patient(person: Person) -> Patient:
    ins, traits = person.ins[-1], person.traits
    return Patient(
        ins=ins.number,
        authority=ins.authority,
        birth_name=traits.birth_name,
        given_names=traits.given_names,
        birth_date=traits.birth_date,
        sex=traits.sex,
        birth_place=traits.birth_place,
        birth_city="",
        address=NOWHERE,
    )
