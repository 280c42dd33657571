"""The only writers of relations, emergencies and budgets. The gate holds the transaction."""

from espace.access.actions.administrators import name_administrator, remove_administrator
from espace.access.actions.alerts import close, examine, raise_alert
from espace.access.actions.budget import purge_expired, purge_tallies, spend
from espace.access.actions.emergency import break_glass, set_switches
from espace.access.actions.feeding import ask_as_feeder
from espace.access.actions.guesses import comparing
from espace.access.actions.handovers import hand_over, purge_handovers, take_over
from espace.access.actions.listing import purge_listed
from espace.access.actions.relations import (
    block,
    end_access,
    give_access,
    name_attending_doctor,
    record_consent,
    unblock,
    withdraw_consent,
)
from espace.access.actions.reports import report
from espace.access.actions.secret import record_secret_consent
from espace.access.actions.teams import add_member, end_team, record_team_consent
from espace.access.actions.wishes import state_feeding_wish

__all__ = [
    "add_member",
    "ask_as_feeder",
    "block",
    "break_glass",
    "close",
    "comparing",
    "end_access",
    "end_team",
    "examine",
    "give_access",
    "hand_over",
    "name_administrator",
    "name_attending_doctor",
    "purge_expired",
    "purge_handovers",
    "purge_listed",
    "purge_tallies",
    "raise_alert",
    "record_consent",
    "record_secret_consent",
    "record_team_consent",
    "remove_administrator",
    "report",
    "set_switches",
    "spend",
    "state_feeding_wish",
    "take_over",
    "unblock",
    "withdraw_consent",
]
