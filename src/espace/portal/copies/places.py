"""Where things are in a copy of a whole space. The names never change: programs rely on them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from espace.portal.copies.files import READABLE

Paths = Mapping[UUID, tuple[str, ...]]
"""The files of each document."""

INDEX: Mapping[str, str] = {"fr": "index.html", "en": "index.en.html"}
HISTORY: Mapping[str, str] = {"fr": "historique.html", "en": "historique.en.html"}
HISTORY_DATA = "historique.json"
SETTINGS_DATA = "reglages.json"
BUNDLE = "dossier.json"
PROOF, NO_PROOF = "preuve.json", "preuve-absente.txt"


def main_file(names: Sequence[str]) -> str:
    """What somebody who wants to read the document opens: the page made of it, or the file as it was deposited."""
    return next((name for name in names if name.endswith(READABLE)), names[0])


def languages(pages: Mapping[str, str], language: str) -> str:
    """The same page in the other language."""
    return next(name for one, name in pages.items() if one != language)
