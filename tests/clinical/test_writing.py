"""A medical summary out of facts: what is proposed, what is kept, and what a reader finds again in the document."""

from datetime import date

import pytest

from clinical.said import fact, medicine, result, said, stated
from espace.clinical.facts import Detail, Dosage, Kind, Place, Sourced, State
from espace.clinical.rules.writing import Added, Choices, Fault, Kept, Line, Part, correctable, draft, faults, kept
from espace.clinical.rules.writing.drafting import MOST
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value, When
from espace.wire.xds import Coded

AT = date(2025, 6, 1)
ICD_10, SNOMED, ATC = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.73"
CCAM = "1.2.250.1.215.300.1"
NO_ALLERGY = fact(Kind.ALLERGY, "Aucune allergie connue", code="716186003", system=SNOMED, absent=True)
DIABETES = fact(
    Kind.PROBLEM, "Diabète de type 2", code="E11.9", system=ICD_10, start="2014-05", state=State.ACTIVE,
    details={
        Detail.SEVERITY: (Concept("6736007", SNOMED, "modéré"),),
        Detail.CERTAINTY: (Concept("410605003", SNOMED, "confirmé"),),
        Detail.SITE: (Concept("15497006", SNOMED, "ovaire", qualifiers=(Coded("7771000", SNOMED, "gauche"),)),),
        Detail.LATERALITY: (Concept("7771000", SNOMED, "gauche"),),
    },
)  # fmt: skip
PENICILLIN = fact(
    Kind.ALLERGY, "Pénicilline", code="764146007", system=SNOMED, start="1996", state=State.ACTIVE,
    details={
        Detail.CATEGORY: (Concept("416098002", SNOMED, "allergie médicamenteuse"),),
        Detail.REACTION: (Concept("126485001", SNOMED, "urticaire"), Concept(words="gonflement du visage")),
        Detail.CRITICALITY: (Concept("high", "2.16.840.1.113883.4.642.1.130", "élevée"),),
    },
)  # fmt: skip


def proposed(*facts: Sourced) -> list[tuple[str, str, bool]]:
    return [(line.part.value, line.fact.what.display or line.fact.what.words, line.proposed) for line in lines(*facts)]


def lines(*facts: Sourced) -> list[Line]:
    """Without what is offered of parts that say nothing."""
    return [line for line in draft(facts, AT) if line.sources]


def only(*facts: Sourced) -> Line:
    (line,) = lines(*facts)
    return line


# -- what is proposed


def test_the_parts_that_has_asks_for_are_filled_in_their_order() -> None:
    facts = (
        said(DIABETES),
        said(fact(Kind.PROBLEM, "Pyélonéphrite", code="N10", start="2018-04-22", end="2018-04-30")),
        said(fact(Kind.PROCEDURE, "Cataracte", code="BFGA004", start="2024", end="2024", state=State.OVER)),
        said(PENICILLIN),
        said(medicine(Kind.TREATMENT, "Metformine", atc="A10BA02", start="2020")),
        said(fact(Kind.LIFESTYLE, "Tabac", code="74011-8", value=Value(quantity=Quantity("25", "{pack}/a")))),
        said(fact(Kind.FAMILY, "Diabète", code="E11", details={Detail.RELATIVE: (Concept("MTH", "", "Mère"),)})),
        said(fact(Kind.DEVICE, "Stimulateur", code="J0101", start="2019")),
        said(result("7.4", "%", "2025-05-02", low="4", high="6")),
    )
    assert proposed(*facts) == [
        ("pathologies", "Diabète de type 2", True),
        ("antecedents", "Pyélonéphrite", True),
        ("actes", "Cataracte", True),
        ("allergies", "Pénicilline", True),
        ("traitements", "Metformine", True),
        ("mode-de-vie", "Tabac", True),
        ("famille", "Diabète", True),
        ("vigilance", "Stimulateur", True),
        ("vigilance", "Hémoglobine glyquée", True),
    ]


def test_what_may_be_said_of_a_part_without_a_source_is_offered_and_never_proposed() -> None:
    found = [(line.part, line.fact.what.code, line.proposed) for line in draft((), AT)]
    assert found == [
        (Part.PROBLEMS, "no-known-problems", False),
        (Part.ALLERGIES, "no-known-allergies", False),
        (Part.TREATMENTS, "no-known-medications", False),
    ]
    assert [line.fact.what.code for line in draft((said(NO_ALLERGY),), AT) if line.part is Part.ALLERGIES] == [
        "716186003"
    ]


def test_what_is_contradicted_is_not_proposed_and_says_so() -> None:
    gone = replace(DIABETES, state=State.OVER)
    line = only(said(DIABETES, 1, "2024-01-01"), said(gone, 2, "2025-01-01"))
    assert (line.proposed, [clash.value for clash in line.clashes]) == (False, ["over"])
    assert line.fact == DIABETES
    assert proposed(said(PENICILLIN), said(NO_ALLERGY, 2)) == [
        ("allergies", "Pénicilline", False), ("allergies", "Aucune allergie connue", False),
    ]  # fmt: skip
    ended = medicine(Kind.TREATMENT, "Metformine", atc="A10BA02", state=State.STOPPED)
    again = only(said(medicine(Kind.TREATMENT, "Metformine", atc="A10BA02")), said(ended, 2, "2025-05-01"))
    assert again.stop is not None and not again.proposed


def test_that_there_is_none_is_proposed_where_nobody_says_otherwise_and_once() -> None:
    other = replace(NO_ALLERGY, what=Concept("no-known-allergies", "2.16.840.1.113883.5.1150.1", "Aucune allergie"))
    one = fact(Kind.ALLERGY, "Arachide", code="762952008", system=SNOMED, absent=True)
    assert proposed(said(NO_ALLERGY), said(other, 2, "2025-01-01"), said(one, 3, "2024-01-01")) == [
        ("allergies", "Aucune allergie connue", True),
        ("allergies", "Aucune allergie", False),
        ("allergies", "Arachide", False),
    ]


def test_what_the_patient_alone_states_is_not_proposed_but_for_allergies() -> None:
    asthma = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)
    peanut = fact(Kind.ALLERGY, "Arachide", state=State.ACTIVE)
    assert proposed(stated(asthma), stated(peanut)) == [
        ("pathologies", "Asthme", False),
        ("allergies", "Arachide", True),
    ]
    assert only(stated(asthma), said(asthma)).proposed


@pytest.mark.parametrize(
    ("kind", "others", "proposed"),
    [
        (Kind.TREATMENT, {}, True),
        (Kind.PRESCRIPTION, {"start": "2025-05-20", "end": "2025-06-03"}, False),
        (Kind.PRESCRIPTION, {"start": "2025-04-01", "end": "2025-06-24"}, True),
        (Kind.PRESCRIPTION, {"start": "2025-05-20", "end": "2025-06-03", "repeats": "3"}, True),
        (Kind.PRESCRIPTION, {"start": "2025-05", "repeats": "0"}, False),
        (Kind.PRESCRIPTION, {"start": "2025-05-20", "repeats": "2"}, True),
        (Kind.DISPENSATION, {"start": "2025-05-20", "end": "2025-05-20"}, False),
    ],
)
def test_of_medicines_what_is_taken_for_long_is_proposed(kind: Kind, others: dict[str, str], proposed: bool) -> None:
    found = fact(kind, "Amoxicilline", **others)
    assert only(said(found, day="2025-05-20")).proposed is proposed


@pytest.mark.parametrize(
    ("code", "system", "section", "proposed"),
    [
        ("BFGA004", CCAM, "47519-4", True),
        ("HHQE005", CCAM, "47519-4", False),
        ("QEQK001", CCAM, "55111-9", False),
        ("24606-6", "2.16.840.1.113883.6.1", "47519-4", False),
        ("", "", "55111-9", False),
        ("", "", "47519-4", True),
        ("HHQE005", SNOMED, "47519-4", True),
        ("HQ", CCAM, "47519-4", True),
    ],
)
def test_an_examination_is_listed_and_not_proposed(code: str, system: str, section: str, proposed: bool) -> None:
    done = fact(Kind.PROCEDURE, "Acte", code=code, system=system, start="2024", state=State.OVER)
    line = only(said(replace(done, place=Place(section, "", "", 0))))
    assert (line.part, line.proposed) == (Part.ACTS, proposed)


def test_an_act_that_one_source_does_not_call_an_examination_is_proposed() -> None:
    seen = replace(fact(Kind.PROCEDURE, "Coloscopie", start="2024"), place=Place("55111-9", "", "", 0))
    assert only(said(seen), said(fact(Kind.PROCEDURE, "Coloscopie", start="2024"), 2)).proposed


def test_what_is_delivered_again_is_taken_for_long_as_it_was_ordered() -> None:
    first, again = (
        medicine(Kind.DISPENSATION, "Metformine", atc="A10BA02", start=day, end=day)
        for day in ("2025-04-02", "2025-05-02")
    )
    ordered = medicine(Kind.PRESCRIPTION, "Metformine 1 g", atc="A10BA02", start="2025-04-01", words="1 matin et soir")
    coded = replace(ordered, what=Concept("3400938022209", "1.2.250.1.213.2.3.2", "Metformine 1 g"))
    line = only(said(first, 1, "2025-04-02"), said(again, 2, "2025-05-02"))
    assert (line.proposed, line.fact.when) == (True, When("2025-04-02"))
    line = only(said(first, 1, "2025-04-02"), said(again, 2, "2025-05-02"), said(coded, 3, "2025-04-01"))
    assert (line.fact.what.code, line.fact.dosage) == ("3400938022209", Dosage("1 matin et soir"))


def test_a_code_is_kept_where_one_source_has_it_and_since_when_where_one_says_it() -> None:
    bare = fact(Kind.PROBLEM, "Diabète de type 2", start="2014", state=State.ACTIVE)
    undated = replace(DIABETES, when=When(), details={})
    line = only(said(undated, 1, "2024-01-01"), said(bare, 2, "2025-01-01"))
    assert (line.fact.what.code, line.fact.when.start) == ("E11.9", "2014")


def test_no_part_has_more_lines_than_a_page_takes() -> None:
    facts = [said(fact(Kind.PROBLEM, f"Maladie {number}", state=State.ACTIVE), number) for number in range(MOST + 5)]
    assert len(lines(*facts)) == 40


def test_old_results_out_of_range_wait_for_their_author() -> None:
    assert not only(said(result("7.4", "%", "2023-05-02", low="4", high="6"), day="2023-05-02")).proposed


def test_of_results_only_those_to_beware_of_are_points_to_beware_of() -> None:
    """The last value of each: within its range, or without one, it is read among the results."""
    normal = result("5.4", "%", "2025-05-02", low="4", high="6")
    was_high = said(result("7.4", "%", "2024-05-02", low="4", high="6"), 2, "2024-05-02")
    assert lines(said(normal), was_high) == []
    assert lines(said(result("5.4", "%", "2025-05-02"))) == []
    for marked in (
        result("5.4", "%", "2025-05-02", interpretations=("A",)),
        result("5.4", "%", "2025-05-02", low="4", high="6", interpretations=("H",)),
        result("3.9", "%", "2025-05-02", low="4", high="6"),
    ):
        assert only(said(marked)).proposed
    disputed = only(said(normal), said(replace(normal, value=Value(quantity=Quantity("5.9", "%"))), 3))
    assert ([clash.value for clash in disputed.clashes], disputed.proposed) == (["value"], False)


# -- what is kept


def test_what_is_kept_is_corrected_and_added_part_by_part() -> None:
    asthma = only(said(fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)))
    taken = only(said(medicine(Kind.TREATMENT, "Metformine", words="1 matin")))
    smokes = only(said(fact(Kind.LIFESTYLE, "Tabac", value=Value(words="10 par jour"))))
    choices = Choices(
        (taken.key, asthma.key, smokes.key, "unknown"),
        {asthma.key: "Asthme d’effort", taken.key: "2 matin", smokes.key: "arrêté"},
        (
            Added(Part.ATTENTION, "Vit seule"),
            Added(Part.HISTORY, "Varicelle"),
            Added(Part.TREATMENTS, "Zinc", "1 par jour"),
        ),
    )
    found = kept((taken, asthma, smokes), choices)
    assert [
        (one.part.value, one.fact.what.display or one.fact.what.words if one.fact else one.prose) for one in found
    ] == [
        ("pathologies", "Asthme d’effort"),
        ("antecedents", "Varicelle"),
        ("traitements", "Metformine"),
        ("traitements", "Zinc"),
        ("mode-de-vie", "Tabac"),
        ("vigilance", "Vit seule"),
    ]
    told = [one.fact for one in found if one.fact]
    assert [one.state for one in told[:2]] == [State.ACTIVE, State.OVER]
    assert [one.dosage for one in told[2:4]] == [Dosage("2 matin"), Dosage("1 par jour")]
    assert told[4].value == Value(words="arrêté")


def test_a_changed_dosage_is_told_in_words_alone_and_an_emptied_name_stays() -> None:
    coded = Dosage(
        "1 matin", Interval(Quantity("1"), Quantity("1")), Quantity("24", "h"), Concept("20053000", "", "Voie orale")
    )
    taken = only(said(replace(medicine(Kind.TREATMENT, "Metformine"), dosage=coded)))
    bare = only(said(fact(Kind.TREATMENT, "Zinc")))
    asthma = only(said(fact(Kind.PROBLEM, "Asthme")))
    assert [correctable(one) for one in (taken, bare, asthma)] == ["1 matin", "", "Asthme"]
    assert correctable(only(said(DIABETES))) is None and correctable(only(said(NO_ALLERGY))) is None
    all_of_them = (taken, bare, asthma)
    keys = tuple(line.key for line in all_of_them)
    assert [one.fact for one in kept(all_of_them, Choices(keys)) if one.part is Part.TREATMENTS] == [
        taken.fact,
        bare.fact,
    ]
    found = kept(all_of_them, Choices(keys, {taken.key: "2 matin", bare.key: "", asthma.key: ""}))
    told = {one.fact.what.display: one.fact for one in found if one.fact}
    assert told["Metformine"].dosage == Dosage("2 matin", route=coded.route)
    assert told["Zinc"].dosage is None and told["Asthme"].state is State.ACTIVE
    found = kept((bare,), Choices((bare.key,), {bare.key: "1 par jour"}))
    assert [one.fact.dosage for one in found if one.fact] == [Dosage("1 par jour")]


def test_what_must_be_settled_before_it_is_signed() -> None:
    nothing, allergy = Choices(), only(said(PENICILLIN))
    assert list(faults((), nothing)) == [(Fault.NOTHING, None)]
    both = (Kept(Part.ALLERGIES, NO_ALLERGY), Kept(Part.ALLERGIES, allergy.fact))
    assert list(faults(both, nothing)) == [(Fault.DENIED, Part.ALLERGIES)]
    assert list(faults(both[:1], nothing)) == list(faults(both[1:], nothing)) == []
    assert list(faults(both[1:], Choices(words={"k": "x" * 201}))) == [(Fault.LONG, None)]
