"""What the holder reads: home, documents, a document, the register; and what stays closed."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cast import AT, holder, organisation, put_state
from espace.enrolment.facts import State
from espace.kernel.words import Visibility
from portal.helpers import PDF, Member, cda, cda_with_file, file, member, signed_in

PAGES = ("/", "/documents/", "/partage/", "/partage/historique/")


def text(response: Any) -> str:
    """The words of a page, without its tags."""
    content: bytes = response.content
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", content.decode()))


@pytest.mark.parametrize("path", [*PAGES[1:], f"/documents/{UUID(int=7)}/", f"/documents/{UUID(int=7)}/telecharger/"])
def test_nobody_reads_without_signing_in(path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, f"/connexion/?next={path}")


def test_the_front_page_welcomes_whoever_is_signed_out() -> None:
    response = Client().get("/")
    assert response.status_code == 200
    assert "Vos documents de santé, à vous." in text(response)


def test_an_empty_space_says_what_will_come() -> None:
    browser = signed_in(member())
    assert "Votre espace est prêt" in text(browser.get("/"))
    assert "Aucun document pour l’instant" in text(browser.get("/documents/"))


def test_home_shows_what_is_new_and_who_used_the_space() -> None:
    camille = member()
    file(camille.of, cda(camille.of), by=organisation("Laboratoire des Tilleuls"))
    page = text(signed_in(camille).get("/"))
    assert "Bonjour Camille" in page
    assert "1 document que vous n’avez pas encore ouvert." in page
    assert "Laboratoire des Tilleuls a déposé un document" in page
    assert "mercredi 4 mars 2026 à 10 h 30" in page


def test_a_document_is_new_until_it_is_opened() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    assert "Nouveau" in text(browser.get("/documents/"))
    browser.get(f"/documents/{one}/")
    assert "Nouveau" not in text(browser.get("/documents/"))


def test_home_tells_what_arrived_since_the_last_visit() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of), at=AT - timedelta(days=3))
    file(camille.of, cda(camille.of), at=AT)
    browser = signed_in(camille)
    session = browser.session
    session["previous_visit"] = (AT - timedelta(days=1)).isoformat()
    session.save()
    assert "2 documents que vous n’avez pas encore ouverts. 1 est arrivé depuis votre visite du mardi 3 mars 2026." in (
        text(browser.get("/"))
    )
    for document in (one, file(camille.of, cda(camille.of))):
        browser.get(f"/documents/{document}/")
    assert "1 document que vous n’avez pas encore ouvert." in text(browser.get("/"))


def test_home_says_when_nothing_is_new() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.get(f"/documents/{one}/")
    assert "Rien de nouveau : vous avez ouvert tous vos documents." in text(browser.get("/"))


def test_documents_are_under_their_month() -> None:
    camille = member()
    file(camille.of, cda(camille.of), title="En mars")
    file(camille.of, cda(camille.of), title="En janvier", on=AT - timedelta(days=60))
    page = text(signed_in(camille).get("/documents/"))
    assert re.search(r"mars 2026.*En mars.*janvier 2026.*En janvier", page)
    assert "2 documents" in page


def test_a_long_list_has_pages() -> None:
    camille = member()
    for number in range(21):
        file(camille.of, cda(camille.of), title=f"Numéro {number:02}", on=AT - timedelta(days=number))
    browser = signed_in(camille)
    first, second = browser.get("/documents/"), browser.get("/documents/?page=2")
    assert "Numéro 00" in text(first) and "Numéro 20" not in text(first)
    assert "Numéro 20" in text(second) and "Numéro 00" not in text(second)
    assert b'href="?page=2"' in first.content
    assert "Numéro 20" in text(browser.get("/documents/?page=99999"))
    assert "Numéro 00" in text(browser.get("/documents/?page=zzz"))


def test_a_document_is_read_whole() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of), by=organisation("Laboratoire des Tilleuls"))
    response = signed_in(camille).get(f"/documents/{one}/")
    page = text(response)
    assert response.content.count(b"<h1>") == 1
    for words in ("Hémogramme", "13,2 g/dL", "Résultats dans les valeurs de référence.", "Anne Le Goff"):
        assert words in page
    assert "Déposé le mercredi 4 mars 2026 à 10 h 30 par Laboratoire des Tilleuls." in page
    assert "Les soignants et les laboratoires peuvent déposer" in page


def test_a_document_is_downloaded_byte_for_byte_under_a_safe_name() -> None:
    camille = member()
    content = cda(camille.of)
    one = file(camille.of, content, title='../../etc/passwd"\r\nX: é')
    response = signed_in(camille).get(f"/documents/{one}/telecharger/")
    assert response.content == content
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''etc%20passwd%20X%20%C3%A9.xml"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"


def test_an_embedded_pdf_is_shown_in_a_closed_frame_and_offered() -> None:
    camille = member()
    one = file(camille.of, cda_with_file(camille.of, PDF, "application/pdf"))
    browser = signed_in(camille)
    page = browser.get(f"/documents/{one}/")
    assert f'<iframe class="pdf" src="/documents/{one}/pieces/1/#'.encode() in page.content
    assert "Télécharger le PDF" in text(page)
    shown = browser.get(f"/documents/{one}/pieces/1/")
    assert (shown.content, shown["Content-Type"]) == (PDF, "application/pdf")
    assert shown["Content-Disposition"] == 'inline; filename="Analyses de sang.pdf"'
    assert shown["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'; sandbox"
    assert (shown["X-Content-Type-Options"], shown["X-Frame-Options"]) == ("nosniff", "SAMEORIGIN")
    offered = browser.get(f"/documents/{one}/pieces/1/?telecharger")
    assert offered["Content-Disposition"] == 'attachment; filename="Analyses de sang.pdf"'


def test_a_file_that_no_browser_shows_is_offered() -> None:
    camille = member()
    one = file(camille.of, cda_with_file(camille.of, b"{\\rtf1 Bonjour}", "text/rtf"))
    browser = signed_in(camille)
    assert "Téléchargez-le pour le lire." in text(browser.get(f"/documents/{one}/"))
    assert browser.get(f"/documents/{one}/pieces/1/")["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("number", [0, 2, 999999])
def test_a_piece_that_is_not_there_is_not_found(number: int) -> None:
    camille = member()
    one = file(camille.of, cda_with_file(camille.of, PDF, "application/pdf"))
    assert signed_in(camille).get(f"/documents/{one}/pieces/{number}/").status_code == 404


def test_a_plain_file_is_shown_and_downloaded_as_what_it_is() -> None:
    camille = member()
    one = file(camille.of, "Glycémie 5,1 mmol/L".encode())
    browser = signed_in(camille)
    assert "Glycémie 5,1 mmol/L" in text(browser.get(f"/documents/{one}/"))
    original = browser.get(f"/documents/{one}/telecharger/")
    assert (original.content, original["Content-Type"]) == (
        "Glycémie 5,1 mmol/L".encode(),
        "text/plain; charset=utf-8",
    )
    assert original["Content-Disposition"].startswith("attachment;")


def test_versions_lead_to_each_other() -> None:
    camille, hospital = member(), organisation()
    old = file(camille.of, cda(camille.of), by=hospital, uid="urn:oid:1.2.250.1.999.77", title="Première version")
    new = file(camille.of, cda(camille.of), by=hospital, replaces="urn:oid:1.2.250.1.999.77", title="Seconde version")
    browser = signed_in(camille)
    assert f'href="/documents/{new}/"'.encode() in browser.get(f"/documents/{old}/").content
    assert f'href="/documents/{old}/"'.encode() in browser.get(f"/documents/{new}/").content
    listed = text(browser.get("/documents/"))
    assert "Seconde version" in listed and "Première version" not in listed
    with_old = text(browser.post("/documents/", {"anciennes": "1"}, follow=True))
    assert "Première version" in with_old and "Version remplacée" in with_old


def same_answer(camille: Member, path: str, other: str) -> None:
    browser = signed_in(camille)
    first, second = browser.get(path), browser.get(other)
    words = (text(first).replace(path, "PATH"), text(second).replace(other, "PATH"))
    assert first.status_code == second.status_code == 404
    assert words[0] == words[1]


@pytest.mark.parametrize("suffix", ["", "telecharger/", "pieces/1/"])
def test_absent_hidden_and_somebody_else_s_documents_answer_alike(suffix: str) -> None:
    camille, other = member(), member()
    held = file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    foreign = file(other.of, cda(other.of))
    absent = f"/documents/{uuid4()}/{suffix}"
    same_answer(camille, f"/documents/{held}/{suffix}", absent)
    same_answer(camille, f"/documents/{foreign}/{suffix}", absent)


def test_a_held_result_is_nowhere() -> None:
    camille = member()
    held = frozenset({Visibility.INVISIBLE_PATIENT})
    file(camille.of, cda(camille.of), title="Résultat secret", visibility=held, by=organisation("Labo du Secret"))
    browser = signed_in(camille)
    for path in PAGES:
        page = text(browser.get(path))
        assert "Secret" not in page and "secret" not in page


def test_the_register_says_who_did_what_and_why() -> None:
    camille = member()
    file(camille.of, cda(camille.of), by=organisation("Laboratoire des Tilleuls"))
    browser = signed_in(camille)
    page = text(browser.get("/partage/historique/"))
    assert "mercredi 4 mars 2026" in page
    assert re.search(r"Laboratoire des Tilleuls a déposé un document Analyses de sang 10 h 30 · Permis", page)


def test_own_accesses_are_shown_and_can_be_hidden() -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.get(f"/documents/{one}/")
    assert "Vous avez lu un document" in text(browser.get("/partage/historique/"))
    without = text(browser.get("/partage/historique/?sans=moi"))
    assert "Vous avez" not in without and "Hôpital des Remparts a déposé" in without


def test_a_suspended_space_is_refused_with_its_sentence_and_the_refusal_is_traced() -> None:
    camille = member()
    put_state(camille.of.patient, State.SUSPENDED)
    browser = signed_in(camille)
    refused = browser.get("/documents/")
    assert refused.status_code == 403
    assert "Votre espace est suspendu : des documents peuvent y arriver, mais personne ne peut" in text(refused)
    put_state(camille.of.patient, State.ACTIVATED)
    page = text(browser.get("/partage/historique/"))
    assert "Vous avez essayé de consulter la liste de vos documents. " in page and "Refusé" in page


def test_an_account_closed_since_is_signed_out() -> None:
    camille = member()
    browser = signed_in(camille)
    from django.contrib.auth import get_user_model

    get_user_model().objects.filter(pk=camille.account).update(is_active=False)
    assert browser.get("/documents/").status_code == 302


def test_a_stranger_without_account_sees_no_record() -> None:
    someone = holder()
    one = file(someone, cda(someone))
    assert Client().get(f"/documents/{one}/").status_code == 302
