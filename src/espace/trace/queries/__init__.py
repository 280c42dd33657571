"""Reading a patient's register, and the public tree of everybody's."""

from espace.trace.queries.lines import (
    MOST_LINES,
    MOST_SEARCHED,
    count_waiting,
    history,
    last_accesses,
    read_history,
    waiting,
)
from espace.trace.queries.proving import proof
from espace.trace.queries.published import LogBroken, checkpoint, entries, hashes

__all__ = [
    "MOST_LINES",
    "MOST_SEARCHED",
    "LogBroken",
    "checkpoint",
    "count_waiting",
    "entries",
    "hashes",
    "history",
    "last_accesses",
    "proof",
    "read_history",
    "waiting",
]
