"""Documents that say of a medicine what another one is told by: nothing is said stopped, or is one, that is not."""

from datetime import date

import pytest

from clinical.said import ATC, medicine, said
from espace.clinical.facts import Detail, Dosage, Kind, Sourced, State
from espace.clinical.rules.merging import merged
from espace.clinical.rules.reconciling import medicines_of, to_reconcile
from espace.clinical.rules.summary import treatments_of
from espace.clinical.rules.writing import Part, draft
from espace.kernel.values import replace
from espace.looks.health import Shown
from espace.looks.medicines import medicine_row
from espace.wire.clinical_statements.values import Concept, When
from espace.wire.xds import Coded
from espace.workstation.pages.medicines.choosing import Choice, Choices, Decided
from espace.workstation.pages.medicines.composed import reconciliation_of

TODAY = date(2025, 6, 1)
RAMIPRIL, ACE_INHIBITORS = "C09AA05", "C09AA"
TAKEN = said(medicine(Kind.PRESCRIPTION, "Ramipril 10 mg", atc=RAMIPRIL, start="2025-03-04"), 1)


def told(name: str, number: int, day: str = "2025-03-04", *, start: str = "", end: str = "") -> Sourced:
    """That document says that it is over."""
    over = medicine(Kind.TREATMENT, name, atc=RAMIPRIL, start=start, end=end, state=State.STOPPED)
    return said(over, number, day)


@pytest.mark.parametrize(
    ("stop", "stopped"),
    [
        (told("Ramipril 5 mg", 1), False),  # another strength instead, in one document
        (told("RAMIPRIL 10 MG", 1), True),  # the very same: it contradicts itself
        (told("Ramipril", 1), True),
        (told("Triatec 10 mg, boîte de 30", 1), True),
        (told("Ramipril 5 mg", 2), True),
        (told("Ramipril 10 mg", 2, "2025-05-05", start="2025-01-01", end="2025-01-09"), False),  # an earlier course
        (told("Ramipril 10 mg", 2, "2025-05-05", start="2025-01-01", end="2025-03"), True),
        (told("Ramipril 10 mg", 2, "2025-05-05"), True),
    ],
)
def test_what_ended_is_what_was_going_on(stop: Sourced, stopped: bool) -> None:
    (found,) = treatments_of([TAKEN, stop], TODAY)
    assert found.stop == (stop if stopped else None)
    assert found.since == "2025-03-04"


def test_an_earlier_course_that_is_told_last_does_not_hide_what_ended_this_one() -> None:
    course, stop = told("Ramipril", 2, "2025-05-05", end="2025-01-09"), told("Ramipril", 3, "2025-05-04")
    (found,) = treatments_of([TAKEN, course, stop], TODAY)
    assert found.stop == stop


def test_an_old_strength_is_over_and_the_new_one_goes_back_to_its_own_beginning() -> None:
    before = said(medicine(Kind.TREATMENT, "Ramipril 5 mg", atc=RAMIPRIL, start="2019"), 2, "2024-01-01")
    (found,) = treatments_of([before, TAKEN, told("Ramipril 5 mg", 1)], TODAY)
    assert (found.since, found.stop) == ("2025-03-04", None)


def test_what_is_shown_of_a_letter_that_lists_what_was_taken_before_is_what_goes_on() -> None:
    """On admission one strength until December, which is stopped; on discharge another, until September."""
    plain = medicine(Kind.TREATMENT, "", start="2025-03-01", end="2025-12-31")
    before = replace(plain, what=Concept(RAMIPRIL, ATC, "Ramipril", "Ramipril 5 mg"))
    after = replace(
        plain, what=Concept(RAMIPRIL, ATC, "Ramipril", "Ramipril 10 mg"), when=When("2025-03-01", "2025-09")
    )
    ended = replace(before, state=State.STOPPED)
    for facts in ((before, ended, after), (after, ended, before)):
        (found,) = treatments_of([said(one, 1) for one in facts], TODAY)
        assert (found.stop, found.fact.what.words, found.until) == (None, "Ramipril 10 mg", "2025-09")
        assert [one.fact for one in found.sources] == [after]


def test_what_began_again_after_the_end_that_is_told_later_keeps_its_beginning() -> None:
    before = said(medicine(Kind.TREATMENT, "Ramipril", atc=RAMIPRIL, start="2019"), 3, "2024-01-01")
    course = told("Ramipril", 2, "2025-05-05", end="2025-01-09")
    (found,) = treatments_of([before, TAKEN, course], TODAY)
    assert (found.since, found.stop) == ("2025-03-04", None)


def test_a_delivery_that_was_called_off_stops_nothing() -> None:
    off = medicine(Kind.DISPENSATION, "Ramipril 10 mg", atc=RAMIPRIL, start="2025-03-05", state=State.STOPPED)
    (found,) = treatments_of([TAKEN, said(off, 2, "2025-03-05")], TODAY)
    assert (found.stop, found.delivery) == (None, None)


def test_the_end_of_a_box_is_not_that_of_its_prescription() -> None:
    box = medicine(Kind.DISPENSATION, "Ramipril 10 mg", atc=RAMIPRIL, start="2025-05-01", end="2025-06-30")
    open_ended = treatments_of([TAKEN, said(box, 2)], TODAY)
    until_august = replace(TAKEN, fact=replace(TAKEN.fact, when=When("2025-03-04", "2025-08-31")))
    ended = treatments_of([until_august, said(replace(box, when=When("2025-05-01", "2025-12-31")), 2)], TODAY)
    alone = treatments_of([said(box, 2)], TODAY)
    assert [one.until for (one,) in (open_ended, ended, alone)] == ["", "2025-08-31", "2025-06-30"]


@pytest.mark.parametrize(("arrived", "stopped"), [("2025-05-05", False), ("2025-05-07", True)])
def test_a_document_of_the_future_says_nothing_later_than_it_came(arrived: str, stopped: bool) -> None:
    """Its year was mistyped: it would be the newest for ever."""
    again = said(TAKEN.fact, 4, "2025-05-06")
    odd = medicine(Kind.TREATMENT, "Ramipril", atc=RAMIPRIL, state=State.STOPPED)
    stop = said(odd, 2, "2052-05-04", arrived=arrived)
    assert treatments_of([again, stop], TODAY)[0].stop == (stop if stopped else None)


def test_thousands_that_are_said_over_and_going_on_are_told_in_order() -> None:
    """Each by a document of its own: the beginning is found without comparing each with each."""
    ended = [told("Ramipril", 10_000 + number, "2025-05-05", end="2024-01-01") for number in range(4000)]
    again = [replace(TAKEN, document=one.document) for one in ended]
    (found,) = treatments_of([*ended, *again], TODAY)
    assert (found.since, found.stop) == ("2025-03-04", None)


def test_what_goes_on_under_one_name_is_not_stopped_under_another() -> None:
    """An old order names both, so that all of it is one medicine of which something goes on."""
    words, substance = medicine(Kind.TREATMENT, "Le rond"), {Detail.SUBSTANCE: (Concept(RAMIPRIL, ATC, ""),)}
    old = replace(words, kind=Kind.PRESCRIPTION, details=substance, when=When("2019-01-01", "2019-02-01"))
    stop = replace(words, state=State.STOPPED)
    (found,) = medicines_of([TAKEN, said(words, 2), said(old, 3), said(stop, 4, "2025-05-01")], TODAY)
    assert (len(found.treatments), found.current, found.stopped) == (2, True, False)
    assert found.named.fact == TAKEN.fact


def test_the_posology_of_what_is_over_is_not_that_of_what_is_taken() -> None:
    before = medicine(Kind.PRESCRIPTION, "Ramipril 5 mg", atc=RAMIPRIL, start="2019", end="2020", words="4 par jour")
    ended = replace(told("Ramipril 5 mg", 3), fact=replace(told("", 3).fact, dosage=Dosage("3 par jour")))
    dosed = replace(TAKEN, fact=replace(TAKEN.fact, dosage=Dosage("1 le soir")))
    for taken, posology in ((TAKEN, ""), (dosed, "1 le soir")):
        (found,) = medicines_of([taken, said(before, 2), ended], date(2025, 3, 4))
        assert medicine_row(found, Shown(lambda document: f"/{document}")).said == posology


def test_one_strength_is_not_taken_as_another_one_is() -> None:
    """The newest says no posology; of the same strength, and of a name without any, an older one tells it."""
    shown = Shown(lambda document: f"/{document}")
    for name, posology in (("Ramipril 5 mg", ""), ("RAMIPRIL 10MG", "2 par jour"), ("Ramipril", "2 par jour")):
        dosed = medicine(Kind.PRESCRIPTION, name, atc=RAMIPRIL, start="2025-02-01", words="2 par jour")
        newest = replace(TAKEN, fact=replace(TAKEN.fact, dosage=None))
        facts = [newest, said(dosed, 2, "2025-02-01")]
        (found,), (row,) = treatments_of(facts, TODAY), medicines_of(facts, TODAY)
        (line,) = [one for one in draft(facts, TODAY) if one.part is Part.TREATMENTS and one.sources]
        reconciled = reconciliation_of(Choices({"a": Decided(Choice.KEEP)}), {"a": found}, TODAY).kept[0]
        written = line.fact.dosage.words if line.fact.dosage else ""
        told = (shown.treatment(found).said, medicine_row(row, shown).said, written, reconciled.posology)
        assert told == (posology, posology, posology, posology)


@pytest.mark.parametrize("kind", [Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION])
@pytest.mark.parametrize("as_other", [False, True])
def test_two_medicines_of_one_class_are_two(kind: Kind, as_other: bool) -> None:
    """A code that ends before the substance names neither of them, and its name does not either."""

    def called(words: str, box: str) -> Concept:
        if as_other:
            return Concept(box, "1.2.250.1.213.2.3.2", words, others=(Coded(ACE_INHIBITORS, ATC, "IEC"),))
        return Concept(ACE_INHIBITORS, ATC, "IEC", words)

    plain = medicine(kind, "", start="2025-05-04")
    one, other = (replace(plain, what=called(*what)) for what in (("Triatec 5", "1"), ("Renitec 20", "2")))
    for day in ("2025-03-04", "2025-03-05"):
        facts = [said(one, 1), said(other, 2, day)]
        assert (len(merged(facts)), len(treatments_of(facts, TODAY)), len(medicines_of(facts, TODAY))) == (2, 2, 2)
        assert len(to_reconcile(facts, TODAY)) == 2
    again = [said(one, 1), said(one, 2, "2025-03-05")]
    assert (len(merged(again)), len(treatments_of(again, TODAY))) == (1, 1)


def test_a_class_of_which_nothing_more_is_written_is_one_line() -> None:
    unnamed = replace(medicine(Kind.TREATMENT, ""), what=Concept(ACE_INHIBITORS, ATC, "IEC"), details={})
    assert len(treatments_of([said(unnamed, 1), said(unnamed, 2, "2025-03-05")], TODAY)) == 1


def test_a_class_to_which_somebody_is_allergic_is_one_allergy() -> None:
    one, other = (
        replace(medicine(Kind.ALLERGY, ""), what=Concept("J01C", ATC, "Pénicillines", words)) for words in ("a", "b")
    )
    assert len(merged([said(one, 1), said(other, 2)])) == 1
    assert Detail.SUBSTANCE not in one.details
