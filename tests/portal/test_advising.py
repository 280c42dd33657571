"""A digital adviser at a counter: the code, the band on every page, what they may do, what the holder sees, the end."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cast import represents
from espace.edge import clock_at, now
from espace.identity.actions.advising import name_adviser, remove_adviser
from espace.kernel.words import Visibility
from portal.helpers import PDF, Member, cda, cda_with_file, file, member, signed_in
from portal.own import text_file
from portal.test_spaces import BORN, places, words
from portal.test_statements import statements

HERE = "/partage/proches/conseiller/"
ASK, END = f"{HERE}code/", f"{HERE}terminer/"
DESK = "/conseiller/"
COUNTER = "France services de Saint-Junien"
BAND = "Noémie Duval, conseiller numérique (France services de Saint-Junien), vous aide jusqu’à"


@pytest.fixture(autouse=True)
def confirmed_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second factor was given lately; that it is asked for is the first test's."""
    monkeypatch.setattr("espace.portal.pages.step_up.is_fresh", lambda request, at: True)


def adviser(name: str = "NOÉMIE") -> Member:
    who = member(given=name)
    name_adviser(account=who.account, structure=COUNTER)
    return who


def code_in(page: Any) -> str:
    return re.search(r"<code>([A-Z0-9]{4} [A-Z0-9]{4})</code>", page.content.decode())[1]  # type: ignore[index]


def begun(holder: Client, hers: Client, scope: str = "act") -> tuple[str, Any]:
    """Where the adviser is, and the page that says so."""
    there = hers.post(DESK, {"code": code_in(holder.post(ASK, {"scope": scope})).lower()}, follow=True)
    assert there.status_code == 200 and there.redirect_chain, words(there)
    return re.match(r"/pour/[^/]+", there.redirect_chain[0][0])[0], there  # type: ignore[index]


def test_asking_for_a_code_asks_for_a_second_factor_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.portal.pages.step_up.is_fresh", lambda request, at: False)
    asked = signed_in(member()).get(ASK)
    assert asked["Location"] == "/securite/confirmer/?suite=%2Fpartage%2Fproches%2Fconseiller%2Fcode%2F"


def test_a_session_from_the_code_to_the_end_seen_by_both() -> None:
    camille, noemie = member(), adviser()
    one = file(camille.of, cda(camille.of), title="Analyses")
    browser, hers = signed_in(camille), signed_in(noemie)
    assert "Être aidé par un conseiller numérique" in words(browser.get("/partage/proches/"))
    asked = browser.get(ASK)
    assert "Il ne peut jamais télécharger" in words(asked) and "60 minutes au plus" in words(asked)
    assert "Aucun conseiller numérique n’aide ici" in words(browser.get(HERE))
    root, there = begun(browser, hers)
    assert "C’est commencé" in words(there) and "Vous aidez Camille Duval jusqu’à" in words(there)
    for path in ("/", "/documents/", "/securite/", "/partage/historique/", f"/documents/{one}/", "/nulle-part/"):
        page = browser.get(path)
        assert BAND in words(page) and {HERE, END} <= places(page), path
    read = hers.get(f"{root}/documents/{one}/")
    assert read.status_code == 200 and f"{root}/partage/proches/quitter/" in places(read)
    assert "Télécharger" not in words(read) and "Fichier d’origine" not in words(read)
    added = {"chosen": [text_file()], "type_code": "DOCPAT02", "title": "Attestation", "day": ""}
    assert hers.post(f"{root}/documents/ajouter/", added).status_code == 302
    assert hers.get(f"{root}/documents/{one}/telecharger/").status_code == 403
    told = words(browser.get(HERE))
    assert "Noémie Duval, France services de Saint-Junien (conseiller numérique) a ajouté un document" in told
    assert "a essayé de télécharger un document" in told and "il ne télécharge rien" in told
    assert "a commencé une séance de conseiller numérique" in told
    assert browser.get(ASK)["Location"] == HERE
    ended = browser.post(END, follow=True)
    assert "C’est fait : Noémie Duval ne vous aide plus." in words(ended)
    assert BAND not in words(ended) and "Terminée à" in words(ended) and "par Camille Duval." in words(ended)
    refused = hers.get(f"{root}/documents/")
    assert refused.status_code == 403 and "Cette séance d’aide est terminée." in words(refused)
    assert "demandez un nouveau code" in words(refused) and f"{root}/" not in places(refused)
    assert "Vous avez mis fin à l’aide de Noémie Duval" in words(browser.get("/partage/historique/"))
    assert "N’aident plus Noémie Duval Conseiller numérique" in words(browser.get("/partage/proches/"))


def test_the_adviser_ends_it_too_and_two_tabs_agree() -> None:
    camille, noemie = member(), adviser()
    browser, hers = signed_in(camille), signed_in(noemie)
    root, there = begun(browser, hers, "read")
    assert "Aider quelqu’un" in words(there) and DESK in places(there)
    hers.get("/documents/")  # another tab, in her own space
    assert "L’espace de la personne : Camille Duval" in words(hers.get(DESK))
    empty = hers.get(f"{root}/documents/")
    assert "Aucun document pour l’instant" in words(empty) and not any("supprimes" in one for one in places(empty))
    assert hers.post(f"{root}/documents/dossiers/", {"name": "Dentiste"}).status_code == 403
    left = hers.post(f"{root}/partage/proches/quitter/", follow=True)
    assert left.redirect_chain[0][0].startswith(DESK) and "vous n’aidez plus Camille Duval." in words(left)
    assert hers.get(f"{root}/documents/").status_code == 403
    assert BAND not in words(browser.get("/"))
    nothing = browser.post(END, follow=True)
    assert "Aucune séance n’était en cours." in words(nothing)


NEVER = (
    *("/partage/", "/partage/historique/", "/partage/proches/", "/partage/visibilite/", "/partage/urgences/"),
    *("/partage/notifications/", "/partage/copie/", "/partage/voir-comme/", "/avis/", HERE, ASK),
)


def test_what_an_adviser_never_opens() -> None:
    camille, noemie = member(), adviser()
    browser, hers = signed_in(camille), signed_in(noemie)
    written = file(camille.of, cda(camille.of))
    root, there = begun(browser, hers)
    for path in NEVER:
        refused = hers.get(root + path)
        assert refused.status_code == 403 and "elle seule décide de cela" in words(refused), path
    for path in ("remettre", "supprimer"):
        assert hers.post(f"{root}/documents/{path}/", {"document": written}).status_code in (403, 404), path
    assert hers.post(f"{root}{END}").status_code == 403
    assert hers.get(f"{root}/securite/").status_code == hers.get(f"{root}{DESK}").status_code == 404
    assert "Partage et accès" not in words(there) and "Supprimer" not in words(hers.get(f"{root}/documents/"))


def test_files_are_shown_on_the_page_and_never_saved() -> None:
    camille, noemie = member(), adviser()
    browser, hers = signed_in(camille), signed_in(noemie)
    paper = file(camille.of, PDF, title="Scanner")
    letter = file(camille.of, cda_with_file(camille.of, rb"{\rtf1 Bonjour}", "text/rtf"))
    root, _ = begun(browser, hers, "read")
    shown = hers.get(f"{root}/documents/{paper}/pieces/1/")
    assert shown.status_code == 200 and shown["Content-Disposition"].startswith("inline")
    assert hers.get(f"{root}/documents/{paper}/pieces/1/?telecharger").status_code == 403
    saved = hers.get(f"{root}/documents/{letter}/pieces/1/")
    assert saved.status_code == 403 and "il ne télécharge rien" in words(saved)
    assert browser.get(f"/documents/{letter}/pieces/1/")["Content-Disposition"].startswith("attachment")
    assert hers.get(f"{root}/documents/{paper}/pieces/9/").status_code == 404


def test_wrong_codes_are_alike_and_counted() -> None:
    camille, noemie, paul = member(), adviser(), adviser("PAUL")
    browser, hers, his = signed_in(camille), signed_in(noemie), signed_in(paul)
    used = code_in(browser.post(ASK, {"scope": "read"}))
    with clock_at(now() + timedelta(minutes=11)):
        expired = his.post(DESK, {"code": used})
    begun(browser, hers, "read")
    answers = [his.post(DESK, {"code": one}) for one in (used, "ACDE FGHJ", "n’importe quoi", used.lower())]
    said = {re.sub(r'value="[^"]*"', "", one.content.decode()) for one in (expired, *answers)}
    assert {one.status_code for one in (expired, *answers)} == {422} and len(said) == 1
    assert "Ce code n’est pas le bon, ou ne vaut plus." in words(expired)
    assert his.post(DESK, {"code": ""}).status_code == 422
    for _ in range(5):
        his.post(DESK, {"code": "ACDE FGHJ"})
    assert his.post(DESK, {"code": "ACDE FGHJ"}).status_code == 429


def test_right_codes_that_cannot_serve_say_why() -> None:
    noemie, camille = adviser(), member()
    hers, browser = signed_in(noemie), signed_in(camille)
    own = hers.post(DESK, {"code": code_in(hers.post(ASK, {"scope": "read"}))})
    assert own.status_code == 422 and "Cette invitation vient de vous." in words(own)
    begun(browser, hers, "read")
    other = signed_in(member(given="MARIE"))
    there = hers.get(DESK)
    assert "Séance en cours" in words(there) and "name=\"code\"" not in there.content.decode()
    busy = hers.post(DESK, {"code": code_in(other.post(ASK, {"scope": "read"}))})
    assert busy.status_code == 422 and "Vous aidez déjà quelqu’un d’autre." in words(busy)


def test_the_desk_is_nothing_to_anybody_else() -> None:
    camille, noemie = member(), adviser()
    browser, absent = signed_in(camille), signed_in(camille).get("/nulle-part/")
    for answer in (browser.get(DESK), browser.post(DESK, {"code": "ACDE FGHJ"})):
        assert answer.status_code == 404
        assert words(answer) == words(absent)
    hers = signed_in(noemie)
    assert hers.get(DESK).status_code == 200
    root, _ = begun(browser, hers, "read")
    remove_adviser(account=noemie.account)
    assert hers.get(DESK).status_code == 404 and hers.get(f"{root}/").status_code == 403


def test_a_parent_begins_no_session_for_their_child_but_sees_and_ends_it() -> None:
    marie, leo, noemie = member(given="MARIE"), member(given="LÉO", born=BORN), adviser()
    mother, son, hers = signed_in(marie), signed_in(leo), signed_in(noemie)
    root = f"/pour/{represents(marie.of, leo.of)}"
    for refused in (mother.get(f"{root}{ASK}"), mother.post(f"{root}{ASK}", {"scope": "read"})):
        assert refused.status_code == 403
    begun(son, hers, "read")
    assert "Noémie Duval, de France services de Saint-Junien, aide ici jusqu’à" in words(mother.get(root + HERE))
    assert "C’est fait : Noémie Duval n’aide plus ici." in words(mother.post(root + END, follow=True))
    assert BAND not in words(son.get("/"))


def test_what_is_held_from_the_holder_takes_no_room_among_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.trace.queries.MOST_LINES", 2)
    camille, noemie = member(), adviser()
    browser, hers = signed_in(camille), signed_in(noemie)
    begun(browser, hers, "read")
    for _ in range(2):
        file(camille.of, cda(camille.of), visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    told = words(browser.get(HERE))
    assert "a commencé une séance de conseiller numérique" in told and "a consulté la liste" in told


def test_the_band_costs_the_pages_of_all_others_nothing() -> None:
    alone, camille, noemie = member(), member(), adviser()
    pays = len(statements(signed_in(alone), "/documents/"))
    browser, hers = signed_in(camille), signed_in(noemie)
    begun(browser, hers, "read")
    assert len(statements(browser, "/documents/")) == pays + 2
    browser.post(END)
    assert len(statements(browser, "/documents/")) == pays
    assert len(statements(signed_in(adviser()), DESK)) <= 5
