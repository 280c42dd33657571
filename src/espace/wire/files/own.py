"""What a person may say that a document of theirs is (D20, D34): the types of JDV_J07 for patients, in plain words.

DOCPAT08 is the medical profile, which the platform writes itself, and DOCPAT10 ended in 2022: neither is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnType:
    """A type of JDV_J07 with what people read for it."""

    code: str
    label_fr: str
    label_en: str


OWN_TYPES: Mapping[str, OwnType] = {
    code: OwnType(code, label_fr, label_en)
    for code, label_fr, label_en in (
        ("DOCPAT05", "Résultat d’analyses", "Laboratory result"),
        ("DOCPAT02", "Ordonnance, traitement ou soins", "Prescription, treatment or care"),
        ("DOCPAT03", "Compte rendu de consultation ou d’examen", "Report of a consultation or examination"),
        ("DOCPAT04", "Radio ou autre image médicale", "X-ray or other medical image"),
        ("DOCPAT06", "Vaccination, dépistage ou prévention", "Vaccination, screening or prevention"),
        ("DOCPAT01", "Résumé de santé", "Health summary"),
        ("DOCPAT07", "Certificat", "Certificate"),
        ("DOCPAT09", "Papier administratif", "Administrative paper"),
        ("EXPPAT_3", "Directives anticipées", "Advance directives"),
        ("EXPPAT_1", "Mes volontés et mes droits", "My wishes and my rights"),
        ("EXPPAT_2", "Autre document de ma main", "Another document of mine"),
    )
}
"""By code, in the order in which they are offered."""
