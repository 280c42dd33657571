"""Which vaccine protects against what, and what a record says of somebody's situation."""

from datetime import date
from typing import Any

import pytest

from clinical.said import ATC, fact, said
from espace.clinical.facts import Detail, Fact, Kind, State
from espace.clinical.rules.vaccines import Condition, conditions_of, diseases_of
from espace.clinical.rules.vaccines.conditions import ICD_10
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.xds import Coded

CIS, LOINC = "1.2.250.1.213.2.3.1", "2.16.840.1.113883.6.1"
AT = date(2026, 11, 23)


def vaccine(name: str, code: str = "", system: str = "", *others: Coded, target: str = "") -> Fact:
    details: dict[Detail, tuple[Concept, ...]] = {Detail.TARGET: (Concept(display=target),)} if target else {}
    return Fact(Kind.VACCINATION, Concept(code, system, name, "", others), fact(Kind.PLAN, "").place, details=details)


@pytest.mark.parametrize(
    ("one", "diseases"),
    [
        (vaccine("VACCIN TETANIQUE PASTEUR", "68747507", CIS, Coded("J07AM", ATC, "VACCIN TETANIQUE")), {"tetanus"}),
        (vaccine("VACCIN BCG SSI", "61077869", CIS, Coded("J07AN", ATC)), {"tuberculosis"}),
        (
            vaccine("REVAXIS, suspension injectable", "60917345", CIS, Coded("J07CA01", ATC)),
            {"diphtheria", "tetanus", "polio"},
        ),
        (vaccine("Vaccin", "J07CA09", ATC), {"diphtheria", "tetanus", "polio", "pertussis", "hib", "hepatitis_b"}),
        (vaccine("Beyfortus", "J06BD08", ATC), {"rsv"}),
        (vaccine("Infanrix hexa"), {"diphtheria", "tetanus", "polio", "pertussis", "hib", "hepatitis_b"}),
        (vaccine("Rappel DTPolio"), {"diphtheria", "tetanus", "polio"}),
        (vaccine("ROR"), {"measles", "mumps", "rubella"}),
        (vaccine("Vaccin contre la grippe saisonnière 2026"), {"flu"}),
        (vaccine("Vaccin Haemophilus influenzae de type b"), {"hib"}),
        (vaccine("Vaccin méningococcique B"), {"meningococcus_b"}),
        (vaccine("Vaccin méningocoques A,C,W,Y"), {"meningococcus_acwy"}),
        (vaccine("Hépatite A"), {"hepatitis_a"}),
        (vaccine("Spécialité inconnue", target="Rougeole"), {"measles"}),
        (vaccine("Anti-tétanique"), {"tetanus"}),
        (vaccine("Paracétamol"), set()),
        (vaccine("Vaccin", "J07XX", ATC), set()),
        (vaccine("Terror"), set()),
    ],
)
def test_a_vaccine_is_recognised_by_its_class_its_target_its_name_or_its_words(one: Fact, diseases: set[str]) -> None:
    assert {str(disease) for disease in diseases_of(one)} == diseases


def problem(name: str, code: str = "", **others: Any) -> Fact:
    return fact(Kind.PROBLEM, name, code=code, system=ICD_10, **others)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (problem("Diabète de type 2", "E11.9"), {Condition.CHRONIC_ILLNESS}),
        (problem("Maladie", "J44.1"), {Condition.HEART_OR_LUNG}),
        (problem("Asthme allergique"), {Condition.HEART_OR_LUNG}),
        (problem("VIH", "B24"), {Condition.WEAK_IMMUNITY}),
        (problem("Dengue", "A97.0", state=State.OVER), {Condition.HAD_DENGUE}),
        (problem("Asthme", "J45", state=State.OVER), set()),
        (problem("Asthme", "J45", absent=True), set()),
        (fact(Kind.FAMILY, "Asthme", code="J45", system=ICD_10), set()),
        (problem("Pas de diabète"), set()),
        (problem("Entorse", "S93.4"), set()),
    ],
)
def test_only_what_a_code_or_plain_words_state_is_a_situation(one: Fact, found: set[Condition]) -> None:
    assert conditions_of([said(one)], AT) == found


@pytest.mark.parametrize(
    ("day", "pregnant"),
    [("2027-03-01", True), ("2026-11-23", True), ("2026-11-22", False), ("2028-01-01", False), ("bientôt", False)],
)
def test_a_pregnancy_goes_on_until_the_day_that_is_written(day: str, pregnant: bool) -> None:
    one = fact(Kind.PREGNANCY, "Date prévue", code="11778-8", system=LOINC, value=Value(words=day))
    assert (Condition.PREGNANT in conditions_of([said(one)], AT)) is pregnant
