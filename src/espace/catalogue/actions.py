"""Registering clients; issuing and revoking tokens."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace import edge
from espace.catalogue.facts import Client, KeptConsent
from espace.catalogue.queries import CONSENT, app_consent, blind_client, digest
from espace.catalogue.queries import client as client_named
from espace.catalogue.rules import key_problems
from espace.kernel.ids import PatientId
from espace.kernel.reasons import transport
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, ActorKind, Grant, Refused, RefusedProblems, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context

_REGISTER = """
INSERT INTO catalogue_client (client_id, organisation_id, name, jwks, active, registered_at)
VALUES (%s, %s, %s, %s, true, %s)
ON CONFLICT (client_id) DO UPDATE SET name = EXCLUDED.name, jwks = EXCLUDED.jwks, active = true
WHERE catalogue_client.organisation_id = EXCLUDED.organisation_id
"""

# Housekeeping stays within one client and never waits: what another transaction holds, the next one takes.
_FORGET_TOKENS = """
DELETE FROM catalogue_token WHERE digest IN (
  SELECT digest FROM catalogue_token WHERE client_id = %s AND expires_at < %s LIMIT 100 FOR UPDATE SKIP LOCKED)
"""
_USE_ASSERTION = """
WITH forgotten AS (
  DELETE FROM catalogue_assertion WHERE client_id = %(client)s AND jti IN (
    SELECT jti FROM catalogue_assertion WHERE client_id = %(client)s AND expires_at < %(at)s
    LIMIT 100 FOR UPDATE SKIP LOCKED))
INSERT INTO catalogue_assertion (client_id, jti, expires_at) VALUES (%(client)s, %(jti)s, %(expires)s)
ON CONFLICT DO NOTHING
"""
_CONSENT = """
INSERT INTO catalogue_consent (patient_id, client, sealed) VALUES (%s, %s, %s)
ON CONFLICT (patient_id, client) DO UPDATE SET sealed = EXCLUDED.sealed
"""
KEPT_AFTER_EXPIRY = timedelta(days=1)


def register_client(*, client_id: str, organisation_id: UUID, name: str, jwks: Mapping[str, Any], at: datetime) -> None:
    """Register a software of an organisation, or bring its name and keys up to date.

    Raises RefusedProblems (VALUE_INVALID, with the place in the JWK set); ValueError when the identifier
    is already another organisation's.
    """
    if problems := key_problems(jwks):
        raise RefusedProblems(problems)
    with connection.cursor() as cursor:
        cursor.execute(_REGISTER, [client_id, organisation_id, name, msgspec.json.encode(jwks).decode(), at])
        if cursor.rowcount != 1:
            raise ValueError("this client identifier is another organisation's")


def close_client(*, client_id: str) -> None:
    """Make a client, and every token it holds, worthless at once."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_client SET active = false WHERE client_id = %s", [client_id])


def issue_token(
    *,
    actor_kind: ActorKind,
    actor_id: UUID,
    patient: PatientId | None = None,
    organisation: UUID | None = None,
    client: str | None = None,
    audience: str,
    scope: str,
    at: datetime,
    lifetime: timedelta,
) -> str:
    """A new opaque token of 256 bits, told once and kept as its hash.

    `actor_id` is an organisation, a holder's account with its `patient`, a professional with the `organisation` where
    they act, or an application (`queries.app_id`) with its `patient` and its `client`; `audience` the address of the
    door; `scope` words separated by one space.
    """
    token = edge.new_token()
    with connection.cursor() as cursor:
        if client:
            cursor.execute(_FORGET_TOKENS, [client, at - KEPT_AFTER_EXPIRY])
        cursor.execute(
            "INSERT INTO catalogue_token (digest, actor_kind, actor_id, patient_id, organisation_id, client_id,"
            " audience, scope, issued_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [digest(token), actor_kind, actor_id, patient, organisation, client, audience, scope, at, at + lifetime],
        )
    return token


def revoke_token(token: str, *, at: datetime, client: str | None = None) -> bool:
    """Make a token worthless; false when there was nothing to revoke. With `client`, only a token issued to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_token SET revoked_at = %s WHERE digest = %s AND revoked_at IS NULL"
            " AND (%s::text IS NULL OR client_id = %s)",
            [at, digest(token), client, client],
        )
        return bool(cursor.rowcount == 1)


def revoke_every_token(*, at: datetime) -> int:
    """Make every token worthless, whoever holds it; how many there were. For a database that went back in time: one
    that was revoked meanwhile would be good again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_token SET revoked_at = %s WHERE revoked_at IS NULL AND expires_at > %s", [at, at]
        )
        return int(cursor.rowcount)


def consent_to_app(grant: Grant, *, client_id: str, scope: str) -> None:
    """The holder, or who stands for them, lets an application do this; again states it anew. Refused(NOT_FOUND)."""
    grant.require(PERSONAL, Verb.GIVE_ACCESS)
    if not _named(grant, client_id).active:
        raise Refused(transport.NOT_FOUND)
    _keep(grant, KeptConsent(client_id, scope, grant.at))


def end_app_consent(grant: Grant, *, client_id: str) -> None:
    """The application does nothing more from now on: its tokens are worth nothing without a consent. Again changes
    nothing. Refused(NOT_FOUND)."""
    grant.require(PERSONAL, Verb.END_ACCESS)
    _named(grant, client_id)
    kept = app_consent(grant.patient, client_id)
    if kept is None:
        raise Refused(transport.NOT_FOUND)
    if kept.ended_at is None:
        _keep(grant, replace(kept, ended_at=grant.at))


def _named(grant: Grant, client_id: str) -> Client:
    """The line of the register says which application it is about. Refused(NOT_FOUND)."""
    found = client_named(client_id)
    if found is None:
        raise Refused(transport.NOT_FOUND)
    grant.asked["professional"] = found.name
    return found


def _keep(grant: Grant, consent: KeptConsent) -> None:
    blind = blind_client(grant.patient, consent.client_id)
    place = context(CONSENT, grant.patient) + blind
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, msgspec.json.encode(consent), place)
    with connection.cursor() as cursor:
        cursor.execute(_CONSENT, [grant.patient, blind, sealed])


def use_assertion(*, client_id: str, jti: str, expires_at: datetime, at: datetime) -> bool:
    """Mark an assertion as used; false when it was used before. Callers hold the transaction.

    A few of the same client that are over are forgotten on the way: one statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_USE_ASSERTION, {"client": client_id, "jti": jti, "expires": expires_at, "at": at})
        return bool(cursor.rowcount == 1)
