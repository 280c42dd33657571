"""The only readers of documents. Every one takes the Grant first and notes on it what it answers."""

from espace.record.queries.filing import amendable, depositor, kept, own_deposits, versions
from espace.record.queries.reading import (
    content,
    document,
    documents,
    documents_and_visible_ids,
    find,
    patient_of_entry,
    visible_ids,
)
from espace.record.queries.rows import CONTENT, ENTRY, RESTRICTION, SUBMISSION
from espace.record.queries.sets import submission_set, submission_sets

__all__ = [
    "CONTENT",
    "ENTRY",
    "RESTRICTION",
    "SUBMISSION",
    "amendable",
    "content",
    "depositor",
    "document",
    "documents",
    "documents_and_visible_ids",
    "find",
    "kept",
    "own_deposits",
    "patient_of_entry",
    "submission_set",
    "submission_sets",
    "versions",
    "visible_ids",
]
