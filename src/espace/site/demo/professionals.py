"""The professionals of the cast as the directory has them."""

from uuid import NAMESPACE_OID, UUID, uuid5

from espace.identity.facts import Activity, Organisation, Professional
from espace.identity.rules import professional_uuid
from espace.site.demo.structures import ATTENDING, NURSE, PROFESSIONALS, STRANGER, STRUCTURES, Structure
from espace.wire.cda_writing import Professional as Stated

PROFESSIONAL_MEMBERS = {"doctor": ATTENDING, "stranger": STRANGER, "nurse": NURSE}
"""By the words of `./espace token`: the attending doctor, a doctor who is a stranger, a nurse."""


def organisation_of(structure: Structure) -> Organisation:
    """A structure of the demonstration as the platform knows it; its id follows from its source id."""
    return Organisation(
        id=organisation_id(structure),
        name=structure.name,
        finess=structure.finess,
        siret="",
        sector=structure.sector,
        region=structure.region,
        source_ids=(structure.source_id,),
        city=structure.city,
    )


def organisation_id(structure: Structure) -> UUID:
    return uuid5(NAMESPACE_OID, structure.source_id)


def professional_of(stated: Stated, structure: Structure | None = None) -> Professional:
    """Somebody of the demonstration, to put in the directory; their id follows from their RPPS.

    `structure` is where they act; without it, the one of the cast's structures that bears their organisation.
    """
    place = structure or next(one for one in STRUCTURES if one.organisation == stated.organisation)
    known = organisation_of(place)
    activity = Activity(
        known.id, known.name, known.finess, sector=known.sector, region=known.region, city=known.city
    )
    return Professional(
        id=professional_uuid(stated.id),
        national_id=stated.id,
        family=stated.family,
        given=stated.given,
        profession=profession_of(stated),
        specialty=stated.specialty.code,
        activities=(activity,),
    )


def profession_of(stated: Stated) -> str:
    """The TRE_G15 code in a J01 code: "10" in "G15_10/SM54"."""
    return stated.specialty.code.partition("_")[2].partition("/")[0] or stated.specialty.code


def directory() -> tuple[Professional, ...]:
    """Every professional of the cast."""
    return tuple(professional_of(stated) for stated in PROFESSIONALS)
