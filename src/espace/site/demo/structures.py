"""The invented structures and professionals of the demonstration.

FINESS numbers begin with 99, a department that FINESS does not have, and end with their right key; RPPS numbers begin
with 10999 and end with theirs. Source ids are under 2.25.7500, too small for a real UUID.
"""

from dataclasses import dataclass

from espace.wire.cda_writing import Address, Organisation, Professional
from espace.wire.nomenclature import FACILITY_TYPES, PRACTICE_SETTINGS, SPECIALTIES

ARC = "2.25.7500"
REGION = "53"
"""INSEE code of the region of the demonstration: Bretagne."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure that deposits: `slug` names it in addresses and as OAuth client, `source_id` is its OID."""

    slug: str
    finess: str
    source_id: str
    organisation: Organisation

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def sector(self) -> str:
        return self.organisation.facility.code


def _structure(rank: int, slug: str, finess: str, name: str, address: Address, sector: str, setting: str) -> Structure:
    organisation = Organisation(
        id=f"1{finess}",
        name=name,
        address=address,
        phone=f"02990000{rank:02d}",
        facility=FACILITY_TYPES[sector],
        setting=PRACTICE_SETTINGS[setting],
    )
    return Structure(slug, finess, f"{ARC}.{rank}", organisation)


def _address(number: str, street: str) -> Address:
    return Address(number, street, "35000", "RENNES")


HOSPITAL = _structure(
    1,
    "hopital-deux-rives",
    "990000010",
    "Centre hospitalier des Deux-Rives",
    _address("1", "esplanade des Deux-Rives"),
    "SA01",
    "ETABLISSEMENT",
)
LABORATORY = _structure(
    2,
    "laboratoire-tilleuls",
    "990000028",
    "Laboratoire des Tilleuls",
    _address("14", "place des Tilleuls"),
    "SA25",
    "AMBULATOIRE",
)
PHARMACY = _structure(
    3,
    "pharmacie-port",
    "990000036",
    "Pharmacie du Port",
    _address("3", "quai du Port-aux-Mouettes"),
    "SA33",
    "AMBULATOIRE",
)
PRACTICE = _structure(
    4,
    "maison-sante-canal",
    "990000044",
    "Maison de santé du Canal",
    _address("27", "rue du Canal-Vert"),
    "SA08",
    "AMBULATOIRE",
)
IMAGING = _structure(
    5,
    "imagerie-sainte-claire",
    "990000051",
    "Centre d’imagerie Sainte-Claire",
    _address("8", "rue Sainte-Claire-des-Prés"),
    "SA08",
    "AMBULATOIRE",
)
SCREENING = _structure(
    6,
    "depistage-cancers",
    "990000069",
    "Centre régional de dépistage des cancers",
    _address("40", "avenue des Genêts"),
    "SA12",
    "DEPISTAGE",
)
OTHER_PRACTICE = _structure(
    7,
    "cabinet-haddad",
    "990000077",
    "Cabinet du docteur Haddad",
    _address("2", "impasse des Ajoncs"),
    "SA07",
    "AMBULATOIRE",
)

STRUCTURES: tuple[Structure, ...] = (
    HOSPITAL,
    LABORATORY,
    PHARMACY,
    PRACTICE,
    IMAGING,
    SCREENING,
    OTHER_PRACTICE,
)


def structure_of(professional: Professional) -> Structure:
    return next(one for one in STRUCTURES if one.organisation == professional.organisation)


def _doctor(rpps: str, who: tuple[str, str, str], specialty: str, structure: Structure) -> Professional:
    civility, given, family = who
    title = "DR" if specialty.startswith(("G15_10", "G15_21", "G15_40")) else ""
    return Professional(f"8{rpps}", family, given, civility, title, SPECIALTIES[specialty], structure.organisation)


ATTENDING = _doctor("10999000010", ("MME", "Hélène", "MORVAN"), "G15_10/SM54", PRACTICE)
STRANGER = _doctor("10999000028", ("M", "Karim", "HADDAD"), "G15_10/SM54", OTHER_PRACTICE)
BIOLOGIST = _doctor("10999000036", ("M", "Olivier", "ROUX"), "G15_10/SM03", LABORATORY)
PHARMACIST = _doctor("10999000044", ("MME", "Anne", "CARADEC"), "G15_21/A", PHARMACY)
RADIOLOGIST = _doctor("10999000051", ("MME", "Nathalie", "PETIT"), "G15_10/SM44", IMAGING)
CARDIOLOGIST = _doctor("10999000069", ("MME", "Sophie", "LEMAIRE"), "G15_10/SM04", HOSPITAL)
SURGEON = _doctor("10999000077", ("M", "Marc", "FERRAND"), "G15_10/SM08", HOSPITAL)
EMERGENCY = _doctor("10999000085", ("M", "Thomas", "DUBOIS"), "G15_10/SM59", HOSPITAL)
NURSE = _doctor("10999000093", ("MME", "Julie", "LE GALL"), "G15_60", PRACTICE)
MIDWIFE = _doctor("10999000101", ("MME", "Claire", "RIOU"), "G15_50", HOSPITAL)
OPHTHALMOLOGIST = _doctor("10999000119", ("M", "Paul", "BLANCHET"), "G15_10/SM38", HOSPITAL)
PAEDIATRICIAN = _doctor("10999000127", ("MME", "Aïcha", "SALL"), "G15_10/SM40", HOSPITAL)
LUNG_DOCTOR = _doctor("10999000135", ("M", "Yves", "GRALL"), "G15_10/SM41", HOSPITAL)
PATHOLOGIST = _doctor("10999000143", ("MME", "Irène", "KELLER"), "G15_10/SM01", HOSPITAL)
SCREENER = _doctor("10999000150", ("M", "Bruno", "HAMON"), "G15_10/SM49", SCREENING)
GERIATRICIAN = _doctor("10999000168", ("MME", "Lucie", "DANIEL"), "G15_10/SM18", HOSPITAL)
PSYCHIATRIST = _doctor("10999000176", ("MME", "Marie", "LUCAS"), "G15_10/SM42", HOSPITAL)
PHYSIOTHERAPIST = _doctor("10999000184", ("M", "Erwan", "STEPHAN"), "G15_70", PRACTICE)
DIABETOLOGIST = _doctor("10999000192", ("M", "Denis", "QUERE"), "G15_10/SM62", HOSPITAL)
ANAESTHETIST = _doctor("10999000200", ("MME", "Laure", "PENNEC"), "G15_10/SM02", HOSPITAL)

PROFESSIONALS: tuple[Professional, ...] = (
    ATTENDING,
    STRANGER,
    BIOLOGIST,
    PHARMACIST,
    RADIOLOGIST,
    CARDIOLOGIST,
    SURGEON,
    EMERGENCY,
    NURSE,
    MIDWIFE,
    OPHTHALMOLOGIST,
    PAEDIATRICIAN,
    LUNG_DOCTOR,
    PATHOLOGIST,
    SCREENER,
    GERIATRICIAN,
    PSYCHIATRIST,
    PHYSIOTHERAPIST,
    DIABETOLOGIST,
    ANAESTHETIST,
)
