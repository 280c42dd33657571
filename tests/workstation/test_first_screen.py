"""The first screen answers what a doctor asks first, from what they may see; and what changed since they came."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from cast import AT, consents, holder, organisation, professional
from clinical.scene import deposit, frame, results, stated, summary
from espace import edge
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.wire.cda_writing import BIOCHEMISTRY, Chapter, Measure, biology
from espace.workstation.pages import changes
from portal.helpers import member
from portal.test_health import states
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
MASKED = frozenset({Visibility.MASQUE_PS})


def panel(page: str, slug: str) -> str:
    """The words of one panel."""
    found = re.search(rf'<section class="panel[^"]*" aria-labelledby="{slug}">.*?</section>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_facts_are_on_the_first_screen_one_click_from_their_paragraph() -> None:
    camille, anne, hospital = holder(), professional(), organisation()
    consents(camille, anne, at=edge.now())
    allergy, glucose = deposit(camille, hospital, stated(summary(camille)), stated(results(camille, "7.4")))
    desk, place = Desk(anne), f"/pro/patients/{camille.patient}/"
    page = desk.get(place).content.decode()
    assert "Pénicilline urticaire Lire dans « Synthèse médicale », 4 mars 2026" in panel(page, "allergies")
    assert re.search(r"Glycémie 7,4 mmol/L Élevé attendu \(3,9 – 6,1\)", panel(page, "results"))
    assert "Rien n’est écrit sur un traitement en cours." in panel(page, "treatments")
    links = re.findall(rf'href="({place}documents/[^"]+)"', page)
    for document in (allergy, glucose):
        (link,) = {one for one in links if str(document) in one and "#" in one}
        path, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in desk.get(path).content.decode()


def test_how_serious_an_allergy_is_is_english_in_english() -> None:
    camille, anne = member(), professional()
    consents(camille.of, anne, at=edge.now())
    states(camille, "allergies")
    desk, place = Desk(anne), f"/pro/patients/{camille.of.patient}/"
    assert "Pénicilline plaques, grave " in panel(desk.get(place).content.decode(), "allergies")
    desk.cookies["django_language"] = "en"
    assert "Pénicilline plaques, severe " in panel(desk.get(place).content.decode(), "allergies")


def test_the_value_before_the_last_is_beside_its_curve_and_said_once_to_who_listens() -> None:
    camille, anne, hospital = holder(), professional(), organisation()
    consents(camille, anne, at=edge.now())
    low, high = Decimal("3.9"), Decimal("6.1")
    for day, value in ((AT, "7.4"), (AT + timedelta(days=30), "6.2")):
        glucose = Measure("14749-6", "Glucose à jeun", Decimal(value), "mmol/L", "mmol/L", low, high)
        written = replace(frame(camille), written=day, began=day, ended=day)
        deposit(camille, hospital, stated(biology(written, (Chapter(BIOCHEMISTRY, (glucose,)),))))
    page = Desk(anne).get(f"/pro/patients/{camille.patient}/").content.decode()
    assert '<span class="fact-when" aria-hidden="true">avant\u202f: 7,4 le 4 mars 2026</span>' in page
    assert '<span class="unseen">Avant\u202f: 7,4\u00a0mmol/L (4 mars 2026, élevé)</span>' in page


def test_the_titles_of_treatments_and_results_lead_to_all_of_them() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    deposit(camille, organisation(), stated(results(camille, "7.4")))
    desk, place = Desk(anne), f"/pro/patients/{camille.patient}/"
    page = desk.get(place).content.decode()
    titles = re.findall(r'<h2 id="\w+"><svg.*?</svg>\s*<a href="([^"]+)">(.*?)</a></h2>', page, re.DOTALL)
    assert titles == [(f"{place}traitements/", "Traitements en cours"), (f"{place}resultats/", "Derniers résultats")]
    assert [desk.get(path).status_code for path, _ in titles] == [200, 200]


def test_what_is_masked_says_nothing_and_changes_nothing() -> None:
    pages = []
    for hidden in (False, True):
        camille, anne, hospital = holder(), professional(), organisation()
        consents(camille, anne, at=edge.now())
        deposit(camille, hospital, stated(results(camille)))
        if hidden:
            deposit(camille, hospital, stated(summary(camille), hidden=MASKED))
        page = Desk(anne).get(f"/pro/patients/{camille.patient}/").content.decode()
        pages.append([panel(page, slug) for slug in ("allergies", "problems", "treatments", "results", "vaccinations")])
    assert pages[0] == pages[1]
    assert pages[0][0] == "Allergies et alertes Rien n’est écrit sur les allergies."


def test_a_filtered_list_is_a_list_only() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    file(camille, "Glycémie à jeun")
    desk, place = Desk(anne), f"/pro/patients/{camille.patient}/"
    assert 'class="screen"' in desk.get(place).content.decode()
    found = desk.post(place, {"mots": "glycemie"})["Location"]
    assert 'class="screen"' not in desk.get(found).content.decode()


def test_what_changed_between_two_days() -> None:
    camille, anne, hospital = holder(), professional(), organisation()
    consents(camille, anne, at=edge.now())
    deposit(camille, hospital, stated(summary(camille)))
    desk, place = Desk(anne), f"/pro/patients/{camille.patient}/changements/"
    day, next_day = (AT + timedelta(days=days) for days in (0, 2))
    page = desk.get(f"{place}?depuis={day:%Y-%m-%d}&jusqu={next_day:%Y-%m-%d}").content.decode()
    assert "Nouveau Pénicilline" in panel(page, "allergies")
    assert "Documents arrivés" in page
    page = desk.get(f"{place}?depuis={next_day:%Y-%m-%d}").content.decode()
    assert "Pénicilline" not in page and "Rien de nouveau" in page


def test_figures_of_two_days_stand_beside_each_other() -> None:
    """The days in either order; without a script."""
    camille, anne, laboratory = holder(), professional(), organisation()
    consents(camille, anne, at=edge.now())
    deposit(camille, laboratory, stated(results(camille, "7.4")))
    place = f"/pro/patients/{camille.patient}/changements/"
    day, next_day = (AT + timedelta(days=days) for days in (-1, 2))
    page = Desk(anne).get(f"{place}?depuis={next_day:%Y-%m-%d}&jusqu={day:%Y-%m-%d}").content.decode()
    assert f'name="depuis" value="{day:%Y-%m-%d}"' in page and f'name="jusqu" value="{next_day:%Y-%m-%d}"' in page
    assert "Glycémie Rien encore 7,4 mmol/L Élevé" in panel(page, "results")


@pytest.mark.parametrize("query", ["", "?depuis=hier", "?depuis=0001-01-01&jusqu=9999-12-31", "?jusqu=2025-02-30"])
def test_whatever_is_asked_there_is_an_answer(query: str) -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    answer = Desk(anne).get(f"/pro/patients/{camille.patient}/changements/{query}")
    assert answer.status_code == 200 and answer.content.decode().count("<h1") == 1


def test_since_the_last_visit_and_not_since_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    camille, anne, hospital = holder(), professional(), organisation()
    consents(camille, anne, at=edge.now(), until=edge.now() + timedelta(days=1))
    deposit(camille, hospital, stated(summary(camille)))
    place = f"/pro/patients/{camille.patient}/"
    desk = Desk(anne)
    desk.get(place)
    assert "Nouveau Pénicilline" in panel(desk.get(f"{place}changements/").content.decode(), "allergies")
    monkeypatch.setattr(changes, "PAUSE", timedelta(0))
    page = desk.get(f"{place}changements/").content.decode()
    assert "depuis votre dernière visite" in page and "Rien de nouveau" in page


def test_without_consent_nothing_is_told_there_either() -> None:
    camille, hospital = holder(), organisation()
    deposit(camille, hospital, stated(summary(camille)))
    answer = Desk(professional()).get(f"/pro/patients/{camille.patient}/changements/")
    assert answer.status_code == 403 and "Pénicilline" not in answer.content.decode()
