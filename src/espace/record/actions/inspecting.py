"""Looking into the files that a holder adds, before their record is opened: it may take long, and opens no database."""

from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from espace.kernel.reasons import Reason
from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import Refused
from espace.record import rules
from espace.record.adapters.inspection import faults_of_pdf
from espace.record.facts import Inspected, Upload
from espace.wire import files


def inspected(uploads: Sequence[Upload]) -> tuple[Inspected, ...]:
    """What each file is and what is kept of it, or why it is refused, which `add` says with all else that is wrong.

    Pictures lose what the camera noted (`wire.files.stripped`); PDFs are opened together, in one process of their own.
    Never inside a transaction. Raises Refused: TOO_MANY_AT_ONCE, TEMPORARILY_UNAVAILABLE, FILES_BUSY.
    """
    if connection.in_atomic_block:
        raise TypeError("files are looked into before a record is opened")
    if len(uploads) > rules.ADDED_AT_ONCE:
        raise Refused(reasons.TOO_MANY_AT_ONCE, detail=f"≤ {rules.ADDED_AT_ONCE}")
    found = [_looked_at(upload) for upload in uploads]
    opened = [number for number, one in enumerate(found) if one.found == files.PDF]
    faults = faults_of_pdf([uploads[number].data for number in opened])
    for number, fault in zip(opened, faults, strict=True):
        found[number] = Inspected(uploads[number], fault or files.PDF)
    return tuple(found)


def _looked_at(upload: Upload) -> Inspected:
    kind: str | Reason
    try:
        kind = files.checked(upload.name, upload.data, most=settings.ESPACE_UPLOAD_MAX_BYTES)
        return Inspected(replace(upload, data=files.stripped(kind, upload.data)), kind)
    except Refused as refusal:
        return Inspected(upload, refusal.reason)
