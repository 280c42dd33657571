"""POST /oauth/token: client_credentials for the software of an organisation."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import msgspec
from authlib.oauth2.rfc6749 import InvalidClientError
from django.conf import settings
from django.db import transaction

from espace import edge
from espace.catalogue import actions
from espace.catalogue.facts import FEEDER_SCOPES
from espace.catalogue.rules import granted_scopes
from espace.exchange.callers import fhir_base, token_url
from espace.exchange.http import Request, Response, Work
from espace.exchange.oauth.assertion import authenticate
from espace.kernel.words import ActorKind, Refused

GRANT_TYPE = "client_credentials"
LIFETIME_SECONDS = 3600
"""Of a token, where ESPACE_TOKEN_SECONDS says nothing else."""

_FAULTS = {500: "server_error", 503: "temporarily_unavailable"}
"""Errors that RFC 6749 has for its other endpoint (4.1.2.1), and none better for this one."""


class _No(Exception):
    """A refusal of RFC 6749, section 5.2: its error code and an English sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


def issue(request: Request) -> Work:
    """A parameter without a value counts as omitted, and one that is not known is ignored (RFC 6749, 3.2)."""
    return partial(_issue, {name: value for name, value in request.form().items() if value})


def _issue(form: Mapping[str, str]) -> Response:
    try:
        with transaction.atomic(durable=True):
            return _granted(form)
    except InvalidClientError as error:
        return refused("invalid_client", str(error.description), 401)
    except _No as no:
        return refused(no.error, no.description, 400)


def _granted(form: Mapping[str, str]) -> Response:
    if "grant_type" not in form:
        raise _No("invalid_request", "grant_type is missing")
    if "client_secret" in form:
        raise _No("invalid_request", "one way to authenticate the client, the assertion")
    if form["grant_type"] != GRANT_TYPE:
        raise _No("unsupported_grant_type", f"{GRANT_TYPE} is the only one")
    scopes = granted_scopes(form.get("scope", ""))
    if scopes is None:
        raise _No("invalid_scope", f"scope takes {' '.join(FEEDER_SCOPES)}")
    at = edge.now()
    client = authenticate(form, audience=(token_url(),), at=at)
    lifetime = timedelta(seconds=getattr(settings, "ESPACE_TOKEN_SECONDS", LIFETIME_SECONDS))
    token = actions.issue_token(
        actor_kind=ActorKind.ORGANISATION,
        actor_id=client.organisation,
        client=client.client_id,
        audience=fhir_base(),
        scope=" ".join(scopes),
        at=at,
        lifetime=lifetime,
    )
    return _json(
        {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(lifetime.total_seconds()),
            "scope": " ".join(scopes),
        },
        200,
    )


def refused(error: str, description: str, status: int) -> Response:
    """A refusal as RFC 6749, section 5.2 has it."""
    return _json({"error": error, "error_description": description}, status)


def refusal(refused_: Refused) -> Response:
    """The same, for what was refused before the form was read, and for faults of ours."""
    words = f"{refused_.reason.professional.en} {refused_.detail}".strip()
    error = _FAULTS.get(refused_.reason.status, "invalid_request")
    return refused(error, words.encode("ascii", "replace").decode(), refused_.reason.status)


def _json(value: dict[str, object], status: int) -> Response:
    return Response(
        msgspec.json.encode(value), status, content_type="application/json", headers=(("Pragma", "no-cache"),)
    )
