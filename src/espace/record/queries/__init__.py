"""The only readers of documents. Every one takes the Grant first and notes on it what it answers."""

from espace.record.queries.filing import amendable, depositor, kept, of_set, own_deposits, versions
from espace.record.queries.masking import MASKING, extents, masking_in, masking_rules, stored
from espace.record.queries.owning import folders, own, own_row, removed, shown, taken
from espace.record.queries.reading import (
    content,
    document,
    documents,
    documents_and_visible_ids,
    find,
    kept_from,
    look_in_vain,
    patient_of_entry,
    seen_as,
    visible_ids,
)
from espace.record.queries.rows import ARRANGEMENT, CONTENT, ENTRY, FOLDER, RESTRICTION, SUBMISSION, Row, seen
from espace.record.queries.sets import submission_set, submission_sets

__all__ = [
    "ARRANGEMENT",
    "CONTENT",
    "ENTRY",
    "FOLDER",
    "MASKING",
    "RESTRICTION",
    "SUBMISSION",
    "Row",
    "amendable",
    "content",
    "depositor",
    "document",
    "documents",
    "documents_and_visible_ids",
    "extents",
    "find",
    "folders",
    "kept",
    "kept_from",
    "look_in_vain",
    "masking_in",
    "masking_rules",
    "of_set",
    "own",
    "own_deposits",
    "own_row",
    "patient_of_entry",
    "removed",
    "seen",
    "seen_as",
    "shown",
    "stored",
    "submission_set",
    "submission_sets",
    "taken",
    "versions",
    "visible_ids",
]
