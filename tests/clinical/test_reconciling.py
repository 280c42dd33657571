"""Medicines by substance, with all that is said of each; what is decided of them reads back as it was decided."""

from datetime import date

import pytest

from clinical.said import ATC, medicine, said, stated
from espace.clinical.facts import Detail, Dosage, Fact, Kind, Origin, State
from espace.clinical.rules.extraction import extract
from espace.clinical.rules.naming import product
from espace.clinical.rules.reconciling import Medicine, Said, medicines_of, to_reconcile
from espace.clinical.rules.summary import treatments_of
from espace.kernel.values import replace
from espace.wire.cda_writing import Frame
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept, Interval, Quantity
from espace.wire.xds import Coded
from wire.cda.cda_samples import read
from wire.cda_writing.conftest import *  # noqa: F403

TODAY = date(2025, 6, 1)
METFORMIN, CIP = "A10BA02", "1.2.250.1.213.2.3.2"
PRESCRIBED = medicine(Kind.PRESCRIPTION, "Glucophage 1000", atc=METFORMIN, start="2025-03-04", words="2 par jour")
DELIVERED = medicine(Kind.DISPENSATION, "Metformine Biogaran", atc=METFORMIN, start="2025-03-05", lot="A12")
NOTED = medicine(Kind.TREATMENT, "Metformine", atc=METFORMIN, start="2012")
TAKEN = medicine(Kind.TREATMENT, "Millepertuis")
OLD = medicine(Kind.PRESCRIPTION, "Amoxicilline", start="2019-01-02", end="2019-01-09")


def told(one: Medicine) -> dict[Said, list[str]]:
    return {said: [item.fact.what.display for item in one.of(said)] for said in Said if one.of(said)}


def test_brand_and_generic_are_one_substance_with_each_thing_said_of_it() -> None:
    facts = [said(PRESCRIBED, 1), said(DELIVERED, 2), said(NOTED, 3, "2024-01-01"), stated(TAKEN), said(OLD, 4)]
    metformin, plant, old = medicines_of(facts, TODAY)
    assert told(plant) == {Said.STATED: ["Millepertuis"]}
    assert told(metformin) == {
        Said.PRESCRIBED: ["Glucophage 1000"], Said.DELIVERED: ["Metformine Biogaran"], Said.NOTED: ["Metformine"],
    }  # fmt: skip
    assert (plant.current, metformin.current, old.current) == (True, True, False)
    assert metformin.named.fact.what.display == "Glucophage 1000"


def test_what_is_said_stopped_is_told_so_beside_what_goes_on() -> None:
    stop = replace(NOTED, state=State.STOPPED)
    (found,) = medicines_of([said(PRESCRIBED, 1), said(stop, 2, "2025-05-01")], TODAY)
    assert (found.current, found.stopped) == (True, True)
    assert told(found) == {Said.PRESCRIBED: ["Glucophage 1000"], Said.STOPPED: ["Metformine"]}
    (over,) = medicines_of([said(stop, 2)], TODAY)
    assert (over.current, over.stopped) == (False, False)


def test_a_class_of_substances_does_not_hide_the_product() -> None:
    assert product(Concept(METFORMIN, ATC, "Metformine", "Glucophage 1 g")) == "Glucophage 1 g"
    assert product(Concept(METFORMIN, ATC, "Metformine")) == "Metformine"
    assert product(Concept("1", CIP, "GLUCOPHAGE 1 G CPR", "le rond")) == "GLUCOPHAGE 1 G CPR"


def test_no_medicine_is_none_and_other_facts_are_no_medicines() -> None:
    denied = replace(TAKEN, absent=True)
    assert medicines_of([said(denied), said(replace(TAKEN, kind=Kind.ALLERGY))], TODAY) == ()
    assert dict(to_reconcile([said(denied)], TODAY)) == {}


def test_a_treatment_keeps_its_name_in_a_form_whatever_else_says_it() -> None:
    before = to_reconcile([said(PRESCRIBED, 1)], TODAY)
    after = to_reconcile([said(PRESCRIBED, 1), said(DELIVERED, 2), stated(TAKEN)], TODAY)
    (name,) = before
    assert set(before) < set(after) and len(name) == 16
    delivery = after[name].delivery
    assert delivery is not None and delivery.fact == DELIVERED
    coded = replace(TAKEN, what=Concept("3400935186607", CIP, "Millepertuis"))
    assert set(to_reconcile([stated(coded)], TODAY)).isdisjoint(to_reconcile([stated(TAKEN)], TODAY))


# -- the document


ONE_A_DAY = Interval(Quantity("1", "{tablet}"), Quantity("1", "{tablet}"))
KEPT = Reconciled(
    Concept("3400930000011", CIP, "METFORMINE 1000 CPR", others=(Coded(METFORMIN, ATC, "Metformine"),)),
    "METFORMINE 1000 CPR",
    substances=(Concept(METFORMIN, ATC, "Metformine"), Concept(words="metformine (chlorhydrate)")),
    posology="1 comprimé matin et soir",
    dose=ONE_A_DAY,
    every=Quantity("12", "h"),
    route=Concept("20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale"),
    since="2012-05",
    period="depuis mai 2012",
    reasons=(Concept("E11.9", "2.16.840.1.113883.6.3", "Diabète de type 2"), Concept(words="surpoids")),
    indication="Diabète de type 2, Surpoids",
    sources="prescrit le 4 mars 2025",
    why="Bien toléré",
)
STOPPED = Reconciled(Concept(words="Ibuprofène"), "Ibuprofène", since="2024", why="Rein fragile")
UNSURE = Reconciled(Concept(words="Zolpidem"), "Zolpidem", why="Le patient ne sait pas")
ADDED = Reconciled(Concept(words="Millepertuis"), "Millepertuis", posology="1 tasse le soir")


def facts_of(frame: Frame, found: Reconciliation, status: bytes = b"55561003") -> tuple[Fact, ...]:
    result = read(reconciliation(frame, found).replace(b"55561003", status))
    assert (result.problems, result.warnings) == ((), ())
    assert result.document is not None
    gave = extract(result.document)
    assert gave.unread == ()
    return gave.facts


def test_what_is_kept_reads_back_as_going_on_with_its_codes(frame: Frame) -> None:
    (fact,) = facts_of(frame, Reconciliation(kept=(KEPT,)))
    assert (fact.kind, fact.state, fact.when.start, fact.when.end) == (Kind.TREATMENT, State.ACTIVE, "2012-05", "")
    assert (fact.what.code, fact.what.display) == ("3400930000011", "METFORMINE 1000 CPR")
    assert [one.code for one in fact.what.others] == [METFORMIN]
    assert fact.dosage == Dosage("1 comprimé matin et soir", ONE_A_DAY, Quantity("12", "h"), KEPT.route)
    assert [one.code or one.words for one in fact.details[Detail.SUBSTANCE]] == ["metformine (chlorhydrate)", METFORMIN]
    assert fact.comment == "Bien toléré"
    assert [one.code or one.words for one in fact.details[Detail.INDICATION]] == ["E11.9", "surpoids"]
    assert len(treatments_of([said(fact, 1), said(PRESCRIBED, 2)], TODAY)) == 1


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (b"55561003", State.ACTIVE),
        (b"421139008", State.STOPPED),
        (b"73425007", State.OVER),
        (b"392521001", State.OVER),
        (b"261665006", State.UNKNOWN),
    ],
)
def test_the_status_of_a_medicine_is_read_as_it_is_stated(frame: Frame, code: bytes, state: State) -> None:
    assert [fact.state for fact in facts_of(frame, Reconciliation(kept=(KEPT,)), code)] == [state]


def test_what_is_stopped_reads_back_as_stopped_and_why(frame: Frame) -> None:
    for line, why in ((STOPPED, "Rein fragile"), (replace(STOPPED, why=""), "Traitement arrêté")):
        (fact,) = facts_of(frame, Reconciliation(stopped=(line,)))
        assert (fact.kind, fact.state, fact.comment) == (Kind.TREATMENT, State.STOPPED, why)
        assert (fact.when.start, fact.when.end) == ("2024", "2025-03-04")
        assert treatments_of([said(fact, 1)], TODAY) == ()


def test_what_is_not_sure_decides_nothing_of_the_treatment(frame: Frame) -> None:
    (fact,) = facts_of(frame, Reconciliation(unsure=(UNSURE,)))
    assert (fact.kind, fact.state, fact.comment) == (Kind.PLAN, State.PLANNED, "Le patient ne sait pas")
    assert fact.value is not None and fact.value.words == "Traitement à vérifier : Zolpidem"
    assert medicines_of([said(fact, 1)], TODAY) == ()


def test_what_is_added_is_going_on_in_words(frame: Frame) -> None:
    (fact,) = facts_of(frame, Reconciliation(added=(ADDED,)))
    assert (fact.kind, fact.state, fact.what) == (Kind.TREATMENT, State.ACTIVE, Concept(words="Millepertuis"))
    assert fact.dosage == Dosage("1 tasse le soir")


def test_the_document_has_a_section_a_decision_and_its_type(frame: Frame) -> None:
    content = reconciliation(frame, Reconciliation((KEPT,), (ADDED,), (STOPPED,), (UNSURE,)))
    document = read(content).document
    assert document is not None and document.entry.type is not None
    assert (document.entry.type.code, document.body_level) == ("80820-4", 3)
    titles = [section.title for section in document.sections]
    assert titles == ["Traitements gardés", "Traitements ajoutés", "Traitements arrêtés", "Traitements à vérifier"]
    assert reconciliation(frame, Reconciliation((KEPT,), (ADDED,), (STOPPED,), (UNSURE,))) == content


@pytest.mark.parametrize("words", ["\x01\x02", "<b>&amp;]]>", "\ud800", "\ufffe", "💊"])
def test_whatever_was_typed_the_document_reads(frame: Frame, words: str) -> None:
    line = replace(ADDED, what=Concept(words=f"Plante {words}"), name=f"Plante {words}", why=words, posology=words)
    facts = facts_of(frame, Reconciliation((line,), (line,), (line,), (line,)))
    assert [fact.state for fact in facts] == [State.ACTIVE, State.ACTIVE, State.STOPPED, State.PLANNED]


def test_a_reimbursed_box_was_delivered() -> None:
    (found,) = medicines_of([said(DELIVERED, 1, origin=Origin.REIMBURSED)], TODAY)
    assert told(found) == {Said.DELIVERED: ["Metformine Biogaran"]}
