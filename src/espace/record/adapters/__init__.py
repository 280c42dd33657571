"""Where sealed contents are kept."""

from espace.record.adapters.content_store import ContentMissing, ContentStore, LocalContentStore, content_store

__all__ = ["ContentMissing", "ContentStore", "LocalContentStore", "content_store"]
