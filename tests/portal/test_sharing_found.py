"""« Partage et accès »: who is found in the directory, what is said of an act, the history, which mails are wanted."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cast import AT, consents, organisation, professional
from espace.edge import clock_at
from portal.helpers import Member, member, signed_in
from portal.sharing import LATER, does, page_of, reads
from portal.test_reading_pages import text

# --- the directory ------------------------------------------------------------------------------------------


def search(camille: Member, words: str) -> Any:
    return signed_in(camille).post("/partage/professionnels/", {"mots": words}, follow=True)


def test_somebody_who_never_came_is_found_by_name_and_can_be_blocked() -> None:
    camille, family = member(), f"Q{uuid4().hex[:8]}"
    wanted = professional(family, "Éléonore", at=organisation("Clinique du Port", source_id="1.2.3"))
    answer = search(camille, f"eleonore {family.upper()}")
    page, address = text(answer), answer.redirect_chain[0][0]
    assert f"Éléonore {wanted.family}" in page and "Clinique du Port, Nantes" in page and "1 professionnel" in page
    assert family.lower() not in address.lower()
    assert f"/partage/professionnels/{wanted.id}/bloquer/" in answer.content.decode()
    assert f"/partage/professionnels/{wanted.id}/designer/" in answer.content.decode()
    does(camille, wanted, "bloquer")
    again = search(camille, family)
    assert f"/partage/professionnels/{wanted.id}/debloquer/" in again.content.decode()
    assert f"/partage/professionnels/{wanted.id}/bloquer/" not in again.content.decode()


def test_a_nurse_is_found_and_cannot_be_named() -> None:
    family = f"Q{uuid4().hex[:8]}"
    nurse = professional(family, "Léa", profession="60")
    page = search(member(), family).content.decode()
    assert f"/{nurse.id}/bloquer/" in page and f"/{nurse.id}/designer/" not in page


HOSTILE = ["introuvable", "' OR 1=1 --", "\x00", "%", "& | ! :*", "é" * 500, "\U0001f600 \u202e"]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_name_that_nobody_bears_finds_nobody(words: str) -> None:
    answer = search(member(), words)
    assert answer.status_code == 200
    assert "Personne de ce nom dans l’annuaire" in text(answer) or "au moins deux lettres" in text(answer)


def test_one_letter_is_too_little() -> None:
    assert "Écrivez au moins deux lettres." in text(search(member(), "a"))


@pytest.mark.parametrize("words", ["", "   "])
def test_a_search_for_nothing_asks_for_a_name(words: str) -> None:
    answer = search(member(), words)
    assert answer.status_code == 200 and "Écrivez un nom." in text(answer)
    assert 'aria-describedby="mots-erreur"' in answer.content.decode()
    assert "Écrivez un nom." not in text(signed_in(member()).get("/partage/professionnels/"))


# --- what is said of an act ---------------------------------------------------------------------------------


def test_what_is_said_is_for_its_reader_and_for_a_moment() -> None:
    camille, other, morel = member(), member(), professional()
    with clock_at(AT):
        address = signed_in(camille).post(f"/partage/professionnels/{morel.id}/bloquer/")["Location"]
    assert "Morel" not in address
    assert "C’est fait" in page_of(camille, address, at=AT + timedelta(minutes=4))
    assert "C’est fait" not in page_of(camille, address, at=AT + timedelta(minutes=6))
    assert "C’est fait" not in page_of(other, address, at=AT + timedelta(minutes=1))


@pytest.mark.parametrize("token", ["x", "%00", "A" * 5000, "é", "////", "===", "C’est fait"])
def test_a_forged_address_makes_the_page_say_nothing(token: str) -> None:
    answer = signed_in(member()).get("/partage/", {"fait": token})
    assert answer.status_code == 200 and 'role="status"' not in answer.content.decode()


# --- the history says it ------------------------------------------------------------------------------------


def test_the_history_has_a_sentence_for_every_act() -> None:
    camille, morel = member(), professional()
    consents(camille.of, morel)
    reads(morel, camille)
    for act in ("bloquer", "debloquer", "designer", "retirer"):
        does(camille, morel, act)
    with clock_at(LATER):
        signed_in(camille).post("/partage/notifications/", {"courriel": "sharing"})
    page = page_of(camille, "/partage/historique/")
    for sentence in (
        "Anne Morel, Cabinet des Tilleuls a enregistré votre accord pour lire votre espace, jusqu’au jeudi 5 mars 2026",
        "Anne Morel, Cabinet des Tilleuls a consulté la liste de vos documents",
        "Vous avez bloqué Anne Morel.",
        "Vous avez débloqué Anne Morel.",
        "Vous avez désigné Anne Morel comme médecin traitant.",
        "Vous n’avez plus de médecin traitant désigné ici.",
        "Vous avez changé vos notifications.",
        "C’est vous qui décidez.",
    ):
        assert sentence in page


def test_decisions_stay_when_one_s_own_comings_and_goings_are_hidden() -> None:
    camille, morel = member(), professional()
    does(camille, morel, "bloquer")
    page = page_of(camille, "/partage/historique/?sans=moi")
    assert "Vous avez bloqué Anne Morel." in page and "Vous avez regardé" not in page


# --- notifications ------------------------------------------------------------------------------------------


def test_mails_are_wanted_until_they_are_not_and_never_say_anything_of_health() -> None:
    browser = signed_in(member())
    first = browser.get("/partage/notifications/")
    assert first.content.decode().count(" checked") == 6
    assert "ne disent jamais rien de votre santé" in text(first)
    answer = browser.post("/partage/notifications/", {"courriel": ["sharing", "access"]}, follow=True)
    assert "C’est noté" in text(answer)
    page = browser.get("/partage/notifications/").content.decode()
    assert 'value="sharing" checked' in page and 'value="access" checked' in page and 'value="new_document">' in page
    browser.post("/partage/notifications/", {"courriel": ["emergency", "on", ""]})
    assert " checked" not in browser.get("/partage/notifications/").content.decode()


def test_every_page_of_the_place_leads_to_the_others() -> None:
    browser = signed_in(member())
    every = [
        "/partage/", "/partage/proches/", "/partage/historique/", "/partage/visibilite/", "/partage/voir-comme/",
        "/partage/urgences/", "/partage/applications/", "/partage/notifications/", "/partage/copie/", "/securite/",
    ]  # fmt: skip
    for path in every:
        page = browser.get(path).content.decode()
        tabs = page[page.index('<nav class="tabs"') : page.index("</nav>", page.index('<nav class="tabs"'))]
        assert re.findall(r'href="([^"]+)"', tabs) == every
        place = page.split('href="/partage/"', 1)[1].split(">", 1)[0]
        assert "aria-current" in place
        assert f'href="{path}" aria-current="page"' in tabs
