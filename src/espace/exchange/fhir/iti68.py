"""ITI-68 « Retrieve Document »: GET of a Binary, by the holder or a professional whom they let read. An organisation's
identity reads nothing."""

import base64
from functools import partial
from uuid import UUID

from espace.exchange.callers import Caller
from espace.exchange.fhir.search import entry_id
from espace.exchange.http import FHIR_JSON, JSON_TYPES, Request, Response, Work, accepted, media_type
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Refused
from espace.record import queries as record
from espace.wire.fhir.answers import binary, encode

_BYTES = "application/octet-stream"
"""Of a document whose stated type is lost, its row having been altered: its content is refused a line further."""

_EXTENSIONS = {
    "text/xml": "xml",
    "application/xslt+xml": "xml",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "text/plain": "txt",
    "application/dicom": "dcm",
}


def retrieve(request: Request, caller: Caller) -> Work:
    return partial(_retrieve, entry_id(request), request.header("Accept"), caller)


def _retrieve(document_id: UUID, accept: str, caller: Caller) -> Response:
    """The bytes as deposited, or a Binary resource where FHIR JSON is asked for (R4, binary.html#rest).

    What cannot be answered is refused inside the block: the line then says so, and nothing is counted.
    """
    with caller.open_about(document_id) as grant:
        found = record.content(grant, document_id, signatures=True)
        stored = found.document.entry.mime_type or _BYTES
        chosen = accepted(accept, (media_type(stored), *sorted(JSON_TYPES)))
        if not chosen:
            raise Refused(reasons.NOT_ACCEPTABLE, place="http.accept")
    if chosen in JSON_TYPES:
        text = base64.b64encode(found.data).decode("ascii")
        return Response(encode(binary(id=document_id, content_type=stored, data=text)), content_type=FHIR_JSON)
    name = f"document-{document_id}.{_EXTENSIONS.get(media_type(stored), 'bin')}"
    return Response(
        found.data, content_type=stored, headers=(("Content-Disposition", f'attachment; filename="{name}"'),)
    )
