"""Codes by mail: six digits, ten minutes, one use, five tries. What is kept of one is a blind index."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction

from espace import edge
from espace.identity.events import MailCodeMade, NewAddressCode
from espace.kernel.ids import PatientId
from espace.keys.queries import blind_index
from espace.outbox import actions as outbox
from espace.outbox.facts import Event

LIFE, PAUSE = timedelta(minutes=10), timedelta(minutes=1)
MOST_TRIES = 5
DIGITS = 6

_KEEP = """
INSERT INTO identity_mail_code AS kept (account_id, digest, sent_at, expires_at, tries) VALUES (%s, %s, %s, %s, 0)
ON CONFLICT (account_id) DO UPDATE
SET digest = EXCLUDED.digest, sent_at = EXCLUDED.sent_at, expires_at = EXCLUDED.expires_at, tries = 0
WHERE kept.sent_at <= %s
"""
_TRY = """
UPDATE identity_mail_code SET tries = tries + 1 WHERE account_id = %s AND expires_at > %s AND tries < %s
"""


def make_mail_code(*, account_id: UUID, patient: PatientId, at: datetime, inside: bool = False) -> bool:
    """Make a code, which takes the place of the one before, and announce it for the mail to leave; `inside` when
    whoever asks is signed in already, which the mail says.

    False, and nothing is sent, less than a minute after the last one.
    """
    code = _drawn()
    return _kept(account_id, code, "", MailCodeMade(patient, code, at + LIFE, inside), patient, at)


def make_address_code(*, account_id: UUID, patient: PatientId, address: str, language: str, at: datetime) -> bool:
    """Make a code that leaves for an address which the holder says is theirs; the rest as `make_mail_code`.

    It proves this address for this account, and is no second factor.
    """
    code = _drawn()
    event = NewAddressCode(patient, address, language, code, at + LIFE)
    return _kept(account_id, code, address, event, patient, at)


def _drawn() -> str:
    return str(int.from_bytes(edge.random_bytes(8)) % 10**DIGITS).zfill(DIGITS)


def _kept(account_id: UUID, code: str, address: str, event: Event, patient: PatientId, at: datetime) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_KEEP, [account_id, _digest(account_id, code, address), at, at + LIFE, at - PAUSE])
            if not cursor.rowcount:
                return False
            outbox.post(event, patient=patient, at=at)
    except OperationalError:
        return False
    return True


def spend_mail_code(*, account_id: UUID, code: str, at: datetime, address: str = "") -> bool:
    """Whether this is the code, in time and before the sixth try; it is spent then. The try counts first.

    With an `address`: the code that proves it, and no other.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TRY, [account_id, at, MOST_TRIES])
            if not cursor.rowcount:
                return False
            cursor.execute(
                "DELETE FROM identity_mail_code WHERE account_id = %s AND digest = %s",
                [account_id, _digest(account_id, code, address)],
            )
            return bool(cursor.rowcount)
    except OperationalError:
        return False


def choose_mail_codes(*, account_id: UUID, chosen: bool) -> None:
    """Whether a code by mail opens this account as a second factor, from now on; a code on its way dies."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET mail_codes = %s WHERE id = %s", [chosen, account_id])
        cursor.execute("DELETE FROM identity_mail_code WHERE account_id = %s", [account_id])


def _digest(account_id: UUID, code: str, address: str) -> bytes:
    return blind_index("mail_code", "|".join((str(account_id), code, *filter(None, (address,)))))
