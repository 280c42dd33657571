"""What the holder reads of their care teams and does about them; access that they give and take back by themselves."""

import re
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from access.test_teams import opened, reads
from cast import AT, adds_member, begins_team, blocks, holder, professional
from espace.access import actions as access
from espace.access import gate, queries
from espace.edge import clock_at
from espace.kernel.words import Purpose, Verb
from portal.helpers import Member, member, signed_in
from portal.test_reading_pages import text

LATER = AT + timedelta(hours=1)


def page_of(camille: Member, path: str = "/partage/") -> str:
    with clock_at(LATER):
        return text(signed_in(camille).get(path))


def sends(camille: Member, path: str, form: dict[str, str] | None = None) -> Any:
    with clock_at(LATER):
        return signed_in(camille).post(path, form or {}, follow=True)


def team_of(camille: Member) -> UUID:
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=LATER
    ) as grant:
        return next(one.team.team for one in queries.relations(grant) if one.team)


def test_who_is_in_the_team_since_when_and_by_whom_is_read_with_the_history() -> None:
    camille, anne, luc = member(), professional(), professional("Petit", "Luc", profession="60")
    begins_team(camille.of, anne)
    adds_member(camille.of, anne, luc)
    reads(camille.of, luc, at=LATER)
    page = page_of(camille)
    for words in (
        "Vos équipes de soins",
        "Équipe de soins formée par Anne Morel",
        "2 membres : Anne Morel, Luc Petit",
        "Accord pour l’équipe donné par écrit à Anne Morel le mercredi 4 mars 2026",
        "Membre de l’équipe de soins formée par Anne Morel depuis le mercredi 4 mars 2026. Ajout fait par Anne Morel.",
    ):
        assert words in page
    history = page_of(camille, "/partage/historique/")
    assert "a ajouté Luc Petit à son équipe de soins" in history
    assert "a enregistré votre accord pour que son équipe de soins lise votre espace" in history
    assert "Membre de l’équipe de soins. Ajout fait par Anne Morel." in history


def test_ending_a_team_says_what_will_happen_and_closes_it_for_all() -> None:
    camille, anne, luc = member(), professional(), professional("Petit", "Luc", profession="60")
    begins_team(camille.of, anne)
    adds_member(camille.of, anne, luc)
    path = f"/partage/equipes/{team_of(camille)}/terminer/"
    page = page_of(camille, path)
    assert "Mettre fin à l’équipe de soins formée par Anne Morel ?" in page
    assert "Anne Morel, Luc Petit" in page
    for _twice in range(2):
        assert "l’équipe de soins formée par Anne Morel n’a plus accès" in text(sends(camille, path))
    assert {reads(camille.of, one, at=LATER + timedelta(minutes=1)) for one in (anne, luc)} == {"consent_lapsed"}
    assert "Vos équipes de soins" not in page_of(camille)


def test_the_holder_adds_somebody_of_the_directory_to_a_team() -> None:
    name = f"Kerbrat{uuid4().hex[:6]}"
    camille, anne, luc = member(), professional(), professional(name, "Luc", profession="60")
    begins_team(camille.of, anne)
    path = f"/partage/professionnels/{luc.id}/equipe/{team_of(camille)}/"
    with clock_at(LATER):
        found = signed_in(camille).post("/partage/professionnels/", {"mots": name}, follow=True).content.decode()
    assert path in found
    assert "Elle pourra ajouter d’autres soignants à l’équipe" in page_of(camille, path)
    assert f"Luc {name} fait partie de l’équipe de soins." in text(sends(camille, path))
    assert reads(camille.of, luc, at=LATER + timedelta(minutes=1)) == "team_consent"
    assert "Ajout fait par vous." in page_of(camille)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choisissez une durée."),
        ({"term": "date"}, "Écrivez une date, par exemple 04/03/2027."),
        ({"term": "date", "day": "hier"}, "Écrivez une date, par exemple 04/03/2027."),
        ({"term": "date", "day": "2026-03-03"}, "Choisissez une date à venir, dans les dix ans."),
        ({"term": "date", "day": "9999-12-31"}, "Choisissez une date à venir, dans les dix ans."),
    ],
)
def test_a_duration_that_is_not_one_gives_nothing(form: dict[str, str], said: str) -> None:
    camille, anne = member(), professional()
    assert said in text(sends(camille, f"/partage/professionnels/{anne.id}/acces/", form))
    assert reads(camille.of, anne) == "consent_missing"


def test_access_given_until_a_day_then_for_good_then_taken_back() -> None:
    camille, anne = member(), professional()
    give = f"/partage/professionnels/{anne.id}/acces/"
    assert "Donner accès à Anne Morel ?" in page_of(camille, give)
    sends(camille, give, {"term": "date", "day": "2026-03-04"})
    until = "Accès donné par vous le mercredi 4 mars 2026, jusqu’au jeudi 5 mars 2026 à 0.h.00"
    assert re.search(until, page_of(camille))
    done = text(sends(camille, give, {"term": "toujours", "day": "n’importe quoi"}))
    assert "C’est fait : Anne Morel peut lire votre espace." in done
    assert "Accès donné par vous le mercredi 4 mars 2026, sans date de fin." in page_of(camille)
    assert reads(camille.of, anne, at=LATER + timedelta(days=900)) == "consent_in_force"
    end = f"/partage/professionnels/{anne.id}/acces/retirer/"
    assert "Elle pourra vous redemander votre accord." in page_of(camille, end)
    for _twice in range(2):
        assert "l’accord donné à Anne Morel a pris fin." in text(sends(camille, end))
    assert reads(camille.of, anne, at=LATER) == "consent_missing"
    history = page_of(camille, "/partage/historique/")
    assert "avez donné accès à Anne Morel" in history
    assert "avez retiré l’accès à Anne Morel" in history


def test_an_administrator_is_named_and_removed_and_a_block_in_the_holders_name_is_read() -> None:
    camille, luc, eve = member(), professional("Petit", "Luc", profession="60"), professional("Roux", "Eve")
    path = f"/partage/professionnels/{luc.id}/administrateur/"
    said = "Elle pourra lire qui a ouvert votre espace, et bloquer un professionnel en votre nom."
    assert said in page_of(camille, path)
    for _twice in range(2):
        assert "C’est fait : Luc Petit est administrateur de votre espace." in text(sends(camille, path))
    assert "Administrateur depuis le mercredi 4 mars 2026 : les mêmes droits que" in page_of(camille)
    opened(camille.of, luc, Verb.BLOCK, partial(access.block, professional=eve), LATER)
    history = page_of(camille, "/partage/historique/")
    assert "avez désigné Luc Petit comme administrateur" in history
    assert "Luc Petit, Cabinet des Tilleuls a bloqué Eve Roux pour vous" in history
    for _twice in range(2):
        assert "n’est plus administrateur de votre espace." in text(sends(camille, f"{path}retirer/"))
    assert "Administrateur depuis" not in page_of(camille)


def test_what_does_not_apply_is_refused_with_its_reason() -> None:
    camille, anne, luc = member(), professional(), professional("Le Dû", "Luc", profession="41")
    other = holder()
    begins_team(camille.of, anne)
    team, somebody = team_of(camille), "/partage/professionnels/{}/{}"
    blocks(camille.of, luc, at=AT)
    refused = {
        somebody.format(luc.id, "acces/"): 403,
        somebody.format(uuid4(), "acces/"): 404,
        somebody.format(luc.id, "administrateur/"): 403,
        somebody.format(uuid4(), "administrateur/retirer/"): 404,
        somebody.format(uuid4(), "acces/retirer/"): 404,
        somebody.format(luc.id, f"equipe/{team}/"): 422,
        somebody.format(uuid4(), f"equipe/{team}/"): 404,
        somebody.format(anne.id, f"equipe/{uuid4()}/"): 404,
        f"/partage/equipes/{uuid4()}/terminer/": 404,
    }
    with clock_at(LATER):
        browser = signed_in(camille)
        assert {path: browser.get(path).status_code for path in refused} == refused
        given = {path: browser.post(path, {"term": "toujours"}).status_code for path in refused}
    assert given == refused
    begins_team(other, anne)
    with clock_at(LATER):
        assert signed_in(member()).get(f"/partage/equipes/{team}/terminer/").status_code == 404
