"""The readers of what decisions are taken on."""

from espace.access.queries.alerts import (
    alert,
    count_open_alerts,
    open_alerts,
    opened_lately,
    reports,
    subject_of_alert,
    told,
)
from espace.access.queries.budget import has_room
from espace.access.queries.emergency import declared, emergencies_of
from espace.access.queries.entitlement import quotable_in
from espace.access.queries.facts_of import facts_for, sight_of, told_as_nobody
from espace.access.queries.feeding import feeding_objections
from espace.access.queries.listing import own_patients
from espace.access.queries.relations import relation, relations, team_of
from espace.access.queries.switches import switches

__all__ = [
    "alert",
    "count_open_alerts",
    "declared",
    "emergencies_of",
    "facts_for",
    "feeding_objections",
    "has_room",
    "open_alerts",
    "opened_lately",
    "own_patients",
    "quotable_in",
    "relation",
    "relations",
    "reports",
    "sight_of",
    "subject_of_alert",
    "switches",
    "team_of",
    "told",
    "told_as_nobody",
]
