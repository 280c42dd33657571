"""Folders, pins and selections: the holder's own order, one document or several at once; removing, undoing, putting
back. A page costs a fixed number of statements."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

from django.test import Client
from pytest_django.fixtures import Settings

from cast import AT
from espace import edge
from portal.helpers import Member, cda, file, member, signed_in
from portal.own import added, documents_of, send, text_file, titles
from portal.test_reading_pages import text
from portal.test_statements import statements


def made(browser: Client, name: str) -> str:
    """A new folder; the address of the list of what it holds."""
    page = browser.post("/documents/dossiers/", {"name": name}, follow=True).content.decode()
    found = re.search(rf'href="(/documents/\?dossier=[0-9a-f-]+)">{re.escape(name)}</a>', page)
    assert found, page
    return found[1]


def order(browser: Client, path: str = "/documents/") -> list[str]:
    """The titles of a list, from its top."""
    return re.findall(r'<h3 class="doc-title"><a href="[^"]+">([^<]+)</a>', browser.get(path).content.decode())


def chosen(act: str, *ids: UUID) -> dict[str, object]:
    return {"acte": act, "document": [str(one) for one in ids]}


def test_folders_are_made_renamed_and_removed_and_their_documents_stay() -> None:
    camille = member()
    browser = signed_in(camille)
    assert "Aucun dossier pour l’instant" in text(browser.get("/documents/dossiers/"))
    path = made(browser, "Dentiste")
    folder = path.rpartition("=")[2]
    one = file(camille.of, cda(camille.of))
    assert "Ce dossier est vide" in text(browser.get(path))
    said = browser.post(f"/documents/ranger/?document={one}", {"dossier": folder, "epingle": ""}, follow=True)
    assert "C’est fait : le document est rangé." in text(said) and "Dentiste" in text(said)
    assert order(browser, path) == ["Analyses de sang"]
    assert "1 document" in text(browser.get("/documents/dossiers/"))
    renamed = browser.post(f"/documents/dossiers/{folder}/renommer/", {"name": "Mes dents"}, follow=True)
    assert "C’est fait : le dossier s’appelle maintenant « Mes dents »." in text(renamed)
    asked = text(browser.get(f"/documents/dossiers/{folder}/supprimer/"))
    assert "Supprimer le dossier « Mes dents » ?" in asked
    assert "Les documents qu’il contient restent dans votre espace, sans dossier." in asked
    gone = browser.post(f"/documents/dossiers/{folder}/supprimer/", follow=True)
    assert "le dossier est supprimé, ses documents sont toujours là." in text(gone)
    assert order(browser) == ["Analyses de sang"] and order(browser, path) == []


NAMES = (
    ("", "Donnez un nom au dossier."),
    ("  ", "Donnez un nom au dossier."),
    ("d" * 61, "Le nom est trop long"),
    ("Dentiste", "Un autre dossier porte déjà ce nom."),
)


def test_a_name_that_will_not_do_is_said_beside_its_field() -> None:
    """A name that another folder has is none for a new folder; to put a document there it does."""
    camille = member()
    browser = signed_in(camille)
    folder = made(browser, "Grossesse").rpartition("=")[2]
    made(browser, "Dentiste")
    one = file(camille.of, cda(camille.of))
    paths = ("/documents/dossiers/", f"/documents/dossiers/{folder}/renommer/", f"/documents/ranger/?document={one}")
    for name, words in NAMES:
        for path in paths[: 2 if name == "Dentiste" else 3]:
            answer = browser.post(path, {"name": name, "dossier": "nouveau"})
            page = text(answer)
            assert answer.status_code == 200 and words in page and "À corriger" in page
            assert f'value="{name}"' in answer.content.decode() or not name.strip()
    assert [one.folder for one in documents_of(camille)] == [None]


def test_a_new_folder_and_a_pin_at_once() -> None:
    camille = member()
    browser = signed_in(camille)
    file(camille.of, cda(camille.of), title="Récent", on=AT)
    old = file(camille.of, cda(camille.of), title="Ancien", on=AT - timedelta(days=400))
    assert order(browser) == ["Récent", "Ancien"]
    form = {"dossier": "nouveau", "name": "Dos", "epingle": "1"}
    said = text(browser.post(f"/documents/ranger/?document={old}", form, follow=True))
    assert "Épinglé" in said and "Dos" in said
    assert order(browser) == ["Ancien", "Récent"]
    assert "Épinglés" in text(browser.get("/documents/"))
    unpinned = {"dossier": "aucun"}
    browser.post(f"/documents/ranger/?document={old}", unpinned)
    assert order(browser) == ["Récent", "Ancien"]
    assert [(one.folder, one.pinned) for one in documents_of(camille)] == [(None, False), (None, False)]


def test_words_find_a_document_by_its_title_and_by_its_folder() -> None:
    camille = member()
    browser = signed_in(camille)
    path = made(browser, "Grossesse de 2025")
    inside, _ = file(camille.of, cda(camille.of), title="Échographie"), file(camille.of, cda(camille.of), title="Dents")
    browser.post(f"/documents/ranger/?document={inside}", {"dossier": path.rpartition("=")[2]})
    for where, words, found in (
        ("/documents/", "GROSSESSE", ["Échographie"]),
        ("/documents/", "echographie", ["Échographie"]),
        (path, "dents", []),
        (path, "echo", ["Échographie"]),
        ("/documents/?dossier=aucun", "dents", ["Dents"]),
    ):
        answer = browser.post(where, {"mots": words})
        assert words.lower() not in answer["Location"].lower()
        assert order(browser, answer["Location"]) == found
    shelves = text(browser.get("/documents/"))
    assert "Tous 2" in shelves and "Grossesse de 2025 1" in shelves and "Sans dossier 1" in shelves
    assert order(browser, f"/documents/?dossier={uuid4()}") == order(browser, "/documents/?dossier=<b>") == []


def test_a_selection_is_pinned_arranged_or_removed_and_keeps_its_place() -> None:
    camille = member()
    browser = signed_in(camille)
    one, two = added(camille, browser, "un.txt"), added(camille, browser, "deux.txt")
    said = browser.post("/documents/choisis/?dossier=aucun&page=1", chosen("epingler", one, two), follow=True)
    assert "C’est fait : 2 documents sont épinglés en haut de la liste." in text(said)
    assert "dossier=aucun" in said.request["QUERY_STRING"]
    assert all(one.pinned for one in documents_of(camille))
    assert "n’est plus épinglé" in text(browser.post("/documents/choisis/", chosen("desepingler", one), follow=True))
    assert {one.id: one.pinned for one in documents_of(camille)} == {one: False, two: True}
    asked = browser.post("/documents/choisis/", chosen("ranger", one, two))
    assert asked["Location"] == f"/documents/ranger/?document={one}&document={two}"
    assert "Ranger 2 documents" in text(browser.get(asked["Location"]))
    moved = browser.post(asked["Location"], {"dossier": "nouveau", "name": "Papiers"}, follow=True)
    assert "C’est fait : 2 documents sont rangés." in text(moved)
    assert len({one.folder for one in documents_of(camille)} - {None}) == 1
    assert {one.id: one.pinned for one in documents_of(camille)} == {one: False, two: True}
    asked = browser.post("/documents/choisis/", chosen("supprimer", one, two))
    assert asked["Location"] == f"/documents/supprimer/?document={one}&document={two}"


def test_a_press_without_a_choice_says_so() -> None:
    camille = member()
    browser = signed_in(camille)
    file(camille.of, cda(camille.of))
    for form in ({}, {"acte": "epingler"}, {"acte": "ranger"}, {"acte": "brûler", "document": str(uuid4())}):
        page = text(browser.post("/documents/choisis/?dossier=aucun", form, follow=True))
        assert "Cochez d’abord un ou plusieurs documents dans la liste." in page and "Analyses de sang" in page


def test_what_one_added_is_removed_undone_and_put_back_later() -> None:
    camille = member()
    browser = signed_in(camille)
    one = added(camille, browser, "scan.txt")
    path = f"/documents/supprimer/?document={one}"
    assert f'href="{path}"' in browser.get(f"/documents/{one}/").content.decode()
    asked = text(browser.get(path))
    for words in ("Supprimer ce document ?", "scan", "Pendant 30 jours, vous pourrez le remettre"):
        assert words in asked
    assert titles(camille) == ["scan"]
    done = browser.post(path, follow=True)
    assert "C’est fait : le document est supprimé." in text(done) and "Annuler la suppression" in text(done)
    assert titles(camille) == [] and browser.get(f"/documents/{one}/").status_code == 404
    undone = browser.post("/documents/remettre/", {"document": str(one)}, follow=True)
    assert "C’est fait : le document est de nouveau dans l’espace." in text(undone)
    assert titles(camille) == ["scan"]
    browser.post(path)
    waiting = text(browser.get("/documents/supprimes/"))
    assert "scan" in waiting and "Remettre" in waiting and "Supprimé le" in waiting
    browser.post("/documents/remettre/", {"document": str(one)})
    assert titles(camille) == ["scan"] and "Rien n’est supprimé" in text(browser.get("/documents/supprimes/"))
    history = text(browser.get("/partage/historique/"))
    for words in ("Vous avez supprimé un document que vous aviez ajouté", "Vous avez remis un document"):
        assert words in history


def test_it_cannot_be_put_back_for_ever(settings: Settings) -> None:
    camille = member()
    browser = signed_in(camille)
    one = added(camille, browser, "scan.txt")
    browser.post(f"/documents/supprimer/?document={one}")
    settings.ESPACE_TRASH_DAYS = 0
    assert "Rien n’est supprimé" in text(browser.get("/documents/supprimes/"))
    assert browser.post("/documents/remettre/", {"document": str(one)}).status_code == 404
    assert titles(camille) == []


def test_only_ten_of_one_s_own_are_removed_at_once() -> None:
    camille = member()
    browser = signed_in(camille)
    send(browser, *(text_file(f"{number}.txt", f"mots {number}") for number in range(10)))
    send(browser, text_file("dix.txt", "mots 10"))
    own = [one.id for one in documents_of(camille)]
    deposited = file(camille.of, cda(camille.of))
    for ids, words in (
        ((own[0], deposited), "« Analyses de sang » a été déposé par"),
        ((deposited,), "Vous ne pouvez pas supprimer ce document"),
        ((deposited,), "seul cet organisme peut le supprimer ou le corriger."),
        (own, "Vous avez coché 11 documents. On peut en supprimer 10 au plus à la fois."),
    ):
        path = "/documents/supprimer/?" + "&".join(f"document={one}" for one in ids)
        page = browser.get(path).content.decode()
        assert words in text(browser.get(path)) and "button-alert" not in page
        assert browser.post(path).status_code in (403, 422)
    assert len(documents_of(camille)) == 12


def test_the_link_that_undoes_is_not_made_up() -> None:
    """« Annuler » stands beside the note of an act just done, and nowhere else."""
    browser = signed_in(member())
    assert "Annuler" not in text(browser.get(f"/documents/?annuler={uuid4()}&fait=rien"))
    assert browser.get("/documents/?annuler=abc").status_code == 200


def test_absent_foreign_and_lost_things_answer_alike() -> None:
    camille, other = member(), member()
    browser, stranger = signed_in(camille), signed_in(other)
    one, folder = added(other, stranger, "intime.txt"), made(stranger, "Secret").rpartition("=")[2]
    mine = added(camille, browser, "mien.txt")
    answers: dict[str, set[str]] = {}
    for document, place in ((one, folder), (uuid4(), str(uuid4()))):
        for method, path, form in (
            ("get", f"/documents/ranger/?document={document}", {}),
            ("post", f"/documents/ranger/?document={document}", {"dossier": "aucun"}),
            ("post", f"/documents/ranger/?document={mine}", {"dossier": place}),
            ("get", f"/documents/supprimer/?document={document}", {}),
            ("post", f"/documents/supprimer/?document={document}", {}),
            ("post", "/documents/remettre/", {"document": str(document)}),
            ("post", "/documents/choisis/", chosen("epingler", document)),
            ("get", f"/documents/dossiers/{place}/renommer/", {}),
            ("post", f"/documents/dossiers/{place}/renommer/", {"name": "Pris"}),
            ("get", f"/documents/dossiers/{place}/supprimer/", {}),
            ("post", f"/documents/dossiers/{place}/supprimer/", {}),
        ):
            answer = getattr(browser, method)(path, form) if form else getattr(browser, method)(path)
            assert answer.status_code == 404, (method, path)
            said = text(answer).replace(str(document), "ID").replace(place, "ID")
            answers.setdefault(f"{method} {path}".replace(str(document), "ID").replace(place, "ID"), set()).add(said)
    assert all(len(said) == 1 for said in answers.values())
    assert titles(other) == ["intime"] and "Secret" in text(stranger.get("/documents/dossiers/"))


PAGES = (
    "/documents/ajouter/",
    "/documents/?dossier=aucun",
    "/documents/modifier/?document={one}",
    "/documents/ranger/?document={one}&document={two}",
    "/documents/supprimer/?document={one}",
    "/documents/supprimes/",
    "/documents/dossiers/",
    "/documents/dossiers/{folder}/renommer/",
)


def furnish(who: Member, browser: Client, count: int) -> tuple[UUID, UUID, str]:
    """So many documents in a folder, as many removed."""
    mark = edge.new_id().hex[-12:]
    folder = made(browser, f"Dossier {mark}").rpartition("=")[2]
    for start in range(0, count, 10):
        send(browser, *(text_file(f"{n}{mark}.txt", f"{n}{mark}") for n in range(start, min(count, start + 10))))
    kept = [one.id for one in documents_of(who)]
    browser.post("/documents/ranger/?" + "&".join(f"document={one}" for one in kept[:20]), {"dossier": folder})
    gone = [added(who, browser, f"gone{mark}.txt")]
    browser.post(f"/documents/supprimer/?document={gone[0]}")
    return kept[0], kept[1], folder


def test_more_documents_and_folders_cost_no_more_statements() -> None:
    camille = member()
    browser = signed_in(camille)
    one, two, folder = furnish(camille, browser, 2)
    addresses = [path.format(one=one, two=two, folder=folder) for path in PAGES]
    few = [len(statements(browser, address)) for address in addresses]
    furnish(camille, browser, 9)
    assert [len(statements(browser, address)) for address in addresses] == few
    assert max(few) <= 16
