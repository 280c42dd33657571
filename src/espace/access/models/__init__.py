"""Tables of relations, emergencies, budgets, alerts and entitlements."""

from espace.access.models.alerts import Alert, Report, Tally, Told
from espace.access.models.emergency import Emergency, Switches
from espace.access.models.feeding import FeedingWish
from espace.access.models.handovers import Handover
from espace.access.models.listing import Listed
from espace.access.models.matrix import Matrix
from espace.access.models.tables import Guess, Relation, Seen, Telling

__all__ = [
    "Alert",
    "Emergency",
    "FeedingWish",
    "Guess",
    "Handover",
    "Listed",
    "Matrix",
    "Relation",
    "Report",
    "Seen",
    "Switches",
    "Tally",
    "Telling",
    "Told",
]
