"""The only writers of relations, emergencies and budgets. The gate holds the transaction."""

from espace.access.actions.budget import purge_expired, spend
from espace.access.actions.emergency import break_glass, set_switches
from espace.access.actions.guesses import comparing
from espace.access.actions.relations import (
    block,
    name_attending_doctor,
    record_consent,
    unblock,
    withdraw_consent,
)

__all__ = [
    "block",
    "break_glass",
    "comparing",
    "name_attending_doctor",
    "purge_expired",
    "record_consent",
    "set_switches",
    "spend",
    "unblock",
    "withdraw_consent",
]
