"""What a notion is called: its name, its author's words, and never a code alone."""

import pytest

from espace.clinical.rules.naming import NO_RANK, full_name, name_of, rank_of
from espace.wire.clinical_statements.values import Concept

LOINC = "2.16.840.1.113883.6.1"


@pytest.mark.parametrize(
    ("what", "name"),
    [
        (Concept("4548-4", LOINC, "Hémoglobine A1c/Hémoglobine totale [Pourcentage]"), "HbA1c"),
        (Concept("59261-8", LOINC, "HbA1c IFCC"), "HbA1c"),
        (Concept("3016-3", LOINC, "Thyréostimuline"), "TSH"),
        (Concept("3091-6", LOINC, "Urée [Masse/Volume]"), "Urée"),
        (Concept("3094-0", LOINC, "Azote uréique"), "Azote uréique"),  # half of it: never one line with urea
        (Concept("4548-4", "1.2.3", "Autre liste"), "Autre liste"),
        (Concept("38341003", "2.16.840.1.113883.6.96", "hypertension artérielle"), "Hypertension artérielle"),
        (Concept("38341003", "2.16.840.1.113883.6.96", "", "HTA ancienne"), "HTA ancienne"),
        (Concept("38341003", "2.16.840.1.113883.6.96"), "38341003 (SNOMED CT)"),
        (Concept("A12", "1.2.3.4"), "A12 (1.2.3.4)"),
        (Concept("A12"), "« A12 »"),
        (Concept(display="pH"), "pH"),
    ],
)
def test_a_notion_has_a_name(what: Concept, name: str) -> None:
    assert name_of(what) == name


def test_names_of_little_room_have_their_english() -> None:
    what = Concept("2160-0", LOINC, "Créatinine [Masse/Volume]")
    assert (name_of(what), name_of(what, english=True)) == ("Créatinine", "Creatinine")
    assert full_name(what) == "Créatinine [Masse/Volume]"


def test_what_is_looked_for_first_comes_first() -> None:
    ranks = [rank_of(Concept(code, LOINC, "x")) for code in ("4548-4", "14682-9", "3016-3", "no-such")]
    assert ranks == sorted(ranks) and ranks[-1] == NO_RANK
