"""What the calendar makes of a life: literal cases, then what holds of every one."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.said import ATC, fact, said, stated
from espace.clinical.facts import Detail, Kind, Sourced, State
from espace.clinical.rules.vaccines import Condition, Disease, Given, Line, Standing, Why, calendar_at, doses_of, due
from espace.clinical.rules.vaccines.ages import age_in_months, plus_months
from espace.wire.clinical_statements.values import Concept

AT = date(2026, 11, 23)
HEXA, DTP, PCV, MMR, ACWY, HPV, FLU = "J07CA09", "J07CA01", "J07AL02", "J07BD52", "J07AH08", "J07BM03", "J07BB02"


def shot(code: str, start: str, *, rank: str = "", number: int = 1, name: str = "", **others: Any) -> Sourced:
    details: dict[Detail, tuple[Concept, ...]] = {Detail.DOSE_NUMBER: (Concept(code=rank),)} if rank else {}
    one = fact(Kind.VACCINATION, name, code=code, system=ATC, start=start, details=details, **others)
    return said(one, number, day=start[:10] if len(start) >= 10 else "2026-11-01")


def line(lines: tuple[Line, ...], disease: Disease) -> Line:
    (found,) = (one for one in lines if disease in one.diseases)
    return found


def told(lines: tuple[Line, ...], *standings: Standing) -> dict[str, str]:
    """Disease → why, of these standings."""
    return {str(disease): str(one.why) for one in lines if one.standing in standings for disease in one.diseases}


PRESSING = (Standing.LATE, Standing.NOW, Standing.CHECK)


def test_a_newborn_in_autumn_is_due_an_antibody_and_everything_else_comes_later() -> None:
    lines = due((), date(2026, 11, 1), "F", AT)
    assert told(lines, *PRESSING) == {"rsv": "season_due"}
    hexavalent = line(lines, Disease.TETANUS)
    assert (hexavalent.standing, hexavalent.start, hexavalent.needed) == (Standing.LATER, date(2027, 1, 1), 3)
    assert hexavalent.diseases == (
        Disease.DIPHTHERIA, Disease.TETANUS, Disease.POLIO, Disease.PERTUSSIS, Disease.HIB, Disease.HEPATITIS_B,
    )  # fmt: skip
    assert line(lines, Disease.MENINGOCOCCUS_B).start == date(2027, 2, 1)
    assert line(lines, Disease.MENINGOCOCCUS_ACWY).start == date(2027, 5, 1)
    assert line(lines, Disease.MEASLES).start == date(2027, 11, 1)


def test_at_five_months_without_a_dose_what_was_planned_at_two_months_is_late_since_three() -> None:
    lines = due((), date(2026, 6, 10), "M", AT)
    assert told(lines, Standing.LATE) == dict.fromkeys(
        ("diphtheria", "tetanus", "polio", "pertussis", "hib", "hepatitis_b", "pneumococcus", "rotavirus",
         "meningococcus_b"), "dose_late",
    )  # fmt: skip
    assert line(lines, Disease.TETANUS).since == date(2026, 9, 10)


def test_at_five_months_with_the_doses_of_two_and_four_the_next_one_is_at_eleven() -> None:
    born = date(2026, 6, 10)
    doses = [shot(HEXA, "2026-08-12"), shot(HEXA, "2026-10-12", number=2), shot(PCV, "2026-08-12", number=3)]
    lines = due(doses, born, "M", AT)
    hexavalent, pneumococcus = line(lines, Disease.TETANUS), line(lines, Disease.PNEUMOCOCCUS)
    assert (hexavalent.standing, hexavalent.why, hexavalent.counted) == (Standing.DONE, Why.NEXT_DOSE, 2)
    assert hexavalent.start == date(2027, 5, 10)
    assert (pneumococcus.standing, pneumococcus.since) == (Standing.LATE, date(2026, 11, 10))


@pytest.mark.parametrize("sex", ["F", "M"])
def test_at_thirteen_girls_and_boys_are_due_the_same(sex: str) -> None:
    born = date(2013, 9, 1)
    doses = [shot(DTP, "2019-10-02"), shot(MMR, "2014-09-10", number=2), shot(MMR, "2015-02-10", number=3)]
    lines = due(doses, born, sex, AT)
    assert told(lines, *PRESSING) == {
        "diphtheria": "booster_due", "tetanus": "booster_due", "polio": "booster_due", "pertussis": "booster_due",
        "hepatitis_b": "nothing_written", "meningococcus_acwy": "dose_due", "hpv": "dose_due",
    }  # fmt: skip
    assert line(lines, Disease.HEPATITIS_B).standing is Standing.CHECK
    assert line(lines, Disease.TETANUS).age == 132
    assert told(lines, Standing.DONE) == dict.fromkeys(("measles", "mumps", "rubella"), "complete")


def test_two_doses_of_hpv_are_enough_before_fifteen_and_three_are_asked_from_then_on() -> None:
    young = due([shot(HPV, "2025-09-02")], date(2013, 9, 1), "M", AT)
    older = due([shot(HPV, "2026-09-02")], date(2009, 9, 1), "M", AT)
    assert (line(young, Disease.HPV).counted, line(young, Disease.HPV).needed) == (1, 2)
    assert (line(older, Disease.HPV).counted, line(older, Disease.HPV).needed) == (1, 3)
    assert line(older, Disease.HPV).start == date(2026, 11, 2)


def test_the_catch_up_of_hpv_goes_until_26_since_december_2025() -> None:
    born = date(2003, 1, 1)
    assert line(due((), born, "F", date(2025, 11, 30)), Disease.HPV).why is Why.PAST_AGE
    assert line(due((), born, "F", date(2025, 12, 1)), Disease.HPV).why is Why.DOSE_DUE
    assert line(due((), date(1999, 1, 1), "F", AT), Disease.HPV).why is Why.PAST_AGE


def test_at_26_with_nothing_written_one_is_told_to_check_and_not_that_one_is_late() -> None:
    lines = due((), date(2000, 5, 1), "M", AT)
    assert told(lines, Standing.LATE) == {}
    assert told(lines, Standing.CHECK) == dict.fromkeys(
        ("diphtheria", "tetanus", "polio", "pertussis", "measles", "mumps", "rubella"), "nothing_written"
    )


def test_at_26_whoever_has_an_old_dose_written_is_late_for_the_booster_of_25() -> None:
    lines = due([shot(DTP, "2013-05-02")], date(2000, 5, 1), "M", AT)
    tetanus = line(lines, Disease.TETANUS)
    assert (tetanus.standing, tetanus.since, tetanus.age) == (Standing.LATE, date(2026, 5, 1), 300)


def test_at_45_the_booster_is_due_and_one_of_five_years_ago_is_enough() -> None:
    born = date(1981, 5, 1)
    assert line(due((), born, "F", AT), Disease.TETANUS).why is Why.BOOSTER_DUE
    enough = line(due([shot(DTP, "2021-06-01")], born, "F", AT), Disease.TETANUS)
    assert (enough.standing, enough.start, enough.age) == (Standing.DONE, date(2046, 5, 1), 780)


def test_at_70_in_season_and_out_of_it() -> None:
    born, doses = date(1956, 5, 1), [shot(DTP, "2021-06-01")]
    in_season = {"pneumococcus": "dose_due", "shingles": "dose_due", "flu": "season_due", "covid": "season_due"}
    assert told(due(doses, born, "F", AT), *PRESSING) == in_season
    summer = due(doses, born, "F", date(2026, 6, 23))
    assert told(summer, *PRESSING) == {"pneumococcus": "dose_due", "shingles": "dose_due"}
    assert line(summer, Disease.FLU).start == date(2026, 10, 15)


def test_a_dose_of_this_autumn_is_enough_until_the_next_one() -> None:
    flu = [shot(FLU, "2026-10-20")]
    born = date(1956, 5, 1)
    assert line(due(flu, born, "F", AT), Disease.FLU).why is Why.SEASON_DONE
    assert line(due(flu, born, "F", date(2027, 1, 20)), Disease.FLU).why is Why.SEASON_DONE
    assert line(due(flu, born, "F", date(2027, 6, 1)), Disease.FLU).why is Why.SEASON_LATER
    assert line(due(flu, born, "F", date(2027, 10, 15)), Disease.FLU).why is Why.SEASON_DUE


def test_a_pregnant_woman_is_due_what_protects_the_child_and_no_living_vaccine() -> None:
    lines = due((), date(1996, 5, 1), "F", AT, frozenset({Condition.PREGNANT}))
    assert told(lines, Standing.NOW) == {
        "pertussis": "pregnancy_due", "rsv": "pregnancy_due", "flu": "season_due", "covid": "season_due",
    }  # fmt: skip
    assert line(lines, Disease.MEASLES).why is Why.NOT_NOW
    after = due([shot("J07AJ52", "2026-10-01")], date(1996, 5, 1), "F", AT, frozenset({Condition.PREGNANT}))
    assert line(after, Disease.PERTUSSIS).why is Why.PREGNANCY_DONE


@pytest.mark.parametrize(
    ("conditions", "disease", "why"),
    [
        ({Condition.CHRONIC_ILLNESS}, Disease.FLU, Why.SEASON_DUE),
        ({Condition.HEART_OR_LUNG}, Disease.PNEUMOCOCCUS, Why.DOSE_DUE),
        ({Condition.WEAK_IMMUNITY}, Disease.SHINGLES, Why.DOSE_DUE),
        ({Condition.WEAK_IMMUNITY}, Disease.MEASLES, Why.NOT_NOW),
        ({Condition.LIVES_IN_GUYANE}, Disease.YELLOW_FEVER, Why.NOTHING_WRITTEN),
        (set(), Disease.FLU, Why.FROM_AGE),
        (set(), Disease.YELLOW_FEVER, Why.ONLY_IF),
    ],
)
def test_a_situation_opens_lines_of_its_own(conditions: set[Condition], disease: Disease, why: Why) -> None:
    assert line(due((), date(1990, 5, 1), "M", AT, frozenset(conditions)), disease).why is why


def test_dengue_asks_for_a_place_and_a_past() -> None:
    born, past = date(2014, 5, 1), frozenset({Condition.HAD_DENGUE})
    assert line(due((), born, "F", AT, past), Disease.DENGUE).why is Why.ONLY_IF
    there = past | {Condition.LIVES_IN_ANTILLES}
    assert line(due((), born, "F", AT, there), Disease.DENGUE).why is Why.DOSE_DUE


@pytest.mark.parametrize(
    "doses",
    [
        [shot(MMR, "2025-08-01")],  # at eleven months: too young
        [shot(MMR, "2025-09-10", absent=True)],  # refused
        [shot(MMR, "2025-09-10", state=State.PLANNED)],
        [said(fact(Kind.VACCINATION, "Vaccin inconnu", start="2025-09-10"))],
    ],
)
def test_what_is_too_early_refused_planned_or_not_recognised_counts_for_nothing(doses: list[Sourced]) -> None:
    assert line(due(doses, date(2024, 8, 30), "F", AT), Disease.MEASLES).counted == 0


def test_two_documents_that_tell_of_one_dose_count_once() -> None:
    doses = [shot(DTP, "2026-01-12"), shot(DTP, "2026-01-12T09:30:00+01:00", number=2), shot(DTP, "2026", number=3)]
    doses.append(shot("J07AM", "2026-01-12", number=4))
    found = line(due(doses, date(1981, 1, 1), "F", AT), Disease.TETANUS)
    assert len(found.given) == 1


def test_the_undated_doses_of_a_certificate_are_told_apart_by_their_ranks() -> None:
    doses = [shot(DTP, "", rank=rank) for rank in "123"]
    tetanus = line(due(doses, date(2024, 10, 1), "F", AT), Disease.TETANUS)
    assert (tetanus.standing, tetanus.counted, tetanus.start) == (Standing.DONE, 3, date(2030, 10, 1))


def test_a_rank_vouches_for_the_doses_before() -> None:
    found = line(due([shot(HEXA, "2025-09-10", rank="3")], date(2024, 10, 1), "F", AT), Disease.HIB)
    assert (found.counted, found.why) == (3, Why.COMPLETE)


def test_a_dose_known_by_its_year_is_never_taken_to_be_older_than_it_can_be() -> None:
    tetanus = line(due([shot(DTP, "2025")], date(1981, 5, 1), "F", AT), Disease.TETANUS)
    assert [dose.day for dose in tetanus.given] == [date(2025, 12, 31)]


def test_only_a_vaccine_of_20_or_21_valences_counts_from_65_on() -> None:
    born = date(1956, 5, 1)
    old = due([shot("J07AL01", "2022-06-01", name="PNEUMOVAX")], born, "F", AT)
    new = due([shot("J07AL02", "2022-06-01", name="PREVENAR 20")], born, "F", AT)
    assert (line(old, Disease.PNEUMOCOCCUS).why, len(line(old, Disease.PNEUMOCOCCUS).given)) == (Why.DOSE_DUE, 1)
    assert line(new, Disease.PNEUMOCOCCUS).why is Why.COMPLETE


def test_a_vaccine_outside_the_calendar_is_told_of() -> None:
    found = line(due([shot("J07BC02", "2020-06-01")], date(1990, 5, 1), "F", AT), Disease.HEPATITIS_A)
    assert (found.why, len(found.given)) == (Why.OUTSIDE, 1)


def test_what_the_patient_states_counts_too() -> None:
    own = stated(fact(Kind.VACCINATION, "Rappel tétanos", start="2022-03"))
    tetanus = line(due([own], date(1981, 5, 1), "F", AT), Disease.TETANUS)
    assert (tetanus.standing, tetanus.given[0].day) == (Standing.DONE, date(2022, 3, 31))


# --- what holds of every life -------------------------------------------------------------------------------

CODES = (HEXA, DTP, PCV, MMR, ACWY, HPV, "J07AH09", "J07BH01", "J07AG", "J07BC01", "J07AJ52")
BIRTHS = st.dates(date(1940, 1, 1), AT)
DAYS = ("", "2024", "2024-03", "2024-03-04", "2024-03-05", "2024-11-02")
SHOTS = st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 30000)), max_size=6)


def life(born: date, shots: list[tuple[str, int]]) -> list[Sourced]:
    days = [(code, born + timedelta(days=after)) for code, after in shots]
    return [shot(code, day.isoformat(), number=rank) for rank, (code, day) in enumerate(days) if day <= AT]


@settings(deadline=None, max_examples=60)
@given(BIRTHS, st.sampled_from("FM"), SHOTS)
def test_nothing_is_due_before_its_age_or_too_soon_after_a_dose(
    born: date, sex: str, shots: list[tuple[str, int]]
) -> None:
    for one in due(life(born, shots), born, sex, AT):
        if one.standing in (Standing.NOW, Standing.LATE) and one.why in (Why.DOSE_DUE, Why.DOSE_LATE):
            assert one.course is not None
            step = one.course.steps[one.counted]
            assert age_in_months(born, AT) >= step.age
            assert all(plus_months(dose.day, step.after) <= AT for dose in one.given if dose.day)


@settings(deadline=None, max_examples=60)
@given(BIRTHS, st.sampled_from("FM"), SHOTS)
def test_giving_the_dose_that_is_due_moves_the_line_on(born: date, sex: str, shots: list[tuple[str, int]]) -> None:
    doses = life(born, shots)
    for one in due(doses, born, sex, AT):
        if one.standing is not Standing.NOW or one.course is None or one.course.only:
            continue
        disease = one.diseases[0]
        target = {Detail.TARGET: (Concept(display=NAMES[disease]),)}
        today = said(fact(Kind.VACCINATION, "vaccin", start=AT.isoformat(), details=target), 90)
        after = line(due([*doses, today], born, sex, AT), disease)
        assert after.standing in (Standing.DONE, Standing.LATER)
        assert after.counted >= one.counted


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from((DTP, HEXA, "J07AM")), st.sampled_from(DAYS)), max_size=8))
def test_a_dose_is_left_out_where_another_one_says_more_of_it(shots: list[tuple[str, str]]) -> None:
    each = [shot(code, day, number=rank) for rank, (code, day) in enumerate(shots)]
    alone = (dose for one in each for dose in doses_of([one]))
    every = {(dose.diseases, dose.sourced.fact.when.start): dose for dose in alone}.values()

    def said_more(dose: Given) -> bool:
        mine = dose.sourced.fact.when.start
        return any(
            bool(mine)
            and its.startswith(mine)
            and dose.diseases <= other.diseases
            and (len(its), len(other.diseases)) > (len(mine), len(dose.diseases))
            for other in every
            for its in [other.sourced.fact.when.start]
        )

    kept = [(dose.diseases, dose.day) for dose in every if not said_more(dose)]
    assert sorted(map(str, ((dose.diseases, dose.day) for dose in doses_of(each)))) == sorted(map(str, kept))


@settings(deadline=None, max_examples=60)
@given(BIRTHS, st.sampled_from("FM"), SHOTS)
def test_every_disease_of_the_calendar_has_exactly_one_line(born: date, sex: str, shots: list[tuple[str, int]]) -> None:
    lines = due(life(born, shots), born, sex, AT)
    told = [disease for one in lines for disease in one.diseases]
    assert len(told) == len(set(told))
    assert {disease for course in calendar_at(AT).courses for disease in course.diseases} <= set(told)


NAMES = {
    Disease.DIPHTHERIA: "diphtérie", Disease.TETANUS: "tétanos", Disease.POLIO: "poliomyélite",
    Disease.PERTUSSIS: "coqueluche", Disease.HIB: "Hib", Disease.HEPATITIS_B: "hépatite B",
    Disease.PNEUMOCOCCUS: "pneumocoque", Disease.MENINGOCOCCUS_ACWY: "méningocoques ACWY",
    Disease.MENINGOCOCCUS_B: "méningocoque B", Disease.MEASLES: "rougeole", Disease.MUMPS: "oreillons",
    Disease.RUBELLA: "rubéole", Disease.ROTAVIRUS: "rotavirus", Disease.HPV: "papillomavirus", Disease.FLU: "grippe",
    Disease.COVID: "covid-19", Disease.RSV: "VRS", Disease.SHINGLES: "zona",
}  # fmt: skip
