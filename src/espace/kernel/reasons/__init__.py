"""The closed list of reasons. A reason that is not here does not exist."""

from espace.kernel.reasons import (
    advising,
    care,
    copies,
    decisions,
    documents,
    emergency,
    helping,
    identity,
    teams,
    transport,
)
from espace.kernel.reasons.words import Reason, Sentence

REASONS: dict[str, Reason] = {
    reason.code: reason
    for table in (decisions, care, copies, emergency, helping, advising, identity, teams, documents, transport)
    for reason in vars(table).values()
    if isinstance(reason, Reason)
}

__all__ = [
    "REASONS",
    "Reason",
    "Sentence",
    "advising",
    "care",
    "copies",
    "decisions",
    "documents",
    "emergency",
    "helping",
    "identity",
    "teams",
    "transport",
]
