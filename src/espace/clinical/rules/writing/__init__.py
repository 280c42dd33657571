"""What a professional writes out of facts: the lines of a document before it is signed, and the statements in it."""

from espace.clinical.rules.writing.choosing import MOST_ADDED, MOST_WORDS, Added, Choices, Fault, Kept, faults, kept
from espace.clinical.rules.writing.drafting import MOST, SUMMED_UP, Line, Part, correctable, draft
from espace.clinical.rules.writing.statements import statement

__all__ = [
    "MOST",
    "MOST_ADDED",
    "MOST_WORDS",
    "SUMMED_UP",
    "Added",
    "Choices",
    "Fault",
    "Kept",
    "Line",
    "Part",
    "correctable",
    "draft",
    "faults",
    "kept",
    "statement",
]
