"""What may be typed in the profile and what is kept of it; what professionals are shown; the facts that it makes."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.clinical.facts import Detail, Fact, Kind, State
from espace.clinical.facts.profile import Choices, Item, Medicine, Section, Shape, Target
from espace.clinical.rules import profile as rules
from espace.clinical.rules.medicines import cip_of, is_code, searched
from espace.clinical.rules.profile.measures import number_of
from espace.kernel.words import EVERY_KIND, Kinds, Sight
from espace.wire.clinical_statements.values import Concept, Quantity, Value, When
from espace.wire.nomenclature import TYPES

TODAY = date(2026, 3, 4)
AT = datetime(2026, 3, 4, 9, tzinfo=UTC)


def wrong(section: Section, **typed: str) -> dict[str, str]:
    found = rules.checked(rules.SHEETS[section], typed, TODAY).wrong
    return {name: said.fr.replace("\u202f", " ") for name, said in found.items()}


def kept(section: Section, **typed: str) -> dict[str, str]:
    found = rules.checked(rules.SHEETS[section], typed, TODAY)
    assert not found.wrong
    return dict(found.values)


def facts(section: Section, medicine: Medicine | None = None, /, **typed: str) -> tuple[Fact, ...]:
    return rules.as_facts(Item(UUID(int=1), section, kept(section, **typed), AT, medicine=medicine))


def test_there_are_fourteen_sections_with_names_in_both_languages() -> None:
    assert len(rules.SHEETS) == 14 and set(rules.SHEETS) == set(Section)
    for sheet in rules.SHEETS.values():
        names = [one.name for one in sheet.fields]
        assert len(set(names)) == len(names) and sheet.fields[0].required
        assert sheet.reads in {"DOCPAT08", *TYPES}
        for said in (sheet.title, sheet.about, sheet.one, *(one.label for one in sheet.fields)):
            assert said.fr and said.en
        for one in sheet.fields:
            assert bool(one.choices) is (one.shape is Shape.CHOICE)
            assert len({choice.code for choice in one.choices}) == len(one.choices)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2019", "2019"),
        ("03/2019", "2019-03"),
        ("3/2019", "2019-03"),
        ("14/03/2019", "2019-03-14"),
        ("14-3-2019", "2019-03-14"),
        ("29/02/2024", "2024-02-29"),
        ("2019-03-14", "2019-03-14"),
        ("2019-3", "2019-03"),
        ("29/02/2023", None),
        ("31/04/2020", None),
        ("13/2019", None),
        ("00/2019", None),
        ("0/0/2019", None),
        ("19", None),
        ("hier", None),
        ("14/03/19", None),
        ("٢٠١٩", None),
        ("2019-03-14T10:00", None),
        ("0000", "0000"),
    ],
)
def test_a_day_is_as_precise_as_it_was_typed(typed: str, day: str | None) -> None:
    assert rules.day_of(typed) == day


@settings(deadline=None, max_examples=60)
@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_day_that_exists_is_kept(day: date) -> None:
    assert kept(Section.VACCINATIONS, name="Tétanos", day=f"{day:%d/%m/%Y}")["day"] == day.isoformat()


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_kept_or_said_to_be_wrong(text: str) -> None:
    for sheet in rules.SHEETS.values():
        typed = dict.fromkeys((one.name for one in sheet.fields), text)
        found = rules.checked(sheet, typed, TODAY)
        again = rules.checked(sheet, found.values, TODAY)
        assert found.wrong or again.values == found.values


@pytest.mark.parametrize(
    ("section", "typed", "expected"),
    [
        (Section.ALLERGIES, {}, {"name": "Remplissez « Allergie à quoi »."}),
        (Section.ALLERGIES, {"name": " \u200b "}, {"name": "Remplissez « Allergie à quoi »."}),
        (Section.ALLERGIES, {"name": "x" * 201}, {"name": "C’est trop long : 200 caractères au plus."}),
        (Section.ALLERGIES, {"name": "Lait", "kind": "MILK"}, {"kind": "Choisissez une réponse de la liste."}),
        (Section.ALLERGIES, {"name": "Lait", "since": "1899"}, {"since": "La date doit être après 1900."}),
        (Section.ALLERGIES, {"name": "Lait", "since": "05/03/2026"}, {"since": "Cette date n’est pas encore passée."}),
        (
            Section.PROBLEMS,
            {"name": "Zona", "since": "2020", "until": "05/2019"},
            {"until": "La fin est avant le début."},
        ),
        (
            Section.FAMILY,
            {"name": "Diabète", "relative": "MTH", "age": "121"},
            {"age": "Un nombre entier, 120 au plus."},
        ),
        (
            Section.MEASURES,
            {"measure": "weight", "value": "x", "day": "2026"},
            {"value": "Écrivez un nombre, par exemple 72,5."},
        ),
        (
            Section.MEASURES,
            {"measure": "weight", "value": "401", "day": "2026"},
            {"value": "Ce nombre doit être entre 0,3 et 400 kg."},
        ),
        (
            Section.MEASURES,
            {"measure": "heart", "value": "60,5", "day": "2026"},
            {"value": "Ce nombre a trop de chiffres."},
        ),
        (
            Section.MEASURES,
            {"measure": "weight", "value": "60", "second": "8", "day": "2026"},
            {"second": "Seule la tension a un deuxième chiffre."},
        ),
        (
            Section.MEASURES,
            {"measure": "pressure", "value": "120", "day": "2026"},
            {"second": "Remplissez « Deuxième chiffre de la tension »."},
        ),
        (
            Section.MEASURES,
            {"measure": "pressure", "value": "80", "second": "120", "day": "2026"},
            {"second": "Le deuxième chiffre de la tension est le plus petit."},
        ),
        (Section.WISHES, {"kind": "directives"}, {"text": "Remplissez « Texte »."}),
        (
            Section.WISHES,
            {"kind": "organs", "text": "Je refuse."},
            {"text": "Le refus du don d’organes se dit au registre national des refus, pas ici."},
        ),
    ],
)
def test_what_is_wrong_is_said_of_its_field(section: Section, typed: dict[str, str], expected: dict[str, str]) -> None:
    assert wrong(section, **typed) == expected


def test_what_is_kept_is_plain() -> None:
    typed = {"name": "  Ventoline \u202e 100 ", "dosage": "matin\r\nsoir", "until": "2030", "other": "x"}
    assert kept(Section.TREATMENTS, **typed) == {"name": "Ventoline 100", "dosage": "matin\nsoir", "until": "2030"}
    assert kept(Section.WISHES, kind="organs", day="2024") == {"kind": "organs", "day": "2024"}


@pytest.mark.parametrize(
    ("text", "decimals", "number"),
    [
        ("72,50", 1, "72.5"),
        ("72.5", 1, "72.5"),
        ("072", 0, "72"),
        ("1 250", 0, "1250"),
        ("72,55", 1, None),
        ("-3", 1, None),
        ("1e5", 1, None),
        (",5", 1, None),
        ("٣", 0, None),
        ("1234567", 0, None),
        ("0,3", 1, "0.3"),
    ],
)
def test_a_number_is_kept_with_a_point(text: str, decimals: int, number: str | None) -> None:
    assert number_of(text, decimals) == number


def test_a_target_is_within_what_can_be_true() -> None:
    assert rules.checked_target("weight", "60", "65,5") == Target("60", "65.5")
    assert rules.checked_target("weight", "", "") == Target()
    assert set(rules.checked_target("weight", "65", "60")) == {"high"}  # type: ignore[arg-type]
    assert set(rules.checked_target("weight", "x", "900")) == {"low", "high"}  # type: ignore[arg-type]
    assert set(rules.checked_target("size", "1", "2")) == {"measure"}  # type: ignore[arg-type]


def test_who_sees_which_section() -> None:
    hidden = Choices(hidden=frozenset({Section.ALLERGIES}))
    assert rules.shown_to(None, hidden) == frozenset(Section)
    assert rules.shown_to(Sight(EVERY_KIND), Choices()) == frozenset(Section)
    assert rules.shown_to(Sight(EVERY_KIND), hidden) == frozenset(Section) - {Section.ALLERGIES}
    assert rules.shown_to(Sight(EVERY_KIND, masked=True), hidden) == frozenset(Section) - {Section.ALLERGIES}
    assert rules.shown_to(Sight(Kinds(frozenset({"DOCPAT08"}))), Choices()) == frozenset(Section) - {
        Section.WISHES,
        Section.CONTACTS,
    }
    assert rules.shown_to(Sight(Kinds(frozenset({"EXPPAT_3"}))), Choices()) == {Section.WISHES}
    assert rules.shown_to(Sight(EVERY_KIND, secret=True), Choices()) == frozenset()


def test_an_allergy_and_a_problem_as_facts() -> None:
    (allergy,) = facts(Section.ALLERGIES, name="Lait", kind="FINT", severity="H", reaction="Plaques", since="2010")
    assert (allergy.kind, allergy.what, allergy.state) == (Kind.ALLERGY, Concept(words="Lait"), State.ACTIVE)
    assert allergy.when == When("2010", "")
    assert allergy.details == {
        Detail.CATEGORY: (Concept("FINT", "2.16.840.1.113883.5.4", "Aliment"),),
        Detail.REACTION: (Concept(words="Plaques"),),
        Detail.SEVERITY: (Concept("H", "2.16.840.1.113883.5.1063", "Grave"),),
    }
    (now,), (past,) = facts(Section.PROBLEMS, name="Asthme"), facts(Section.PROBLEMS, name="Zona", until="2019")
    assert (now.state, past.state, past.when) == (State.ACTIVE, State.OVER, When("", "2019"))


def test_a_treatment_of_a_box_has_its_codes() -> None:
    box = Medicine("3400930000120", "DOLIPRANE", "paracétamol", "N02BE01")
    (fact,) = facts(Section.TREATMENTS, box, name="DOLIPRANE", dosage="1 le soir", why="Douleurs")
    assert (fact.kind, fact.what.code, fact.what.display) == (Kind.TREATMENT, "3400930000120", "DOLIPRANE")
    assert [one.code for one in fact.what.others] == ["N02BE01"]
    assert fact.dosage is not None and fact.dosage.words == "1 le soir"
    assert fact.details[Detail.SUBSTANCE] == (Concept(words="paracétamol"),)
    assert fact.details[Detail.INDICATION] == (Concept(words="Douleurs"),)
    (plain,) = facts(Section.TREATMENTS, Medicine("3400930000120", "X"), name="X", until="2020")
    assert (plain.state, plain.dosage, plain.details, plain.what.others) == (State.UNKNOWN, None, {}, ())


def test_measures_as_facts() -> None:
    (weight,) = facts(Section.MEASURES, measure="weight", value="64,5", day="04/03/2025")
    assert (weight.what.code, weight.what.display) == ("29463-7", "Poids")
    assert (weight.value, weight.when) == (Value(quantity=Quantity("64.5", "kg")), When("2025-03-04", "2025-03-04"))
    both = facts(Section.MEASURES, measure="pressure", value="120", second="80", day="2025")
    assert [(one.what.code, one.value) for one in both] == [
        ("8480-6", Value(quantity=Quantity("120", "mm[Hg]"))),
        ("8462-4", Value(quantity=Quantity("80", "mm[Hg]"))),
    ]
    assert rules.as_facts(Item(UUID(int=1), Section.MEASURES, {"measure": "gone", "value": "1"}, AT)) == ()


@pytest.mark.parametrize(
    ("section", "typed", "kind", "said"),
    [
        (Section.STAYS, {"name": "Appendicite", "kind": "surgery"}, Kind.PROCEDURE, ("Appendicite", "")),
        (Section.STAYS, {"name": "Chute", "kind": "stay"}, Kind.STAY, ("Chute", "")),
        (Section.FAMILY, {"name": "Diabète", "relative": "MTH", "age": "52"}, Kind.FAMILY, ("Diabète", "")),
        (Section.FAMILY, {"name": "Diabète", "relative": "MTH"}, Kind.FAMILY, ("Diabète", "")),
        (Section.LIFESTYLE, {"part": "tobacco", "answer": "Jamais"}, Kind.LIFESTYLE, ("Tabac", "Jamais")),
        (Section.BLOOD, {"group": "O-"}, Kind.EXAM, ("", "O négatif (−)")),
        (Section.WISHES, {"kind": "directives", "text": "Non."}, Kind.DIRECTIVE, ("Directives anticipées", "")),
        (Section.VACCINATIONS, {"name": "BCG", "day": "1980", "dose": "1"}, Kind.VACCINATION, ("BCG", "")),
        (Section.VACCINATIONS, {"name": "BCG", "day": "1980"}, Kind.VACCINATION, ("BCG", "")),
    ],
)
def test_the_other_sections_as_facts(
    section: Section, typed: dict[str, str], kind: Kind, said: tuple[str, str]
) -> None:
    (fact,) = facts(section, None, **typed)
    assert (fact.kind, fact.what.words, fact.value.words if fact.value else "") == (kind, *said)
    assert fact.place.title == rules.SHEETS[section].title.fr


def test_a_handicap_is_a_lasting_problem_and_says_who_helps() -> None:
    (fact,) = facts(Section.HANDICAPS, kind="motor", rate="80", help="yes", comment="Fauteuil")
    assert (fact.kind, fact.what.words.replace("\u202f", " ")) == (Kind.PROBLEM, "Handicap : moteur")
    assert fact.comment.replace("\u202f", " ") == "80 % ou plus, avec l’aide d’une autre personne\nFauteuil"
    (bare,) = facts(Section.HANDICAPS, kind="motor")
    assert bare.comment == ""


@pytest.mark.parametrize("section", [Section.CONTACTS, Section.PROFESSIONALS, Section.ADMINISTRATIVE])
def test_people_and_papers_are_no_facts_of_health(section: Section) -> None:
    assert rules.as_facts(Item(UUID(int=1), section, {"name": "Rose"}, AT)) == ()


@pytest.mark.parametrize(
    ("text", "cip"),
    [
        ("3400930000120", "3400930000120"),
        ("34009 300 001-20", "3400930000120"),
        ("0103400930000120172708311012AB", "3400930000120"),
        ("]d20103400930000120\x1d10AB", "3400930000120"),
        ("(01)03400930000120(17)270831", "3400930000120"),
        ("3400930000121", None),
        ("3500930000120", None),
        ("340093000012", None),
        ("Doliprane 1000", None),
        ("0113400930000120", None),
        ("", None),
    ],
)
def test_the_code_of_a_box(text: str, cip: str | None) -> None:
    assert cip_of(text) == cip


def test_a_name_is_searched_without_accents_nor_signs() -> None:
    assert searched("  Doliprane® 1000 MG, gélule%_ ") == "doliprane 1000 mg gelule"
    assert is_code("3400930000121") and not is_code("Doliprane 1000 mg")
