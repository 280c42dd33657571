"""Where sealed contents are kept."""

from espace.record.adapters.content_store import content_store
from espace.record.adapters.contract import MARK, ContentMissing, ContentStore, ContentUnavailable, Stored
from espace.record.adapters.local import LocalContentStore

__all__ = [
    "MARK",
    "ContentMissing",
    "ContentStore",
    "ContentUnavailable",
    "LocalContentStore",
    "Stored",
    "content_store",
]
