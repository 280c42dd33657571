"""Photographs of one document, as one PDF that may then be added (D32)."""

from collections.abc import Sequence

from django.conf import settings

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.record import rules
from espace.record.adapters.inspection import pdf_of_photos
from espace.wire import files

PHOTO_MAX_BYTES = 20 * 1024 * 1024


def photos_to_pdf(images: Sequence[bytes]) -> bytes:
    """One PDF of at most ESPACE_UPLOAD_MAX_BYTES, a page for each picture (JPEG, PNG, TIFF) in the order given.

    Pictures stand upright as the camera said; the place, the date and all else that it noted is not kept. Touches no
    record: call it before opening one. Raises RefusedProblems at `files[0]`…, or Refused: TOO_MANY_AT_ONCE,
    FILE_OUTSIZED, FILE_BROKEN, TEMPORARILY_UNAVAILABLE, FILES_BUSY.
    """
    if not images:
        raise Refused(reasons.CONTENT_EMPTY)
    if len(images) > rules.ADDED_AT_ONCE:
        raise Refused(reasons.TOO_MANY_AT_ONCE, detail=f"≤ {rules.ADDED_AT_ONCE}")
    problems: list[Problem] = []
    for number, data in enumerate(images):
        try:
            if files.checked("", data, most=PHOTO_MAX_BYTES) not in (files.JPEG, files.PNG, files.TIFF):
                raise Refused(reasons.FILE_KIND_REFUSED)
        except Refused as refusal:
            problems.append(Problem(refusal.reason, f"files[{number}]"))
    if problems:
        raise RefusedProblems(tuple(problems))
    return pdf_of_photos(images, most=settings.ESPACE_UPLOAD_MAX_BYTES)
