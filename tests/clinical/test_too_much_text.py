"""A search looks into so many bytes of texts and says what it left; what is hidden shortens it for nobody."""

from html import unescape

import pytest

from cast import organisation
from clinical.scene import deposit
from clinical.test_results_pages import HELD, MASKED, desk_of, searched, worlds
from clinical.test_words_searched import bare
from espace.clinical.queries import extracted
from espace.kernel.words import Visibility
from portal.helpers import member, signed_in

pytestmark = pytest.mark.usefixtures("db")
SEALED_WITH = 31
"""Bytes that sealing adds to a text of JSON, its quotes among them."""


def letter(words: str, *, hidden: frozenset[Visibility] = frozenset()) -> object:
    return bare(f"{words:.<100}".encode(), "text/plain", hidden=hidden)


@pytest.fixture
def two_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for the texts of two letters, and a little more."""
    monkeypatch.setattr(extracted, "MOST_SEARCHED", 2 * (100 + SEALED_WITH) + 60)


@pytest.mark.usefixtures("two_letters")
@pytest.mark.parametrize("door", ["/pro/patients/", "/documents/"])
def test_the_texts_of_the_oldest_are_left_and_it_is_said(door: str) -> None:
    camille, hospital = member(), organisation()
    reader = signed_in(camille) if door == "/documents/" else desk_of(camille.of)
    place = door if door == "/documents/" else f"{door}{camille.of.patient}/"
    for words in ("luxation", "entorse"):
        deposit(camille.of, hospital, letter(words))
    assert "une seule recherche" not in searched(reader, place, "luxation")
    deposit(camille.of, hospital, letter("fracture"))
    page = unescape(searched(reader, place, "luxation"))
    assert "Aucun document ne correspond" in page
    assert "celui d’un document ancien n’a pas été lu." in page
    assert "<mark>fracture</mark>" in searched(reader, place, "fracture")
    deposit(camille.of, hospital, letter("tendinite"))
    assert "celui de 2 documents anciens n’a pas été lu." in unescape(searched(reader, place, "entorse"))


@pytest.mark.usefixtures("two_letters")
@pytest.mark.parametrize("hidden", [MASKED, HELD], ids=["masked", "held"])
def test_what_is_hidden_takes_no_room(hidden: frozenset[Visibility]) -> None:
    """Two worlds: before a hidden letter was there, and after."""
    camille, hospital = member(), organisation()
    for words in ("luxation", "entorse"):
        deposit(camille.of, hospital, letter(words))
    reader = desk_of(camille.of) if hidden == MASKED else signed_in(camille)
    place = f"/pro/patients/{camille.of.patient}/" if hidden == MASKED else "/documents/"
    before = [worlds(searched(reader, place, words)) for words in ("luxation", "entorse", "fracture")]
    assert "<mark>luxation</mark>" in before[0]
    deposit(camille.of, hospital, letter("fracture", hidden=hidden))
    assert [worlds(searched(reader, place, words)) for words in ("luxation", "entorse", "fracture")] == before
