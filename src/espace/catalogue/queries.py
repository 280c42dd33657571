"""Who a token or a client is."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from espace.catalogue.facts import Client
from espace.catalogue.rules import covers
from espace.identity import queries as identity
from espace.identity.rules import actor_of
from espace.kernel.ids import PatientId
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Actor, ActorKind, Refused

_BEARER = """
SELECT t.actor_kind, t.actor_id, t.patient_id, t.organisation_id, t.scope, t.expires_at
FROM catalogue_token t LEFT JOIN catalogue_client c ON c.client_id = t.client_id
WHERE t.digest = %s AND t.audience = %s AND t.revoked_at IS NULL AND (t.client_id IS NULL OR c.active)
"""


def digest(token: str) -> bytes:
    """What is kept of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def registrations(*, prefix: str, since: datetime) -> tuple[int, int]:
    """How many clients whose identifier begins so were ever registered, and how many of them since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE registered_at > %s) FROM catalogue_client"
            " WHERE starts_with(client_id, %s)",
            [since, prefix],
        )
        total, recent = cursor.fetchone()
    return total, recent


def actor_of_token(token: str, *, audience: str, at: datetime, scopes: Mapping[ActorKind, str] | None = None) -> Actor:
    """The actor whom a bearer token designates; `scopes` is what the operation needs, by kind of actor.

    Raises Refused: TOKEN_INVALID whether it is forged, revoked, made for another audience, or its client,
    organisation, account or professional is no longer active, or the professional acts there no more;
    TOKEN_EXPIRED; SCOPE_INSUFFICIENT.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEARER, [digest(token), audience])
        row = cursor.fetchone()
    if row is None:
        raise Refused(reasons.TOKEN_INVALID)
    kind, actor_id, patient, organisation, granted, expires_at = row
    if expires_at <= at:
        raise Refused(reasons.TOKEN_EXPIRED)
    actor = _ACTORS[kind](actor_id, patient, organisation) if kind in _ACTORS else None
    if actor is None or actor.patient != patient:
        raise Refused(reasons.TOKEN_INVALID)
    needed = (scopes or {}).get(actor.kind)
    if needed and not covers(granted, needed):
        raise Refused(reasons.SCOPE_INSUFFICIENT, detail=needed)
    return actor


def _organisation(organisation_id: UUID, patient: UUID | None, _: UUID | None) -> Actor | None:
    found = identity.organisation(organisation_id)
    return actor_of(found) if found and found.active else None


def _professional(professional_id: UUID, patient: UUID | None, organisation: UUID | None) -> Actor | None:
    """A professional where they act: a token that does not say where is worth nothing."""
    return identity.actor_of_professional(professional_id, organisation) if organisation else None


def _holder(actor_id: UUID, patient: UUID | None, _: UUID | None) -> Actor | None:
    """A holder by their account, or by themselves for a token made without one (`./espace token holder`)."""
    if patient is None:
        return None
    if actor_id != patient:
        return identity.actor_of_account(actor_id)
    return Actor(ActorKind.HOLDER, actor_id, "", patient=PatientId(patient))


_ACTORS: Mapping[str, Callable[[UUID, UUID | None, UUID | None], Actor | None]] = {
    ActorKind.ORGANISATION: _organisation,
    ActorKind.PROFESSIONAL: _professional,
    ActorKind.HOLDER: _holder,
}
"""By kind: from the ids of the actor, of the patient and of the organisation."""


def client(client_id: str) -> Client | None:
    """A registered client; None when there is none, whether it is active or not is for the caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT client_id, organisation_id, name, jwks, active FROM catalogue_client WHERE client_id = %s",
            [client_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    keys = msgspec.json.decode(row[3]) if isinstance(row[3], str | bytes) else row[3]
    return Client(row[0], row[1], row[2], keys, row[4])
