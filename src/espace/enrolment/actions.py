"""Opening a space, recording an objection, activating."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from espace import edge
from espace.enrolment import rules
from espace.enrolment.events import SpaceOpened
from espace.enrolment.facts import Candidate, Enrolled, State, Step
from espace.enrolment.queries import invitation, state, token_hash
from espace.identity import actions as identity
from espace.identity.facts import Traits
from espace.identity.queries import patient_of, person
from espace.kernel.ids import PatientId
from espace.outbox import actions as outbox


def enrol(candidate: Candidate, *, at: datetime) -> Enrolled:
    """Open a space and post the invitation; again changes nothing; an objection is respected (A01, A09)."""
    with transaction.atomic():
        outcome, patient = open_space(candidate, at=at)
        if outcome is Enrolled.OPENED:
            invite(patient=patient, at=at)
    return outcome


def open_space(candidate: Candidate, *, at: datetime) -> tuple[Enrolled, PatientId]:
    """Open a space without telling anybody yet; whose it is, and what came of it."""
    with transaction.atomic():
        patient = patient_of(candidate.ins)
        if patient is not None:
            return _known(patient, candidate.traits), patient
        patient = PatientId(edge.new_id())
        _add(candidate, patient, State.OPENED, at)
    return Enrolled.OPENED, patient


def _known(patient: PatientId, traits: Traits) -> Enrolled:
    if state(patient) is State.OPPOSED:
        return Enrolled.OPPOSED
    return Enrolled.ALREADY if person(patient).traits == traits else Enrolled.OTHER_TRAITS


def record_objection(candidate: Candidate, *, at: datetime) -> bool:
    """Record that this person objects to the opening; False when their space is open already (A04, A38)."""
    with transaction.atomic():
        patient = patient_of(candidate.ins)
        if patient is None:
            _add(candidate, PatientId(edge.new_id()), State.OPPOSED, at)
            return True
        return move(patient=patient, step=Step.OBJECT, at=at)


def _add(candidate: Candidate, patient: PatientId, first: State, at: datetime) -> None:
    identity.add_person(patient=patient, ins=candidate.ins, traits=candidate.traits, email=candidate.email, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enrolment_space (patient_id, state, state_since) VALUES (%s, %s, %s)", [patient, first, at]
        )


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


def invite(*, patient: PatientId, at: datetime) -> None:
    """Make a new activation link; only its hash is kept, the link itself travels sealed to the mail."""
    token = edge.new_token()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enrolment_invitation (token_hash, patient_id, created_at, expires_at, attempts)"
            " VALUES (%s, %s, %s, %s, 0)",
            [token_hash(token), patient, at, at + rules.INVITATION_LIFETIME],
        )
    outbox.post(SpaceOpened(patient, token), patient=patient, at=at)


def note_wrong_answer(token: str) -> None:
    """Count a wrong birth date against the link."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrolment_invitation SET attempts = attempts + 1 WHERE token_hash = %s", [token_hash(token)]
        )


def activate(*, token: str, identifier: str, password: str, at: datetime) -> UUID | None:
    """Use the link once: make the account, with the declared e-mail address, and activate the space.

    Returns the account's id; None when the link is not live any more. IntegrityError when the identifier
    is taken: nothing is used up.
    """
    with transaction.atomic():
        invited = invitation(token, at=at)
        if invited is None or not _use(token, at):
            return None
        account_id = edge.new_id()
        identity.add_account(
            account_id=account_id,
            identifier=identifier,
            password=password,
            email=person(invited.patient).email,
            patient=invited.patient,
        )
        move(patient=invited.patient, step=Step.ACTIVATE, at=at)
        return account_id


def _use(token: str, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrolment_invitation SET used_at = %s WHERE token_hash = %s AND used_at IS NULL",
            [at, token_hash(token)],
        )
        return bool(cursor.rowcount)
