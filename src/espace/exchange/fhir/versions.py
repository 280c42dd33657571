"""What an answer to a change says of the document: its version, when it changed, and as much as is preferred."""

from datetime import UTC
from email.utils import format_datetime

from espace.exchange.http import Request, Response
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Refused
from espace.record.facts import Amendable
from espace.wire.fhir.answers import encode
from espace.wire.fhir.patching import depositor_view, etag, met


def check_unchanged(now: Amendable, request: Request) -> None:
    """Raises Refused(PRECONDITION_FAILED) where `If-Match` names another version."""
    if not met(request.header("If-Match"), etag(now)):
        raise Refused(reasons.PRECONDITION_FAILED, place="http.if-match")


def full_answer(
    now: Amendable, request: Request, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """The document as its depositor knows it; without a body where `Prefer: return=minimal` (R4, http.html#ops)."""
    at = (now.changed_at or now.deposited_at).astimezone(UTC)
    known = (("ETag", etag(now)), ("Last-Modified", format_datetime(at, usegmt=True)))
    body = b"" if request.prefers("return=minimal") else encode(depositor_view(now))
    return Response(body, status, headers=(*headers, *known))
