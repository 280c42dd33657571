"""Facts as rows: a thing is said once, and what is over has the day on which it was."""

import pytest

from clinical.said import fact, medicine, said
from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.clinical.rules.changes import Change, How
from espace.clinical.rules.merging import Item
from espace.kernel.values import replace
from espace.looks.changes import change_row
from espace.looks.health import Shown
from espace.wire.clinical_statements.values import Concept

SNOMED = "2.16.840.1.113883.6.96"
SHOWN = Shown(lambda document: f"/documents/{document.int}/", "fr")
NO_ALLERGY = fact(Kind.ALLERGY, "Aucune allergie connue", code="716186003", system=SNOMED, absent=True)
WRITTEN = "2025-03-04"


def told(one: Fact, before: Fact | None = None) -> tuple[str, str, str]:
    """What the row of a change says, of which day, and what was said before."""
    then = said(before, 2, "2025-01-01") if before else None
    row = change_row(Change(How.CHANGED if then else How.NEW, said(one, 1, WRITTEN), then), SHOWN)
    return row.said, row.when, row.before


def test_no_known_allergy_is_said_and_a_single_thing_denied() -> None:
    assert told(NO_ALLERGY) == ("dit", "", "")
    assert told(replace(NO_ALLERGY, state=State.ACTIVE)) == ("dit", "", "")
    diabetes = fact(Kind.PROBLEM, "Diabète", absent=True)
    assert told(diabetes, replace(diabetes, absent=False)) == ("nié", "", "en cours")
    both = Item((said(NO_ALLERGY, 1), said(replace(NO_ALLERGY, absent=False), 2)), ("denied",))  # type: ignore[arg-type]
    assert [one.says for one in (SHOWN.row(both).first, *SHOWN.row(both).others)] == ["dit", "affirmé"]


@pytest.mark.parametrize(
    ("one", "when"),
    [
        (medicine(Kind.TREATMENT, "Ramipril", start="2024-11-01"), "1er novembre 2024"),
        (medicine(Kind.TREATMENT, "Ramipril", start="2024-11-01", state=State.STOPPED), "dit le 4 mars 2025"),
        (medicine(Kind.TREATMENT, "Ramipril", start="2024", end="2025-02", state=State.STOPPED), "février 2025"),
        (medicine(Kind.TREATMENT, "Ramipril", end="2025-06-01", state=State.STOPPED), "dit le 4 mars 2025"),
        (medicine(Kind.PRESCRIPTION, "Ramipril", start="2024", end="2024", state=State.OVER), "dit le 4 mars 2025"),
        (fact(Kind.PROBLEM, "Asthme", start="2012", end="2015", state=State.OVER), "2015"),
        (fact(Kind.PROCEDURE, "Appendicectomie", start="2012-05-02", state=State.OVER), "2 mai 2012"),
        (fact(Kind.PROBLEM, "Asthme", start="2012", state=State.OVER, absent=True), "2012"),
    ],
)
def test_what_is_over_has_the_day_on_which_it_was_or_was_said_to_be(one: Fact, when: str) -> None:
    assert told(one)[1] == when


def done(name: str, site: str, side: str = "") -> str:
    """What the row of an act says beside its name."""
    details = {Detail.SITE: (Concept("1", SNOMED, site),)}
    details |= {Detail.LATERALITY: (Concept("2", SNOMED, side),)} if side else {}
    return SHOWN.past(Item((said(fact(Kind.PROCEDURE, name, start="2024", details=details)),))).said


def test_where_an_act_was_done_is_said_once() -> None:
    assert done("Échographie du cœur", "Cœur") == ""
    assert done("Scanner du thorax, sans injection", "Thorax", "Gauche") == "gauche"
    assert done("Prothèse de la hanche gauche", "Hanche gauche", "Gauche") == ""
    assert done("Échographie cardiaque", "Cœur") == "cœur"
    assert done("Ablation de l’arcade", "Arc") == "arc"


def test_what_is_no_place_is_said_whatever_the_name_says() -> None:
    details = {Detail.SEVERITY: (Concept("24484000", SNOMED, "Grave"),)}
    bled = fact(Kind.PROBLEM, "Hémorragie non grave", details=details)
    assert SHOWN.problem(Item((said(bled),))).said == "grave"


def dose(number: int, start: str, written: str) -> Sourced:
    return said(fact(Kind.VACCINATION, "Grippe", start=start), number, written)


def test_the_day_of_a_dose_is_said_once() -> None:
    items = [
        Item((dose(1, "2025-10-23", "2025-10-23"),)),
        Item((dose(2, "2024-10-21", "2024-10-21"),)),
        Item((dose(3, "2023-10-20", "2025-10-23"),)),
        Item((dose(4, "", "2022-10-20"),)),
    ]
    row = SHOWN.vaccination(items)
    assert (row.first.date, row.first.says) == ("23 oct. 2025", "")
    assert [(one.date, one.says) for one in row.others] == [
        ("21 oct. 2024", ""), ("23 oct. 2025", "20 octobre 2023"), ("20 oct. 2022", ""),
    ]  # fmt: skip
