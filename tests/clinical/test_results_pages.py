"""Results over time and the search of one record, at both doors: what they show, and what they never show."""

import re

import pytest
from django.test import Client

from cast import Holder, consents, organisation, professional
from clinical.scene import deposit, results, stated, summary
from espace import edge
from espace.kernel.words import Visibility
from portal.helpers import Member, member, signed_in
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")
MASKED, HELD = frozenset({Visibility.MASQUE_PS}), frozenset({Visibility.INVISIBLE_PATIENT})
LINK = re.compile(r'href="([^"]*/resultats/[^"]+/)"')


@pytest.fixture
def camille() -> Member:
    return member()


def desk_of(of: Holder) -> Desk:
    anne = professional()
    consents(of, anne, at=edge.now())
    return Desk(anne)


def searched(browser: Client | Desk, place: str, words: str) -> str:
    answer = browser.post(place, {"mots": words})
    assert words not in answer["Location"]
    return browser.get(answer["Location"]).content.decode()


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(title|svg).*?</\1>", "", page, flags=re.DOTALL)).split())


def test_results_are_listed_and_drawn_for_the_holder(camille: Member) -> None:
    laboratory = organisation()
    for value in ("5.1", "7.4"):
        deposit(camille.of, laboratory, stated(results(camille.of, value)))
    browser = signed_in(camille)
    assert 'href="/sante/resultats/"' in browser.get("/sante/").content.decode()
    page = browser.get("/sante/resultats/").content.decode()
    assert "Sucre" in text(page) and "Glycémie 7,4 mmol/L Élevé" in text(page) and "2 résultats" in page
    (address,) = set(LINK.findall(page))
    assert "14749" not in address and "lyc" not in address.split("/")[-2][:4]
    one = browser.get(address).content.decode()
    assert '<svg viewBox="0 0 360 190" role="img"' in one and "Courbe de 2 résultats, mmol/L" in one
    assert text(one).count("3,9 – 6,1 mmol/L") == 2 and one.count('class="source"') == 2
    for token in ("x", "A" * 3000, "é"):
        assert browser.get(f"/sante/resultats/{token}/").status_code == 404
    assert signed_in(member()).get(address).status_code == 404


def test_the_list_of_results_is_searched_by_name(camille: Member) -> None:
    deposit(camille.of, organisation(), stated(results(camille.of)))
    browser = signed_in(camille)
    assert LINK.search(searched(browser, "/sante/resultats/", "glycémies"))
    page = searched(browser, "/sante/resultats/", "ferritine")
    assert not LINK.search(page) and "Aucun résultat ne correspond" in page
    assert browser.post("/sante/resultats/", {"mots": ""})["Location"] == "/sante/resultats/"


def test_without_results_the_page_says_what_will_come(camille: Member) -> None:
    assert "Aucun résultat pour l’instant" in signed_in(camille).get("/sante/resultats/").content.decode()
    place = f"/pro/patients/{camille.of.patient}/resultats/"
    assert "Aucun résultat à lire ainsi" in desk_of(camille.of).get(place).content.decode()


def test_a_professional_reads_results_over_time(camille: Member) -> None:
    deposit(camille.of, organisation(), stated(results(camille.of, "7.4")))
    desk, record = desk_of(camille.of), f"/pro/patients/{camille.of.patient}/"
    assert f'href="{record}resultats/"' in desk.get(record).content.decode()
    (address,) = set(LINK.findall(searched(desk, f"{record}resultats/", "glucose")))
    page = desk.get(address).content.decode()
    assert "Courbe de 1 résultat, mmol/L" in page and f"{record}documents/" in page
    assert desk.get(f"{record}resultats/x/").status_code == 404
    assert desk.post(f"{record}resultats/", {"mots": " "})["Location"] == f"{record}resultats/"
    stranger = Desk(professional())
    for place in (f"{record}resultats/", address):
        assert "Glycémie" not in stranger.get(place).content.decode()


@pytest.mark.parametrize("words", ["pénicillines", "urticaire", "synthèse"])
def test_a_search_looks_in_titles_texts_and_facts(camille: Member, words: str) -> None:
    deposit(camille.of, organisation(), stated(summary(camille.of)), stated(results(camille.of)))
    for browser, place in (
        (signed_in(camille), "/documents/"),
        (desk_of(camille.of), f"/pro/patients/{camille.of.patient}/"),
    ):
        page = searched(browser, place, words)
        assert "1 document<" in page and ("<mark>" in page or words == "synthèse")
        assert "Aucun document ne correspond" in searched(browser, place, "introuvable")


HOSTILE = ["(a+)+$[", "é" * 10_000, "%(x)s {{ 7 }} <script>", "\0\n\r\n"]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words[:9]))
def test_whatever_is_typed_there_is_a_page(camille: Member, words: str) -> None:
    deposit(camille.of, organisation(), stated(summary(camille.of)))
    for place in ("/documents/", "/sante/resultats/"):
        answer = signed_in(camille).post(place, {"mots": words}, follow=True)
        assert answer.status_code == 200 and b"<script>" not in answer.content.split(b"<main")[1]
    desk, place = desk_of(camille.of), f"/pro/patients/{camille.of.patient}/"
    for there in (place, f"{place}resultats/"):
        assert desk.get(desk.post(there, {"mots": words})["Location"]).status_code == 200


def test_extracts_are_escaped(camille: Member) -> None:
    deposit(camille.of, organisation(), stated(summary(camille.of, "<b>Pénicilline</b>")))
    page = searched(signed_in(camille), "/documents/", "penicilline")
    assert "&lt;b&gt;<mark>Pénicilline</mark>&lt;/b&gt;" in page and "<b>P" not in page


def worlds(page: str) -> str:
    """Without what is random or of the moment."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{60,}|[\w]{64}", "…", page)


@pytest.mark.parametrize("hidden", [MASKED, HELD], ids=["masked", "held"])
def test_what_is_hidden_is_found_by_nobody_who_may_not_see_it(camille: Member, hidden: frozenset[Visibility]) -> None:
    """Two worlds: with the document, and before it was there."""
    laboratory = organisation()
    deposit(camille.of, laboratory, stated(results(camille.of)))
    reader: Client | Desk = desk_of(camille.of) if hidden == MASKED else signed_in(camille)
    record = f"/pro/patients/{camille.of.patient}/" if hidden == MASKED else "/documents/"
    lists = f"{record}resultats/" if hidden == MASKED else "/sante/resultats/"

    def world() -> list[str]:
        found = [searched(reader, record, words) for words in ("penicilline", "urticaire", "glucose", "synthese")]
        return [worlds(page) for page in (*found, reader.get(lists).content.decode())]

    before = world()
    deposit(camille.of, laboratory, stated(summary(camille.of), hidden=hidden))
    deposit(camille.of, laboratory, stated(results(camille.of, "9.9"), hidden=hidden))
    assert world() == before and all("Pénicilline" not in page and "9,9" not in page for page in before)
