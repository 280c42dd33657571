"""Health topics on the holder's pages: made, filled, masked with its warning, shown again, removed."""

import json
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cast import AT, cares, consents, professional
from espace.access import gate
from espace.kernel.words import Purpose, Verb, Visibility
from espace.portal.copies.data import choices
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_masking_rules import letter, seen_by
from portal.test_reading_pages import text

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/partage/visibilite/"
WARNING = "Masquer un sujet ne masque que les documents que vous y rattachez."
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def makes(browser: Client, name: str = "Santé mentale") -> str:
    """The address of a new topic."""
    made = browser.post(f"{PAGE}sujets/creer/", {"name": name})
    assert made.status_code == 302, text(made)
    return str(made.headers["Location"]).split("?")[0]


def topic_on(camille: Member, *titles: str) -> tuple[Client, str, list[UUID]]:
    """A holder signed in, the address of a topic of theirs, and the documents of these titles, linked."""
    browser, ids = signed_in(camille), [file(camille.of, cda(camille.of), title=one) for one in titles]
    path = makes(browser)
    browser.post(f"{path}rattacher/", {"document": ids})
    return browser, path, ids


def test_from_visibility_to_a_masked_topic_and_back() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    blood, near, other = (
        file(camille.of, cda(camille.of), title=one) for one in ("Analyses", "Suivi mental", "Autre chose")
    )
    browser = signed_in(camille)
    assert "Un sujet de santé Réunissez des documents" in text(browser.get(PAGE))
    assert "Addictions" in text(browser.get(f"{PAGE}sujets/creer/"))
    path = makes(browser)
    assert "mentale" not in path
    assert "Aucun document dans ce sujet" in text(browser.get(path))
    assert "Autre chose" in text(browser.get(f"{path}ajouter/"))
    done = text(browser.post(f"{path}rattacher/", {"document": [blood]}, follow=True))
    assert "C’est fait : 1 document rattaché à ce sujet." in done and "1 document" in done
    asked = text(browser.get(f"{path}masquer/"))
    assert "Masquer aux professionnels le sujet « Santé mentale » ? 1 document sera masqué." in asked
    assert WARNING in asked
    assert "Ces documents parlent peut-être du même sujet" in asked
    assert "Suivi mental" in asked and "Autre chose" not in asked
    again = browser.post(f"{path}rattacher/", {"document": [near], "suite": "masquer"}, follow=True)
    assert "2 documents seront masqués." in text(again) and "Suivi mental" not in text(again)
    assert seen_by(petit, camille) == {blood, near, other}
    done = text(browser.post(f"{path}masquer/", follow=True))
    assert "C’est fait. Masqué aux professionnels à l’instant : 2 documents." in done
    assert "2 documents, dont 2 masqués · Sujet masqué" in done
    assert seen_by(petit, camille) == {other}
    assert "Santé mentale 2 documents, dont 2 masqués · Sujet masqué" in text(browser.get(PAGE))
    assert "sont masqués aussitôt aux professionnels" in text(browser.get(f"{path}ajouter/"))
    assert "2 documents redeviendront visibles" in text(browser.get(f"{path}montrer/"))
    assert "Redevenu visible des professionnels : 2 documents." in text(browser.post(f"{path}montrer/", follow=True))
    assert seen_by(petit, camille) == {blood, near, other}
    said = text(browser.get("/partage/historique/"))
    assert "Vous avez masqué un sujet de santé aux professionnels : 2 documents." in said
    assert "Vous avez cessé de masquer un sujet de santé aux professionnels : 2 documents." in said
    assert "mentale" not in said


def test_a_document_is_linked_from_its_page_which_says_what_masks_it() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    browser, path, _ = topic_on(camille, "Analyses")
    browser.post(f"{path}masquer/")
    other = file(camille.of, cda(camille.of), title="Autre")
    page = text(browser.get(f"/documents/{other}/"))
    assert "Rattacher à un sujet de santé" in page and "Sujets de santé :" not in page
    chosen = browser.get(f"/documents/{other}/sujets/")
    assert "À quels sujets rattacher ce document ? Autre" in text(chosen)
    assert "Santé mentale (sujet masqué)" in text(chosen)
    topic = path.split("/")[-2]
    done = text(browser.post(f"/documents/{other}/sujets/", {"sujet": topic, "name": "Fatigue"}, follow=True))
    assert "les sujets de ce document sont enregistrés" in done
    assert "Sujets de santé : Fatigue, Santé mentale." in done
    assert "Masqué par le sujet de santé « Santé mentale »." in done
    assert seen_by(petit, camille) == set()
    eyes = text(browser.get(f"/partage/voir-comme/{petit.id}/?accord=1"))
    assert eyes.count("Masqué par le sujet de santé « Santé mentale ».") == 2
    assert "checked" in browser.get(f"/documents/{other}/sujets/").content.decode()
    done = text(browser.post(f"/documents/{other}/sujets/", {"name": ""}, follow=True))
    assert "Sujets de santé :" not in done and "Masqué par" not in done
    assert seen_by(petit, camille) == {other}


def test_taking_documents_off_a_masked_topic_says_what_shows() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    browser, path, (one, two) = topic_on(camille, "Analyses", "Suivi")
    browser.post(f"{path}masquer/")
    assert "Cochez d’abord" in text(browser.get(f"{path}retirer/", follow=True))
    assert "Cochez d’abord" in text(browser.post(f"{path}rattacher/", follow=True))
    asked = text(browser.get(f"{path}retirer/?document={one}"))
    assert "Retirer du sujet « Santé mentale » ? Analyses" in asked
    assert "Si rien d’autre ne le masque, les professionnels le verront." in asked
    done = text(browser.post(f"{path}retirer/?document={one}", follow=True))
    assert "Redevenu visible des professionnels : 1 document." in done
    assert seen_by(petit, camille) == {one}
    browser.post(f"/documents/{two}/montrer/")
    assert "Un document de ce sujet est visible : il a été montré depuis." in text(browser.get(path))
    browser.post(f"{path}masquer/")
    assert seen_by(petit, camille) == {one}


def test_a_topic_is_renamed_and_removed() -> None:
    camille, petit = member(), professional("Petit")
    consents(camille.of, petit)
    browser, path, (one,) = topic_on(camille, "Analyses")
    browser.post(f"{path}masquer/")
    makes(browser, "Fertilité")
    assert "porte déjà ce nom" in text(browser.post(f"{PAGE}sujets/creer/", {"name": "santé MENTALE"}))
    assert "porte déjà ce nom" in text(browser.post(f"{path}renommer/", {"name": "fertilité"}))
    assert "Donnez un nom au sujet." in text(browser.post(f"{path}renommer/", {"name": " "}))
    assert "au plus" in text(browser.post(f"{PAGE}sujets/creer/", {"name": "x" * 81}))
    assert "C’est fait" in text(browser.post(f"{path}renommer/", {"name": "Sommeil"}, follow=True))
    asked = text(browser.get(f"{path}supprimer/"))
    assert "Supprimer le sujet « Sommeil » ?" in asked and "1 document redeviendra visible" in asked
    done = text(browser.post(f"{path}supprimer/", follow=True))
    assert "le sujet est supprimé. Redevenu visible des professionnels : 1 document." in done
    assert "Sommeil" not in done and seen_by(petit, camille) == {one}
    assert browser.get(path).status_code == 404


def test_a_search_keeps_its_words_out_of_the_address_and_pages_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.looks.paging.PER_PAGE", 2)
    camille = member()
    browser, path, _ = topic_on(camille)
    wanted, *_ = [letter(camille), *(file(camille.of, cda(camille.of)) for _ in range(2))]
    pages = [browser.get(f"{path}ajouter/?page={number}").content.decode() for number in (1, 2)]
    assert [one.count('name="document"') for one in pages] == [2, 1]
    found = browser.post(f"{path}ajouter/", {"mots": "lettre"}, follow=True)
    assert "1 document" in text(found) and "lettre" not in found.redirect_chain[-1][0].lower()
    assert f'value="{wanted}"' in found.content.decode()


METHODS = [("get", page) for page in ("", "ajouter/", "masquer/", "montrer/", "renommer/", "supprimer/")]
METHODS += [("post", page) for page in ("rattacher/", "masquer/", "montrer/", "renommer/", "supprimer/")]


def test_absent_and_somebody_else_s_topics_answer_alike() -> None:
    camille, other = member(), member()
    browser, _, (one,) = topic_on(camille, "Analyses")
    theirs = makes(signed_in(other), "Sommeil")
    for method, page in METHODS:
        answers = set()
        for address in (theirs, f"{PAGE}sujets/{uuid4()}/"):
            send = browser.get if method == "get" else browser.post
            answer = send(f"{address}{page}", {} if method == "get" else {"document": one, "name": "Autre"})
            answers.add((answer.status_code, text(answer)))
        assert len(answers) == 1 and next(iter(answers))[0] == 404, (method, page)


def test_what_is_held_is_offered_nowhere_and_cannot_be_linked() -> None:
    camille = member()
    browser, path, (one,) = topic_on(camille, "Analyses")
    held = file(camille.of, cda(camille.of), title="Suivi mental zibeline", visibility=HELD)
    for page in ("", "ajouter/", "masquer/"):
        assert "zibeline" not in text(browser.get(f"{path}{page}"))
    answers = {
        browser.post(f"{path}rattacher/", {"document": [one, other]}).status_code
        for other in (held, uuid4(), "rien")
    }
    answers |= {browser.post(f"/documents/{other}/sujets/", {}).status_code for other in (held, uuid4())}
    assert answers == {404}


def test_a_carer_has_none_of_it() -> None:
    camille = member()
    _, path, (one,) = topic_on(camille, "Analyses")
    address = f"{uuid4()}@exemple.fr"
    marie = member(given="MARIE", email=address)
    mandate = cares(marie.of, camille.of, address=address)
    helper = signed_in(marie)
    inside = f"/pour/{mandate}"
    assert "mentale" not in text(helper.get(f"{inside}/documents/{one}/"))
    for page in (path, f"{path}masquer/", f"{PAGE}sujets/creer/", f"/documents/{one}/sujets/"):
        assert helper.get(f"{inside}{page}").status_code == 403
        if page != path:
            assert helper.post(f"{inside}{page}", {"name": "Autre"}).status_code == 403


def test_the_copy_tells_the_topics() -> None:
    camille = member()
    _, _, (one,) = topic_on(camille, "Analyses")
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.COPY, at=AT
    ) as grant:
        told = json.loads(b"".join(choices(grant, {})[1]))
    assert told["topics"] == [{"name": "Santé mentale", "masked": False, "documents": [str(one)]}]
