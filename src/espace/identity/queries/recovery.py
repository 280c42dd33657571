"""Ways back that are live."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from espace.identity.facts.recovery import Recovery
from espace.identity.rules.recovery import MOST_TRIES
from espace.kernel.ids import PatientId

_LIVE = """
SELECT back.account_id, mine.patient_id, back.due_at, back.expires_at FROM identity_recovery AS back
JOIN identity_account AS mine ON mine.id = back.account_id
WHERE mine.is_active AND mine.patient_id IS NOT NULL AND back.expires_at > %s AND back.tries < %s
"""


def token_hash(token: str) -> bytes:
    return hashlib.sha256(b"recovery" + token.encode()).digest()


def recovery_of_link(token: str, *, at: datetime) -> Recovery | None:
    """The live way back of this link; None, always the same answer, when it is unknown, used, cancelled, expired or
    tried too often, or when the account is closed."""
    return _one(f"{_LIVE} AND back.token_hash = %s", [at, MOST_TRIES, token_hash(token)])


def waiting_recovery(account_id: UUID, *, at: datetime) -> Recovery | None:
    """The way back that waits for this account, or is open: what every session of the account may cancel."""
    return _one(f"{_LIVE} AND back.account_id = %s AND back.due_at IS NOT NULL", [at, MOST_TRIES, account_id])


def _one(statement: str, values: Sequence[datetime | int | bytes | UUID]) -> Recovery | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return Recovery(row[0], PatientId(row[1]), row[2], row[3]) if row else None
