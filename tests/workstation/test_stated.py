"""« Ce que le patient déclare »: what the workstation shows of a profile, and what it never does."""

import re

import pytest

from cast import AT, consents, professional
from espace.access import gate
from espace.clinical.actions import profile as actions
from espace.clinical.facts.profile import Section
from espace.edge import now
from espace.kernel.words import Purpose, Verb
from espace.record import actions as record
from portal.helpers import Member, cda, file, member
from portal.test_health import TYPED, states
from portal.test_reading_pages import text
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")


def plain(page: object) -> str:
    return text(page).replace("\u202f", " ").replace("\u00a0", " ")


def shows(of: Member, section: Section, *, visible: bool) -> None:
    with gate.open_record(
        actor=of.of.actor, patient=of.of.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=AT
    ) as grant:
        actions.show_section(grant, section=section, visible=visible)


def test_each_section_that_is_visible_is_shown_as_it_was_written() -> None:
    camille, morel = member(), professional("Morel", "Anne")
    consents(camille.of, morel, at=now())
    path = f"/pro/patients/{camille.of.patient}/declare/"
    desk = Desk(morel)
    assert "Cela ne veut pas dire qu’il n’a ni allergie, ni traitement." in plain(desk.get(path))
    for section in TYPED:
        states(camille, section)
    page = plain(desk.get(path))
    assert "Pénicilline Sorte : Médicament Réaction : Plaques Gravité : Grave" in page
    assert "Groupe sanguin déclaré (non valable pour une transfusion) A positif (+)" in page
    assert "Rose Duval Rôle : Personne de confiance Lien : Mère Téléphone : 01 02 03 04 05" in page
    assert "Poids Valeur : 64,5 kg" in page
    shows(camille, Section.CONTACTS, visible=False)
    page = plain(desk.get(path))
    assert "Rose Duval" not in page and "Entourage" not in page and "Pénicilline" in page
    assert path in desk.get(f"/pro/patients/{camille.of.patient}/").content.decode()


def test_measures_are_read_by_day_the_newest_first_and_a_figure_once() -> None:
    camille, morel = member(), professional("Morel", "Anne")
    consents(camille.of, morel, at=now())
    for day, value in (("04/03/2025", "64,5"), ("10/03/2025", "64,1"), ("02/01/2024", "66"), ("2023", "67")):
        states(camille, "mesures", day=day, value=value)
    states(camille, "mesures", measure="pressure", value="152", second="94", day="06/03/2025")
    page = plain(Desk(morel).get(f"/pro/patients/{camille.of.patient}/declare/"))
    assert re.findall(r"Valeur : ([0-9,/]+ \w+)", page) == ["64,1 kg", "152/94 mmHg", "64,5 kg", "66 kg", "67 kg"]
    assert page.count("94") == 1


def test_vaccines_are_read_by_day_whenever_they_were_typed() -> None:
    camille, morel = member(), professional("Morel", "Anne")
    consents(camille.of, morel, at=now())
    for day, name in (("2019", "Infanrix hexa"), ("03/2024", "Vaxigrip"), ("01/02/2010", "Priorix")):
        states(camille, "vaccinations", day=day, name=name)
    page = plain(Desk(morel).get(f"/pro/patients/{camille.of.patient}/declare/"))
    assert page.index("Vaxigrip") < page.index("Infanrix hexa") < page.index("Priorix")


def test_a_link_to_a_document_that_is_masked_is_not_shown() -> None:
    camille, morel = member(), professional("Morel", "Anne")
    consents(camille.of, morel, at=now())
    item = states(camille, "sujets")
    blood = file(camille.of, cda(camille.of), title="Analyses de sang")
    masked = file(camille.of, cda(camille.of), title="Lettre masquée")
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.STATE, at=AT
    ) as grant:
        actions.link(grant, item=item, documents=[blood, masked], items=[])
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=AT
    ) as grant:
        record.mask(grant, masked)
    page = plain(Desk(morel).get(f"/pro/patients/{camille.of.patient}/declare/"))
    assert "En lien avec : Analyses de sang" in page and "masquée" not in page


def test_who_may_not_read_the_record_is_refused() -> None:
    camille, stranger = member(), professional("Petit", "Léa")
    states(camille, "allergies")
    answer = Desk(stranger).get(f"/pro/patients/{camille.of.patient}/declare/")
    assert answer.status_code == 403 and "Pénicilline" not in plain(answer)
