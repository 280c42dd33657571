"""Reading a patient's register, and the public tree of everybody's."""

from espace.trace.queries.lines import (
    MOST_LINES,
    MOST_SEARCHED,
    count_waiting,
    history,
    last_accesses,
    lines_of_act,
    own_last_visit,
    read_history,
    read_shown,
    waiting,
)
from espace.trace.queries.nobody import about_nobody
from espace.trace.queries.proving import proof
from espace.trace.queries.published import LogBroken, checkpoint, entries, hashes

__all__ = [
    "MOST_LINES",
    "MOST_SEARCHED",
    "LogBroken",
    "about_nobody",
    "checkpoint",
    "count_waiting",
    "entries",
    "hashes",
    "history",
    "last_accesses",
    "lines_of_act",
    "own_last_visit",
    "proof",
    "read_history",
    "read_shown",
    "waiting",
]
