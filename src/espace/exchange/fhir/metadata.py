"""What the FHIR door can do: GET /fhir/metadata."""

from functools import partial
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings

from espace.exchange.callers import fhir_base, token_url
from espace.exchange.http import Request, Response, Work
from espace.wire.fhir.statements import capability_statement

SINCE = "2026-11-23"
"""The day of this version of the door's abilities."""


def read(request: Request) -> Work:
    return partial(_statement)


def _statement() -> Response:
    return Response(
        capability_statement(
            base=fhir_base(),
            token_url=token_url(),
            version=software_version(),
            date=SINCE,
            max_request=settings.ESPACE_MAX_REQUEST_BYTES,
        )
    )


def software_version() -> str:
    """That of what is installed; "0" where it runs from its sources."""
    try:
        return version("espace-sante")
    except PackageNotFoundError:
        return "0"
