"""The only writers of the record. The gate holds the transaction."""

from espace.record.actions.amending import amend
from espace.record.actions.masking import mask, unmask
from espace.record.actions.submit import submit

__all__ = ["amend", "mask", "submit", "unmask"]
