"""Roles of people and machines (JDV_J65 SubjectRole DMP, OID 1.2.250.1.213.1.1.5.5, partial), and their
specialties.

Professions of TRE_G15, social professions TRE_R94 and uses of title TRE_R95, with the labels of JDV_J48
(2024-12-13) and JDV_J01 XdsAuthorSpecialty CI-SIS (OID 1.2.250.1.213.1.1.5.461, 2024-12-13, 396 codes,
complete). Not in `ROLES`: the specialties of TRE_R01 (they are in `SPECIALTIES`, after `G15_10/`), people
in training (TRE_G16, same numbers as G15), code 99 of TRE_R291.
"""

from collections.abc import Mapping

from espace.wire.nomenclature.roles_other import OTHER_PEOPLE, SOCIAL, TITLES
from espace.wire.nomenclature.specialties_doctors import DOCTORS
from espace.wire.nomenclature.specialties_others import CARERS
from espace.wire.nomenclature.systems import (
    OTHER_ROLE,
    PRODUCER,
    PROFESSION,
    SOCIAL_PROFESSION,
    SPECIALTY,
    TITLE_USE,
    System,
)
from espace.wire.xds import Coded

_PRODUCERS = (
    ("ALIM_AM", "Alimentation automatique à partir du Système d'Information de l'Assurance Maladie"),
    ("DISPOSITIF", "Dispositif médical"),
    ("EXP_PATIENT", "Expression personnelle du patient"),
    ("SECRETARIAT_MEDICAL", "Secrétariat médical"),
    ("AUTOMATE", "Automate"),
    ("SNR", "Service numérique référencé"),
    ("LOGICIEL_DUI", "Logiciel de Dossier Usager Informatisé"),
)
_PROFESSIONS = (
    ("10", "Médecin"),
    ("21", "Pharmacien"),
    ("26", "Audioprothésiste"),
    ("28", "Opticien-Lunetier"),
    ("31", "Assistant dentaire"),
    ("32", "Physicien médical"),
    ("35", "Aide-soignant"),
    ("36", "Ambulancier"),
    ("37", "Auxiliaire de puériculture"),
    ("38", "Préparateur en pharmacie hospitalière"),
    ("39", "Préparateur en pharmacie (officine)"),
    ("40", "Chirurgien-Dentiste"),
    ("50", "Sage-Femme"),
    ("60", "Infirmier"),
    ("69", "Infirmier psychiatrique"),
    ("70", "Masseur-Kinésithérapeute"),
    ("80", "Pédicure-Podologue"),
    ("81", "Orthoprothésiste"),
    ("82", "Podo-Orthésiste"),
    ("83", "Orthopédiste-Orthésiste"),
    ("84", "Oculariste"),
    ("85", "Epithésiste"),
    ("86", "Technicien de laboratoire médical"),
    ("91", "Orthophoniste"),
    ("92", "Orthoptiste"),
    ("94", "Ergothérapeute"),
    ("95", "Diététicien"),
    ("96", "Psychomotricien"),
    ("98", "Manipulateur ERM"),
)
_Rows = tuple[tuple[str, str], ...]


def _table(*parts: tuple[System, _Rows]) -> dict[str, Coded]:
    return {code: Coded(code, system.oid, label) for system, rows in parts for code, label in rows}


_NOT_ROLES = frozenset({"SNR", "LOGICIEL_DUI"})

ROLES: Mapping[str, Coded] = _table(
    (PRODUCER, tuple(row for row in _PRODUCERS if row[0] not in _NOT_ROLES)),
    (PROFESSION, _PROFESSIONS),
    (TITLE_USE, TITLES),
    (SOCIAL_PROFESSION, SOCIAL),
)

SPECIALTIES: Mapping[str, Coded] = _table(
    (PRODUCER, _PRODUCERS),
    (SPECIALTY, tuple((f"G15_10/{code}", f"Médecin - {label}") for code, label in DOCTORS)),
    (SPECIALTY, CARERS),
    (TITLE_USE, tuple(row for row in TITLES if row[0] != "97")),
    (SOCIAL_PROFESSION, SOCIAL[:1]),
    (OTHER_ROLE, OTHER_PEOPLE),
)

_LABELS = {
    "G15_10/SM26": "Médecine générale",
    "G15_10/SM53": "Médecine générale",
    "G15_10/SM54": "Médecine générale",
}


def specialty_label(code: str) -> str:
    """The words to show for a J01 code, without the profession where a specialty says more; "" if unknown."""
    known = SPECIALTIES.get(code)
    if known is None:
        return ""
    words = known.display.partition(" - ")[2] or known.display
    return _LABELS.get(code) or words.rpartition(" (")[0] or words
