"""Sessions of professionals."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from espace.identity.facts.sessions import ProfessionalSession, ProviderNames
from espace.keys import queries as keys


def professional_session(session_id: UUID, *, at: datetime) -> ProfessionalSession | None:
    """The session; None when it never was, was ended or has expired."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, professional_id, organisation_id, started_at, expires_at, regulates"
            " FROM identity_professional_session WHERE id = %s AND ended_at IS NULL AND expires_at > %s",
            [session_id, at],
        )
        row = cursor.fetchone()
    return ProfessionalSession(*row) if row else None


def sub_index(names: ProviderNames) -> bytes:
    """By which an announced log-out finds the sessions of a person; the same name at two providers is two."""
    return keys.blind_index("professional_sub", f"{names.issuer}|{names.sub}")


def sid_index(names: ProviderNames) -> bytes:
    return keys.blind_index("professional_sid", f"{names.issuer}|{names.sid}")
