"""A child's mandatory examinations and growth: literal cases, near misses, and what holds of every child."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.said import LOINC, document, fact, said, stated
from espace.clinical.facts import Fact, Kind, Sourced
from espace.clinical.facts.growth import Percentiles
from espace.clinical.rules.childhood import (
    Age,
    Grown,
    Line,
    Stage,
    day_done,
    examination,
    following,
    grown,
    pressing,
    schedule_at,
)
from espace.clinical.rules.childhood.following import ADULT
from espace.clinical.rules.childhood.growing import DAYS_A_MONTH
from espace.clinical.rules.profile.checking import NO_DAY, TO_COME
from espace.clinical.rules.vaccines.ages import plus_months
from espace.kernel.reasons import Sentence
from espace.kernel.values import replace
from espace.looks.childhood import due_row, due_rows
from espace.looks.growth import age_words, curve
from espace.record.facts import Document, Status
from espace.wire.clinical_statements.values import Quantity, Value
from espace.wire.xds import Coded

AT = date(2026, 11, 23)
CODES = [
    "j8", "s2", "m1", "m2", "m3", "m4", "m5", "m8", "m11", "m12",
    "m16", "m23", "a2", "a3", "a4", "a5", "a6", "a8", "a11", "a15",
]  # fmt: skip


def paper(number: int, day: str, *, kind: str = "", form: str = "") -> Document:
    """A document of that type and format, of that day."""
    found = document(number, day)
    entry = replace(
        found.entry, type=Coded(kind, "", "") if kind else None, format=Coded(form, "", "") if form else None
    )
    return replace(found, entry=entry)


def stages(born: date, *documents: Document, at: date = AT, **said_done: str) -> dict[str, list[str]]:
    """Stage → the codes of the examinations."""
    found: dict[str, list[str]] = {}
    for one in following(born, at, documents, said_done):
        found.setdefault(one.stage, []).append(one.examination.code)
    return found


def one(code: str, lines: tuple[Line, ...]) -> Line:
    return next(line for line in lines if line.examination.code == code)


def test_there_are_twenty_fourteen_before_four_years_and_three_with_a_certificate() -> None:
    schedule = schedule_at(AT)
    assert [one.code for one in schedule.examinations] == CODES
    assert sum(one.opens.months < 48 for one in schedule.examinations) == 14
    assert [one.code for one in schedule.examinations if one.certificate] == ["j8", "m8", "m23"]
    assert schedule_at(date(1999, 1, 1)) == schedule
    assert schedule.examinations[0].until == Age(0, 8)
    assert (examination("j8", AT), examination("j9", AT)) == (schedule.examinations[0], None)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2026, 11, 23), {"now": ["j8"], "later": CODES[1:]}),
        (date(2026, 11, 16), {"now": ["j8"], "later": CODES[1:]}),
        (date(2026, 11, 15), {"unwritten": ["j8"], "now": ["s2"], "later": CODES[2:]}),
        (date(2026, 10, 24), {"unwritten": CODES[:2], "now": ["m1"], "later": CODES[3:]}),
        (date(2026, 10, 23), {"unwritten": CODES[:2], "late": ["m1"], "later": CODES[3:]}),
        (date(2026, 5, 24), {"unwritten": CODES[:6], "now": ["m5"], "later": CODES[7:]}),
        (date(2026, 5, 23), {"unwritten": CODES[:6], "late": ["m5"], "later": CODES[7:]}),
        (date(2019, 11, 24), {"unwritten": CODES[:16], "now": ["a6"], "later": CODES[17:]}),
        (date(2019, 11, 23), {"unwritten": CODES[:16], "late": ["a6"], "later": CODES[17:]}),
        (date(2009, 11, 24), {"unwritten": CODES[:19], "now": ["a15"]}),
        (date(2009, 11, 23), {"unwritten": CODES[:19], "late": ["a15"]}),
        (date(2008, 11, 23), {"unwritten": CODES}),
    ],
)
def test_each_opens_at_its_age_is_late_once_over_and_only_unwritten_once_another_has_come(
    born: date, expected: dict[str, list[str]]
) -> None:
    assert stages(born) == expected


def test_a_certificate_says_which_examination_it_is_and_an_account_the_one_of_its_day() -> None:
    born = date(2024, 11, 1)
    certificate = paper(1, "2024-11-20", form="urn:asip:ci-sis:cse-cs8:2017")
    ninth = paper(2, "2025-08-02", form="urn:asip:ci-sis:cs9:2012")
    account = paper(3, "2025-03-02", kind="59283-2")
    again = paper(4, "2025-03-09", kind="68817-6")
    lines = following(born, AT, [again, ninth, account, certificate], {"m4": "2025", "m5": "2025-04"})
    assert {line.examination.code: line.done.day for line in lines if line.done} == {
        "j8": "2024-11-20", "m4": "2025-03-02", "m5": "2025-04", "m8": "2025-08-02",
    }  # fmt: skip
    assert one("m4", lines).done == one("m4", following(born, AT, [account], {})).done
    assert (one("m5", lines).stage, one("m16", lines).stage) == (Stage.DONE, Stage.UNWRITTEN)


@pytest.mark.parametrize(
    "near",
    [
        paper(1, "2025-03-02", kind="11488-4"),
        paper(1, "2024-10-30", kind="59283-2"),
        paper(1, "2025-03-02", form="urn:ans:ci-sis:cse-mde:2023"),
        replace(paper(1, "2025-03-02", kind="59283-2"), status=Status.DEPRECATED),
        replace(paper(1, "2025-03-02", kind="59283-2"), own=True),
        replace(paper(1, "2025-03-02", kind="59283-2"), damaged=True),
    ],
)
def test_what_is_no_account_of_that_child_by_a_professional_says_nothing(near: Document) -> None:
    assert "done" not in stages(date(2024, 11, 1), near)


def test_a_document_without_a_day_says_nothing() -> None:
    undated = paper(1, "2025-03-02", kind="59283-2")
    entry = replace(undated.entry, creation_time=None, service_start=None)
    assert "done" not in stages(date(2024, 11, 1), replace(undated, entry=entry))


def test_a_first_screen_says_what_is_due_of_a_child_and_nothing_of_an_adult() -> None:
    [row] = due_rows(date(2019, 11, 24), AT, (), {})
    assert (row.name, row.standing, row.pressing) == ("Examen de l’enfant\u202f: 6 ans", "À faire", True)
    assert due_rows(date(2019, 11, 24), AT, (), {"a6": "2026"}) == ()
    assert due_rows(date(2008, 11, 24), AT, (), {}) != () == due_rows(date(2008, 11, 23), AT, (), {})


def test_what_is_to_be_done_is_in_the_words_of_a_first_screen() -> None:
    late = following(date(2019, 11, 23), AT, (), {})
    assert [due_row(line) for line in pressing(late)] == [
        replace(
            due_row(one("a6", late)), standing="En retard", why="prévu avant le 23 novembre 2026, il n’est pas noté ici"
        ),
    ]
    assert due_row(one("a6", late)).name == "Examen de l’enfant\u202f: 6 ans"
    assert due_row(one("a8", late)).why == "du 23 novembre 2027 au 22 novembre 2029"
    now = following(date(2026, 11, 23), AT, (), {"s2": "2026-12"})
    assert [(row.why, row.pressing) for row in map(due_row, now[:2])] == [
        ("jusqu’au 30 novembre 2026", True),
        ("fait\u202f: décembre 2026, déclaré", False),
    ]


@settings(deadline=None, max_examples=60)
@given(born=st.dates(date(1950, 1, 1), AT), days=st.integers(0, 400))
def test_whoever_it_is_at_most_one_is_to_be_done_and_none_goes_back_in_time(born: date, days: int) -> None:
    order = [Stage.LATER, Stage.NOW, Stage.LATE, Stage.UNWRITTEN]
    before, after = following(born, AT, (), {}), following(born, AT + timedelta(days=days), (), {})
    assert len(pressing(before)) <= 1
    assert all(order.index(a.stage) <= order.index(b.stage) for a, b in zip(before, after, strict=True))
    assert all(line.opens < line.until for line in before)
    assert [line.opens for line in before] == sorted(line.opens for line in before)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("4/3/2025", "2025-03-04"), (" 03/2025 ", "2025-03"), ("2024", "2024"), ("23/11/2026", "2026-11-23"),
        ("", NO_DAY), ("hier", NO_DAY), ("24/11/2026", TO_COME), ("2027", TO_COME),
        ("31/10/2024", Sentence("Cette date est avant la naissance.", "This date is before the birth.")),
        ("1/11/2024", "2024-11-01"),
    ],
)  # fmt: skip
def test_the_day_that_is_typed_is_between_the_birth_and_today(typed: str, found: str | Sentence) -> None:
    assert day_done(typed, date(2024, 11, 1), AT) == found


# --- growth -------------------------------------------------------------------------------------------------

BORN = date(2024, 11, 1)


def measure(code: str, value: str, unit: str, day: str) -> Fact:
    one = fact(Kind.MEASURE, "", code=code, system=LOINC, start=day, end=day)
    return replace(one, value=Value(quantity=Quantity(value, unit)))


NINE = measure("29463-7", "9", "kg", "2025-10-01")


def curves(*facts: Fact | Sourced) -> dict[str, list[tuple[str, float]]]:
    """Measure → (day, value), of what has any."""
    sourced = [each if isinstance(each, Sourced) else said(each, n + 1) for n, each in enumerate(facts)]
    return {
        name: [(point.day.isoformat(), point.value) for point in points]
        for name, points in grown(sourced, BORN).items()
        if points
    }


def test_units_become_one_and_the_same_number_of_the_same_day_is_there_once() -> None:
    assert curves(
        measure("29463-7", "9.1", "kg", "2025-10-01"),
        measure("29463-7", "3900", "g", "2024-11-02"),
        stated(measure("29463-7", "3.9", "kg", "2024-11-02")),
        measure("8302-2", "0.52", "m", "2024-11-02T10:00:00+01:00"),
        measure("8287-5", "350", "mm", "2024-11-02"),
    ) == {
        "weight": [("2024-11-02", 3.9), ("2025-10-01", 9.1)],
        "height": [("2024-11-02", 52.0)],
        "head": [("2024-11-02", 35.0)],
        "bmi": [("2024-11-02", 14.4)],
    }


def test_an_index_that_is_written_is_not_worked_out_and_one_of_two_weights_neither() -> None:
    facts = [measure("29463-7", "10", "kg", "2025-11-02"), measure("8302-2", "80", "cm", "2025-11-02")]
    assert curves(*facts)["bmi"] == [("2025-11-02", 15.6)]
    assert curves(*facts, measure("39156-5", "15.9", "kg/m2", "2025-11-02"))["bmi"] == [("2025-11-02", 15.9)]
    assert "bmi" not in curves(*facts, measure("29463-7", "10.2", "kg", "2025-11-02"))
    [worked_out] = grown([said(each) for each in facts], BORN)["bmi"]
    assert worked_out.source is None


@pytest.mark.parametrize(
    "near",
    [
        measure("29463-7", "9", "kg", "2024-10-31"),
        measure("29463-7", "9", "kg", plus_months(BORN, ADULT).isoformat()),
        measure("29463-7", "9", "kg", "2025-10"),
        measure("29463-7", "9", "kg", ""),
        measure("29463-7", "9", "[lb_av]", "2025-10-01"),
        measure("29463-7", "neuf", "kg", "2025-10-01"),
        measure("29463-7", "9100", "kg", "2025-10-01"),
        measure("8302-2", "1.1", "cm", "2025-10-01"),
        measure("8867-4", "9", "kg", "2025-10-01"),
        replace(NINE, absent=True),
        replace(NINE, kind=Kind.FAMILY),
        replace(NINE, value=None),
    ],
)
def test_what_is_of_no_day_of_no_known_unit_or_of_nobody_is_in_no_curve(near: Fact) -> None:
    assert curves(near) == {}


def points(*pairs: tuple[int, float]) -> list[Grown]:
    return [Grown(BORN, age, value) for age, value in pairs]


def test_a_curve_has_ages_below_and_round_numbers_beside() -> None:
    drawn = curve(points((0, 3.4), (6, 7.6)), ())
    assert drawn is not None
    assert [(one.place, one.words) for one in drawn.ages] == [
        ("44", "0 mois"),
        ("120.5", "2 mois"),
        ("197", "4 mois"),
        ("273.5", "6 mois"),
        ("350", "8 mois"),
    ]
    assert [one.anchor for one in drawn.ages] == ["middle", "middle", "middle", "middle", "end"]  # fmt: skip
    assert [one.words for one in drawn.rules] == ["3", "4", "5", "6", "7", "8"]
    assert (drawn.line, drawn.band, drawn.middle) == ("44,181.3 273.5,26.7", "", "")
    assert curve((), ()) is None


def test_the_curves_of_others_are_a_band_and_its_middle_no_further_than_the_child() -> None:
    rows = [Percentiles("weight", "F", age, 2 + age / 2, 3 + age / 2, 4 + age / 2) for age in (0, 4, 8, 12)]
    drawn = curve(points((3, 5.0)), rows)
    assert drawn is not None
    assert (drawn.middle, drawn.line, drawn.dots) == ("44,150 350,58", "", (("273.5", "58"),))
    assert drawn.band == "44,104 350,12 350,104 44,196"
    assert curve(points((3, 5.0)), [rows[0], rows[3]]) == drawn
    older = curve(points((30, 12.0), (150, 40.0)), ())
    assert older is not None
    assert [one.words for one in older.ages] == ["0 ans", "4 ans", "8 ans", "12 ans", "16 ans"]


def test_ages_are_in_days_then_months_then_years() -> None:
    days = (7 / DAYS_A_MONTH, 15 / DAYS_A_MONTH, 11.9, 23.2, 36.1, 38.4)
    assert [age_words(one) for one in days] == [
        "7 jours", "15 jours", "11 mois", "23 mois", "3 ans", "3 ans et 2 mois",
    ]  # fmt: skip
