"""Opening a space, recording an objection, activating, closing and reopening."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from espace import edge
from espace.enrolment import rules
from espace.enrolment.events import ClosingDue, HolderInvited, SpaceMoved
from espace.enrolment.facts import Candidate, Enrolled, State, Step
from espace.enrolment.queries import birth_date_agrees, invitation, state, suspended_since, token_hash
from espace.identity import actions as identity
from espace.identity.facts import Traits
from espace.identity.queries import patient_of, person
from espace.kernel.ids import PatientId
from espace.kernel.words import Grant, Purpose, Verb
from espace.outbox import actions as outbox


def enrol(candidate: Candidate, *, at: datetime) -> Enrolled:
    """Open a space and post the invitation; again changes nothing; an objection is respected (A01, A09)."""
    with transaction.atomic():
        outcome, patient = open_space(candidate, at=at)
        if outcome is Enrolled.OPENED:
            invite(patient=patient, at=at)
    return outcome


def open_space(candidate: Candidate, *, at: datetime) -> tuple[Enrolled, PatientId]:
    """Open a space without telling anybody yet; whose it is, and what came of it.

    Of several callers at once for one INS, all but one get IntegrityError: run again, they see the space.
    """
    with transaction.atomic():
        known = patient_of(candidate.ins)
        if known and (obstacle := _obstacle(known, candidate.traits)):
            return obstacle, known
        patient = known or _add(candidate, at)
        opened = move(patient=patient, step=Step.OPEN, at=at)
    return (Enrolled.OPENED if opened else Enrolled.ALREADY), patient


def _obstacle(patient: PatientId, traits: Traits) -> Enrolled | None:
    if state(patient) is State.OPPOSED:
        return Enrolled.OPPOSED
    return None if person(patient).traits == traits else Enrolled.OTHER_TRAITS


def record_objection(candidate: Candidate, *, at: datetime) -> bool:
    """Record that this person objects to the opening; False when their space is open already (A04, A38)."""
    with transaction.atomic():
        patient = patient_of(candidate.ins) or _add(candidate, at)
        return move(patient=patient, step=Step.OBJECT, at=at)


def _add(candidate: Candidate, at: datetime) -> PatientId:
    """Somebody whom nobody has told of their space yet."""
    patient = PatientId(edge.new_id())
    identity.add_person(patient=patient, ins=candidate.ins, traits=candidate.traits, email=candidate.email, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enrolment_space (patient_id, state, state_since) VALUES (%s, %s, %s)",
            [patient, State.NOT_INVITED, at],
        )
    return patient


def move(*, patient: PatientId, step: Step, at: datetime) -> bool:
    """Take a step of the table; False where the state of the space does not allow it."""
    present = state(patient)
    following = rules.after(present, step) if present else None
    if following is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrolment_space SET state = %s, state_since = %s WHERE patient_id = %s AND state = %s",
            [following, at, patient, present],
        )
        return bool(cursor.rowcount)


def ask_closing(grant: Grant) -> None:
    """Suspend the space: nobody reads it from now on, and after ESPACE_CLOSING_DAYS it is closed, unless its holder
    reopens it (A30, A31: what is in it is kept). Its holder is mailed."""
    grant.require(Purpose.HOLDER, Verb.CLOSE)
    until = grant.at + timedelta(days=settings.ESPACE_CLOSING_DAYS)
    if move(patient=grant.patient, step=Step.ASK_CLOSING, at=grant.at):
        asked = SpaceMoved(grant.patient, Step.ASK_CLOSING, grant.at, until)
        outbox.post(asked, patient=grant.patient, at=grant.at)
        outbox.post(ClosingDue(grant.patient, grant.at), patient=grant.patient, at=grant.at, due=until)


def reopen(grant: Grant) -> None:
    """Take a suspended or closed space back, with all that was in it (A33). Its holder is mailed."""
    grant.require(Purpose.HOLDER, Verb.REOPEN)
    if move(patient=grant.patient, step=Step.REOPEN, at=grant.at):
        outbox.post(SpaceMoved(grant.patient, Step.REOPEN, grant.at), patient=grant.patient, at=grant.at)


def close(grant: Grant, *, since: datetime) -> bool:
    """Close a space that has been suspended since then; False where it was reopened meanwhile. Its holder is mailed."""
    grant.require(Purpose.FEED, Verb.CLOSE)
    closed = suspended_since(grant.patient) == since and move(patient=grant.patient, step=Step.CLOSE, at=grant.at)
    if closed:
        outbox.post(SpaceMoved(grant.patient, Step.CLOSE, grant.at), patient=grant.patient, at=grant.at)
    return closed


def invite(*, patient: PatientId, at: datetime) -> None:
    """Make a new activation link; only its hash is kept, the link itself travels sealed to the mail."""
    token = edge.new_token()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enrolment_invitation (token_hash, patient_id, created_at, expires_at, attempts)"
            " VALUES (%s, %s, %s, %s, 0)",
            [token_hash(token), patient, at, at + rules.INVITATION_LIFETIME],
        )
    outbox.post(HolderInvited(patient, token), patient=patient, at=at)


_SPEND = """
UPDATE enrolment_invitation SET attempts = attempts + 1
WHERE token_hash = %s AND used_at IS NULL AND expires_at > %s AND attempts < %s RETURNING patient_id
"""


def prove(*, token: str, birth_date: date, at: datetime) -> bool:
    """Whether the link is live and this is its holder's birth date. A wrong answer is spent, a right one is not.

    Answers to one link wait for one another on its row (READ COMMITTED reads it again once it is free), so that
    those given at the same time are counted too.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_SPEND, [token_hash(token), at, rules.INVITATION_ATTEMPTS])
        row = cursor.fetchone()
        right = row is not None and birth_date_agrees(PatientId(row[0]), birth_date)
        if right:
            transaction.set_rollback(True)
        return right


def activate(*, token: str, identifier: str, password: str, at: datetime) -> UUID | None:
    """Use the link once: make the account, with the declared e-mail address, and activate the space.

    Returns the account's id; None, and nothing is used up, when the link is not live any more or the state of the
    space does not allow it. IntegrityError when the identifier is taken: nothing is used up either.
    """
    with transaction.atomic():
        invited = invitation(token, at=at)
        if invited is None or not move(patient=invited.patient, step=Step.ACTIVATE, at=at):
            return None
        _use(token, at)
        account_id = edge.new_id()
        identity.add_account(
            account_id=account_id,
            identifier=identifier,
            password=password,
            email=person(invited.patient).email,
            patient=invited.patient,
        )
        return account_id


def _use(token: str, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enrolment_invitation SET used_at = %s WHERE token_hash = %s", [at, token_hash(token)])
