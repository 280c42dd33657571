"""Accounts, for whoever must reach the person behind one."""

from uuid import UUID

from django.db import connection

from espace.kernel.ids import PatientId


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
