"""The only writers of the record. The gate holds the transaction."""

from espace.record.actions.submit import submit

__all__ = ["submit"]
