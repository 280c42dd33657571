"""The holder adds documents and says what they are: what is taken, what is refused and where it is said, once only."""

import tempfile
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from cast import holder
from espace.edge import now
from portal.helpers import PDF, Member, cda, file, member, signed_in
from portal.own import ADD, added, documents_of, picture, png, send, text_file, titles
from portal.test_reading_pages import text


def test_one_file_becomes_a_document_that_says_who_added_it() -> None:
    camille = member()
    browser = signed_in(camille)
    assert 'href="/documents/ajouter/"' in browser.get("/documents/").content.decode()
    asked = text(browser.get(ADD))
    for words in ("5 Mo au plus par fichier", "10 fichiers au plus", "Ordonnance, traitement ou soins"):
        assert words in asked
    done = send(browser, text_file(), title="Ordonnance du dentiste", day="2025-03-04")
    said = text(done)
    for words in (
        "C’est fait : le document est ajouté.",
        "Ordonnance du dentiste",
        "mardi 4 mars 2025",
        "Vous avez ajouté ce document le",
        "C’est votre espace : vous y ajoutez vos documents et vous les rangez.",
        "Paracétamol 1 g",
    ):
        assert words in said
    (one,) = documents_of(camille)
    assert (one.own, one.entry.type.code if one.entry.type else "") == (True, "DOCPAT02")
    listed = text(browser.get("/documents/"))
    assert "Ajouté par vous" in listed and "Nouveau" not in listed
    assert "Vous avez ajouté un document Ordonnance du dentiste" in text(browser.get("/partage/historique/"))


def test_several_files_are_described_one_by_one_afterwards() -> None:
    camille = member()
    browser = signed_in(camille)
    done = send(browser, text_file("dents.txt", "Dents"), text_file("yeux.txt", "Yeux"))
    assert "C’est fait : 2 documents sont ajoutés." in text(done)
    assert done.redirect_chain[-1][0].startswith("/documents/modifier/?")
    assert titles(camille) == ["dents", "yeux"]
    address = done.request["PATH_INFO"] + "?" + done.request["QUERY_STRING"]
    form = {
        "0-type_code": "DOCPAT07", "0-title": "Certificat du dentiste", "0-day": "04/03/2025",
        "1-type_code": "DOCPAT05", "1-title": "Fond d’œil", "1-day": "",
    }  # fmt: skip
    assert "vos changements sont enregistrés" in text(browser.post(address, form, follow=True))
    assert titles(camille) == ["Certificat du dentiste", "Fond d’œil"]
    kinds = {one.entry.title: one.entry.type.code for one in documents_of(camille) if one.entry.type}
    assert kinds == {"Certificat du dentiste": "DOCPAT07", "Fond d’œil": "DOCPAT05"}


def test_a_title_for_several_files_is_numbered() -> None:
    camille = member()
    send(signed_in(camille), text_file("a.txt", "A"), text_file("b.txt", "B"), title="Radio")
    assert titles(camille) == ["Radio (1)", "Radio (2)"]


def test_photos_of_one_document_become_one_pdf() -> None:
    camille = member()
    done = send(signed_in(camille), picture("page1.png", 10), picture("page2.png", 20), together="on")
    assert "C’est fait : le document est ajouté." in text(done)
    (one,) = documents_of(camille)
    assert (one.entry.mime_type, one.entry.title) == ("application/pdf", "page1")
    again = send(signed_in(camille), picture("page1.png", 10), picture("page2.png", 20), together="on")
    assert "C’est fait" in text(again) and len(documents_of(camille)) == 1


def test_a_double_click_and_a_second_try_add_once() -> None:
    camille = member()
    browser = signed_in(camille)
    for _ in range(3):
        assert "C’est fait : le document est ajouté." in text(send(browser, text_file(), title="Ordonnance"))
    assert titles(camille) == ["Ordonnance"]


def script(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"MZ\x90\x00" + bytes(200), "application/pdf")


TOMORROW = (now() + timedelta(days=2)).date().isoformat()
REFUSALS: tuple[tuple[str, tuple[SimpleUploadedFile, ...], dict[str, str], str], ...] = (
    ("no file", (), {}, "Choisissez au moins un fichier."),
    ("no type", (text_file(),), {"type_code": ""}, "Choisissez ce que c’est."),
    ("unknown type", (text_file(),), {"type_code": "11502-2"}, "Choisissez ce que c’est dans la liste."),
    ("long title", (text_file(),), {"title": "a" * 121}, "Le titre est trop long"),
    ("day to come", (text_file(),), {"day": TOMORROW}, "Cette date n’est pas encore arrivée."),
    ("no day", (text_file(),), {"day": "31/02/2025"}, "Écrivez une date complète"),
    ("old day", (text_file(),), {"day": "1825-03-04"}, "Cette date est trop ancienne"),
    ("too many", tuple(text_file(f"{n}.txt", str(n)) for n in range(11)), {}, "10 fichiers au plus à la fois."),
    ("empty", (SimpleUploadedFile("vide.txt", b""),), {}, "« vide.txt » : Ce fichier est vide. Vérifiez qu’il s’ouvre"),
    ("a Word document", (SimpleUploadedFile("lettre.docx", b"PK\x03\x04" + bytes(60)),), {}, "enregistrez-le en PDF"),
    ("a program", (script("scan.pdf"),), {}, "« scan.pdf » :"),
    ("one of two", (text_file(), script("scan.pdf")), {}, "« scan.pdf » :"),
    ("no picture", (text_file(),), {"together": "on"}, "n’est pas"),
)


@cache
def careless() -> tuple[Member, Client]:
    """Somebody all of whose tries are refused, and who therefore has nothing."""
    someone = member()
    return someone, signed_in(someone)


@pytest.mark.parametrize(("files", "said", "words"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_a_refusal_is_said_beside_its_field_and_keeps_what_was_typed(
    files: tuple[SimpleUploadedFile, ...], said: dict[str, str], words: str
) -> None:
    for one in files:
        one.seek(0)
    camille, browser = careless()
    typed = {"title": "Mon « titre »", **said}
    answer = send(browser, *files, **typed)
    page = text(answer)
    assert answer.status_code == 200 and words in page
    assert "Rien n’a été enregistré." in page and "Erreur" in page
    if "title" not in said:
        assert 'value="Mon « titre »"' in answer.content.decode()
    assert documents_of(camille) == ()


def test_a_file_that_is_too_heavy_is_refused_by_its_name(settings: Settings) -> None:
    settings.ESPACE_UPLOAD_MAX_BYTES = 2000
    camille = member()
    page = text(send(signed_in(camille), text_file("lourd.txt", "a" * 2001), text_file("léger.txt")))
    assert "« lourd.txt » : Ce fichier est trop lourd." in page and "« léger.txt »" not in page
    assert documents_of(camille) == ()
    assert "C’est fait" in text(send(signed_in(camille), text_file("juste.txt", "a" * 2000)))


def test_a_body_that_is_too_big_gets_a_page_with_the_way_back(settings: Settings) -> None:
    """Whoever sends it, and whatever the page: its stated length is judged before anything is read."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.ESPACE_MAX_REQUEST_BYTES = 2000
    for browser in (signed_in(member()), Client()):
        for path in (ADD, "/documents/", "/langue/", "/connexion/", "/pro/", "/nulle/part/"):
            answer = browser.post(path, {"chosen": text_file(words="a" * 3000), "type_code": "DOCPAT02"})
            page = text(answer)
            assert answer.status_code == 413
            assert "C’est trop lourd" in page and "Rien n’a été enregistré, rien n’est perdu." in page
            assert ('href="/documents/ajouter/"' in answer.content.decode()) is (path == ADD)


def test_documents_never_lie_in_clear_in_a_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: Any, **named: Any) -> Any:
        raise AssertionError("a temporary file was made")

    camille = member()
    heavy = text_file("long.txt", "a" * 3_000_000)
    with monkeypatch.context() as patched:
        for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
            patched.setattr(tempfile, name, refuse)
        assert "C’est fait" in text(send(signed_in(camille), heavy))


def test_a_forged_request_adds_nothing() -> None:
    camille = member()
    browser = signed_in(camille)
    browser.handler.enforce_csrf_checks = True
    form = {"chosen": text_file(), "type_code": "DOCPAT02"}
    for path in (ADD, "/documents/choisis/", "/documents/remettre/", "/documents/dossiers/"):
        answer = browser.post(path, form)
        assert answer.status_code == 403
        form["chosen"].seek(0)
    assert documents_of(camille) == ()
    browser.get(ADD)
    token = browser.cookies["csrftoken"].value
    assert browser.post(ADD, {**form, "csrfmiddlewaretoken": token}).status_code == 302
    assert len(documents_of(camille)) == 1


def test_who_is_not_signed_in_signs_in_first() -> None:
    answer = Client().post(ADD, {"chosen": text_file(), "type_code": "DOCPAT02"})
    assert answer.status_code == 302 and answer["Location"].startswith("/connexion/")


def test_the_script_of_the_page_is_told_where_to_go() -> None:
    camille = member()
    browser = signed_in(camille)
    page = browser.get(ADD)
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "script" not in browser.get("/documents/")["Content-Security-Policy"]
    form = {"chosen": text_file(), "type_code": "DOCPAT02"}
    answer = browser.post(ADD, form, headers={"X-Espace-Progress": "1"})
    (one,) = documents_of(camille)
    assert answer.json()["next"].startswith(f"/documents/{one.id}/?fait=")


HOSTILE = ("../../etc/passwd.txt", "a\x00b.txt", "x" * 400 + ".txt", "\u202etxt.txt", "<b>&.txt", ".txt")


def test_the_name_of_a_file_is_only_ever_words() -> None:
    camille = member()
    browser = signed_in(camille)
    for name in HOSTILE:
        assert send(browser, text_file(name, words=f"Mots {name[:9]}".replace("\0", ""))).status_code == 200
    assert len(documents_of(camille)) >= 4
    for one in documents_of(camille):
        assert "/" not in one.entry.title and "\x00" not in one.entry.title and len(one.entry.title) <= 120


def test_what_one_added_is_described_again() -> None:
    camille = member()
    browser = signed_in(camille)
    one = added(camille, browser, "scan.txt")
    address = f"/documents/modifier/?document={one}"
    assert f'href="{address}"' in browser.get(f"/documents/{one}/").content.decode()
    page = browser.get(address).content.decode()
    assert 'value="scan"' in page and "selected>Ordonnance, traitement ou soins" in page
    wrong = text(browser.post(address, {"0-type_code": "DOCPAT02", "0-title": " ", "0-day": ""}))
    assert "Écrivez un titre." in wrong and "Erreur" in wrong
    browser.post(address, {"0-type_code": "EXPPAT_3", "0-title": "Directives : les miennes", "0-day": ""})
    assert 'value="Directives : les miennes"' in browser.get(address).content.decode()
    assert "Directives\u202f: les miennes" in browser.get(f"/documents/{one}/").content.decode()
    form = {"0-type_code": "EXPPAT_3", "0-title": "Mes directives", "0-day": "2024-02-29"}
    said = text(browser.post(address, form, follow=True))
    assert "vos changements sont enregistrés" in said and "jeudi 29 février 2024" in said
    assert titles(camille) == ["Mes directives"]
    assert "Vous avez renommé ou reclassé un document Mes directives" in text(browser.get("/partage/historique/"))


def test_only_what_one_added_is_described_absent_and_foreign_ones_answer_alike() -> None:
    camille, other = member(), member()
    browser = signed_in(camille)
    foreign = added(other, signed_in(other), "intime.txt")
    deposited, strange = file(camille.of, cda(camille.of)), file(holder(), PDF)
    answers = set()
    for one in (uuid4(), foreign, strange):
        path = f"/documents/modifier/?document={one}"
        for answer in (browser.get(path), browser.post(path, {"0-type_code": "DOCPAT02", "0-title": "Volé"})):
            assert answer.status_code == 404
            answers.add(text(answer).replace(path, "PATH").replace(str(one), "ID"))
    assert len(answers) == 1
    path = f"/documents/modifier/?document={deposited}"
    assert browser.get(path).status_code == 403
    assert browser.post(path, {"0-type_code": "DOCPAT02", "0-title": "Volé"}).status_code == 403
    assert titles(other) == ["intime"] and titles(camille) == ["Analyses de sang"]


def test_an_address_that_names_no_document_or_too_many_does_not_exist() -> None:
    browser, many = signed_in(member()), "&".join(f"document={uuid4()}" for _ in range(21))
    for page in ("modifier", "ranger", "supprimer"):
        for query in ("", "document=", "document=abc", many):
            assert browser.get(f"/documents/{page}/?{query}").status_code == 404


def test_a_picture_is_shown_on_its_page() -> None:
    camille = member()
    browser = signed_in(camille)
    page = send(browser, SimpleUploadedFile("radio.png", png(grey=3), "image/png")).content.decode()
    assert 'alt="Contenu du document, 1"' in page
