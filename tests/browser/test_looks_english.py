"""English pages say nothing in French: every page of both doors, errors and empty pages, read without a browser.

What people wrote themselves (titles, names, places) and what is marked as being in another language are left aside.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from browser.every import DOCTOR, HOLDER, VISITOR, World, answer, browsing, pages
from cast import holder, professional
from espace.kernel.reasons import REASONS
from espace.kernel.reasons.helped import logged_to_helper
from portal.helpers import member
from portal.messages import ROOMS, Said, english, written
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")

SPOKEN = ("aria-label", "alt", "title", "placeholder", "content", "value")
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect", "line", "polyline", "ellipse"}
WRITTEN_BY_PEOPLE = (
    "Lettre de liaison à la sortie", "Ordonnance de lunettes, verres progressifs et monture de remplacement",
    "Radiographie du thorax", "Vaccination contre la grippe", "Analyses de sang", "Hôpital des Remparts",
    "Laboratoire des Tilleuls", "Cabinet des Tilleuls", "Camille Duval", "Anne Morel", "Léa Petit", "espace-santé",
    "Anne Le Goff", "Lise Le Goff", "Léo Duval", "LÉO", "Pro Santé Connect", "Noémie Duval",
    "France services de Saint-Junien", "Pénicilline",
)  # fmt: skip
FRENCH = re.compile(
    r"[àâçéèêëîïôùûœ«»]|\b(?:le|la|les|des|du|une?|et|est|vous|votre|pas|pour|dans|qui|que|sur|avec|ce|cette|aux?)\b",
    re.I,
)
"""A letter or a word that English has not."""
HOLE = re.compile(r"%\(\w+\)s")


class Texts(HTMLParser):
    """The texts and the spoken attributes of a page, but for what is marked as being in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        foreign = (known.get("lang") or "en")[:2] != "en" or known.get("translate") == "no" or tag == "code"
        inside = foreign or any(self._open)
        if not inside and known.get("type") not in {"hidden", "text"}:
            self.found += [known[name] or "" for name in SPOKEN if name in known]
        if tag not in VOID:
            self._open.append(foreign)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._open):
            self.found.append(" ".join(data.split()))


def parts(said: Said) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (said,)


def texts(page: str) -> list[str]:
    reader = Texts()
    reader.feed(page)
    return reader.found


def french_sentences() -> Iterator[str]:
    """Every sentence that pages can say in French and that English says otherwise; the longest piece of those with
    holes."""
    for room in ROOMS:
        for said, words in english(written(room)).items():
            for french, translated in zip(parts(said), parts(words), strict=True):
                if french != translated:
                    yield max(HOLE.split(french), key=len).strip()
    for reason in REASONS.values():
        said = (reason.holder, reason.professional, reason.fix, reason.holder_fix, logged_to_helper(reason))
        yield from (one.fr for one in said if one)


def left_in_french(page: str, sentences: set[str]) -> list[str]:
    """The texts of a page that are French, or have a French word that nobody wrote."""
    found = []
    for text in texts(page):
        bare = text
        for own in WRITTEN_BY_PEOPLE:
            bare = bare.replace(own, "")
        if bare in sentences or FRENCH.search(bare):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    return {" ".join(one.split()) for one in french_sentences()}


def test_the_reader_sees_french_where_there_is_some(sentences: set[str]) -> None:
    page = '<p lang="fr">Le sang</p><p title="Votre espace">Read</p><p>Analyses de sang</p><p>Continuer</p>'
    assert left_in_french(page, sentences) == ["Votre espace", "Continuer"]


def test_every_page_is_in_english(world: World, sentences: set[str]) -> None:
    found = {}
    for visit in pages(world):
        said = answer(world, visit, "en").content.decode()
        assert '<html lang="en">' in said, visit
        found[visit.label] = left_in_french(said, sentences)
    assert {label: one for label, one in found.items() if one} == {}


POSTED = (
    (VISITOR, "/connexion/", {"login": "", "password": ""}),
    (VISITOR, "/connexion/", {"login": "personne.ici", "password": "Pas-le-bon-1"}),
    (HOLDER, "/partage/professionnels/", {"mots": "a"}),
    (DOCTOR, "/pro/", {"ins": "123"}),
    (DOCTOR, "/pro/", {"ins": ""}),
    (DOCTOR, "/pro/lieu/", {"lieu": "nulle part"}),
    (DOCTOR, "/pro/patients/{patient}/accord/", {}),
    (DOCTOR, "/pro/patients/{patient}/deposer/", {}),
    (DOCTOR, "/pro/patients/{patient}/conciliation/", {"etape": "apercu"}),
)
"""What is refused when posted: the page comes back with what to correct."""


@pytest.mark.parametrize(("role", "path", "values"), POSTED)
def test_errors_are_in_english(
    world: World, sentences: set[str], role: str, path: str, values: dict[str, str]
) -> None:
    client = world.client(role)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    said = client.post(path.format(patient=world.camille.of.patient), values, follow=True)
    assert left_in_french(said.content.decode(), sentences) == []


def test_empty_pages_refusals_and_absent_pages_are_in_english(sentences: set[str]) -> None:
    newcomer, stranger, someone = member(), professional(), holder()
    asked: tuple[tuple[Client, str], ...] = (
        *((browsing(newcomer), path) for path in ("/", "/documents/", "/partage/", "/partage/historique/")),
        *((Desk(stranger), f"/pro/patients/{someone.patient}/{path}") for path in ("", "accord/")),
        (Client(), "/nulle/part/"),
        (Client(), "/activation/inconnu/"),
    )
    for client, path in asked:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert left_in_french(client.get(path).content.decode(), sentences) == [], path
