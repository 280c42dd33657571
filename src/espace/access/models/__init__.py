"""Tables of relations, budgets and entitlements."""

from espace.access.models.matrix import Matrix
from espace.access.models.tables import Relation, Seen

__all__ = ["Matrix", "Relation", "Seen"]
