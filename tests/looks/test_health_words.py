"""Moments as precise as they were written, numbers with the sign of the language, units as people write them."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.utils import translation

from clinical.said import fact, medicine, result, said, stated
from espace.clinical.facts import Detail, Dosage, Kind, State
from espace.clinical.rules.vaccines import Disease, Line, Standing, Why
from espace.identity.facts import Traits
from espace.looks.due_words import age_words, answered, due_row
from espace.looks.health_words import (
    brief_moment,
    detail_words,
    dosage_words,
    expected_words,
    interval_words,
    moment_words,
    month_of,
    number_words,
    quantity_words,
    unit_words,
    value_words,
)
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value
from espace.wire.nomenclature.systems import OBSERVATION_VALUE, SNOMED_CT
from espace.workstation.pages.screen import Panel, columns

TODAY = date(2025, 6, 1)
WOMAN = Traits("DUVAL", ("CAMILLE",), date(1985, 3, 7), "F", "35238")


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("what", "french", "english"),
    [
        (Concept("H", OBSERVATION_VALUE.oid, "Grave"), "grave", "severe"),
        (Concept("255604002", SNOMED_CT.oid), "léger", "mild"),
        (Concept(words="Plaques"), "plaques", "plaques"),
        (Concept("1", "9.9.9", "Très grave"), "très grave", "très grave"),
    ],
)
def test_a_severity_that_is_coded_is_said_in_the_language_of_the_page(what: Concept, french: str, english: str) -> None:
    assert detail_words(what) == french
    with translation.override("en"):
        assert detail_words(what) == english


@pytest.mark.parametrize(
    ("moment", "words", "brief", "month"),
    [
        ("2025-03-04T10:00:00+01:00", "4 mars 2025", "4 mars 2025", "mars 2025"),
        ("2025-09-21", "21 septembre 2025", "21 sept. 2025", "septembre 2025"),
        ("2025-03", "mars 2025", "mars 2025", "mars 2025"),
        ("2025", "2025", "2025", "2025"),
        ("", "", "", ""),
        ("2025-02-31", "", "", "février 2025"),
        ("hier", "", "", ""),
        ("2025-03-03T23:00:00+00:00", "4 mars 2025", "4 mars 2025", "mars 2025"),  # midnight in Paris
        ("2025-03-04T22:59:00+00:00", "4 mars 2025", "4 mars 2025", "mars 2025"),
        ("9999-12-31T23:30:00+00:00", "31 décembre 9999", "31 déc. 9999", "décembre 9999"),
        ("2025-02-31T23:30:00+00:00", "", "", "février 2025"),
    ],
)
def test_a_moment_is_no_more_precise_than_it_was_written(moment: str, words: str, brief: str, month: str) -> None:
    assert (moment_words(moment), brief_moment(moment), month_of(moment)) == (words, brief, month)


@pytest.mark.parametrize(
    ("unit", "words"),
    [("umol/L", "µmol/L"), ("ug/L", "µg/L"), ("10*9/L", "10⁹/L"), ("1", ""), ("m[IU]/L", "mUI/L"), ("a", "ans"),
     ("mL/min/{1.73_m2}", "mL/min/1,73\u00a0m²"), ("g{creat}", "g"), ("{score}", "{score}"), ("U/L", "U/L"),
     ("zorg", "zorg")],
)  # fmt: skip
def test_units_are_those_that_people_write(unit: str, words: str) -> None:
    assert unit_words(unit) == words


def test_a_unit_agrees_with_its_number() -> None:
    counted = [quantity_words(Quantity(number, "a")) for number in ("0.5", "1", "1.5", "2", "58")]
    assert counted == ["0,5\u00a0an", "1\u00a0an", "1,5\u00a0an", "2\u00a0ans", "58\u00a0ans"]
    with translation.override("en"):
        assert [quantity_words(Quantity(number, "a")) for number in ("1", "1.5")] == ["1\u00a0year", "1.5\u00a0years"]


def test_values_in_words() -> None:
    low, high = Quantity("4.0", "%"), Quantity("6.0", "%")
    assert number_words("7.20") == "7,20"
    assert interval_words(Interval(low, high)) == "4,0\u00a0–\u00a06,0\u00a0%"
    assert interval_words(Interval(low, low)) == "4,0\u00a0%"
    assert interval_words(Interval(None, high, high_closed=False)) == "<\u00a06,0\u00a0%"
    assert interval_words(Interval(low)) == "≥\u00a04,0\u00a0%" and interval_words(Interval()) == ""
    assert expected_words(Interval(low, high), Value(quantity=Quantity("7", "%"))) == "4,0\u00a0–\u00a06,0"
    assert expected_words(Interval(None, high), None) == "≤\u00a06,0\u00a0%"
    shown = (None, Value(truth=True), Value(truth=False), Value(words="positif"), Value(interval=Interval(low)))
    assert [value_words(one) for one in shown] == ["", "Oui", "Non", "positif", "≥\u00a04,0\u00a0%"]
    assert value_words(Value(concept=Concept(display="présence"))) == "Présence"
    with translation.override("en"):
        assert number_words("7.20") == "7.20" and brief_moment("2025-09-21") == "21 Sep 2025"


def test_a_language_that_was_asked_before_is_the_one_of_the_words() -> None:
    low = Interval(Quantity("4.5", "%"))
    assert (moment_words("2026-08-21", "en"), brief_moment("2026-08-21", "en")) == ("21 August 2026", "21 Aug 2026")
    assert (moment_words("2026-08-21"), brief_moment("2026-08-21")) == ("21 août 2026", "21 août 2026")
    assert value_words(Value(interval=low), "en") == "≥\u00a04.5\u00a0%"
    assert value_words(Value(interval=low)) == "≥\u00a04,5\u00a0%"
    with translation.override(None):
        assert (moment_words("2026-08"), number_words("4.5")) == ("August 2026", "4,5")
    assert moment_words("2026-08") == "août 2026"


def panels(*facts: object) -> dict[str, Panel]:
    found = columns(facts, lambda one: f"/documents/{one}/", WOMAN, TODAY)  # type: ignore[arg-type]
    return {panel.slug: panel for column in found for panel in column}


def test_a_dosage_is_said_as_it_is_written_else_as_it_is_coded() -> None:
    one, half_a_day = Quantity("1", "{tablet}"), Quantity("12", "h")
    coded = Dosage(dose=Interval(one, one), every=half_a_day)
    assert dosage_words(coded) == "1\u00a0comprimé, toutes les 12\u00a0h"
    assert dosage_words(Dosage(every=Quantity("2", "d"))) == "tous les 2\u00a0jours"
    assert dosage_words(Dosage(every=Quantity("1", "wk"))) == "chaque semaine"
    assert dosage_words(Dosage("Un matin et soir", dose=Interval(one, one), every=half_a_day)) == "Un matin et soir"
    assert (dosage_words(Dosage(most="4")), dosage_words(None)) == ("", "")
    asked = Dosage(every=Quantity("4", "h"), every_most=Quantity("6", "h"), needed=True)
    assert dosage_words(asked) == "toutes les 4\u00a0–\u00a06\u00a0h, si besoin"
    meals = Dosage(dose=Interval(one, one), events=("ACM", "HS", "?"), needed=True, needed_for=(Concept(words="Toux"),))
    assert dosage_words(meals) == "1\u00a0comprimé, avant le petit déjeuner, au coucher, Toux"


def test_the_steps_of_a_dosage_stand_on_one_line() -> None:
    assert dosage_words(Dosage("1 comprimé le matin\n  2 le soir ;\n")) == "1 comprimé le matin\u202f; 2 le soir"


def test_an_empty_record_says_that_nothing_is_written_and_not_that_there_is_nothing() -> None:
    assert {slug: panel.nothing for slug, panel in panels().items()} == {
        "allergies": "Rien n’est écrit sur les allergies.",
        "problems": "Rien n’est écrit sur les maladies et les antécédents.",
        "treatments": "Rien n’est écrit sur un traitement en cours.",
        "vaccinations": "Rien n’est écrit sur les vaccinations.",
        "results": "Aucun résultat n’est écrit dans un document que l’on peut lire ainsi.",
    }


def test_five_questions_have_their_answer() -> None:
    hives = {Detail.REACTION: (Concept(display="Urticaire"),)}
    found = panels(
        said(fact(Kind.ALLERGY, "Pénicilline", details=hives)),
        said(medicine(Kind.PRESCRIPTION, "Metformine", start="2025-05-01", end="2025-08-01", words="1 le soir")),
        said(fact(Kind.PROBLEM, "Diabète de type 2", state=State.ACTIVE, start="2014-05-06")),
        said(result("7.2", "%", "2025-05-20", low="4", high="6")),
        said(result("79", "umol/L", "2025-05-20", code="14682-9", low="45", high="90")),
        said(fact(Kind.VACCINATION, "Diphtérie, tétanos, poliomyélite", start="2024-09-23")),
        stated(fact(Kind.ALLERGY, "Pollens")),
    )
    (penicillin, pollen), (metformin,) = found["allergies"].rows, found["treatments"].rows
    assert (penicillin.name, penicillin.said) == ("Pénicilline", "urticaire")
    assert penicillin.first.path == f"/documents/{UUID(int=1)}/#s1" and penicillin.first.origin == ""
    assert (pollen.first.path, pollen.first.origin) == ("", "Déclaré par le patient")
    assert (metformin.name, metformin.said, metformin.when) == (
        "Metformine", "1 le soir", "prescrit, jusqu’au 1er août 2025",
    )  # fmt: skip
    assert [(row.name, row.when) for row in found["problems"].rows] == [("Diabète de type 2", "depuis mai 2014")]
    lines = [(row.name, row.value, row.mark, row.expected, row.out) for row in found["results"].results]
    assert lines == [
        ("HbA1c", "7,2\u00a0%", "Élevé", "4\u00a0–\u00a06", True),
        ("Créatinine", "79\u00a0µmol/L", "Normal", "45\u00a0–\u00a090", False),
    ]
    assert [row.name for row in found["vaccinations"].rows] == ["Diphtérie, tétanos, poliomyélite"]


def test_the_value_before_the_last_is_said_in_short() -> None:
    """Its unit only where it is another one."""
    points = (("7.2", "%", "2025-05-20"), ("7.4", "%", "2025-03-04"), ("55", "mmol/mol", "2024-12"))
    every = [said(result(*one, low="4", high="6"), number) for number, one in enumerate(points)]
    (row,), (older,), (alone,) = (panels(*every[first:])["results"].results for first in range(3))
    assert row.before == "7,4 le 4 mars 2025" and older.before == "55\u00a0mmol/mol, décembre 2024"
    assert row.earlier == "7,4\u00a0% (4 mars 2025, élevé)\u202f; 55\u00a0mmol/mol (décembre 2024, élevé)"
    assert (alone.before, alone.earlier) == ("", "")


def test_what_is_contradicted_says_what_each_source_says() -> None:
    iodine = fact(Kind.ALLERGY, "Iode")
    (row,) = panels(said(iodine, 1, "2024-01-01"), said(fact(Kind.ALLERGY, "Iode", absent=True), 2))["allergies"].rows
    assert row.marks == ("Affirmé ici, nié ailleurs",)
    assert [one.says for one in (row.first, *row.others)] == ["nié", "affirmé"]


def test_what_is_denied_is_said() -> None:
    (row,) = panels(said(fact(Kind.PROBLEM, "Diabète", absent=True)))["problems"].denied
    assert row.name == "Pas de\u202f: Diabète"


def test_the_calendar_in_few_words() -> None:
    late = Line((Disease.DIPHTHERIA, Disease.TETANUS), Standing.LATE, Why.BOOSTER_LATE, age=45 * 12, since=TODAY)
    row = due_row(late)
    assert (row.name, row.standing, row.pressing) == ("Diphtérie, tétanos", "En retard", True)
    assert row.why == "Rappel de 45 ans\u202f: prévu avant le 1er juin 2025, il n’est pas noté ici."
    unknown = Line((Disease.MEASLES,), Standing.CHECK, Why.NOTHING_WRITTEN)
    assert due_row(unknown).why == "rien n’est noté ici"
    assert [age_words(months) for months in (11, 24)] == ["11 mois", "2 ans"]
    later = Line((Disease.FLU,), Standing.LATER, Why.SEASON_LATER)
    assert [answered(one) for one in (late, later, Line((Disease.FLU,), Standing.DONE, Why.SEASON_DONE))] == [
        False, False, True,
    ]  # fmt: skip
