"""When stated traits agree with the known ones: one fact changed at a time."""

from datetime import date

import pytest

from espace.identity.facts import Traits
from espace.identity.rules import disagreements, normalised, one_ins, qualification_problem
from espace.kernel.reasons import identity as reasons
from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire.xds import PatientStatement

KNOWN = Traits("PAT-TROIS", ("DOMINIQUE", "MARIE-LOUISE"), date(1979, 3, 28), "F", "51215")
STATED = PatientStatement(
    place="ici",
    number="279035121518989",
    authority="1.2.250.1.213.1.4.10",
    birth_name="Pat Trois",
    first_given="Dominique",
    birth_date=date(1979, 3, 28),
    sex="F",
    birth_place="51215",
)


def test_case_accents_hyphens_and_apostrophes_do_not_count() -> None:
    assert normalised("  Élise-d’Œuvre  ") == "ELISE D OEUVRE"
    assert disagreements(STATED, KNOWN) == ()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"birth_name": "PAT-QUATRE"}, ("birth_name",)),
        ({"first_given": "MARIE-LOUISE"}, ("first_given",)),
        ({"first_given": "DOMINIQUES"}, ("first_given",)),
        ({"birth_date": date(1979, 3, 29)}, ("birth_date",)),
        ({"sex": "M"}, ("sex",)),
        ({"birth_place": "51216"}, ("birth_place",)),
        ({"birth_place": ""}, ()),
        ({"first_given": "", "given_names": ("DOMINIQUE",)}, ()),
        ({"first_given": "", "given_names": ("LOUISE",)}, ("first_given",)),
        ({"first_given": "", "given_names": ()}, ()),
        ({"birth_date": None}, ()),
    ],
)
def test_near_misses(change: dict[str, object], wrong: tuple[str, ...]) -> None:
    assert disagreements(replace(STATED, **change), KNOWN) == wrong  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "stated", "agrees"),
    [
        (("JEAN-PIERRE", "PAUL"), "JEAN PIERRE", True),
        (("JEAN", "PIERRE", "PAUL"), "JEAN-PIERRE", True),
        (("JEAN", "PIERRE"), "JEAN", True),
        (("JEAN-PIERRE",), "JEAN", False),
        (("JEAN",), "JEAN-PIERRE", False),
        (("JEAN", "PIERRE"), "PIERRE", False),
    ],
)
def test_composed_given_names(known: tuple[str, ...], stated: str, agrees: bool) -> None:
    traits = replace(KNOWN, given_names=known)
    assert (disagreements(replace(STATED, first_given=stated), traits) == ()) is agrees


def test_the_place_of_birth_counts_only_where_both_state_it() -> None:
    assert disagreements(STATED, replace(KNOWN, birth_place="")) == ()


def test_every_statement_must_designate_the_same_person() -> None:
    other = replace(STATED, number="277076322082910", place="là")
    assert one_ins((STATED, other)) == Problem(reasons.IDENTITIES_DIFFER, "là")
    assert one_ins((STATED, replace(STATED, authority="1.2.250.1.213.1.4.8", place="là"))) == Problem(
        reasons.IDENTITIES_DIFFER, "là"
    )
    assert one_ins((replace(STATED, number=""),)) == Problem(reasons.INS_MISSING, "ici")
    assert one_ins(()) == Problem(reasons.INS_MISSING, "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"reliability": "VALI"}, None),
        ({"reliability": "QUAL"}, None),
        ({"reliability": "PROV"}, reasons.INS_NOT_QUALIFIED),
        ({"reliability": "RECUP"}, reasons.INS_NOT_QUALIFIED),
        ({"reliability": "anything"}, reasons.INS_NOT_QUALIFIED),
        ({"birth_name": ""}, reasons.TRAITS_MISSING),
        ({"first_given": ""}, reasons.TRAITS_MISSING),
        ({"birth_date": None}, reasons.TRAITS_MISSING),
        ({"sex": ""}, reasons.TRAITS_MISSING),
        ({"birth_place": ""}, None),
    ],
)
def test_an_authority_with_all_strict_traits_states_qualification(change: dict[str, object], reason: object) -> None:
    problem = qualification_problem((replace(STATED, **change),))  # type: ignore[arg-type]
    assert (problem.reason if problem else None) is reason


def test_one_complete_statement_is_enough() -> None:
    bare = PatientStatement(place="sujet", number=STATED.number, authority=STATED.authority)
    assert qualification_problem((bare, STATED)) is None
    assert qualification_problem((bare,)) == Problem(
        reasons.TRAITS_MISSING, "sujet", "birth_name, first_given, birth_date, sex"
    )
