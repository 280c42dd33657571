"""The readers of what decisions are taken on."""

from espace.access.queries.budget import has_room, within_budget
from espace.access.queries.emergency import declared, emergencies_of
from espace.access.queries.facts_of import facts_for, sight_of, told_as_nobody
from espace.access.queries.relations import relation, relations
from espace.access.queries.switches import switches

__all__ = [
    "declared",
    "emergencies_of",
    "facts_for",
    "has_room",
    "relation",
    "relations",
    "sight_of",
    "switches",
    "told_as_nobody",
    "within_budget",
]
