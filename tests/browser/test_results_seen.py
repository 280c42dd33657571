"""Results over time, a search, medicines, reconciliation, summary: wide and at 320 px, in light and dark."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from browser.every import DOCTOR, HOLDER, World
from browser.seen import NARROW, WIDE, Seen
from cast import AT, organisation
from clinical.scene import deposit, frame, stated, summary
from espace.kernel.values import replace
from espace.wire.cda_writing import (
    BIOCHEMISTRY,
    ORAL,
    Chapter,
    Delivery,
    Measure,
    Medicine,
    Problem,
    Procedure,
    Summary,
    biology,
    dispensation,
    prescription,
    synthesis,
)
from espace.wire.xds import Coded
from portal.test_health import states

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("db")
GLUCOSE = (("1.10", 700, False), ("6.4", 520, True), ("5.4", 300, True), ("5.9", 160, True), ("7.4", 20, True))


def test_results_over_time_are_seen_at_both_doors(world: World, tabs: dict[str, "Page"]) -> None:
    camille, laboratory = world.camille.of, organisation()
    for value, days, moles in GLUCOSE:
        code, unit, low, high = ("14749-6", "mmol/L", "3.9", "6.1") if moles else ("2345-7", "g/L", "0.70", "1.10")
        measure = Measure(code, "Glucose à jeun", Decimal(value), unit, unit, Decimal(low), Decimal(high))
        at = AT - timedelta(days=days)
        bone = replace(frame(camille), written=at, began=at, ended=at)
        deposit(camille, laboratory, stated(biology(bone, (Chapter(BIOCHEMISTRY, (measure,)),))))
    for role, place, search in (
        (HOLDER, "/sante/resultats/", "/documents/"),
        (DOCTOR, f"/pro/patients/{camille.patient}/resultats/", f"/pro/patients/{camille.patient}/"),
    ):
        tab = tabs[role]
        tab.goto(place)
        Seen(tab, []).look(f"results-{role}")
        tab.get_by_role("link", name="Glycémie").click()
        assert tab.get_by_role("img", name="Courbe de 5 résultats").is_visible()
        Seen(tab, []).look(f"analyte-{role}")
        tab.goto(search)
        tab.get_by_role("searchbox").fill("glycemies")
        tab.get_by_role("button", name="Chercher").click()
        assert tab.locator("mark").first.is_visible()
        Seen(tab, []).look(f"found-{role}")


def test_two_days_beside_each_other_and_a_document_that_is_looked_for(world: World, tabs: dict[str, "Page"]) -> None:
    camille = world.camille.of
    measure = Measure("14682-9", "Créatinine", Decimal("112"), "umol/L", "µmol/L", Decimal("50"), Decimal("90"))
    deposit(camille, organisation(), stated(biology(frame(camille), (Chapter(BIOCHEMISTRY, (measure,)),))))
    desk, until = tabs[DOCTOR], AT + timedelta(days=1)
    desk.goto(f"/pro/patients/{camille.patient}/changements/?depuis=2020-01-01")
    desk.get_by_label("Au").fill(until.date().isoformat())
    desk.get_by_role("button", name="Comparer").click()
    assert desk.get_by_role("rowheader", name="Créatinine").is_visible()
    Seen(desk, []).look("changed-between-two-days")
    health = tabs[HOLDER]
    health.goto(f"/sante/mesures/{states(world.camille, 'mesures')}/liens/")
    health.get_by_role("searchbox").fill("biologiques")
    health.get_by_role("button", name="Chercher").click()
    assert health.get_by_role("checkbox").first.is_visible()
    Seen(health, []).look("linking-searched")


def test_medicines_and_their_reconciliation_are_seen(world: World, tabs: dict[str, "Page"]) -> None:
    camille, day = world.camille.of, AT.date()
    brand = Medicine(
        "Glucophage 1 000 mg, comprimé pelliculé", "A10BA02", "Metformine", Decimal(1), "{tablet}", 12,
        "1 comprimé matin et soir", ORAL, day, boxes=3, renewals=2,
    )  # fmt: skip
    generic, other = replace(brand, name="Metformine Biogaran 1 000 mg"), replace(brand, atc="C09AA05", name="Triatec")
    other = replace(other, substance="Ramipril", words="1 comprimé le matin")
    over = replace(
        other, name="Amoxicilline 1 g", atc="J01CA04", substance="Amoxicilline", until=day + timedelta(days=6)
    )
    deposit(camille, organisation(), stated(prescription(frame(camille), (brand, other, over))))
    deposit(camille, organisation(), stated(dispensation(frame(camille), (Delivery(generic, "LOT-7"),))))
    tabs[HOLDER].goto("/sante/medicaments/")
    Seen(tabs[HOLDER], []).picture("medicines-holder-light", *NARROW)
    desk, seen = tabs[DOCTOR], Seen(tabs[DOCTOR], [])
    desk.goto(f"/pro/patients/{camille.patient}/traitements/")
    seen.picture("medicines-doctor-light", *WIDE)
    desk.get_by_role("link", name="Faire une conciliation").click()
    desk.get_by_role("button", name="Relire avant de déposer").click()
    assert desk.get_by_role("alert").is_visible()
    seen.picture("reconciling-light", *NARROW)
    for group in desk.get_by_role("group").filter(has=desk.get_by_role("radio")).all():
        group.get_by_text("Garder").click()
    desk.get_by_label("Médicament").first.fill("Millepertuis")
    desk.get_by_role("button", name="Relire avant de déposer").click()
    assert desk.get_by_role("heading", name="Traitements ajoutés").is_visible()
    seen.picture("reconciled-light", *NARROW)
    desk.get_by_role("button", name="Déposer la conciliation").click()
    assert desk.get_by_role("status").get_by_text("La conciliation est déposée.").is_visible()


def test_a_summary_is_proposed_read_and_signed(world: World, tabs: dict[str, "Page"]) -> None:
    camille, hospital, day = world.camille.of, organisation(), AT.date()
    lasting = Medicine(
        "Bisoprolol", "C07AB07", "Bisoprolol", Decimal(1), "{tablet}", 24, "1 comprimé le matin", ORAL, day,
        reason="Hypertension",
    )  # fmt: skip
    diabetes = Problem(Coded("E11.9", "2.16.840.1.113883.6.3", "Diabète de type 2 sans complication"), day)
    cataract = Procedure(Coded("BFGA004", "1.2.250.1.215.300.1", "Extraction du cristallin"), day)
    known = Summary(problems=(diabetes,), procedures=(cataract,), treatments=(lasting,))
    deposit(camille, hospital, stated(synthesis(frame(camille), known)), stated(summary(camille)))
    tab = tabs[DOCTOR]
    tab.goto(f"/pro/patients/{camille.patient}/")
    tab.get_by_role("link", name="Rédiger la synthèse").click()
    tab.get_by_text("Ajouter une ligne").first.click()
    tab.get_by_label("En vos mots – Pathologies en cours 1").fill("Lombalgie chronique")
    tab.get_by_label("Posologie – Bisoprolol").fill("1 comprimé le soir")
    Seen(tab, []).look("summary-form")
    tab.get_by_role("button", name="Relire avant de signer").click()
    assert tab.get_by_role("cell", name="1 comprimé le soir").is_visible()
    Seen(tab, []).look("summary-preview")
    tab.get_by_role("button", name="Signer et déposer").click()
    assert tab.get_by_role("status").inner_text().startswith("Votre synthèse est déposée dans le dossier.")
    tab.get_by_role("link", name="Lire cette synthèse").click()
    assert tab.get_by_role("cell", name="Lombalgie chronique").is_visible()
