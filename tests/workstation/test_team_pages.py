"""« Équipe de soins » at a professional's desk: the consent for a team, its members, and the colleague who joins."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cast import adds_member, begins_team, blocks, consents, holder, professional
from espace import edge
from espace.identity.facts import Professional
from portal.test_reading_pages import text
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")
AGREED = {"whom": "equipe", "how": "oral", "term": "month", "informed": "on"}


def nurse(family: str = "Petitjean") -> Professional:
    return professional(family, "Luc", profession="60")


def test_a_consent_for_a_team_then_a_colleague_found_in_the_directory_reads() -> None:
    camille, anne, luc = holder(), professional(), nurse(name := f"Kervella{uuid4().hex[:6]}")
    file(camille, "Glycémie à jeun")
    record, desk = f"/pro/patients/{camille.patient}/", Desk(anne)
    page = desk.get(f"{record}accord/").content.decode()
    assert "Pour mon équipe de soins" in page
    assert "Hors équipe de soins, l’accord vaut pour cette consultation." in page
    assert desk.post(f"{record}accord/", AGREED)["Location"] == record
    assert "Le patient a donné son accord pour votre équipe, jusqu’au" in desk.get(f"{record}accord/").content.decode()
    page = desk.get(record).content.decode()
    assert f'href="{record}equipe/"' in page
    assert "membre de l’équipe de soins pour laquelle le patient a donné son accord" in page
    found = desk.post(f"{record}equipe/", {"mots": name})
    assert name not in found["Location"]
    page = desk.get(found["Location"]).content.decode()
    assert f"{record}equipe/{luc.id}/ajouter/" in page
    added = desk.post(f"{record}equipe/{luc.id}/ajouter/", follow=True).content.decode()
    assert f"Luc {name} fait partie de l’équipe. Le patient en est averti." in added
    assert "Ajout fait par Anne Morel." in added
    assert "Glycémie à jeun" in Desk(luc).get(record).content.decode()


def test_without_a_team_the_page_leads_to_consent() -> None:
    camille, anne = holder(), professional()
    consents(camille, anne, at=edge.now())
    answer = Desk(anne).get(f"/pro/patients/{camille.patient}/equipe/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Aucun accord de ce patient n’est enregistré pour une équipe de soins dont vous êtes membre." in page
    assert f"/pro/patients/{camille.patient}/accord/" in page
    assert "Camille" not in page
    assert f"{camille.patient}/equipe/" not in Desk(anne).get(f"/pro/patients/{camille.patient}/").content.decode()


def test_why_somebody_cannot_be_added_tells_nothing_of_what_the_patient_decided() -> None:
    camille, anne = holder(), professional()
    blocked, elsewhere = nurse(), nurse()
    begins_team(camille, anne, at=edge.now())
    begins_team(camille, elsewhere, at=edge.now())
    blocks(camille, blocked, at=edge.now())
    desk = Desk(anne)
    told = [desk.post(f"/pro/patients/{camille.patient}/equipe/{one.id}/ajouter/") for one in (blocked, elsewhere)]
    assert [one.status_code for one in told] == [403, 403]
    assert text(told[0]) == text(told[1])
    assert "Ce professionnel ne peut pas être ajouté à votre équipe." in told[0].content.decode()
    assert desk.post(f"/pro/patients/{camille.patient}/equipe/{uuid4()}/ajouter/").status_code == 404


def test_a_member_leaves_and_a_lapsed_team_is_closed() -> None:
    camille, anne, luc = holder(), professional(), nurse()
    begun = edge.now() - timedelta(days=2)
    begins_team(camille, anne, at=begun)
    adds_member(camille, anne, luc, at=begun)
    record = f"/pro/patients/{camille.patient}/"
    assert "Mettre fin à mon accès" in Desk(luc).get(record).content.decode()
    Desk(luc).post(f"{record}accord/fin/")
    assert Desk(luc).get(f"{record}equipe/").status_code == 403
    assert Desk(anne).get(f"{record}equipe/").status_code == 200
    paule, lapsed = holder(), "/pro/patients/{}/equipe/"
    begins_team(paule, anne, at=begun, until=begun + timedelta(days=1))
    assert Desk(anne).get(lapsed.format(paule.patient)).status_code == 403
