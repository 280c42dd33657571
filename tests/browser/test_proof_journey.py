"""A proof file checked in a real browser: a true one holds, forged ones are refused with their reason, nothing is sent
anywhere; without scripts, or without Ed25519, a sentence leads to the program."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from browser.seen import listening
from espace.kernel.words import Visibility
from logbook import file_of, others, settle, somebody, write, write_hidden
from portal.helpers import member, signed_in

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/transparency/verifier/"


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, locale="fr-FR")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def proved(django_db_setup: None, django_db_blocker: Any) -> bytes:
    with django_db_blocker.unblock():
        anne = somebody()
        write(anne, 2)
        write_hidden(anne, Visibility.INVISIBLE_PATIENT)
        others(300)
        settle()
        write(anne, 3)
        settle()
        return file_of(anne)


def _altered(said: dict[str, Any]) -> None:
    said["lines"][2]["event"] = said["lines"][2]["event"].replace("Ferrand", "Martin")


def _without(said: dict[str, Any]) -> None:
    said["lines"].pop(1)


def _from_the_second(said: dict[str, Any]) -> None:
    said["lines"].pop(0)


def _other_root(said: dict[str, Any]) -> None:
    said["checkpoint"] = said["checkpoint"].replace("\n", "\n1", 1)


def _other_entry(said: dict[str, Any]) -> None:
    data = said["entries"][0]["data"]
    said["entries"][0]["data"] = ("B" if data[0] == "A" else "A") + data[1:]


def _swapped(said: dict[str, Any]) -> None:
    said["lines"][3]["previous"] = said["lines"][2]["previous"]


def _unsigned(said: dict[str, Any]) -> None:
    """A forged signature of the log's key, beside the true one."""
    line = said["checkpoint"].splitlines()[-1]
    said["checkpoint"] += line[:-8] + ("AAAA" if line[-8:-4] != "AAAA" else "BBBB") + line[-4:] + "\n"


def _no_line(said: dict[str, Any]) -> None:
    said["lines"], said["entries"] = [], []


def _no_audience(said: dict[str, Any]) -> None:
    said["audience"] = "toString"


FORGED = {
    "La ligne 3 n’est pas celle qui a été écrite": _altered,
    "Avant la ligne 3, il manque des lignes": _without,
    "Avant la ligne 2, il manque des lignes": _from_the_second,
    "La signature n’est pas celle de ce journal": _other_root,
    "n’est pas dans le journal signé": _other_entry,
    "La ligne 4 n’est pas à cette place": _swapped,
    "La signature n’est pas celle": _unsigned,
    "Ce fichier ne contient aucune ligne": _no_line,
    "Ce fichier n’est pas une preuve du journal": _no_audience,
}


def chosen(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/json", "buffer": data}


def test_true_and_forged_files(context: BrowserContext, proved: bytes) -> None:
    seen = listening(context.new_page())
    page = seen.page
    asked: list[str] = []
    page.goto(PAGE)
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.get_by_label("Fichier de preuve").set_input_files(chosen("preuve.json", proved))
    expect(page.locator("#verdict")).to_contain_text("Lignes vérifiées : 5")
    dates = re.compile(r"La première est du \d\d/\d\d/\d{4}[^,]*, la dernière du \d")
    expect(page.locator("#verdict")).to_contain_text(dates)
    expect(page.locator("#verdict")).to_contain_text("Cette page ne cherche pas s’il en manque après la dernière")
    seen.look("transparence-verifier")
    for why, change in FORGED.items():
        said = json.loads(proved)
        change(said)
        page.get_by_label("Fichier de preuve").set_input_files(chosen("forged.json", json.dumps(said).encode()))
        expect(page.locator("#verdict")).to_contain_text("La preuve est refusée")
        expect(page.locator("#verdict")).to_contain_text(why)
    for data in (b"", b"{", b"null", b"[]", b'{"format":"espace-trace-proof/1"}'):
        page.get_by_label("Fichier de preuve").set_input_files(chosen("not.json", data))
        expect(page.locator("#verdict")).to_contain_text("n’est pas une preuve du journal")
    icon = re.compile(r"GET [^?]*/static/looks/[\w.]+")  # the icon of the page, which the browser takes when it likes
    assert [one for one in asked if not icon.fullmatch(one)] == []
    page.goto("/transparency/")
    seen.look("transparence")


def test_without_scripts_or_without_the_signature_s_algorithm_there_is_the_program(
    chromium: Browser, site: str, proved: bytes
) -> None:
    bare = chromium.new_context(base_url=site, java_script_enabled=False, locale="fr-FR")
    page = bare.new_page()
    page.goto(PAGE)
    expect(page.get_by_text("votre navigateur n’en exécute pas")).to_be_visible()
    expect(page.get_by_role("link", name="Le programme de vérification")).to_be_visible()
    expect(page.get_by_label("Fichier de preuve")).to_be_hidden()
    bare.close()
    old = chromium.new_context(base_url=site, locale="fr-FR")
    old.add_init_script(
        "const known = crypto.subtle.importKey.bind(crypto.subtle);"
        "crypto.subtle.importKey = (form, key, algorithm, ...rest) => algorithm === 'Ed25519'"
        " ? Promise.reject(new DOMException('', 'NotSupportedError')) : known(form, key, algorithm, ...rest);"
    )
    page = old.new_page()
    page.goto(PAGE)
    page.get_by_label("Fichier de preuve").set_input_files(chosen("preuve.json", proved))
    expect(page.locator("#verdict")).to_contain_text("Votre navigateur ne sait pas vérifier cette signature")
    old.close()


def test_the_history_offers_its_proofs(context: BrowserContext, site: str) -> None:
    camille = member()
    session = signed_in(camille).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    seen = listening(context.new_page())
    page = seen.page
    page.goto("/partage/historique/")
    settle()
    page.goto("/partage/historique/")
    expect(page.get_by_role("link", name="Preuve", exact=True).first).to_be_visible()
    with page.expect_download() as got:
        page.get_by_role("link", name="Télécharger la preuve de tout l’historique").click()
    assert got.value.suggested_filename.startswith("preuve-")
    file = got.value.path()
    seen.look("historique-preuves")
    page.goto(PAGE)
    page.get_by_label("Fichier de preuve").set_input_files(file)
    expect(page.locator("#verdict")).to_contain_text("La preuve est bonne")
