"""Tables of relations, emergencies, budgets and entitlements."""

from espace.access.models.emergency import Emergency, Switches
from espace.access.models.matrix import Matrix
from espace.access.models.tables import Guess, Relation, Seen

__all__ = ["Emergency", "Guess", "Matrix", "Relation", "Seen", "Switches"]
