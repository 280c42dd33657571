"""The readers of what decisions are taken on."""

from espace.access.queries.budget import within_budget
from espace.access.queries.facts_of import facts_for, sight_of
from espace.access.queries.relations import relation, relations

__all__ = ["facts_for", "relation", "relations", "sight_of", "within_budget"]
