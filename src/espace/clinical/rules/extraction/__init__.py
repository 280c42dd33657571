"""From a level-3 CDA to facts: which rule reads which statement, by template and section, never by file."""

from espace.clinical.rules.extraction.walking import extract

__all__ = ["extract"]
