"""HL7 v2 that carries CDA documents (CI-SIS « transmission d’un document CDA en HL7 v2 », 2.1): bytes ⇄ values."""

from espace.wire.hl7v2.acknowledgement import MEDIA_TYPE, Result, accepted, refused
from espace.wire.hl7v2.batches import Batch, answered_batch, is_batch, read_batch
from espace.wire.hl7v2.filing import documents_of, submission_of
from espace.wire.hl7v2.flags import PATIENT, PROFESSIONALS, RECORD
from espace.wire.hl7v2.transmission import read
from espace.wire.hl7v2.values import (
    Act,
    Carried,
    Done,
    Header,
    Mail,
    Outcome,
    Received,
    Routes,
    Taking,
    Transmission,
    Wishes,
)

__all__ = [
    "MEDIA_TYPE",
    "PATIENT",
    "PROFESSIONALS",
    "RECORD",
    "Act",
    "Batch",
    "Carried",
    "Done",
    "Header",
    "Mail",
    "Outcome",
    "Received",
    "Result",
    "Routes",
    "Taking",
    "Transmission",
    "Wishes",
    "accepted",
    "answered_batch",
    "documents_of",
    "is_batch",
    "read",
    "read_batch",
    "refused",
    "submission_of",
]
