"""A document for others quotes only what each of its readers may see."""

from collections.abc import Callable

import pytest

from cast import Holder, holder, names_doctor, organisation, professional
from clinical.scene import (
    HIDDEN,
    as_carer,
    as_holder,
    deposit,
    results,
    stated,
    summary,
)
from clinical.test_facts_seen import GLUCOSE, MASKED, PENICILLIN, consented, hide_from
from espace.access.rules.entitlements import Cell, read_by_all_readers
from espace.clinical import queries
from espace.clinical.actions import profile as actions
from espace.clinical.facts import Kind, Shared
from espace.clinical.facts.profile import Section
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Grant, Verb
from espace.record import actions as record

KINDS = frozenset({Kind.ALLERGY, Kind.RESULT})
SUMMARY = "60591-5"


@pytest.mark.parametrize(
    ("of", "found"),
    [
        ("summary", {"summary", "letter"}),
        ("letter", {"letter"}),
        ("secret", {"summary", "letter", "secret"}),
        ("unread", set()),
    ],
)
def test_what_every_reader_of_a_type_reads(of: str, found: set[str]) -> None:
    read = {"doctor": ("summary", "letter", "secret"), "nurse": ("summary", "letter"), "social worker": ("letter",)}
    cells = [Cell(who, one, True, False) for who, types in read.items() for one in types]
    cells.append(Cell("nurse", "secret", False, True))
    assert read_by_all_readers(of, cells) == found


def _told(shared: Shared) -> tuple[list[tuple[str, str]], int]:
    return [
        (one.fact.what.display, f"{one.fact.value.quantity.value} {one.fact.value.quantity.unit}")
        if one.fact.value and one.fact.value.quantity
        else (one.fact.what.display, "")
        for one in shared.facts
    ], shared.left_out


def _quoted(grant: Grant) -> Shared:
    return queries.shared(grant, KINDS, SUMMARY)


def _masked(of: Holder, by: Organisation) -> None:
    deposit(of, by, stated(summary(of), hidden=MASKED))


def _held(of: Holder, by: Organisation) -> None:
    deposit(of, by, stated(summary(of), hidden=HIDDEN))


def _of_a_kind_that_few_read(of: Holder, by: Organisation) -> None:
    deposit(of, by, stated(summary(of).replace(b"SYNTH", b"68599-0")))


@pytest.mark.django_db
@pytest.mark.parametrize("hide", [_masked, _held, _of_a_kind_that_few_read])
def test_what_some_may_not_see_is_left_out_and_counted(hide: Callable[[Holder, Organisation], None]) -> None:
    """The attending doctor, who sees it, quotes it for nobody."""
    camille, laboratory = holder(), organisation()
    who = _attending(camille)
    deposit(camille, laboratory, stated(results(camille)))
    hide(camille, laboratory)
    assert _told(as_carer(camille, who, _quoted)) == ([GLUCOSE], 1)


@pytest.mark.django_db
def test_what_is_hidden_from_one_colleague_is_left_out_and_nobody_learns_why() -> None:
    camille, laboratory = holder(), organisation()
    who = _attending(camille)
    (one,) = deposit(camille, laboratory, stated(summary(camille)))
    assert _told(as_carer(camille, who, _quoted)) == ([PENICILLIN], 0)
    hide_from(camille, one, consented(camille))
    assert _told(as_carer(camille, who, _quoted)) == ([], 0)


@pytest.mark.django_db
def test_the_holder_quotes_no_more_than_others_see() -> None:
    camille, laboratory = holder(), organisation()
    (one,) = deposit(camille, laboratory, stated(summary(camille)))
    assert _told(as_holder(camille, _quoted, Verb.LIST)) == ([PENICILLIN], 0)
    as_holder(camille, lambda grant: record.mask(grant, one), Verb.MASK)
    assert _told(as_holder(camille, _quoted, Verb.LIST)) == ([], 1)


@pytest.mark.django_db
def test_what_the_patient_states_is_quoted_where_professionals_are_shown_it() -> None:
    camille = holder()
    who = _attending(camille)

    def state(grant: Grant) -> object:
        return actions.state(grant, section=Section.ALLERGIES, typed={"name": "Arachide"})

    as_holder(camille, state, Verb.STATE)
    (one,) = as_carer(camille, who, _quoted).facts
    assert (one.fact.what.words, one.document) == ("Arachide", None)
    hide = lambda grant: actions.show_section(grant, section=Section.ALLERGIES, visible=False)  # noqa: E731
    as_holder(camille, hide, Verb.VISIBILITY)
    assert as_carer(camille, who, _quoted) == as_holder(camille, _quoted, Verb.LIST) == Shared((), 0)


def _attending(of: Holder) -> Professional:
    who = professional()
    names_doctor(of, who)
    return who
