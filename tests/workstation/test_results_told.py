"""Results on a doctor's pages: whose they are when a summary quotes them, who stated them, and what of them is no
change; what a replaced document had said is not new."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest

from cast import AT, Holder, consents, holder, organisation, professional
from clinical.scene import deposit, frame, stated
from espace import edge
from espace.clinical import handlers
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record.events import DocumentsFiled
from espace.wire.cda_writing import BIOCHEMISTRY, Chapter, Measure, Problem, Summary, biology, synthesis
from espace.wire.xds import Coded, NewDocument
from portal.helpers import member
from portal.test_health import states
from workstation.desk import Desk
from workstation.test_first_screen import panel
from workstation.test_summary_page import look, sign, summaries

pytestmark = pytest.mark.usefixtures("db")
MASKED = frozenset({Visibility.MASQUE_PS})
ICD = "1.2.250.1.213.2.11"
HYPERTENSION, ASTHMA = (Coded("I10", ICD, "Hypertension essentielle"), Coded("J45", ICD, "Asthme"))


def words(page: str) -> str:
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"<(title|svg).*?</\1>", "", page, flags=re.DOTALL))
    return " ".join(unescape(plain).split())


def opened(anne: Professional) -> Holder:
    camille = holder()
    consents(camille, anne, at=edge.now())
    return camille


def signed(desk: Desk, of: Holder, who: Professional) -> None:
    """A summary that quotes what is out of its range, signed and read."""
    sign(desk, of, look(desk, of))
    (filed,) = summaries(of, who)
    handlers.extract(DocumentsFiled(of.patient, of.patient, True, edge.now(), to_read=(filed.id,)))


def glucose(of: Holder, day: datetime, value: str) -> NewDocument:
    low, high = Decimal("3.9"), Decimal("6.1")
    found = Measure("14749-6", "Glucose à jeun", Decimal(value), "mmol/L", "mmol/L", low, high)
    written = replace(frame(of), written=day, began=day, ended=day)
    return stated(biology(written, (Chapter(BIOCHEMISTRY, (found,)),)), title="Bilan du laboratoire")


def test_a_result_that_a_summary_quotes_stays_its_laboratorys() -> None:
    anne, day = professional(), edge.now() - timedelta(days=30)
    camille, desk = opened(anne), Desk(anne)
    (report,) = deposit(camille, organisation(), glucose(camille, day, "7.4"), at=day)
    signed(desk, camille, anne)
    place = f"/pro/patients/{camille.patient}/"
    shown = panel(desk.get(place).content.decode(), "results")
    assert "« Bilan du laboratoire »" in shown and "Synthèse" not in shown
    listed = desk.get(f"{place}resultats/").content.decode()
    assert "Glycémie 7,4 mmol/L Élevé" in words(listed) and "· 1 résultat " in words(listed)
    (address,) = set(re.findall(r'href="([^"]*/resultats/[^"]+/)"', listed))
    page = desk.get(address).content.decode()
    table = page[page.index("<tbody") : page.index("</tbody")]
    told = r"Maison de santé du Canal Lire dans « Bilan du laboratoire », .* Lire dans « Synthèse médicale », "
    assert re.search(told, words(table))
    assert re.findall(r"documents/([0-9a-f-]+)/", table)[0] == str(report)
    changed = words(desk.get(f"{place}changements/?depuis={day + timedelta(days=2):%Y-%m-%d}").content.decode())
    assert "Synthèse médicale" in changed and "7,4" not in changed


def test_what_the_patient_states_is_the_last_of_its_analyte_and_told_as_such_on_both() -> None:
    camille, anne = member(), professional()
    consents(camille.of, anne, at=edge.now())
    deposit(camille.of, organisation(), glucose(camille.of, AT - timedelta(days=30), "6.70"))
    states(camille, "mesures", measure="glucose", value="1,45", day=f"{AT:%d/%m/%Y}")
    desk, place = Desk(anne), f"/pro/patients/{camille.of.patient}/"
    shown = desk.get(place).content.decode()
    shown = shown[shown.index('aria-labelledby="results"') :]
    told = r"Glycémie 1,45 g/L avant : 6,70 mmol/L le 2 fév. 2026 Avant : .* 4 mars 2026 Déclaré par le patient"
    assert re.search(told, words(shown))
    assert shown.index("<polyline") < shown.index("</section>")
    listed = words(desk.get(f"{place}resultats/").content.decode())
    assert "Glycémie 1,45 g/L Déclaré par le patient 4 mars 2026 · 2 résultats" in listed


def synthesised(of: Holder, day: datetime, *problems: Problem) -> NewDocument:
    return stated(synthesis(replace(frame(of), written=day, began=day, ended=day), Summary(problems=problems)))


def put_right(of: Holder, visibility: frozenset[Visibility] = frozenset()) -> str:
    """What changed in between is asked of the page: a summary was replaced by one that says more."""
    hospital, days = organisation(), [edge.now() - timedelta(days=days) for days in (90, 30)]
    tension, asthma = Problem(HYPERTENSION, date(2009, 11, 16)), Problem(ASTHMA, date(2024, 2, 1))
    content = synthesised(of, days[0], tension, asthma)
    hidden = replace(content, entry=replace(content.entry, visibility=visibility))
    (first,) = deposit(of, hospital, hidden, at=days[0])
    over = replace(asthma, until=date(2025, 6, 1))
    deposit(of, hospital, synthesised(of, days[1], tension, over), replaces=first, at=days[1])
    return f"/pro/patients/{of.patient}/changements/?depuis={days[0] + timedelta(days=1):%Y-%m-%d}"


def test_what_a_replaced_summary_had_said_is_not_new() -> None:
    anne = professional()
    camille = opened(anne)
    told = panel(Desk(anne).get(put_right(camille)).content.decode(), "problems")
    assert "Modifié Asthme terminé 1er juin 2025 avant : en cours Lire dans" in told
    assert "Hypertension" not in told


def test_what_hides_a_summary_hides_what_it_had_said() -> None:
    anne = professional()
    camille = opened(anne)
    page = Desk(anne).get(put_right(camille, MASKED)).content.decode()
    assert "Asthme" not in page and "Rien de nouveau" in page


def test_what_was_found_again_is_told_apart_from_what_changed() -> None:
    anne, laboratory = professional(), organisation()
    camille, desk = opened(anne), Desk(anne)
    days = [edge.now() - timedelta(days=days) for days in (90, 30)]
    for day in days:
        deposit(camille, laboratory, glucose(camille, day, "5.0"), at=day)
    since = days[0] + timedelta(days=1)
    page = desk.get(f"/pro/patients/{camille.patient}/changements/?depuis={since:%Y-%m-%d}").content.decode()
    told = panel(page, "results")
    assert "Voir 1 résultat refait, de même valeur" in told and "Le dernier chiffre" not in told


def test_of_more_results_than_there_is_room_for_the_rest_is_one_click_away() -> None:
    anne = professional()
    camille, desk = opened(anne), Desk(anne)
    found = tuple(Measure(f"{n}-0", f"Dosage {n}", Decimal(n), "mg/L", "mg/L") for n in range(9001, 9027))
    deposit(camille, organisation(), stated(biology(frame(camille), (Chapter(BIOCHEMISTRY, found),))))
    place = f"/pro/patients/{camille.patient}/"
    page = desk.get(place).content.decode()
    assert "Voir les 15 autres – Derniers résultats" in panel(page, "results")
    assert f'<a href="{place}resultats/">Et 2 autres, dans tous les résultats</a>' in page
