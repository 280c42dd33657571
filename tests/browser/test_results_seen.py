"""Results over time and what a search extracts, looked at: wide and at 320 px, in light and dark, for both doors."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from browser.every import DOCTOR, HOLDER, World
from browser.seen import Seen
from cast import AT, organisation
from clinical.scene import deposit, frame, stated
from espace.wire.cda_writing import BIOCHEMISTRY, Chapter, Measure, biology

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
