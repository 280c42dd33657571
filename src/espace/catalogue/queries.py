"""Who a token or a client is."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from django.db import connection

from espace.catalogue.facts import Client, Consent, KeptConsent
from espace.catalogue.rules import covers
from espace.identity import queries as identity
from espace.identity.rules import actor_of
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import PERSONAL, Actor, ActorKind, Grant, Refused
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context

_BEARER = """
SELECT t.actor_kind, t.actor_id, t.patient_id, t.organisation_id, t.scope, t.expires_at, t.client_id
FROM catalogue_token t LEFT JOIN catalogue_client c ON c.client_id = t.client_id
WHERE t.digest = %s AND t.audience = %s AND t.revoked_at IS NULL AND (t.client_id IS NULL OR c.active)
"""
CONSENT = "catalogue_consent"


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
    organisation, account or professional is no longer active, the professional acts there no more, or the holder ended
    their consent to the application; TOKEN_EXPIRED; SCOPE_INSUFFICIENT, where the token or that consent does not cover
    the operation.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEARER, [digest(token), audience])
        row = cursor.fetchone()
    if row is None:
        raise Refused(reasons.TOKEN_INVALID)
    kind, actor_id, patient, organisation, granted, expires_at, client_id = row
    if expires_at <= at:
        raise Refused(reasons.TOKEN_EXPIRED)
    consented = granted
    if kind == ActorKind.APP:
        actor, consented = _app(actor_id, patient, client_id)
    else:
        actor = _ACTORS[kind](actor_id, patient, organisation) if kind in _ACTORS else None
    if actor is None or actor.patient != patient:
        raise Refused(reasons.TOKEN_INVALID)
    needed = (scopes or {}).get(actor.kind)
    if needed and not (covers(granted, needed) and covers(consented, needed)):
        raise Refused(reasons.SCOPE_INSUFFICIENT, detail=needed)
    return actor


def _app(actor_id: UUID, patient: UUID | None, client_id: str | None) -> tuple[Actor | None, str]:
    """An application in the space of who consents to it, and to what they do."""
    if patient is None or client_id is None:
        return None, ""
    own, known = PatientId(patient), client(client_id)
    kept = app_consent(own, client_id)
    publisher = identity.organisation(known.organisation) if known and known.active else None
    if kept is None or kept.ended_at or known is None or publisher is None or not publisher.active:
        return None, ""
    actor = Actor(ActorKind.APP, actor_id, known.name, publisher.id, own, organisation_name=publisher.name)
    return actor, kept.scope


def app_consent(patient: PatientId, client_id: str) -> KeptConsent | None:
    """What a holder said of an application, ended or not; nothing where that was altered. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT client, sealed FROM catalogue_consent WHERE patient_id = %s AND client = %s",
            [patient, blind_client(patient, client_id)],
        )
        row = cursor.fetchone()
    return _opened(keys.patient_keys(patient), *row) if row else None


def blind_client(patient: PatientId, client_id: str) -> bytes:
    """Which application somebody uses may say what they suffer from: it is nowhere in clear."""
    return keys.blind_index(CONSENT, f"{patient}|{client_id}")


def _opened(at_hand: PatientKeys, blind: bytes, sealed: bytes) -> KeptConsent | None:
    try:
        place = context(CONSENT, at_hand.patient) + bytes(blind)
        return decode(at_hand.open(KeyKind.METADATA, bytes(sealed), place), KeptConsent)
    except (SealBroken, KeysDestroyed, KeysMissing):
        return None


def app_id(client_id: str) -> UUID:
    """The id under which an application acts: always the same."""
    return uuid5(NAMESPACE_URL, f"urn:espace:app:{client_id}")


def app_consents(grant: Grant) -> tuple[Consent, ...]:
    """The applications that the holder let in, those that they do not any more among them; the newest first."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT client, sealed FROM catalogue_consent WHERE patient_id = %s", [grant.patient])
        rows = cursor.fetchall()
    at_hand = keys.keys_of(grant)
    found = [kept for row in rows if (kept := _opened(at_hand, *row))]
    newest = sorted(found, key=lambda one: (one.given_at, one.client_id), reverse=True)
    return tuple(told for one in newest if (told := _told(one)))


def _told(kept: KeptConsent) -> Consent | None:
    known = client(kept.client_id)
    if known is None:
        return None
    publisher = _publisher(known.organisation)
    return Consent(kept.client_id, known.name, publisher, kept.scope, kept.given_at, kept.ended_at)


def _publisher(organisation_id: UUID) -> str:
    found = identity.organisation(organisation_id)
    return found.name if found else ""


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
    jwks = msgspec.json.decode(row[3]) if isinstance(row[3], str | bytes) else row[3]
    return Client(row[0], row[1], row[2], jwks, row[4])
