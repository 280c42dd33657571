"""What reading a document in FHIR needs to know of this door."""

from django.conf import settings

from espace.exchange.callers import fhir_base
from espace.exchange.depositing import PARIS
from espace.wire.fhir.documents import Reading


def reading() -> Reading:
    return Reading(zone=PARIS, base=fhir_base(), max_bytes=settings.ESPACE_MAX_DOCUMENT_BYTES)
