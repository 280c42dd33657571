"""Accounts, for whoever must reach the person behind one."""

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
