"""The way back of a holder who cannot sign in any more (ADR 0019). Callers run again what cannot be serialised."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from espace import edge
from espace.identity.actions.people import set_password
from espace.identity.actions.web_sessions import end_all_web_sessions
from espace.identity.events import RecoveryAsked, RecoveryTold
from espace.identity.facts.recovery import RecoveryStep
from espace.identity.queries.accounts import accounts_named, address_of
from espace.identity.queries.people import person
from espace.identity.queries.recovery import token_hash
from espace.identity.rules.recovery import BETWEEN, LINK_LIFE, MOST_TRIES, OPEN_FOR
from espace.kernel.ids import PatientId
from espace.outbox import actions as outbox

Values = dict[str, UUID | bytes | datetime | int | None]

# What waits is never replaced: whoever knows an identifier would begin the wait again and again.
_KEEP = """
INSERT INTO identity_recovery AS kept (account_id, token_hash, asked_at, due_at, expires_at, tries)
VALUES (%(account)s, %(hash)s, %(at)s, NULL, %(until)s, 0)
ON CONFLICT (account_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, asked_at = EXCLUDED.asked_at,
  due_at = NULL, expires_at = EXCLUDED.expires_at, tries = 0
WHERE kept.expires_at <= %(at)s
  OR (kept.asked_at <= %(before)s AND (kept.due_at IS NULL OR kept.tries >= %(most)s))
"""
_TRY = """
UPDATE identity_recovery AS back SET tries = back.tries + 1 FROM identity_account AS mine
WHERE mine.id = back.account_id AND mine.is_active AND back.token_hash = %s AND back.expires_at > %s AND back.tries < %s
RETURNING mine.patient_id
"""
_BEGIN = """
UPDATE identity_recovery AS back SET due_at = %(due)s, expires_at = %(until)s, tries = 0
FROM identity_account AS mine WHERE mine.id = back.account_id AND mine.is_active AND back.token_hash = %(hash)s
  AND back.due_at IS NULL AND back.expires_at > %(at)s AND back.tries < %(most)s
RETURNING mine.patient_id
"""
_FINISH = """
DELETE FROM identity_recovery AS back USING identity_account AS mine
WHERE mine.id = back.account_id AND mine.is_active AND back.token_hash = %(hash)s
  AND back.due_at <= %(at)s AND back.expires_at > %(at)s AND back.tries < %(most)s
RETURNING mine.id, mine.patient_id
"""
_CANCEL = """
DELETE FROM identity_recovery AS back USING identity_account AS mine
WHERE mine.id = back.account_id AND back.expires_at > %(at)s
  AND (back.token_hash = %(hash)s OR back.account_id = %(account)s)
RETURNING mine.patient_id, back.due_at
"""


def ask_recovery(*, typed: str, at: datetime) -> None:
    """Somebody cannot sign in and typed this. Nothing is looked up here, so that nothing shows, not even by time."""
    outbox.post(RecoveryAsked(typed, at), patient=None, at=at)


def make_links(*, typed: str, at: datetime) -> int:
    """A link for each account of this identifier or address that has an address; how many were made.

    None for an account that got one within the hour, or whose way back waits already: done twice, it is done once.
    """
    return sum(_make_link(account_id, patient, at) for account_id, patient in accounts_named(typed))


def _make_link(account_id: UUID, patient: PatientId, at: datetime) -> bool:
    if address_of(patient) is None:
        return False
    token, until = edge.new_token(), at + LINK_LIFE
    values: Values = {
        "account": account_id, "hash": token_hash(token), "at": at, "until": until, "before": at - BETWEEN,
        "most": MOST_TRIES,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        if not cursor.rowcount:
            return False
        _tell(patient, RecoveryStep.ASKED, token, until, at)
    return True


def prove_holder(*, token: str, birth_date: date, at: datetime) -> bool:
    """Whether the link is live and this is its holder’s birth date. A wrong answer is spent, a right one is not.

    Answers given at the same time wait for one another, and are all counted (READ COMMITTED).
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_TRY, [token_hash(token), at, MOST_TRIES])
        row = cursor.fetchone()
        right = row is not None and person(PatientId(row[0])).traits.birth_date == birth_date
        if right:
            transaction.set_rollback(True)
        return right


def begin_wait(*, token: str, wait: timedelta, at: datetime) -> bool:
    """Begin the wait; false where the link is not live, or its wait has begun. A mail leaves now, another at its
    end."""
    due = at + wait
    values: Values = {
        "hash": token_hash(token), "due": due, "until": due + OPEN_FOR, "at": at, "most": MOST_TRIES,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEGIN, values)
        row = cursor.fetchone()
        if row is None:
            return False
        patient = PatientId(row[0])
        _tell(patient, RecoveryStep.BEGUN, token, due, at)
        _tell(patient, RecoveryStep.READY, token, due + OPEN_FOR, at, due=due)
    return True


def cancel_recovery(*, at: datetime, token: str = "", account_id: UUID | None = None) -> bool:
    """Cancel the way back of this link, or of this account; false where there is none. A mail says so where the wait
    had begun: before that, nothing had."""
    values: Values = {"hash": token_hash(token) if token else None, "account": account_id, "at": at}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CANCEL, values)
        row = cursor.fetchone()
        if row is None:
            return False
        if row[1] is not None:
            _tell(PatientId(row[0]), RecoveryStep.CANCELLED, "", at, at)
    return True


def forget_every_recovery() -> int:
    """After a restoration: one that was cancelled since the moment restored would wait again. How many went."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_recovery")
        return int(cursor.rowcount)


def finish_recovery(*, token: str, password: str, at: datetime) -> UUID | None:
    """Use the link once, after the wait: another password, no code by mail any more, every session ended.

    The account; None, and nothing is done, where the link is not live, or it is too early. The caller replaces the
    second factors in the same transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FINISH, {"hash": token_hash(token), "at": at, "most": MOST_TRIES})
        row = cursor.fetchone()
        if row is None:
            return None
        account_id: UUID = row[0]
        cursor.execute("UPDATE identity_account SET mail_codes = false WHERE id = %s", [account_id])
        cursor.execute("DELETE FROM identity_mail_code WHERE account_id = %s", [account_id])
        set_password(account_id=account_id, password=password)
        end_all_web_sessions(account_id=account_id)
        _tell(PatientId(row[1]), RecoveryStep.DONE, "", at, at)
    return account_id


def _tell(
    patient: PatientId, step: RecoveryStep, token: str, moment: datetime, at: datetime, due: datetime | None = None
) -> None:
    outbox.post(RecoveryTold(patient, step.value, token, moment), patient=patient, at=at, due=due)
