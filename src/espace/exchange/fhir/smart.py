"""How to get a token: GET /fhir/.well-known/smart-configuration."""

from functools import partial

from espace.catalogue.facts import ALGORITHMS, FEEDER_SCOPES
from espace.exchange.callers import revocation_url, token_url
from espace.exchange.http import Request, Response, Work
from espace.wire.fhir.statements import smart_configuration


def read(request: Request) -> Work:
    return partial(_configuration)


def _configuration() -> Response:
    body = smart_configuration(
        token_url=token_url(), revocation_url=revocation_url(), scopes=FEEDER_SCOPES, algorithms=ALGORITHMS
    )
    return Response(body, content_type="application/json")
