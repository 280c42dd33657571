"""The structure, the professional and the patients of a sandbox: invented, and other ones for each number.

Ranks begin after those of the cast and its crowd. INS are of the test authority; they name a town that does not exist,
so that they are nobody's of the crowd, and have right keys. Telephone numbers are those kept for films.
"""

from datetime import date

from espace.identity.rules import ins_key
from espace.site.demo.making import Structure, made_professional, made_structure
from espace.site.sandbox.facts import PATIENTS
from espace.wire.cda_writing import INS_TEST, Address, Patient, Professional

_FIRST_RANK = 90_000
MOST = 9_999
"""What the numbers of professionals leave room for."""
_TOWN = "35999"
_FIRST_ORDER = 500
_MONTHS, _YEARS, _OLDEST = 12, 60, 1945
_SCATTER = 257
"""A prime: neighbours have other ages, and no month comes twice before all have come."""
_STREET = Address("1", "place du Bac-à-Sable", "35000", "RENNES")
_FAMILIES = ("ESSAI", "EXEMPLE", "MODELE", "EPREUVE", "MAQUETTE", "PROTOTYPE", "SPECIMEN")
_GIVEN = {"F": ("ALICE", "INES", "SOLENE", "YASMINE"), "M": ("BASILE", "HUGO", "MEHDI", "TANGUY")}


def structure_of(number: int, name: str) -> Structure:
    """A public hospital, so that every kind of document may come from it."""
    rank = _FIRST_RANK + number
    phone = f"026191{number:04d}"
    return made_structure(rank, f"bac-a-sable-{number}", name, _STREET, "SA01", "ETABLISSEMENT", phone=phone)


def professional_of(number: int, structure: Structure) -> Professional:
    """A general practitioner of that structure."""
    return made_professional(_FIRST_RANK + number, ("MME", "Claire", "SABLIER"), "G15_10/SM54", structure)


def patients_of(number: int) -> tuple[Patient, ...]:
    return tuple(_patient((number - 1) * PATIENTS + place) for place in range(PATIENTS))


def _patient(rank: int) -> Patient:
    """The one of that rank among the patients of all sandboxes: month, year and order of birth follow from it."""
    order, place = divmod(rank, _MONTHS * _YEARS)
    year, month = divmod(place * _SCATTER % (_MONTHS * _YEARS), _MONTHS)
    sex = "FM"[rank % 2]
    born = date(_OLDEST + year, month + 1, rank % 28 + 1)
    number = f"{'2' if sex == 'F' else '1'}{born:%y%m}{_TOWN}{_FIRST_ORDER + order}"
    given = _GIVEN[sex]
    return Patient(
        ins=f"{number}{ins_key(number)}",
        authority=INS_TEST,
        birth_name=_FAMILIES[rank % len(_FAMILIES)],
        given_names=(given[rank // 2 % len(given)],),
        birth_date=born,
        sex=sex,
        birth_place=_TOWN,
        birth_city="BAC-A-SABLE",
        address=_STREET,
    )
