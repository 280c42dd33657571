"""The only writers of facts."""

from espace.clinical.actions.extracting import Done, Reader, count_unread, extract, forget, go_on, switch_extraction

__all__ = ["Done", "Reader", "count_unread", "extract", "forget", "go_on", "switch_extraction"]
