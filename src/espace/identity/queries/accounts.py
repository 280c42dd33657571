"""Accounts, for whoever must reach the person behind one."""

from uuid import UUID

from django.db import connection

from espace.identity.rules.recovery import MOST_ACCOUNTS
from espace.kernel.ids import PatientId

# Upper, as the indexes on both.
_NAMED = """
SELECT id, patient_id FROM identity_account
WHERE is_active AND patient_id IS NOT NULL AND (UPPER(identifier) = UPPER(%s) OR UPPER(email) = UPPER(%s))
ORDER BY id LIMIT %s
"""


def address_of(patient: PatientId) -> tuple[str, str] | None:
    """E-mail address and language ("fr" or "en") of the holder's open account; None without account or address.

    For handlers, which act under their own room's rules.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email, language FROM identity_account WHERE patient_id = %s AND is_active AND email <> ''",
            [patient],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def takes_mail_codes(account_id: UUID) -> bool:
    """Whether a code by mail is a second factor of this account: its holder chose so, and it has an address."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM identity_account WHERE id = %s AND mail_codes AND email <> ''", [account_id]
        )
        return cursor.fetchone() is not None


def accounts_named(typed: str) -> list[tuple[UUID, PatientId]]:
    """The open accounts of holders whose identifier or address this is, in any case; a family may share an address.

    For handlers: what is answered to whoever typed it never depends on this.
    """
    if not typed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [typed, typed, MOST_ACCOUNTS])
        return [(row[0], PatientId(row[1])) for row in cursor.fetchall()]


def holder_named(identifier: str) -> PatientId | None:
    """Whose open account has this identifier, in any case; for handlers, as `accounts_named`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT patient_id FROM identity_account WHERE is_active AND UPPER(identifier) = UPPER(%s)", [identifier]
        )
        row = cursor.fetchone()
    return PatientId(row[0]) if row and row[0] else None
