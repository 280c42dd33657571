"""What a professional's pages say: who is signed in, where a document comes from, plain words, one thing a page."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import translation

from cast import consents, holder, professional
from espace import edge
from espace.identity.facts import Person, Traits
from espace.workstation.pages.banner import banner_of
from record.owning import add, upload
from workstation.desk import Desk, file
from workstation.test_depositing import record_of

pytestmark = pytest.mark.usefixtures("db")


def test_an_absent_page_keeps_the_frame_of_who_is_signed_in() -> None:
    desk = Desk(professional())
    session = desk.session
    session["pro"] = {**session["pro"], "leave": "https://psc.exemple.fr"}
    session.save()
    answer = desk.get("/pro/nulle-part/")
    page = answer.content.decode()
    assert answer.status_code == 404 and "Cette page n’existe pas" in page
    assert "Anne Morel" in page and 'href="/pro/acces/"' in page and "Se déconnecter" in page
    assert "form-action 'self' https://psc.exemple.fr;" in answer["Content-Security-Policy"]
    page = Client().get("/pro/nulle-part/").content.decode()
    assert "Se déconnecter" not in page and 'href="/pro/acces/"' not in page


def test_what_the_patient_added_is_told_so_in_every_place() -> None:
    camille, anne = holder(), professional()
    [one] = add(camille, upload(title="Mon carnet"))
    file(camille, "Bilan")
    consents(camille, anne, at=edge.now())
    desk = Desk(anne)
    page = desk.get(record_of(camille)).content.decode()
    assert page.count('<span class="mark">Ajouté par le patient</span>') == 2
    reading = desk.get(f"{record_of(camille)}documents/{one}/").content.decode()
    assert '<span class="mark">Ajouté par le patient</span>' in reading
    assert "Ajouté par le patient le " in reading and "Déposé le" not in reading


def test_whoever_has_access_opens_the_space_and_unfolds_the_form() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    assert "<details" not in desk.get(f"{record_of(camille)}accord/").content.decode()
    consents(camille, anne, at=edge.now())
    page = desk.get(f"{record_of(camille)}accord/").content.decode()
    assert "<details><summary>Enregistrer ou prolonger un accord" in page
    wrong = desk.post(f"{record_of(camille)}accord/", {"how": ""}).content.decode()
    assert "<details open><summary>" in wrong and "Choisissez une durée." in wrong


def test_the_matrix_is_named_once_and_explained() -> None:
    desk = Desk(professional())
    assert "matrice" not in desk.get("/pro/").content.decode()
    page = desk.get("/pro/acces/").content.decode()
    assert page.count("matrice") == 1 and "ce que chaque profession peut lire et déposer" in page
    assert "Full Document" not in page


def test_no_line_of_a_title_begins_with_a_colon() -> None:
    camille, anne = holder(), professional()
    one = file(camille, "Certificat : reprise de la « course »")
    consents(camille, anne, at=edge.now())
    for place in (record_of(camille), f"{record_of(camille)}documents/{one}/"):
        page = Desk(anne).get(place).content.decode()
        assert "Certificat\u202f: reprise de la «\u202fcourse\u202f»" in page and "Certificat : " not in page


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (datetime(2026, 3, 6, tzinfo=UTC), "Femme, 40 ans"),
        (datetime(1987, 3, 6, tzinfo=UTC), "Femme, 23 mois"),
        (datetime(1985, 5, 6, tzinfo=UTC), "Femme, 60 jours"),
        (datetime(1985, 3, 8, tzinfo=UTC), "Femme, 1 jour"),
    ],
)
def test_sex_and_age_are_told_together(day: datetime, told: str) -> None:
    camille, traits = holder(), Traits("DUVAL", ("CAMILLE",), date(1985, 3, 7), "F")
    with translation.override("fr"):
        assert banner_of(Person(camille.patient, (camille.ins,), traits), day).person == told


def test_a_shelf_leads_to_all_of_its_documents() -> None:
    camille, anne = holder(), professional()
    for number in range(3):
        file(camille, f"Bilan {number}")
    file(camille, "Compte rendu", type_code="11488-4")
    consents(camille, anne, at=edge.now())
    desk = Desk(anne)
    page = desk.get(record_of(camille)).content.decode()
    assert "Voir les 3<" in page and "Voir 1 document<" in page
    desk.cookies["django_language"] = "en"
    page = desk.get(record_of(camille)).content.decode()
    assert "See all 3<" in page and "See 1 document<" in page and "4 documents</span></h2>" in page
