"""The structures and professionals of the cast: all invented."""

from espace.site.demo.making import REGION, Structure, made_professional, made_structure
from espace.wire.cda_writing import Address, Professional

__all__ = ["PROFESSIONALS", "REGION", "STRUCTURES", "Structure"]


def _address(number: str, street: str) -> Address:
    return Address(number, street, "35000", "RENNES")


HOSPITAL = made_structure(
    1,
    "hopital-deux-rives",
    "Centre hospitalier des Deux-Rives",
    _address("1", "esplanade des Deux-Rives"),
    "SA01",
    "ETABLISSEMENT",
)
LABORATORY = made_structure(
    2,
    "laboratoire-tilleuls",
    "Laboratoire des Tilleuls",
    _address("14", "place des Tilleuls"),
    "SA25",
    "AMBULATOIRE",
)
PHARMACY = made_structure(
    3,
    "pharmacie-port",
    "Pharmacie du Port",
    _address("3", "quai du Port-aux-Mouettes"),
    "SA33",
    "AMBULATOIRE",
)
PRACTICE = made_structure(
    4,
    "maison-sante-canal",
    "Maison de santé du Canal",
    _address("27", "rue du Canal-Vert"),
    "SA08",
    "AMBULATOIRE",
)
IMAGING = made_structure(
    5,
    "imagerie-sainte-claire",
    "Centre d’imagerie Sainte-Claire",
    _address("8", "rue Sainte-Claire-des-Prés"),
    "SA08",
    "AMBULATOIRE",
)
SCREENING = made_structure(
    6,
    "depistage-cancers",
    "Centre régional de dépistage des cancers",
    _address("40", "avenue des Genêts"),
    "SA12",
    "DEPISTAGE",
)
OTHER_PRACTICE = made_structure(
    7,
    "cabinet-haddad",
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


ATTENDING = made_professional(1, ("MME", "Hélène", "MORVAN"), "G15_10/SM54", PRACTICE)
STRANGER = made_professional(2, ("M", "Karim", "HADDAD"), "G15_10/SM54", OTHER_PRACTICE)
BIOLOGIST = made_professional(3, ("M", "Olivier", "ROUX"), "G15_10/SM03", LABORATORY)
PHARMACIST = made_professional(4, ("MME", "Anne", "CARADEC"), "G15_21/A", PHARMACY)
RADIOLOGIST = made_professional(5, ("MME", "Nathalie", "PETIT"), "G15_10/SM44", IMAGING)
CARDIOLOGIST = made_professional(6, ("MME", "Sophie", "LEMAIRE"), "G15_10/SM04", HOSPITAL)
SURGEON = made_professional(7, ("M", "Marc", "FERRAND"), "G15_10/SM08", HOSPITAL)
EMERGENCY = made_professional(8, ("M", "Thomas", "DUBOIS"), "G15_10/SM59", HOSPITAL)
NURSE = made_professional(9, ("MME", "Julie", "LE GALL"), "G15_60", PRACTICE)
MIDWIFE = made_professional(10, ("MME", "Claire", "RIOU"), "G15_50", HOSPITAL)
OPHTHALMOLOGIST = made_professional(11, ("M", "Paul", "BLANCHET"), "G15_10/SM38", HOSPITAL)
PAEDIATRICIAN = made_professional(12, ("MME", "Aïcha", "SALL"), "G15_10/SM40", HOSPITAL)
LUNG_DOCTOR = made_professional(13, ("M", "Yves", "GRALL"), "G15_10/SM41", HOSPITAL)
PATHOLOGIST = made_professional(14, ("MME", "Irène", "KELLER"), "G15_10/SM01", HOSPITAL)
SCREENER = made_professional(15, ("M", "Bruno", "HAMON"), "G15_10/SM49", SCREENING)
GERIATRICIAN = made_professional(16, ("MME", "Lucie", "DANIEL"), "G15_10/SM18", HOSPITAL)
PSYCHIATRIST = made_professional(17, ("MME", "Marie", "LUCAS"), "G15_10/SM42", HOSPITAL)
PHYSIOTHERAPIST = made_professional(18, ("M", "Erwan", "STEPHAN"), "G15_70", PRACTICE)
DIABETOLOGIST = made_professional(19, ("M", "Denis", "QUERE"), "G15_10/SM62", HOSPITAL)
ANAESTHETIST = made_professional(20, ("MME", "Laure", "PENNEC"), "G15_10/SM02", HOSPITAL)

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
