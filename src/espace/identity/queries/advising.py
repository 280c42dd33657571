"""Digital advisers: which accounts are theirs, and what a code becomes (O04, O05)."""

import logging
from uuid import UUID

from django.db import connection

from espace.identity.facts.mandates import Adviser
from espace.keys import queries as keys
from espace.keys.facts import SealBroken

DOMAIN = "adviser"
_integrity = logging.getLogger("espace.integrity")
_ONE = "SELECT adviser FROM identity_account WHERE id = %s AND is_active AND adviser IS NOT NULL"
_ALL = "SELECT id, email, adviser FROM identity_account WHERE adviser IS NOT NULL ORDER BY email, id"
_AT = """
SELECT id FROM identity_account WHERE is_active AND patient_id IS NOT NULL AND UPPER(email) = UPPER(%s)
ORDER BY id LIMIT 2
"""


def structure_in(sealed: bytes | memoryview | None, account: UUID) -> str:
    """Where the digital adviser of this account works, from its row; "" for any other account. What was altered, or
    copied from another row, makes nobody an adviser."""
    if sealed is None:
        return ""
    try:
        return keys.open_system(DOMAIN, bytes(sealed), account.bytes).decode()
    except SealBroken:
        _integrity.error("an adviser's account was altered", extra={"account": str(account)})
        return ""


def structure_of(account: UUID) -> str:
    """The same, for who has not read the row."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [account])
        row = cursor.fetchone()
    return structure_in(row[0], account) if row else ""


def advisers() -> tuple[Adviser, ...]:
    """All of them, for the operator."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        rows = cursor.fetchall()
    return tuple(Adviser(id, email, structure_in(sealed, id)) for id, email, sealed in rows)


def accounts_at(address: str) -> tuple[UUID, ...]:
    """The open accounts of people with this address, two at most: a family may share one."""
    with connection.cursor() as cursor:
        cursor.execute(_AT, [address])
        return tuple(row[0] for row in cursor.fetchall())


def code_token(code: str) -> str:
    """What stands for a code wherever an invitation has its token: whoever reads the database, without the keys, does
    not find the code of a hash by trying them all."""
    return keys.blind_index("advising", code).hex()
