"""Tables of relations, budgets and entitlements."""

from espace.access.models.tables import Relation, Seen

__all__ = ["Relation", "Seen"]
