"""« Visibilité »: many documents masked in one act and beforehand, with the count said before."""

from uuid import UUID, uuid4

import pytest

from cast import AT, caring, consents, professional
from espace.access import gate
from espace.identity.facts import Professional
from espace.kernel.words import Purpose, Verb, Visibility
from espace.record import queries as record
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text

pytestmark = pytest.mark.usefixtures("db")
PAGE, KIND = "/partage/visibilite/", "/partage/visibilite/biology/"
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def seen_by(who: Professional, of: Member) -> set[UUID]:
    with gate.open_record(
        actor=caring(who), patient=of.of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return {one.id for one in record.documents(grant)}


def letter(of: Member) -> UUID:
    return file(of.of, cda(of.of), title="Lettre", type_code="11490-0")


def test_a_kind_is_masked_with_what_arrives_and_shown_again() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    blood, hospital = [file(camille.of, cda(camille.of)) for _ in range(2)], letter(camille)
    browser = signed_in(camille)
    assert "Analyses de laboratoire 2 documents" in text(browser.get(PAGE))
    asked = text(browser.get(f"{KIND}masquer/"))
    assert "Masquer aux professionnels « Analyses de laboratoire » ? 2 documents seront masqués." in asked
    assert "Des documents d’autres sortes peuvent parler de la même chose : ils restent visibles." in asked
    assert seen_by(petit, camille) == {*blood, hospital}
    done = text(browser.post(f"{KIND}masquer/", follow=True))
    assert "C’est fait. Masqué aux professionnels à l’instant : 2 documents." in done
    assert "Analyses de laboratoire 2 documents, dont 2 masqués · Masqués, et ceux à venir" in done
    later = file(camille.of, cda(camille.of))
    assert seen_by(petit, camille) == {hospital}
    assert "3 documents redeviendront visibles." in text(browser.get(f"{KIND}montrer/"))
    assert "Redevenu visible des professionnels : 3 documents." in text(browser.post(f"{KIND}montrer/", follow=True))
    assert seen_by(petit, camille) == {*blood, hospital, later}
    said = text(browser.get("/partage/historique/"))
    assert "Vous avez masqué aux professionnels, et masquerez à l’avenir, « Analyses de laboratoire » : 2 doc" in said
    assert "Vous avez cessé de masquer aux professionnels « Analyses de laboratoire » : 3 documents." in said


def test_masked_by_default_and_shown_in_one_act() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    before, browser = letter(camille), signed_in(camille)
    assert "rien ne change pour les documents déjà là" in text(browser.get(PAGE))
    assert "arriveront masqués" in text(browser.post(PAGE, {"arrivent": "masques"}, follow=True))
    file(camille.of, cda(camille.of))
    assert seen_by(petit, camille) == {before}
    page = browser.get(PAGE)
    assert 'value="masques" checked' in page.content.decode()
    assert "Montrer le document arrivé masqué" in text(page)
    assert "arriveront visibles" in text(browser.post(PAGE, {"arrivent": "visibles"}, follow=True))
    assert len(seen_by(petit, camille)) == 1
    browser.post(f"{PAGE}nouveaux/montrer/")
    assert len(seen_by(petit, camille)) == 2
    said = text(browser.get("/partage/historique/"))
    for words in ("arrivent masqués", "arrivent visibles", "ce qui était arrivé masqué : 1 document"):
        assert words in said


def test_everything_then_the_attending_doctor_s_page_says_it() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    file(camille.of, cda(camille.of)), letter(camille)
    browser = signed_in(camille)
    assert "2 documents seront masqués." in text(browser.get(f"{PAGE}tout/masquer/"))
    assert "2 documents, dont 2 masqués" in text(browser.post(f"{PAGE}tout/masquer/", follow=True))
    assert seen_by(petit, camille) == set()
    assert "Redevenu visible" in text(browser.post(f"{PAGE}tout/montrer/", follow=True))
    assert len(seen_by(petit, camille)) == 2


@pytest.mark.parametrize("word", ["rien", "all", "new", "BIOLOGY", "nouveaux"])
def test_what_is_no_rule_is_not_there(word: str) -> None:
    browser = signed_in(member())
    for method in (browser.get, browser.post):
        assert method(f"{PAGE}{word}/masquer/").status_code == 404


def test_pages_say_the_same_with_and_without_what_is_held() -> None:
    """Two worlds: no count, no question, no answer and no line tells of it."""
    worlds = []
    for hiding in (True, False):
        camille = member("camille.aux.deux.mondes." + uuid4().hex[:6])
        file(camille.of, cda(camille.of))
        if hiding:
            file(camille.of, cda(camille.of), visibility=HELD)
            file(camille.of, cda(camille.of), title="Lettre", type_code="11490-0", visibility=HELD)
        browser = signed_in(camille)
        said = [text(browser.get(path)) for path in (PAGE, f"{KIND}masquer/", f"{PAGE}tout/masquer/")]
        said += [text(browser.post(f"{PAGE}{act}/", follow=True)) for act in ("tout/masquer", "tout/montrer")]
        history = text(browser.get("/partage/historique/"))
        worlds.append([*said, history.count("1 document"), history.count("Lettre")])
    assert worlds[0] == worlds[1]
