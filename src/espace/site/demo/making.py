"""Making structures and professionals that are visibly invented, with right keys.

FINESS numbers begin with 99, a department that FINESS does not have; RPPS numbers begin with 10999; both end with the
key of Luhn. Source ids are under 2.25.7500, too small for a real UUID. Telephone numbers of the added structures are
among those that the regulator keeps for films.
"""

from dataclasses import dataclass

from espace.wire.cda_writing import Address, Organisation, Professional
from espace.wire.nomenclature import FACILITY_TYPES, PRACTICE_SETTINGS, SPECIALTIES

ARC = "2.25.7500"
REGION = "53"
"""INSEE code of the region of the cast: Bretagne."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure that deposits: `slug` names it in addresses and as OAuth client, `source_id` is its OID.

    `region` is an INSEE code.
    """

    slug: str
    finess: str
    source_id: str
    organisation: Organisation
    region: str = REGION

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def sector(self) -> str:
        return self.organisation.facility.code

    @property
    def city(self) -> str:
        return self.organisation.address.city


def luhn_key(digits: str) -> str:
    """The digit that makes the number right (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 if rank % 2 else 2) for rank, digit in enumerate(reversed(digits))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def made_structure(
    rank: int,
    slug: str,
    name: str,
    address: Address,
    sector: str,
    setting: str,
    *,
    region: str = REGION,
    phone: str = "",
) -> Structure:
    """The structure of that rank: its numbers follow from it. `sector` is a code of J02, `setting` one of J04."""
    stem = f"99{rank:06d}"
    finess = f"{stem}{luhn_key(stem)}"
    organisation = Organisation(
        id=f"1{finess}",
        name=name,
        address=address,
        phone=phone or f"02990000{rank:02d}",
        facility=FACILITY_TYPES[sector],
        setting=PRACTICE_SETTINGS[setting],
    )
    return Structure(slug, finess, f"{ARC}.{rank}", organisation, region)


def made_professional(rank: int, who: tuple[str, str, str], specialty: str, structure: Structure) -> Professional:
    """The professional of that rank; `who` is civility, given name, family name; `specialty` a code of J01."""
    civility, given, family = who
    title = "DR" if specialty.startswith(("G15_10", "G15_21", "G15_40")) else ""
    stem = f"10999{rank:05d}"
    rpps = f"{stem}{luhn_key(stem)}"
    return Professional(f"8{rpps}", family, given, civility, title, SPECIALTIES[specialty], structure.organisation)
