"""What the holder states of their own health (E01-E19), as the reader may see it."""

import logging
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from espace.clinical.facts import Origin, Sourced
from espace.clinical.facts.profile import Choices, Item, Profile
from espace.clinical.rules import profile as rules
from espace.kernel.json import decode
from espace.kernel.values import replace
from espace.kernel.words import CARING, PERSONAL, Grant, Sight
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context

ITEM = "clinical_item"
CHOICES = "clinical_profile"
NOTHING = Profile((), Choices(), frozenset())

_ROWS = """
SELECT patient_id, FALSE, sealed FROM clinical_profile WHERE patient_id = %(patient)s
UNION ALL
SELECT id, removed_at IS NOT NULL, sealed FROM clinical_item
WHERE patient_id = %(patient)s AND (removed_at IS NULL OR %(removed)s)
"""
_UNREADABLE = Choices(hidden=rules.ALL)
"""Choices that were altered show nothing to professionals until the holder has chosen again."""
_integrity = logging.getLogger("espace.integrity")
T = TypeVar("T")


def profile(grant: Grant, *, removed: bool = False) -> Profile:
    """The items that the reader may see, newest first; `removed`: those too that may still be put back."""
    grant.require(PERSONAL | CARING)
    if grant.eyes is not None and grant.eyes.shut:
        return NOTHING
    found = kept(grant, removed=removed)
    sections = rules.shown_to(_sight(grant), found.choices)
    return Profile(tuple(one for one in found.items if one.section in sections), found.choices, sections)


def stated(grant: Grant, *, to: Sight | None = None) -> tuple[Sourced, ...]:
    """The same as facts, stated by the patient; that a section does not concern them too. `to`: only what whoever has
    that sight sees as well."""
    found = profile(grant)
    if to is not None:
        sections = found.sections & rules.shown_to(to, found.choices)
        found = Profile(tuple(one for one in found.items if one.section in sections), found.choices, sections)
    items = (
        Sourced(fact, Origin.STATED, stated_at=item.stated_at.isoformat(), item=item.id)
        for item in found.items
        for fact in rules.as_facts(item)
    )
    nothing = (
        Sourced(fact, Origin.STATED, stated_at=day)
        for section, day in found.choices.unconcerned.items()
        if section in found.sections
        for fact in rules.none_stated(section, day)
    )
    return (*items, *nothing)


def kept(grant: Grant, *, removed: bool = False) -> Profile:
    """Everything that is there, for actions and for `profile`, whoever reads."""
    at_hand = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"patient": grant.patient, "removed": removed})
        rows = cursor.fetchall()
    choices = Choices()
    items: list[Item] = []
    for row, gone, sealed in rows:
        if row == grant.patient:
            choices = _opened(at_hand, sealed, CHOICES, row, Choices) or _UNREADABLE
        elif item := _opened(at_hand, sealed, ITEM, row, Item):
            items.append(replace(item, removed=gone))
    return Profile(tuple(sorted(items, key=lambda one: (one.stated_at, one.id), reverse=True)), choices, rules.ALL)


def _sight(grant: Grant) -> Sight | None:
    """With whose eyes: a professional's, those that the holder looks with, or one's own."""
    if grant.purpose in CARING:
        return grant.sight
    return grant.eyes.sight if grant.eyes else None


def _opened(at_hand: PatientKeys, sealed: Any, table: str, row: UUID, kind: type[T]) -> T | None:
    """None for a row that was altered: it is never believed."""
    try:
        return decode(at_hand.open(KeyKind.METADATA, bytes(sealed), context(table, row)), kind)
    except SealBroken:
        _integrity.error("a row of the profile was altered", extra={"row": str(row)})
        return None
