"""What a reconciliation was not sure of, and what it stopped, stand apart from what goes on."""

import pytest

from cast import AT, Holder, holder, organisation
from clinical.said import fact, said
from clinical.scene import deposit, frame, stated
from espace.clinical import handlers
from espace.clinical.facts import Kind, State
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation, reconciliation
from espace.wire.clinical_statements.values import Concept
from espace.workstation.pages.screen import columns
from portal.helpers import member, signed_in
from workstation.desk import Desk
from workstation.test_first_screen import panel
from workstation.test_reconciling_pages import (
    METFORMIN,
    RAMIPRIL,
    chosen,
    doctor_of,
    named,
    place,
    prescribed,
    send,
    words,
)

pytestmark = pytest.mark.usefixtures("db")
SNOMED = "2.16.840.1.113883.6.96"
MASKED = frozenset({Visibility.MASQUE_PS})
DOUBTED = "À vérifier Traitement à vérifier : Atorvastatine 20 mg Crampes ?"


def looked_at(name: str, why: str = "") -> Reconciled:
    return Reconciled(Concept(words=name), name, why=why)


def reconciled(of: Holder, found: Reconciliation, *, hidden: frozenset[Visibility] = frozenset()) -> None:
    deposit(of, organisation(), stated(reconciliation(frame(of), found), hidden=hidden))


def test_both_doors_say_what_is_to_be_checked_until_the_next_reconciliation() -> None:
    camille = member()
    reconciled(camille.of, Reconciliation(unsure=(looked_at("Atorvastatine 20 mg", "Crampes ?"),)))
    desk, here = Desk(doctor_of(camille.of)), place(camille.of, "traitements")
    assert DOUBTED in words(desk.get(here).content.decode())
    assert DOUBTED in words(signed_in(camille).get("/sante/medicaments/").content.decode())
    reconciled(camille.of, Reconciliation(kept=(looked_at("Atorvastatine 20 mg"),)))
    assert "À vérifier" not in words(desk.get(here).content.decode())


def test_what_was_stopped_is_not_among_what_goes_on() -> None:
    camille = member()
    prescribed(camille.of, METFORMIN, RAMIPRIL)
    desk = Desk(doctor_of(camille.of))
    why = {f"m-{named(desk, camille.of)[1]}": "Toux sèche"}
    send(desk, camille.of, chosen(desk, camille.of, "garder", "arreter", **why))
    handlers.read(camille.of.patient)
    page = words(desk.get(place(camille.of, "traitements")).content.decode())
    going_on, over = page.split("Dits arrêtés dans un document plus récent", 1)
    assert "Metformine" in going_on and "Ramipril" not in going_on
    assert "Ramipril" in over and "Toux sèche" in over and "Metformine" not in over
    taken = panel(desk.get(f"/pro/patients/{camille.of.patient}/").content.decode(), "treatments")
    going_on, over = taken.split("Dits arrêtés dans un document plus récent", 1)
    assert "Glucophage" in going_on and "Triatec" not in going_on and "Triatec" in over


def test_a_hidden_reconciliation_raises_no_doubt() -> None:
    camille = member()
    prescribed(camille.of, METFORMIN)
    desk, here = Desk(doctor_of(camille.of)), place(camille.of, "traitements")
    before = words(desk.get(here).content.decode())
    doubt = Reconciliation(unsure=(looked_at("Atorvastatine 20 mg", "Crampes ?"),))
    reconciled(camille.of, doubt, hidden=MASKED)
    assert words(desk.get(here).content.decode()) == before


def test_an_alert_alone_does_not_hide_that_nothing_is_said_of_allergies() -> None:
    alert, allergy = fact(Kind.ALERT, "Sous anticoagulant"), fact(Kind.ALLERGY, "Pénicilline", state=State.ACTIVE)
    for facts, unsaid in (
        ((alert,), "Rien n’est écrit sur les allergies."),
        ((alert, allergy), ""),
        ((alert, replace(allergy, absent=True)), ""),
        ((allergy,), ""),
        ((), ""),  # the panel says it itself
    ):
        told = [said(one, number, "2026-01-01") for number, one in enumerate(facts)]
        (allergies, _), *_ = columns(told, str, holder().traits, AT.date())
        assert allergies.unsaid == unsaid


def test_that_there_is_no_allergy_is_read_before_other_alerts() -> None:
    alert = fact(Kind.ALERT, "Sous anticoagulant")
    none = fact(Kind.ALLERGY, "Aucune allergie connue", code="716186003", system=SNOMED, absent=True)
    told = [said(alert, 2, "2026-02-01"), said(none, 1, "2026-01-01")]
    (allergies, _), *_ = columns(told, str, holder().traits, AT.date())
    assert [row.name for row in allergies.rows] == ["Aucune allergie connue", "Sous anticoagulant"]
    assert allergies.denied == ()
