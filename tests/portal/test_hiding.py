"""The holder hides a document from one professional: among those linked or in the directory, said, and undone."""

from uuid import uuid4

import pytest

from cast import consents, holder, names_doctor, professional
from espace.kernel.words import Visibility
from portal.helpers import cda, file, member, signed_in
from portal.test_masking import seen_by
from portal.test_reading_pages import text
from workstation.desk import file as written


def test_from_the_page_of_the_document_to_the_professional_and_back() -> None:
    camille, morel, abel = member(), professional(), professional("Abel", "Luc")
    for who in (morel, abel):
        consents(camille.of, who)
    one, browser = file(camille.of, cda(camille.of)), signed_in(camille)
    assert "Le masquer à un seul professionnel" in text(browser.get(f"/documents/{one}/masquer/"))
    chosen = browser.get(f"/documents/{one}/masquer/un/")
    assert "À qui masquer ce document ?" in text(chosen)
    assert f'href="/documents/{one}/masquer/{morel.id}/"' in chosen.content.decode()
    asked = text(browser.get(f"/documents/{one}/masquer/{morel.id}/"))
    for words in (
        "Masquer ce document à Anne Morel ?",
        "rien ne lui dira qu’il existe",
        "Les autres professionnels que vous autorisez le verront encore.",
    ):
        assert words in asked
    assert seen_by(morel, camille) == {one}
    done = text(browser.post(f"/documents/{one}/masquer/{morel.id}/", follow=True))
    assert "C’est fait : ce document est masqué à Anne Morel." in done
    assert "Masqué à ces professionnels Anne Morel Montrer de nouveau" in done
    assert (seen_by(morel, camille), seen_by(abel, camille)) == (set(), {one})
    assert "Ce document lui est masqué." in text(browser.get(f"/documents/{one}/masquer/un/"))
    assert "1 document lui est masqué" in text(browser.get("/partage/"))
    kept = text(browser.get(f"/partage/professionnels/{morel.id}/masques/"))
    assert "Documents masqués à Anne Morel" in kept and "Analyses de sang" in kept
    shown = text(browser.post(f"/documents/{one}/montrer/{morel.id}/", follow=True))
    assert "n’est plus masqué à Anne Morel en particulier" in shown and "Masqué à ces" not in shown
    assert seen_by(morel, camille) == {one}
    kept = text(browser.get(f"/partage/professionnels/{morel.id}/masques/"))
    assert "Aucun document ne lui est masqué par son nom" in kept
    history = text(browser.get("/partage/historique/"))
    assert "Vous avez masqué un document à Anne Morel" in history
    assert "Vous avez montré de nouveau un document à Anne Morel" in history


def test_somebody_of_the_directory_who_never_came() -> None:
    camille, zoe = member(), professional("Zazie-Unique", "Zoé")
    one, browser = file(camille.of, cda(camille.of)), signed_in(camille)
    path = f"/documents/{one}/masquer/un/"
    assert "Écrivez un nom." in text(browser.post(path, {"mots": " "}, follow=True))
    found = browser.post(path, {"mots": "zazie"}, follow=True)
    assert f'href="/documents/{one}/masquer/{zoe.id}/"' in found.content.decode()
    assert "zazie" not in found.redirect_chain[-1][0]
    browser.post(f"/documents/{one}/masquer/{zoe.id}/")
    assert "Masqué d’avance à quelqu’un Zoé Zazie-Unique" in text(browser.get("/partage/"))
    consents(camille.of, zoe)
    assert seen_by(zoe, camille) == set()


def test_the_page_says_what_it_means_for_an_author_and_for_the_attending_doctor() -> None:
    camille, morel = member(), professional()
    one, browser = written(camille.of, "Lettre", author=morel.national_id), signed_in(camille)
    path = f"/documents/{one}/masquer/{morel.id}/"
    assert "Cette personne a écrit ce document : elle le verra toujours" in text(browser.get(path))
    assert "C’est votre médecin traitant" not in text(browser.get(path))
    names_doctor(camille.of, morel)
    assert "il voit ce que vous masquez à tous, mais pas ce que vous lui masquez à lui" in text(browser.get(path))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("act", ["masquer", "montrer"])
def test_absent_hidden_and_somebody_else_s_documents_answer_alike_and_so_does_nobody(act: str, method: str) -> None:
    camille, other, morel = member(), holder(), professional()
    browser = signed_in(camille)
    held = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    answers = set()
    for one in (uuid4(), held, file(other, cda(other))):
        path = f"/documents/{one}/{act}/{morel.id}/"
        answer = getattr(browser, method)(path)
        assert answer.status_code == 404
        answers.add(text(answer).replace(path, "PATH"))
    assert len(answers) == 1
    mine = file(camille.of, cda(camille.of))
    assert getattr(browser, method)(f"/documents/{mine}/{act}/{uuid4()}/").status_code == 404
