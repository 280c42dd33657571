"""What the FHIR door answers: bundles, documents, sets, patients. Bytes of JSON, all of them."""

from espace.wire.fhir.answers.bundles import binary, encode, searchset, transaction_response
from espace.wire.fhir.answers.documents import (
    STATUSES,
    Known,
    Subject,
    deposit,
    document_reference,
    shortened,
    subject_of,
)
from espace.wire.fhir.answers.lists import folder, shortened_list, submission_set
from espace.wire.fhir.answers.patients import patient

__all__ = [
    "STATUSES",
    "Known",
    "Subject",
    "binary",
    "deposit",
    "document_reference",
    "encode",
    "folder",
    "patient",
    "searchset",
    "shortened",
    "shortened_list",
    "subject_of",
    "submission_set",
    "transaction_response",
]
