"""Opening in an emergency, on the pages: declared, shown on every screen, told to whom it concerns."""

import re

import pytest
from django.urls import reverse

from cast import Holder, blocks, consents, holder, names_doctor, professional
from espace import edge
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
WORDS = "Trouvée sans connaissance chez elle"
DECLARED = {"cause": "unconscious", "words": WORDS, "risk": "on"}
CALL = {"cause": "call", "words": "Douleur dans la poitrine", "risk": "on"}
FLAG = "Accès en urgence, sans l’accord du patient"


def path(of: Holder, name: str = "pro_emergency") -> str:
    return reverse(name, args=[of.patient])


def test_two_steps_from_the_refusal_to_the_record_and_the_ground_is_on_every_screen() -> None:
    camille, anne = holder(), professional()
    document, desk = file(camille, "Bilan du matin"), Desk(anne)
    refused = desk.get(path(camille, "pro_patient")).content.decode()
    assert path(camille, "pro_consent") in refused
    assert path(camille) in desk.get(path(camille, "pro_consent")).content.decode()
    answer = desk.post(path(camille), DECLARED)
    assert (answer.status_code, answer["Location"]) == (302, path(camille, "pro_patient"))
    listed = desk.get(path(camille, "pro_patient")).content.decode()
    assert FLAG in listed and "Bilan du matin" in listed
    read = desk.get(reverse("pro_reading", args=[camille.patient, document])).content.decode()
    assert FLAG in read
    assert "Vous avez ouvert cet espace en urgence" in read


def test_consent_that_comes_later_takes_its_place_and_ending_ends_it() -> None:
    camille, anne = holder(), professional()
    desk = Desk(anne)
    desk.post(path(camille), DECLARED)
    consents(camille, anne, at=edge.now())
    assert FLAG not in desk.get(path(camille, "pro_patient")).content.decode()
    other = Desk(paul := professional())
    other.post(path(camille), DECLARED)
    assert "Mettre fin à mon accès" in other.get(path(camille, "pro_patient")).content.decode()
    other.post(reverse("pro_withdraw", args=[camille.patient]))
    assert other.get(path(camille, "pro_patient")).status_code == 403
    assert paul.id != anne.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cause": ""}, "Dites pourquoi le patient ne peut pas donner son accord."),
        ({"cause": "holiday"}, "holiday"),
        ({"cause": "call"}, "call"),
        ({"words": ""}, "Écrivez en une phrase ce qui se passe."),
        ({"words": "…!"}, "Écrivez en une phrase ce qui se passe."),
        ({"words": "a" * 301}, "Écrivez plus court"),
        ({"risk": ""}, "Sans risque immédiat, demandez son accord au patient."),
    ],
)
def test_what_is_not_said_opens_nothing(change: dict[str, str], said: str) -> None:
    camille, desk = holder(), Desk(professional())
    answer = desk.post(path(camille), {**DECLARED, **change})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert desk.get(path(camille, "pro_patient")).status_code == 403


def test_the_form_tells_no_trait_and_not_whether_they_objected() -> None:
    camille, desk = holder(), Desk(professional())
    page = desk.get(path(camille)).content.decode()
    assert "Matricule INS" in page and "Née le" not in page and "Né le" not in page
    assert "refusé" not in page


def test_who_was_blocked_is_told_so_but_not_the_doctor_of_a_call() -> None:
    camille, anne = holder(), professional()
    file(camille, "Bilan")
    blocks(camille, anne)
    assert "<form" not in _main(Desk(anne).get(path(camille)).content.decode())
    desk = Desk(anne, regulates=True)
    assert "centre 15" in desk.get(path(camille)).content.decode()
    assert desk.post(path(camille), CALL).status_code == 302
    assert "Vous régulez un appel" in desk.get(path(camille, "pro_patient")).content.decode()


def test_the_attending_doctor_is_told_at_home_and_reads_who_and_why_in_the_record() -> None:
    camille, anne, paul = holder(), professional(), professional()
    names_doctor(camille, paul, at=edge.now())
    Desk(anne).post(path(camille), DECLARED)
    doctor = Desk(paul)
    home = doctor.get(reverse("pro_home")).content.decode()
    assert "Accès en urgence chez vos patients" in home
    assert path(camille, "pro_patient") in home
    assert WORDS not in home
    assert WORDS in doctor.get(path(camille, "pro_patient")).content.decode()
    assert "Accès en urgence chez vos patients" not in Desk(anne).get(reverse("pro_home")).content.decode()


def _main(page: str) -> str:
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found
    return found[0]
