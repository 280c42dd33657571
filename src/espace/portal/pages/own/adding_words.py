"""Who added a document of one's own: its holder, or somebody who helps them; told to either."""

from dataclasses import dataclass

from django.utils.translation import gettext

from espace.looks.cards import person_name
from espace.looks.words import full_moment
from espace.record.facts import Document


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, by name, in their own space (`own`) or in that of somebody whom they help."""

    name: str
    own: bool


def added_by(document: Document, reader: Reader) -> str:
    """« Ajouté par vous », « Ajouté par Marie Duval, qui vous aide »; in another's space by name."""
    name = _author(document)
    if name in ("", reader.name):
        return gettext("Ajouté par vous")
    said = gettext("Ajouté par %(name)s, qui vous aide") if reader.own else gettext("Ajouté par %(name)s")
    return said % {"name": name}


def added_at(document: Document, reader: Reader) -> str:
    """The same, with when."""
    values = {"name": _author(document), "moment": full_moment(document.deposited_at)}
    if values["name"] in ("", reader.name):
        return gettext("Vous avez ajouté ce document le %(moment)s.") % values
    if reader.own:
        return gettext("%(name)s, qui vous aide, a ajouté ce document le %(moment)s.") % values
    return gettext("%(name)s a ajouté ce document le %(moment)s.") % values


def _author(document: Document) -> str:
    return next(filter(None, map(person_name, document.entry.authors)), "")
