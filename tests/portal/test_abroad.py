"""« Résumé pour l’étranger » at both doors: the same facts in French and in English, and what no page of it holds."""

import re

import pytest

from cast import consents, organisation, professional
from clinical.scene import deposit, results, stated, summary
from espace.edge import now
from espace.kernel.words import Visibility
from portal.helpers import Member, member, signed_in
from portal.test_health import states
from portal.test_reading_pages import text
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/sante/resume-etranger/"
MASKED = frozenset({Visibility.MASQUE_PS})


@pytest.fixture
def camille() -> Member:
    """A result and an allergy in documents, a wish and a vaccine of her own, and a result that nobody else sees."""
    found, laboratory = member(), organisation()
    deposit(found.of, laboratory, stated(results(found.of)), stated(summary(found.of)))
    deposit(found.of, laboratory, stated(results(found.of, "9.9"), hidden=MASKED))
    for section in ("vaccinations", "sujets"):
        states(found, section)
    return found


def plain(page: object) -> str:
    return text(page).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_holder_finds_it_in_ma_sante_and_reads_it_in_french(camille: Member) -> None:
    browser = signed_in(camille)
    assert f'href="{PAGE}"' in browser.get("/sante/").content.decode()
    answer = browser.get(PAGE)
    page, words = answer.content.decode(), plain(answer)
    assert '<article class="abroad stack" lang="fr"' in page and page.count("<h1") == 1
    allergy = "Pénicilline SNOMED CT 764146007 , urticaire , depuis mars 2026"
    assert f"{allergy} Document d’un professionnel, 4 mars 2026" in words
    assert "Glucose à jeun LOINC 14749-6 , 5,1 mmol/L , attendu : 3,9 – 6,1 , 4 mars 2026 Document" in words
    assert "Infanrix hexa , dose 1 , lot A12 , 2019 Déclaré par le patient, 4 mars 2026" in words
    assert re.search(r'href="/documents/[0-9a-f-]{36}/#[\w.-]+"', page)
    assert "9,9" not in page
    assert "1 information n’est pas reprise" in words
    assert 'class="stack no-print"' in page.split("1 information")[0].rsplit("<div", 1)[1]


def test_in_english_what_has_a_name_is_told_in_english_and_the_rest_is_marked(camille: Member) -> None:
    answer = signed_in(camille).get(f"{PAGE}?langue=en")
    page, words = answer.content.decode(), plain(answer)
    assert '<html lang="fr">' in page and '<article class="abroad stack" lang="en"' in page
    assert "Allergies and intolerances" in words and "Latest laboratory results" in words
    assert '<strong lang="fr">Pénicilline</strong>' in page
    assert "<strong>Glucose</strong>" in page and "5.1 mmol/L" in words
    assert "4 March 2026" in words
    other = signed_in(camille).get(f"{PAGE}?langue=de").content.decode()
    assert '<article class="abroad stack" lang="fr"' in other


def test_an_empty_record_says_that_nothing_is_known_of_what_matters_most() -> None:
    words = plain(signed_in(member()).get(PAGE))
    assert "Allergies et intolérances" in words and "Traitements en cours" in words and "Problèmes" in words
    assert words.count("Aucune information disponible.") == 3
    assert "Vaccinations" not in words.partition("Résumé international")[2]


def test_a_professional_reads_the_same_and_its_words_are_not_the_holders(camille: Member) -> None:
    anne, stranger = professional(), professional()
    consents(camille.of, anne, at=now())
    place = f"/pro/patients/{camille.of.patient}/"
    desk = Desk(anne)
    assert f'href="{place}resume-etranger/"' in desk.get(place).content.decode()
    answer = desk.get(f"{place}resume-etranger/")
    mine = plain(signed_in(camille).get(PAGE)).partition("Résumé international de santé")[2]
    theirs = plain(answer).partition("Résumé international de santé")[2]
    assert theirs.partition("Vos documents")[0][:400] == mine[:400]
    assert "9,9" not in answer.content.decode() and "n’est pas reprise" not in plain(answer)
    refused = Desk(stranger).get(f"{place}resume-etranger/")
    assert refused.status_code == 403 and "Pénicilline" not in refused.content.decode()
