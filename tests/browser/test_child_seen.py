"""A child’s examinations and growth, of which both doors show the same: wide and at 320 px, in light and dark."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from browser.conftest import WITH_AXE
from browser.seen import Seen
from cast import consents, professional
from espace.clinical.actions.growth import put_growth
from espace.clinical.facts.growth import Percentiles
from espace.edge import now
from espace.looks.words import local_day
from portal.helpers import cda, file, member, signed_in
from workstation.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.usefixtures("db")
SIX = timedelta(days=2300)
WEIGHTS = ((3, "3,4"), (60, "5,1"), (400, "9,8"), (800, "12,6"), (1500, "17"), (2250, "20,5"))


def test_a_childs_examinations_and_growth_are_seen(chromium: "Browser", site: str) -> None:
    born = local_day(now()) - SIX
    leo = member(given="LÉO", born=born)
    file(leo.of, cda(leo.of), title="Examen de santé des 5 ans", type_code="59283-2", on=now() - timedelta(days=400))
    client = signed_in(leo)
    client.post("/sante/suivi-enfant/a4/", {"day": f"{born.year + 4}"})
    for days, value in WEIGHTS:
        day = born + timedelta(days=days)
        client.post("/sante/mesures/ajouter/", {"measure": "weight", "value": value, "day": f"{day:%d/%m/%Y}"})
    spread = ((0, 3.3), (6, 7.5), (12, 9.6), (24, 12.0), (36, 14.2), (60, 18.2), (84, 22.8), (120, 32.0))
    rows = [Percentiles("weight", "F", age, mid * 0.82, mid, mid * 1.24) for age, mid in spread]
    put_growth(rows, source="Courbes d’essai")
    anne = professional()
    consents(leo.of, anne, at=now())
    desk = Desk(anne)
    desk.get("/pro/")
    context = chromium.new_context(base_url=site, locale="fr-FR")
    context.add_init_script(WITH_AXE)
    context.add_cookies([{"name": "sessionid", "value": desk.cookies["sessionid"].value, "url": site}])
    tab = context.new_page()
    tab.goto(f"/pro/patients/{leo.of.patient}/")
    tab.get_by_role("link", name="Suivi de l’enfant").click()
    assert tab.get_by_role("img", name="Courbe\u202f: Poids.").is_visible()
    Seen(tab, []).look("child-doctor")
    context.close()
    put_growth([], source="")
