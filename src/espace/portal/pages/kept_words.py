"""How many documents are hidden from a professional by name, as their entry in « Qui peut lire » says it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import ngettext

from espace.identity import queries as identity
from espace.looks.professions import profession_name
from espace.record.facts import Document

Kept = Mapping[UUID, Collection[Document]]
"""The documents that are hidden from each professional by name."""
NOTHING_KEPT: Kept = {}


@dataclass(frozen=True, slots=True)
class KeptWords:
    """« 2 documents lui sont masqués », and where they are."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Somebody whom nothing links to the record, and from whom documents are hidden beforehand."""

    name: str
    about: str
    kept: KeptWords | None


def kept_words(professional: UUID, kept: Kept) -> KeptWords | None:
    """None where nothing is hidden from them by name."""
    count = len(kept.get(professional, ()))
    said = ngettext("%(count)s document lui est masqué", "%(count)s documents lui sont masqués", count)
    return KeptWords(reverse("kept_from", args=[professional]), said % {"count": count}) if count else None


def warned(linked: Collection[UUID], kept: Kept) -> tuple[Warned, ...]:
    found = identity.professionals_named([one for one in kept if one not in linked])
    return tuple(Warned(one.name, profession_name(one.profession), kept_words(one.id, kept)) for one in found)
