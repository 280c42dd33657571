"""« Avis »: the page, the bell of every page, and what its buttons do."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from cast import AT, cares, names_doctor, professional, represents
from espace.edge import clock_at
from espace.kernel.ids import PatientId
from espace.kernel.words import Visibility
from espace.notices import actions, rules
from espace.notices.facts import Kind, Notice
from espace.portal.pages.notice_words import words_of
from espace.site import worker
from portal.helpers import Member, cda, file, member, signed_in

pytestmark = pytest.mark.django_db

PATH = "/avis/"


def tell(patient: PatientId, kind: Kind, who: str = "", about: str = "", detail: str = "") -> None:
    notice = Notice(kind, AT, rules.EVERYBODY, who=who, detail=detail)
    actions.note(patient=patient, notice=notice, about=about or str(uuid4()))


def told() -> Member:
    """Somebody with a document that the worker told them of."""
    camille = member()
    file(camille.of, cda(camille.of), title="Analyses de Camille")
    with clock_at(AT):
        worker.run_until_idle()
    return camille


def text(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def bell(page: bytes) -> str:
    found = re.search(r'<a class="quiet bell" href="/avis/" aria-label="([^"]+)"', page.decode())
    return found[1] if found else ""


def test_a_document_is_told_with_a_link_to_it_and_the_bell_says_so_on_every_page() -> None:
    camille = told()
    browser = signed_in(camille)
    page = browser.get(PATH).content
    assert "Nouveau document, déposé par" in text(page) and "Non lu" in text(page)
    assert re.search(r'<a href="/documents/[0-9a-f-]{36}/">Analyses de Camille</a>', page.decode())
    for path in ("/", "/documents/", "/partage/", PATH):
        assert bell(browser.get(path).content) == "Avis, 1 non lu"
    assert bell(browser.get("/documents/ajouter/").content) == "Avis"
    assert bell(Client().get("/").content) == ""


def test_reading_the_page_marks_nothing_and_its_button_does() -> None:
    camille = told()
    browser = signed_in(camille)
    for _ in range(2):
        assert bell(browser.get(PATH).content) == "Avis, 1 non lu"
    (one,) = re.findall(r'name="lu" value="([0-9a-f-]{36})"', browser.get(PATH).content.decode())
    said = browser.post(PATH, {"lu": one}, follow=True)
    assert "Avis marqué comme lu." in text(said.content)
    assert bell(said.content) == "Avis" and "Non lu" not in text(said.content)
    said = browser.post(PATH, {"supprimer": one}, follow=True)
    assert "Avis supprimé." in text(said.content) and "Aucun avis pour l’instant" in text(said.content)


def test_all_are_marked_at_once() -> None:
    camille = told()
    for number in range(3):
        tell(camille.of.patient, Kind.CONSENT, "Anne Morel", str(number))
    browser = signed_in(camille)
    assert bell(browser.get("/").content) == "Avis, 4 non lus"
    assert bell(browser.post(PATH, {"lu": "tout"}, follow=True).content) == "Avis"


@pytest.mark.parametrize("form", [{}, {"lu": "x"}, {"supprimer": "x"}, {"lu": str(uuid4())}, {"supprimer": "\x00"}])
def test_what_names_no_notice_changes_none(form: dict[str, str]) -> None:
    camille = told()
    browser = signed_in(camille)
    assert browser.post(PATH, form).status_code == 302
    assert bell(browser.get("/").content) == "Avis, 1 non lu"


@pytest.mark.parametrize("cursor", ["x", "", "00000000-0000-0000-0000-000000000000", "é", "1" * 5000])
def test_a_page_that_is_not_one_answers(cursor: str) -> None:
    assert signed_in(member()).get(PATH, {"avant": cursor}).status_code == 200


def test_it_goes_back_page_by_page() -> None:
    camille = member()
    names_doctor(camille.of, professional())
    for number in range(30):
        tell(camille.of.patient, Kind.CONSENT, f"Nom {number:02}", str(number))
    browser, path, seen = signed_in(camille), PATH, ""
    for _ in range(2):
        page = browser.get(path).content.decode()
        seen += page
        following = re.search(r'rel="next" href="(\?avant=[^"]+)"', page)
        path = PATH + following[1] if following else ""
    assert path == "" and all(f"Nom {number:02}" in seen for number in range(30))


def test_the_history_says_that_they_were_put_in_order() -> None:
    camille = told()
    browser = signed_in(camille)
    browser.post(PATH, {"lu": "tout"})
    assert "avez rangé vos avis" in text(browser.get("/partage/historique/").content)


def test_it_speaks_english() -> None:
    camille = told()
    for kind in Kind:
        for detail in ("", "ended", "declines", "begun", "done"):
            tell(camille.of.patient, kind, "Xx", detail=detail)
    browser = signed_in(camille)
    browser.post("/langue/", {"langue": "en"})
    for path in (PATH, "/partage/notifications/"):
        page = text(browser.get(path).content)
        assert not re.search(r"\b(votre|vous|vos|quand|accord|équipe|marquer|supprimer|choisir)\b", page.lower())


def test_each_kind_has_its_words() -> None:
    titles = {words_of(Notice(kind, AT, rules.EVERYBODY, who="Anne Morel")).title for kind in Kind}
    assert len(titles) == len(Kind) and not any("%" in title for title in titles)
    for kind in Kind:
        alone = words_of(Notice(kind, AT, rules.EVERYBODY)).title
        assert alone and not alone.endswith((" par ", ": "))


def _page(held: bool) -> list[str]:
    """All that the holder's pages say, in a world with hidden documents or in one without."""
    camille = member()
    file(camille.of, cda(camille.of), title="Vue", by=None)
    if held:
        hides = frozenset({Visibility.INVISIBLE_PATIENT})
        for title in ("Tue", "Cachée"):
            file(camille.of, cda(camille.of), title=title, visibility=hides)
    with clock_at(AT + timedelta(minutes=1)):
        worker.run_until_idle()
    browser, words = signed_in(camille), r'value="[^"]{50,}"|[0-9a-f]{8}-[0-9a-f-]{27}|Hôpital[^<]*|fait=[^"]+'
    pages = [browser.get(path).content.decode() for path in (PATH, "/", PATH + "?avant=" + str(uuid4()))]
    pages.append(browser.post(PATH, {"lu": "tout"}, follow=True).content.decode())
    return [re.sub(words, "", page) for page in pages]


def test_a_world_with_hidden_documents_is_told_of_as_one_without() -> None:
    with clock_at(AT):
        assert _page(held=True) == _page(held=False)


def test_a_mother_reads_and_tidies_her_child_s_notices_under_their_prefix() -> None:
    marie, leo = member(given="MARIE"), member(given="LÉO", born=date(2011, 3, 22))
    root = f"/pour/{represents(marie.of, leo.of)}"
    file(leo.of, b"Rien.", title="Radio du poignet")
    hides = frozenset({Visibility.INVISIBLE_REPRESENTANTS_LEGAUX})
    file(leo.of, b"Autre.", title="Gardée", visibility=hides)
    with clock_at(AT):
        worker.run_until_idle()
    tell(leo.of.patient, Kind.CONSENT, "Anne Morel")
    browser, own = signed_in(marie), signed_in(leo)
    page = browser.get(f"{root}{PATH}").content.decode()
    assert "Radio du poignet" in page and "Gardée" not in page
    assert f'href="{root}/avis/" aria-label="Avis, ' in page and f'href="{root}/partage/notifications/"' in page
    said = browser.post(f"{root}{PATH}", {"lu": "tout"}, follow=True)
    assert said.redirect_chain[0][0].startswith(f"{root}/avis/") and "Non lu" not in text(said.content)
    assert "Gardée" in own.get(PATH).content.decode() and "Non lu" in text(own.get(PATH).content)
    assert bell(browser.get("/").content) == "Avis"


def test_a_carer_has_no_bell_and_no_notices() -> None:
    camille, email = told(), f"{uuid4().hex}@exemple.fr"
    paul = member(given="PAUL", email=email)
    root = f"/pour/{cares(paul.of, camille.of, address=email)}"
    browser = signed_in(paul)
    home = browser.get(f"{root}/")
    assert home.status_code == 200 and "quiet bell" not in home.content.decode()
    assert browser.get(f"{root}{PATH}").status_code == browser.post(f"{root}{PATH}").status_code == 403
