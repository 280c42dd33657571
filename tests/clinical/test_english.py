"""What is told in English is what a list of ours has in English: nothing else is translated."""

import pytest

from espace.clinical.rules.english import known_name
from espace.kernel.reasons import Sentence
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import ABSENT_OR_UNKNOWN, ACT_CODE, LOINC, OBSERVATION_VALUE, ROLE_CODE, SNOMED_CT
from espace.wire.xds import Coded


@pytest.mark.parametrize(
    ("what", "french", "english"),
    [
        (Concept("14749-6", LOINC.oid, "Glucose à jeun"), "Glycémie", "Glucose"),
        (Concept("8280-0", LOINC.oid, "Tour"), "Tour de taille", "Waist"),
        (Concept("H", OBSERVATION_VALUE.oid), "Grave", "Severe"),
        (Concept("CRITH", OBSERVATION_VALUE.oid), "Risque élevé", "High risk"),
        (Concept("confirmed", "2.16.840.1.113883.4.642.1.1075", "Confirmé"), "Confirmé", "Confirmed"),
        (Concept("low", "2.16.840.1.113883.4.642.4.130", "Bas"), "Risque faible", "Low risk"),
        (Concept("371923003", SNOMED_CT.oid, "léger à modéré"), "Léger à modéré", "Mild to moderate"),
        (Concept("72166-2", LOINC.oid, "Statut tabagique"), "Tabac", "Tobacco use"),
        (Concept("MTH", ROLE_CODE.oid, "mère"), "Mère", "Mother"),
        (Concept("FINT", ACT_CODE.oid), "Aliment", "Food"),
        (Concept("no-known-problems", ABSENT_OR_UNKNOWN.oid), "Aucun problème de santé connu", "No known problems"),
        (Concept("716186003", SNOMED_CT.oid, "rien"), "Aucune allergie connue", "No known allergies"),
        (Concept(words="tétanos"), "Tétanos", "Tetanus"),
        (Concept("x", "1.2", "Directives anticipées"), "Directives anticipées", "Advance directives"),
        (Concept("x", "1.2", "autre", others=(Coded("M", OBSERVATION_VALUE.oid),)), "Moyenne", "Moderate"),
    ],
)
def test_what_our_lists_name_has_both_names(what: Concept, french: str, english: str) -> None:
    assert known_name(what) == Sentence(french, english)


@pytest.mark.parametrize(
    "what",
    [
        Concept("38341003", SNOMED_CT.oid, "Hypertension artérielle"),
        Concept("H", "1.2.3", "Haut"),
        Concept("low", "1.2.3", "Bas"),
        Concept("14749-6", "1.2.3", "Glucose à jeun"),
        Concept("716186003", "1.2.3"),
        Concept(words="Autre"),
        Concept(words="Une autre volonté"),
        Concept(words="Tétanos ancien"),
    ],
)
def test_nothing_is_translated_by_guess(what: Concept) -> None:
    assert known_name(what) is None
