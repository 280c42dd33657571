"""What all pages share: closed headers, language, weight, errors that say what to do, purposes declared."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import espace.looks
from espace.kernel.words import Purpose, Verb
from espace.portal.pages.sentences import PHRASES
from espace.portal.urls import PUBLIC, ROUTES, urlpatterns
from espace.wire.nomenclature import KINDS
from portal.helpers import cda, file, member, signed_in

LOOKS = Path(espace.looks.__file__).parent
MOST_BYTES = 100 * 1024


def test_every_address_declares_a_purpose_or_is_public() -> None:
    assert {route.name for route in ROUTES if route.public} == PUBLIC
    assert {route.purpose for route in ROUTES if route.name not in PUBLIC} == {Purpose.HOLDER}
    assert [pattern.name for pattern in urlpatterns] == [route.name for route in ROUTES]


@pytest.mark.parametrize("path", ["/", "/connexion/", "/absent/", "/activation/x/"])
def test_answers_are_closed_and_private(path: str) -> None:
    headers = Client().get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "frame-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_first_visit_is_light() -> None:
    camille = member()
    for number in range(20):
        file(camille.of, cda(camille.of), title=f"Document {number}")
    sheet = sum((LOOKS / "static" / "looks" / name).stat().st_size for name in ("site.css", "mark.svg"))
    browser = signed_in(camille)
    for path in ("/", "/documents/", "/partage/", "/partage/historique/"):
        assert len(browser.get(path).content) + sheet < MOST_BYTES


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("EN", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.4,fr;q=0.5", "fr"),
        ("de,en;q=0.8", "en"),
        ("de-DE,de;q=0.9", "fr"),
        ("en;q=0", "fr"),
        ("enm", "fr"),
        ("*", "fr"),
        ("en;q=x", "fr"),
        ("en," * 5000, "en"),
        ("x" * 5000, "fr"),
        ("../en", "fr"),
    ],
)
def test_a_browser_without_a_choice_gets_the_language_that_it_asks_for(asked: str, given: str) -> None:
    browser = Client(headers={"accept-language": asked} if asked else {})
    for path in ("/", "/pro/"):
        answer = browser.get(path)
        assert f'<html lang="{given}">' in answer.content.decode()
        assert (answer["Content-Language"], "django_language" in answer.cookies) == (given, False)


@pytest.mark.parametrize(("chosen", "given"), [("fr", "fr"), ("en", "en"), ("de", "en"), ("", "en")])
def test_what_was_chosen_wins_over_the_browser_s_language(chosen: str, given: str) -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["django_language"] = chosen
    assert f'<html lang="{given}">' in browser.get("/").content.decode()


def test_english_is_kept() -> None:
    browser = Client()
    response = browser.post("/langue/", {"langue": "en", "retour": "/connexion/?next=/partage/"})
    assert response["Location"] == "/connexion/?next=/partage/"
    page = browser.get("/").content.decode()
    assert 'lang="en"' in page and "Your health documents, yours." in page
    cookie = response.cookies["django_language"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("path", ["https://exemple.org/", "//exemple.org/", "javascript:alert(1)", "/\\exemple.org"])
def test_the_language_form_leads_nowhere_else(path: str) -> None:
    assert Client().post("/langue/", {"langue": "en", "retour": path})["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    assert "django_language" not in Client().post("/langue/", {"langue": "../x"}).cookies


def test_the_account_keeps_the_language_of_its_holder() -> None:
    from django.contrib.auth import get_user_model

    camille = member()
    signed_in(camille).post("/langue/", {"langue": "en"})
    assert get_user_model().objects.get(pk=camille.account).language == "en"


def test_an_absent_page_keeps_the_frame_of_who_is_signed_in() -> None:
    camille = member()
    answer = signed_in(camille).get("/nulle-part/")
    page = answer.content.decode()
    assert answer.status_code == 404 and "Cette page n’existe pas" in page
    assert "Camille Duval" in page and 'href="/partage/"' in page and "Se déconnecter" in page
    page = Client().get("/nulle-part/").content.decode()
    assert "Camille" not in page and "Se déconnecter" not in page and 'href="/partage/"' not in page


SHARING = ("", "historique/", "visibilite/", "urgences/", "notifications/", "professionnels/")
PLACES = ["/", "/documents/", *(f"/partage/{page}" for page in SHARING)]


@pytest.mark.parametrize("path", PLACES)
def test_pages_run_in_english_too(path: str) -> None:
    camille = member()
    one = file(camille.of, cda(camille.of))
    browser = signed_in(camille)
    browser.post("/langue/", {"langue": "en"})
    for page in (path, f"/documents/{one}/"):
        text = browser.get(page).content.decode()
        assert "Vous" not in text and "votre espace" not in text


@pytest.mark.parametrize("path", ["/demo/", "/demo/courriers/0190f5d8-0000-7000-8000-000000000000/"])
def test_the_demonstration_s_pages_exist_in_a_demonstration_only(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(method: str) -> None:
    assert getattr(Client(), method)("/documents/").status_code == 405


def test_every_verb_has_its_sentences_and_every_kind_its_icon() -> None:
    assert set(PHRASES) == set(Verb)
    for phrase in PHRASES.values():
        assert (LOOKS / f"templates/looks/icons/{phrase.icon}.svg").is_file()
    for kind in KINDS:
        assert (LOOKS / f"templates/looks/icons/{kind.icon}.svg").is_file()


def test_the_brand_leads_home() -> None:
    assert reverse("home") == "/"
