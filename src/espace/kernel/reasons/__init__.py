"""The closed list of reasons. A reason that is not here does not exist."""

from espace.kernel.reasons import (
    advising,
    care,
    copies,
    decisions,
    dicom,
    documents,
    emergency,
    helping,
    hl7v2,
    identity,
    querying,
    signing,
    soap,
    teams,
    transport,
    updating,
    vihf,
    xds,
)
from espace.kernel.reasons.words import Reason, Sentence

_TABLES = (
    decisions,
    care,
    copies,
    emergency,
    helping,
    advising,
    identity,
    teams,
    documents,
    dicom,
    transport,
    soap,
    vihf,
    xds,
    querying,
    updating,
    hl7v2,
    signing,
)

REASONS: dict[str, Reason] = {
    reason.code: reason for table in _TABLES for reason in vars(table).values() if isinstance(reason, Reason)
}

__all__ = [
    "REASONS",
    "Reason",
    "Sentence",
    "advising",
    "care",
    "copies",
    "decisions",
    "dicom",
    "documents",
    "emergency",
    "helping",
    "hl7v2",
    "identity",
    "querying",
    "signing",
    "soap",
    "teams",
    "transport",
    "updating",
    "vihf",
    "xds",
]
