"""The only writers of relations and budgets. The gate holds the transaction."""

from espace.access.actions.budget import purge_expired, spend
from espace.access.actions.relations import (
    block,
    name_attending_doctor,
    record_consent,
    unblock,
    withdraw_consent,
)

__all__ = [
    "block",
    "name_attending_doctor",
    "purge_expired",
    "record_consent",
    "spend",
    "unblock",
    "withdraw_consent",
]
