"""POST /oauth/revoke (RFC 7009): a client makes one of its own tokens worthless."""

from collections.abc import Mapping
from functools import partial

from authlib.oauth2.rfc6749 import InvalidClientError
from django.db import transaction

from espace import edge
from espace.catalogue import actions
from espace.exchange.callers import revocation_url, token_url
from espace.exchange.http import Request, Response, Work
from espace.exchange.oauth.assertion import authenticate
from espace.exchange.oauth.token import refused


def revoke(request: Request) -> Work:
    """200 whether there was such a token or not (2.2): a token of another client is as unknown as one of nobody.

    `token_type_hint` is passed over: there is one type.
    """
    return partial(_revoke, {name: value for name, value in request.form().items() if value})


def _revoke(form: Mapping[str, str]) -> Response:
    try:
        with transaction.atomic(durable=True):
            return _revoked(form)
    except InvalidClientError as error:
        return refused("invalid_client", str(error.description), 401)


def _revoked(form: Mapping[str, str]) -> Response:
    if "client_secret" in form:
        return refused("invalid_request", "one way to authenticate the client, the assertion", 400)
    if "token" not in form:
        return refused("invalid_request", "token is missing", 400)
    at = edge.now()
    client = authenticate(form, audience=(token_url(), revocation_url()), at=at)
    actions.revoke_token(form["token"], at=at, client=client.client_id)
    return Response(b"", content_type="application/json", headers=(("Pragma", "no-cache"),))
