"""The ids of facts. One that a document says has the id of that document, of the first that says it, and the place of
the statement in it; one that the patient states has the patient's and its own: each leads to its record, and to nothing
that its reader may not see."""

import base64
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from espace.clinical.facts import Sourced
from espace.clinical.rules.merging import Item

_OF_DOCUMENT = re.compile(r"(?P<document>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.[\d.-]{1,20})?", re.ASCII)
_OF_PATIENT = re.compile(r"(?P<ids>[a-z2-7]{52})(?:\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Leading:
    """Where an id leads: to a document, or to somebody."""

    document: UUID | None = None
    patient: UUID | None = None


def leading(text: str) -> Leading:
    """Where an id leads: nowhere where it could not be ours."""
    if found := _OF_DOCUMENT.fullmatch(text):
        return Leading(document=UUID(found["document"]))
    if found := _OF_PATIENT.fullmatch(text):
        return Leading(patient=UUID(bytes=base64.b32decode(f"{found['ids'].upper()}====")[:16]))
    return Leading()


def names_of(facts: Iterable[Sourced], patient: UUID) -> Mapping[int, str]:
    """The id that each of these would have alone, by its identity in memory; those that share their place in one
    document, or one item of what the patient states, are numbered."""
    seen: Counter[str] = Counter()
    found: dict[int, str] = {}
    for one in facts:
        place = (
            f"{one.document.id}.{one.fact.place.order}" if one.document else stated_name(patient, one.item or patient)
        )
        seen[place] += 1
        found[id(one)] = f"{place}.{seen[place]}" if seen[place] > 1 else place
    return found


def stated_name(patient: UUID, item: UUID) -> str:
    """The id of what no document says."""
    return base64.b32encode(patient.bytes + item.bytes).decode("ascii").rstrip("=").lower()


def name_of(item: Item, names: Mapping[int, str]) -> str:
    """That of the first document that says it: ids of documents follow time; else of what the patient states."""
    first = min(item.sources, key=lambda one: one.document.id.int if one.document else 1 << 128)
    return names[id(first)]
