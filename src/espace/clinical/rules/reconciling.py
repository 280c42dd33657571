"""Everything that is said of each medicine, substance by substance: prescribed, delivered, stated, noted, stopped.

What is one substance, and what is taken on a day, are the rules of the summary (`treatments_of`): both say the same.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from espace.clinical.facts import Kind, Origin, Sourced, State
from espace.clinical.rules.merging import Item, joined, medicine_named, merged
from espace.clinical.rules.summary import Treatment, substances, treatments_of
from espace.record.facts import Document
from espace.wire.cda_writing.models.reconciliation import TYPE

MEDICINES = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
TOLD = MEDICINES | {Kind.PLAN}
"""What tells of medicines: of what is planned, that one is to be looked at."""


class Said(StrEnum):
    """How something speaks of a medicine."""

    PRESCRIBED = "prescribed"
    DELIVERED = "delivered"
    STATED = "stated"
    """By the patient."""
    NOTED = "noted"
    """As taken, in a document: a summary, a letter, a reconciliation."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Medicine:
    """One substance, with all that is said of it, the newest first; `treatments` are what the summary makes of it on
    that day, none where it is over."""

    items: tuple[Item, ...]
    treatments: tuple[Treatment, ...] = ()

    @property
    def current(self) -> bool:
        return bool(self.treatments)

    @property
    def stopped(self) -> bool:
        """Whether something newer says that all of it is over, though the rest has not ended."""
        return self.current and all(one.stop for one in self.treatments)

    @property
    def named(self) -> Item:
        """What it is called after: what was ordered rather than what was handed over."""
        shown = chain.from_iterable(one.items for one in self.treatments)
        return next(shown, min(self.items, key=_is_delivery))

    def of(self, said: Said) -> tuple[Item, ...]:
        return tuple(one for one in self.items if said_of(one) is said)


def medicines_of(facts: Iterable[Sourced], at: date) -> tuple[Medicine, ...]:
    """Those that are taken on that day, then the others; the newest first."""
    there = [one for one in facts if one.fact.kind in MEDICINES and not one.fact.absent]
    found = [_medicine(tuple(group), at) for group in joined(merged(there), substances)]
    return tuple(sorted(found, key=lambda one: not one.current))


def to_check(facts: Iterable[Sourced]) -> tuple[Sourced, ...]:
    """What the newest reconciliation was not sure of; nothing where that one was sure of all."""
    told = [(one.document, one) for one in facts if one.document and _type_of(one.document) == TYPE]
    newest = max(((document.deposited_at, document.id) for document, _ in told), default=None)
    return tuple(
        one
        for document, one in told
        if (document.deposited_at, document.id) == newest and one.fact.kind is Kind.PLAN
    )


def _type_of(document: Document) -> str:
    return document.entry.type.code if document.entry.type else ""


def _medicine(items: tuple[Item, ...], at: date) -> Medicine:
    return Medicine(items, treatments_of(chain.from_iterable(one.sources for one in items), at))


def _is_delivery(item: Item) -> bool:
    return item.fact.kind is Kind.DISPENSATION


_OVER = frozenset({State.OVER, State.STOPPED})
_SAID = {Kind.PRESCRIPTION: Said.PRESCRIBED, Kind.DISPENSATION: Said.DELIVERED}


def said_of(item: Item) -> Said:
    """As its newest source says it."""
    if item.fact.state in _OVER:
        return Said.STOPPED
    noted = Said.STATED if item.sources[0].origin is Origin.STATED else Said.NOTED
    return _SAID.get(item.fact.kind, noted)


def to_reconcile(facts: Iterable[Sourced], at: date) -> Mapping[str, Treatment]:
    """What is to be decided of: each treatment of that day, by a name that stays the same while it is called the same
    (hexadecimal, for a form)."""
    return {_named(one): one for one in treatments_of((one for one in facts if one.fact.kind in MEDICINES), at)}


def _named(treatment: Treatment) -> str:
    """By its first way of being named, which no other treatment of that day shares."""
    name = next(medicine_named(treatment.fact.what), ())
    return hashlib.blake2s(" ".join(map(str, name)).strip().encode(), digest_size=8).hexdigest()
