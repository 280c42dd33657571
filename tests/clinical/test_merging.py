"""The same fact from several documents once, with all its sources; contradictions shown, never resolved."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.said import HERE, fact, result, said, stated
from espace.clinical.facts import Detail, Fact, Kind, Origin, Sourced, State
from espace.clinical.rules.merging import Clash, joined, merged, named, said_at
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept
from espace.wire.xds import Coded

PENICILLIN = fact(Kind.ALLERGY, "Pénicilline", code="91936005", system="2.16.840.1.113883.6.96")
DIABETES = fact(Kind.PROBLEM, "Diabète de type 2", code="E11", system="2.16.840.1.113883.6.3", state=State.ACTIVE)


def test_two_documents_and_the_patient_say_one_allergy() -> None:
    facts = [said(PENICILLIN, 1, "2024-01-02"), said(PENICILLIN, 2, "2025-03-04")]
    items = merged([*facts, stated(fact(Kind.ALLERGY, "penicilline"), "2025-01-01")])
    assert len(items) == 1
    assert [one.origin for one in items[0].sources] == [Origin.EXTRACTED, Origin.STATED, Origin.EXTRACTED]
    assert [one.document.id.int for one in items[0].sources if one.document] == [2, 1]
    assert items[0].clashes == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PENICILLIN, fact(Kind.ALLERGY, "Amoxicilline", code="372687004", system="2.16.840.1.113883.6.96")),
        (PENICILLIN, replace(PENICILLIN, kind=Kind.PROBLEM)),
        (DIABETES, replace(DIABETES, details={Detail.LATERALITY: (Concept("7771000"),)})),
        (fact(Kind.VACCINATION, "Tétanos", start="2015-02-03"), fact(Kind.VACCINATION, "Tétanos", start="2025-02-03")),
        (fact(Kind.STAY, "Chirurgie"), fact(Kind.STAY, "Chirurgie")),
        (result("7.2", "%", "2025-01-01"), result("7.2", "%", "2025-01-02")),
        (fact(Kind.CONCLUSION, "Conclusion"), fact(Kind.CONCLUSION, "Conclusion")),
        (
            fact(Kind.FAMILY, "Infarctus", details={Detail.RELATIVE: (Concept("FTH"),)}),
            fact(Kind.FAMILY, "Infarctus", details={Detail.RELATIVE: (Concept("MTH"),)}),
        ),
    ],
)
def test_two_facts_stay_two(one: Fact, other: Fact) -> None:
    assert len(merged([said(one, 1), said(other, 2, "2025-03-05")])) == 2


def test_the_same_in_another_list_is_the_same() -> None:
    other = Concept(
        "6369005", "2.16.840.1.113883.6.96", "Allergène", others=(Coded("91936005", "2.16.840.1.113883.6.96"),)
    )
    assert len(merged([said(PENICILLIN), said(replace(PENICILLIN, what=other), 2)])) == 1


def test_the_author_s_words_beside_a_code_name_nothing() -> None:
    one = replace(PENICILLIN, what=Concept("A", "1.2", "", "allergie"))
    assert len(merged([said(one), said(replace(one, what=Concept("B", "1.2", "", "allergie")), 2)])) == 2


def test_what_joins_two_groups_makes_them_one() -> None:
    coded, named = replace(PENICILLIN, what=Concept("C1", "1.2")), fact(Kind.ALLERGY, "Pénicilline")
    both = replace(PENICILLIN, what=Concept("C1", "1.2", "Pénicilline"))
    later = said(both, 3, "2024-01-01")
    items = merged([said(coded, 1, "2025-03-04"), said(named, 2, "2025-03-03"), later, said(coded, 4, "2023-01-01")])
    assert [[one.document.id.int for one in item.sources if one.document] for item in items] == [[1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (PENICILLIN, replace(PENICILLIN, absent=True), Clash.DENIED),
        (DIABETES, replace(DIABETES, state=State.OVER), Clash.OVER),
        (result("7.2", "%", "2025-01-01"), result("7.4", "%", "2025-01-01"), Clash.VALUE),
        (result("7.2", "%", "2025-01-01"), result("7.2", "mmol/L", "2025-01-01"), Clash.VALUE),
    ],
)
def test_a_contradiction_is_shown(one: Fact, other: Fact, clash: Clash) -> None:
    (item,) = merged([said(one, 1, "2024-01-01"), said(other, 2)])
    assert item.clashes == (clash,)
    assert [source.fact for source in item.sources] == [other, one]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (result("7.20", "%", "2025-01-01"), result("7.2", "%", "2025-01-01")),
        (result("7.2", "%", "2025-01-01"), replace(result("7.2", "%", "2025-01-01"), value=None)),
        (DIABETES, replace(DIABETES, state=State.UNKNOWN)),
        (replace(DIABETES, state=State.OVER, absent=True), replace(DIABETES, absent=True)),
    ],
)
def test_what_says_the_same_contradicts_nothing(one: Fact, other: Fact) -> None:
    (item,) = merged([said(one, 1), said(other, 2)])
    assert item.clashes == ()


def test_words_are_compared_as_values_too() -> None:
    one = result("7.2", "%", "2025-01-01")
    (item,) = merged([said(one), said(replace(one, value=replace(one.value, quantity=None, words="douteux")), 2)])
    assert item.clashes == (Clash.VALUE,)


def test_since_when_is_what_the_newest_that_says_so_says() -> None:
    dated = replace(DIABETES, when=replace(DIABETES.when, start="2012"))
    (item,) = merged([said(DIABETES, 2), said(dated, 1, "2020-01-01")])
    assert (item.fact.when.start, item.start) == ("", "2012")
    assert merged([said(DIABETES)])[0].start == ""


def test_an_allergy_keeps_the_reaction_that_a_later_document_does_not_repeat() -> None:
    reacts = {Detail.REACTION: (Concept(words="urticaire"),), Detail.SEVERITY: (Concept(words="modérée"),)}
    first, denied = fact(Kind.ALLERGY, "Pénicillines", details=reacts), {Detail.SEVERITY: (Concept(words="aucune"),)}
    graver = fact(Kind.ALLERGY, "Pénicillines", details={Detail.SEVERITY: (Concept(words="grave"),)})
    never = fact(Kind.ALLERGY, "Pénicillines", absent=True, details=denied)
    (item,) = merged([said(first, 1, "2020-01-01"), said(graver, 2, "2024-01-01"), said(never, 3, "2022-01-01")])
    assert item.sources[0].fact == graver
    assert item.fact.details == {
        Detail.REACTION: (Concept(words="urticaire"),),
        Detail.SEVERITY: (Concept(words="grave"),),
    }


def test_a_problem_keeps_no_certainty_of_before() -> None:
    doubted = fact(Kind.PROBLEM, "Asthme", details={Detail.CERTAINTY: (Concept(words="suspecté"),)})
    (item,) = merged([said(doubted, 1, "2020-01-01"), said(fact(Kind.PROBLEM, "Asthme"), 2, "2024-01-01")])
    assert item.fact.details == {}


def test_what_has_no_name_is_never_the_same() -> None:
    nameless = replace(fact(Kind.PROBLEM, ""), what=Concept())
    assert len(merged([said(nameless, 1), said(nameless, 2)])) == 2


def test_undated_observations_of_one_document_stay_apart() -> None:
    one = replace(result("7", "%", ""), place=HERE)
    assert len(merged([said(one), said(replace(one, place=replace(HERE, order=4)))])) == 2


_FACTS = st.builds(
    lambda kind, name, day, number, absent: said(
        fact(kind, name, start=day, absent=absent), number, f"2025-01-{number:02}"
    ),
    st.sampled_from([Kind.ALLERGY, Kind.RESULT, Kind.VACCINATION, Kind.PROBLEM]),
    st.sampled_from(["Iode", "Latex", "Chat"]),
    st.sampled_from(["", "2025", "2025-03-04"]),
    st.integers(1, 9),
    st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(_FACTS, max_size=12), st.randoms())
def test_nothing_is_lost_nothing_is_twice_whatever_the_order(facts: list[Sourced], chance: object) -> None:
    items = merged(facts)
    kept = [id(one) for item in items for one in item.sources]
    assert sorted(kept) == sorted(map(id, facts))
    mixed = list(facts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    groups = sorted(sorted(map(id, item.sources)) for item in items)
    assert sorted(sorted(map(id, item.sources)) for item in merged(mixed)) == groups


_NAMED = st.builds(
    lambda kind, what, day, number, order: said(
        replace(fact(kind, what[1], code=what[0], system="1.2", start=day), place=replace(HERE, order=order)),
        number,
        f"2025-01-{number:02}",
    ),
    st.sampled_from([Kind.ALLERGY, Kind.RESULT, Kind.VACCINATION]),
    st.sampled_from(
        [("C1", ""), ("C2", ""), ("C1", "Iode"), ("C2", "iode"), ("C3", "Chat"), ("", "Iode"), ("", "Chat")]
    ),
    st.sampled_from(["", "2025", "2025-03-04", "2025-03-04T10:00"]),
    st.integers(1, 3),
    st.integers(1, 2),
)
"""Facts that a code joins to others, or a name."""


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _beside(one: Sourced) -> object:
    start, document = one.fact.when.start, one.document.id if one.document else None
    if one.fact.kind is Kind.ALLERGY:
        return None
    if one.fact.kind is Kind.VACCINATION:
        return start[:10] or document
    return start or (document, one.fact.place.order)


@settings(deadline=None, max_examples=60)
@given(st.lists(_NAMED, max_size=14))
def test_those_of_one_kind_and_moment_that_share_a_name_are_one_in_the_order_of_the_newest(
    facts: list[Sourced],
) -> None:
    newest_first = sorted(facts, key=said_at, reverse=True)
    expected = joined(newest_first, lambda one: [(one.fact.kind, _beside(one), name) for name in named(one.fact.what)])
    for group in expected:
        if group[0].fact.kind is Kind.RESULT:  # whose it is first
            group.sort(key=lambda one: one.document.deposited_at if one.document else NOW)
    assert [[*map(id, item.sources)] for item in merged(facts)] == [[*map(id, group)] for group in expected]


def test_joined_keeps_the_order_in_which_groups_began() -> None:
    assert joined(["b", "a", "B"], lambda one: [(one.lower(),)]) == (["b", "B"], ["a"])
