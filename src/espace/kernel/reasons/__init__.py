"""The closed list of reasons. A reason that is not here does not exist."""

from espace.kernel.reasons import care, decisions, documents, emergency, helping, identity, transport
from espace.kernel.reasons.words import Reason, Sentence

REASONS: dict[str, Reason] = {
    reason.code: reason
    for table in (decisions, care, emergency, helping, identity, documents, transport)
    for reason in vars(table).values()
    if isinstance(reason, Reason)
}

__all__ = [
    "REASONS",
    "Reason",
    "Sentence",
    "care",
    "decisions",
    "documents",
    "emergency",
    "helping",
    "identity",
    "transport",
]
