"""What a doctor looks for first: what is over is not current, what is denied is said, results come in order."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.said import HERE, fact, medicine, result, said, stated
from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.clinical.rules.marking import OUT, Mark, mark_of
from espace.clinical.rules.merging import Clash, merged
from espace.clinical.rules.naming import NO_RANK, USUAL, rank_of
from espace.clinical.rules.summary import (
    Treatment,
    before,
    handed_at,
    measured_at,
    series_of,
    summary_of,
    treatments_of,
)
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept

TODAY = date(2025, 6, 1)
IODINE = fact(Kind.ALLERGY, "Iode")
NONE_KNOWN = fact(
    Kind.ALLERGY, "Aucune allergie connue", code="716186003", system="2.16.840.1.113883.6.96", absent=True
)


def handed(one: Treatment) -> str:
    return handed_at(one.delivery)[:10] if one.delivery else ""


def names(items: object) -> list[str]:
    return [one.fact.what.display for one in items]  # type: ignore[attr-defined]


def test_nothing_is_known_of_nothing() -> None:
    empty = summary_of([], TODAY)
    assert (empty.allergies, empty.treatments, empty.results, empty.said_not(Kind.ALLERGY)) == ((), (), (), ())


def test_an_allergy_and_its_denial_are_both_shown() -> None:
    found = summary_of([said(IODINE, 1), said(NONE_KNOWN, 2)], TODAY)
    assert names(found.allergies) == ["Iode"] and names(found.said_not(Kind.ALLERGY)) == ["Aucune allergie connue"]
    assert found.disputed


@pytest.mark.parametrize(
    ("denied", "disputed"),
    [
        (
            replace(NONE_KNOWN, what=Concept("409137002", "2.16.840.1.113883.6.96", "Aucune allergie médicamenteuse")),
            False,
        ),
        (fact(Kind.ALLERGY, "Latex", absent=True), False),
        (fact(Kind.ALLERGY, "Allergies", absent=True), True),
    ],
)
def test_only_what_denies_every_allergy_contradicts_one(denied: Fact, disputed: bool) -> None:
    assert summary_of([said(IODINE, 1), said(denied, 2)], TODAY).disputed is disputed
    assert not summary_of([said(denied, 2)], TODAY).disputed


def test_denied_by_one_and_stated_by_another_stays_an_allergy() -> None:
    found = summary_of([said(IODINE, 1, "2024-01-01"), said(replace(IODINE, absent=True), 2)], TODAY)
    assert [one.clashes for one in found.allergies] == [(Clash.DENIED,)]
    assert found.said_not(Kind.ALLERGY) == () and not found.disputed


def test_what_goes_on_and_what_is_past() -> None:
    facts = (
        fact(Kind.PROBLEM, "Diabète", state=State.ACTIVE, start="2012"),
        fact(Kind.PROBLEM, "Asthme"),
        fact(Kind.PROBLEM, "Angine", state=State.OVER),
        fact(Kind.PROBLEM, "Fracture", start="2010", end="2011"),
        fact(Kind.PROBLEM, "Zona", start="2025", end="2025-12"),
        fact(Kind.PROBLEM, "Grippe", start="2019", end="2019"),
        replace(fact(Kind.PROBLEM, "Ulcère"), place=replace(HERE, section="11348-0")),
        replace(fact(Kind.PROBLEM, "HTA", state=State.ACTIVE), place=replace(HERE, section="11348-0")),
        fact(Kind.PROBLEM, "Goutte", absent=True),
        fact(Kind.PROCEDURE, "Appendicectomie", start="1998"),
        fact(Kind.FAMILY, "Infarctus"),
        fact(Kind.LIFESTYLE, "Tabac", start="2020"),
        fact(Kind.LIFESTYLE, "Tabac", start="2024"),
    )
    found = summary_of([said(one) for one in facts], TODAY)
    assert sorted(names(found.problems)) == ["Asthme", "Diabète", "Grippe", "HTA", "Zona"]
    assert names(found.history) == ["Angine", "Fracture", "Ulcère", "Appendicectomie", "Infarctus"]
    assert names(found.said_not(Kind.PROBLEM)) == ["Goutte"]
    assert len(found.lifestyle) == 1


def test_a_problem_over_for_one_document_only_is_not_hidden() -> None:
    asthma = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)
    found = summary_of([said(asthma, 1, "2020-01-01"), said(replace(asthma, state=State.OVER), 2)], TODAY)
    assert [one.clashes for one in found.problems] == [(Clash.OVER,)] and found.history == ()


def test_alerts_are_what_lasts_a_pregnancy_of_this_year_and_wishes() -> None:
    facts = (
        fact(Kind.PREGNANCY, "Grossesse", start="2025-03"),
        fact(Kind.PREGNANCY, "Grossesse ancienne", start="2019-03"),
        fact(Kind.PREGNANCY, "Grossesse menée à terme", start="2025-01", end="2025-02"),
        fact(Kind.DEVICE, "Stimulateur cardiaque", start="2020"),
        fact(Kind.DEVICE, "Prothèse retirée", state=State.OVER),
        fact(Kind.ALERT, "Risque de chute"),
        fact(Kind.ALERT, "Sous anticoagulant", absent=True),
        fact(Kind.DIRECTIVE, "Directives anticipées"),
    )
    found = summary_of([said(one) for one in facts], TODAY)
    assert names(found.alerts) == ["Grossesse", "Risque de chute", "Stimulateur cardiaque", "Directives anticipées"]


@pytest.mark.parametrize(
    ("one", "current"),
    [
        (medicine(Kind.TREATMENT, "Metformine"), True),
        (medicine(Kind.TREATMENT, "Metformine", start="2010", end="2025"), True),
        (medicine(Kind.TREATMENT, "Metformine", start="2010", end="2025-05"), False),
        (medicine(Kind.TREATMENT, "Metformine", start="2025-07-01"), False),
        (medicine(Kind.TREATMENT, "Metformine", state=State.STOPPED), False),
        (medicine(Kind.TREATMENT, "Metformine", state=State.PLANNED), False),
        (medicine(Kind.TREATMENT, "Metformine", absent=True), False),
        (medicine(Kind.PRESCRIPTION, "Metformine", start="2025-01-01"), True),
        (medicine(Kind.PRESCRIPTION, "Metformine", start="2025-01-01", end="2025-01-01"), True),
        (medicine(Kind.PRESCRIPTION, "Metformine", start="2025-01-01", end="2025-03-01"), False),
        (medicine(Kind.PRESCRIPTION, "Metformine", start="2024-01-01"), False),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-05-01"), True),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-01-01"), False),
    ],
)
def test_what_is_over_is_not_current(one: Fact, current: bool) -> None:
    assert bool(treatments_of([said(one)], TODAY)) is current


@pytest.mark.parametrize(
    ("delivery", "delivered"),
    [
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-05-01"), "2025-05-01"),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-01-01"), "2025-01-01"),
        (medicine(Kind.DISPENSATION, "GLUCOPHAGE 500", atc="A10BA02", start="2024-06"), "2024-06"),
        (medicine(Kind.DISPENSATION, "Metformine", start="2020-01-01", end="2026-01-01"), "2020-01-01"),
        (medicine(Kind.DISPENSATION, "Metformine", start="2024-05-30"), ""),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-06-02"), ""),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-05-01", absent=True), ""),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-05-01", state=State.PLANNED), ""),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-05-01", state=State.STOPPED), ""),
        (medicine(Kind.DISPENSATION, "Metformine", start="2025-05-01", state=State.OVER), "2025-05-01"),
        (medicine(Kind.DISPENSATION, "Ramipril", start="2020-01-01"), ""),
        (medicine(Kind.PRESCRIPTION, "Metformine", start="2025-05-01"), ""),
    ],
)
def test_a_delivery_of_the_year_says_when_what_goes_on_was_delivered(delivery: Fact, delivered: str) -> None:
    """Though nothing is left of what it handed over: three months later the treatment goes on by its prescription."""
    taken = medicine(Kind.TREATMENT, "Metformine", atc="A10BA02")
    (found,) = treatments_of([said(taken, 1), said(delivery, 2, "2024-05-01")], TODAY)
    assert handed(found) == delivered


def test_a_delivery_without_a_date_is_of_the_day_of_its_document() -> None:
    taken, delivery = medicine(Kind.TREATMENT, "Metformine"), medicine(Kind.DISPENSATION, "Metformine")
    for day, delivered in (("2024-12-24", "2024-12-24"), ("2023-12-24", "")):
        (found,) = treatments_of([said(taken, 1), said(delivery, 2, day)], TODAY)
        assert handed(found) == delivered


def test_prescribed_dispensed_and_taken_is_one_treatment() -> None:
    facts = (
        said(
            medicine(Kind.PRESCRIPTION, "METFORMINE 500 MG CPR", atc="A10BA02", start="2025-04-01", end="2025-07-01"), 1
        ),
        said(medicine(Kind.DISPENSATION, "GLUCOPHAGE 500", atc="A10BA02", start="2025-04-03"), 2, "2025-04-03"),
        said(medicine(Kind.TREATMENT, "Glucophage 500", words="1 matin et soir"), 3, "2025-02-01"),
        said(medicine(Kind.TREATMENT, "Ramipril"), 4, "2025-02-01"),
        said(medicine(Kind.TREATMENT, "Aucun traitement", absent=True), 5),
    )
    metformin, ramipril = treatments_of(facts, TODAY)
    assert metformin.fact.what.display == "METFORMINE 500 MG CPR"
    assert (metformin.until, handed(metformin), len(metformin.items)) == ("2025-07-01", "2025-04-03", 3)
    assert (ramipril.since, ramipril.until, ramipril.delivery, ramipril.stop) == ("", "", None, None)
    assert names(summary_of(facts, TODAY).said_not(Kind.TREATMENT)) == ["Aucun traitement"]


@pytest.mark.parametrize(("day", "stopped"), [("2025-05-05", True), ("2024-01-01", False)])
def test_a_newer_document_that_says_it_is_over_is_told(day: str, stopped: bool) -> None:
    taken = said(medicine(Kind.TREATMENT, "Ramipril"), 1, "2025-02-01")
    over = said(medicine(Kind.TREATMENT, "Ramipril", state=State.OVER), 2, day)
    (found,) = treatments_of([taken, over], TODAY)
    assert found.stop == (over if stopped else None)


def test_what_is_said_to_be_over_comes_after_what_goes_on() -> None:
    facts = [said(medicine(Kind.TREATMENT, name), number) for number, name in enumerate(("Ramipril", "Metformine"))]
    over = said(medicine(Kind.TREATMENT, "Ramipril", state=State.STOPPED), 2, "2025-05-05")
    assert [one.fact.what.display for one in treatments_of([*facts, over], TODAY)] == ["Metformine", "Ramipril"]


@pytest.mark.parametrize(
    ("others", "since"),
    [
        ((), "2025-03-01"),
        ((said(medicine(Kind.TREATMENT, "Ramipril", start="2024-11"), 2, "2024-12-01"),), "2024-11"),
        ((said(medicine(Kind.TREATMENT, "Ramipril"), 2, "2024-12-01"),), "2025-03-01"),
        ((said(medicine(Kind.PRESCRIPTION, "Ramipril", start="2024-09-01"), 2, "2024-09-01"),), "2024-09-01"),
        ((said(medicine(Kind.PRESCRIPTION, "Ramipril", start="2023-09-01"), 2, "2023-09-01"),), "2025-03-01"),
        ((stated(medicine(Kind.TREATMENT, "Ramipril", start="2019")),), "2019"),
    ],
)
def test_a_treatment_goes_back_to_the_earliest_that_still_counts(others: tuple[Sourced, ...], since: str) -> None:
    newest = said(medicine(Kind.PRESCRIPTION, "Ramipril", start="2025-03-01"), 1, "2025-03-01")
    (found,) = treatments_of([newest, *others], TODAY)
    assert found.since == since


def test_what_began_again_goes_back_to_what_was_said_after_it_had_stopped() -> None:
    first = said(medicine(Kind.TREATMENT, "Ramipril", start="2019"), 1, "2024-01-01")
    over = said(medicine(Kind.TREATMENT, "Ramipril", state=State.STOPPED), 2, "2025-01-01")
    again = said(medicine(Kind.PRESCRIPTION, "Ramipril", start="2025-03-01"), 3, "2025-03-01")
    (found,) = treatments_of([first, over, again], TODAY)
    assert (found.since, found.stop) == ("2025-03-01", None)


def test_what_it_is_taken_for_is_told_by_any_source() -> None:
    diabetes = Concept("E11", "2.16.840.1.113883.6.3", "Diabète de type 2")
    plain = medicine(Kind.TREATMENT, "Metformine", start="2024")
    told = replace(plain, details={Detail.INDICATION: (diabetes,)})
    (found,) = treatments_of([said(plain, 1, "2025-05-01"), said(told, 2, "2025-01-01")], TODAY)
    assert found.indications == (diabetes,)
    (found,) = treatments_of([said(plain, 1, "2025-05-01")], TODAY)
    assert found.indications == ()


def test_substances_join_what_is_called_otherwise() -> None:
    one = medicine(Kind.TREATMENT, "Doliprane")
    paracetamol = {Detail.SUBSTANCE: (Concept("387517004", "2.16.840.1.113883.6.96", "Paracétamol"),)}
    other = replace(one, what=Concept(display="Dafalgan"), details=paracetamol)
    assert len(treatments_of([said(replace(one, details=paracetamol), 1), said(other, 2)], TODAY)) == 1
    wide = {Detail.SUBSTANCE: (Concept("N02", "2.16.840.1.113883.6.73", "Analgésiques"),)}
    assert len(treatments_of([said(replace(one, details=wide), 1), said(replace(other, details=wide), 2)], TODAY)) == 2


def test_results_are_one_line_each_those_looked_for_first_before_others() -> None:
    facts = [
        said(result("12", "x", "2025-05-01", code="9999-1", interpretations=("H",))),
        said(result("13", "x", "2025-05-02", code="9999-2")),
        said(result("14", "x", "2020-05-02", code="9999-3", interpretations=("H",))),
        said(result("88", "umol/L", "2025-04-01", code="14682-9", high="110")),
        said(result("7.2", "%", "2025-04-01", high="6")),
        said(result("6.8", "%", "2024-04-01", high="6")),
        said(result("6.8", "%", "2024-04-01", high="6"), 2),
        said(replace(result("1", "%", "2025-04-01"), value=None)),
        said(replace(result("3", "", "2025-01-01", code=""), what=Concept(words="autre dosage"))),
    ]
    found = series_of(facts, TODAY)
    assert [one.fact.value.quantity.value for one in found] == ["7.2", "88", "12", "13", "3", "14"]  # type: ignore[union-attr]
    hba1c = found[0]
    assert (hba1c.mark, hba1c.count, len(hba1c.points)) == (Mark.HIGH, 3, 2)
    assert [len(item.sources) for item in hba1c.points] == [1, 2]


def test_many_results_are_counted_beyond_those_shown() -> None:
    facts = [said(result("1", "x", "2025-01-01", code=f"{number}-0")) for number in range(30)]
    found = summary_of(facts, TODAY)
    assert (len(found.results), found.more_results) == (24, 6)


def test_what_doctors_look_for_first_takes_the_room_of_what_is_out_of_range() -> None:
    codes = ["9999-1", *(usual.codes[0] for usual in USUAL[25::-1])]
    found = summary_of([said(result("9", "x", "2025-05-01", code=code, high="5")) for code in codes], TODAY)
    assert [rank_of(one.fact.what) for one in found.results] == list(range(24))
    assert found.more_results == 3


def test_what_is_normal_and_more_than_a_year_old_comes_after_all_the_rest() -> None:
    facts = [
        said(result("7.2", "%", "2024-01-01", high="8")),
        said(result("5", "x", "2024-02-01", code="718-7", high="6")),
        said(result("9", "x", "2024-01-01", code="2276-4", high="6")),
        said(result("9", "x", "2023-01-01", code="9999-1", high="6")),
        said(result("5", "x", "2025-05-01", code="9999-2", high="6")),
        said(result("5", "x", "2025-05-01", code="8480-6", high="6")),
        said(result("9", "x", "2025-04-01", code="9999-3", high="6")),
        said(result("5", "x", "2024-03-01", code="9999-4", high="6")),
    ]
    found = [one.fact.what.code for one in series_of(facts, TODAY)]
    assert found == ["2276-4", "8480-6", "9999-3", "9999-2", "9999-1", "4548-4", "718-7", "9999-4"]


def test_a_range_that_any_of_them_states_tells_what_is_out_of_it() -> None:
    quoted = said(result("9", "x", "2025-05-01", code="9999-1"), 2, "2025-05-20")
    facts = [
        said(result("5", "x", "2025-05-02", code="9999-2")),
        quoted,
        said(result("9", "x", "2025-05-01", code="9999-1", high="6"), 1, "2025-05-01"),
    ]
    (first, _) = series_of(facts, TODAY)
    assert (first.fact.what.code, first.mark) == ("9999-1", Mark.HIGH)


def test_codes_of_one_analyte_are_one_line_whoever_measured() -> None:
    laboratory = said(result("6.70", "mmol/L", "2025-04-01", code="14749-6"), 1)
    at_home = stated(result("1.45", "g/L", "2025-05-01", code="2339-0"), "2025-05-01")
    (found,) = series_of([laboratory, at_home], TODAY)
    assert [item.sources[0] for item in found.points] == [at_home, laboratory]
    other = said(replace(result("5", "mmol/L", "2025-05-02", code="GLU"), what=Concept("GLU", "1.2.250.1.999")), 2)
    assert len(series_of([laboratory, other], TODAY)) == 2


_USUAL_CODES = [usual.codes[0] for usual in USUAL[:22]]
_RESULTS = st.builds(
    lambda code, start, high, number: said(result("5", "x", start, code=code, high=high), number),
    st.sampled_from([*_USUAL_CODES, *(f"900{number}-1" for number in range(6))]),
    st.sampled_from(["", "2019", "2025-05", "2025-05-01", "2025-05-02"]),
    st.sampled_from(["4", "6"]),
    st.integers(1, 3),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(_RESULTS, max_size=60))
def test_what_is_shown_comes_first_in_the_order_of_all(facts: list[Sourced]) -> None:
    groups: dict[str, list[Sourced]] = {}
    for one in facts:
        groups.setdefault(one.fact.what.code, []).append(one)
    every = []
    for group in groups.values():
        newest = sorted(group, key=measured_at, reverse=True)[:12]
        items = sorted(merged(newest), key=lambda item: measured_at(item.sources[0]), reverse=True)
        moment, rank = measured_at(items[0].sources[0]), rank_of(items[0].fact.what)
        last = [one for one in group if measured_at(one) == moment]
        old, out = before(moment, date(2024, 5, 31)), any(mark_of(one.fact) in OUT for one in last)
        urgency = (old and not out, rank, rank == NO_RANK and (old or not out))
        every.append((urgency, moment, tuple(items[:6]), len(group)))
    ordered = sorted(sorted(every, key=lambda one: one[1], reverse=True), key=lambda one: one[0])
    expected = [(points, count) for _, _, points, count in ordered]
    assert [(one.points, one.count) for one in series_of(facts, TODAY)] == expected
    found = summary_of(facts, TODAY)
    assert [(one.points, one.count) for one in found.results] == expected[:24]
    assert found.more_results == max(0, len(expected) - 24)


@pytest.mark.parametrize(
    ("moment", "earlier"),
    [("", False), ("2024", True), ("2025", False), ("2025-05", True), ("2025-06", False), ("2025-05-31", True),
     ("2025-06-01", False), ("2025-05-31T23:00:00+00:00", True)],
)  # fmt: skip
def test_a_moment_is_before_a_day_where_it_surely_is(moment: str, earlier: bool) -> None:
    assert before(moment, TODAY) is earlier


def test_what_is_named_without_a_code_is_told_apart_by_its_name() -> None:
    named = [
        said(replace(result("1", "g/L", "2025-03-04"), what=Concept(display=display, words=words)))
        for display, words in (("Zinc", ""), ("Cuivre", ""), ("", "zinc"))
    ]
    assert [len(one.points) for one in series_of(named, TODAY)] == [1, 1]


def test_what_only_the_patient_states_comes_after_what_documents_say() -> None:
    day = date(2025, 12, 24)
    for kind in (Kind.ALLERGY, Kind.PROBLEM, Kind.TREATMENT):
        older = said(fact(kind, "Selon un document", state=State.ACTIVE), 1, "2024-01-01")
        newer = stated(fact(kind, "Selon la personne", state=State.ACTIVE), "2025-11-01")
        found = summary_of((newer, older), day)
        told = {Kind.ALLERGY: found.allergies, Kind.PROBLEM: found.problems, Kind.TREATMENT: found.treatments}[kind]
        assert [one.fact.what.display for one in told] == ["Selon un document", "Selon la personne"]
