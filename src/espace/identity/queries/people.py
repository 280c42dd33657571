"""People. A statement of identity finds a person by INS only, never by name (B23)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from espace.identity import rules
from espace.identity.facts import AUTHORITIES, TEST_AUTHORITIES, Ins, Person, Traits
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.reasons import identity
from espace.kernel.words import Actor, ActorKind, Comparing, Grant, Problem, Refused, RefusedProblems
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.wire.xds import PatientStatement


def resolve(statements: Sequence[PatientStatement], *, test_identities: bool) -> PatientId | None:
    """The person whom every statement designates, None where nobody bears that INS: the gate refuses it.

    Raises Refused: INS_MISSING, IDENTITIES_DIFFER, INS_* (form, key, authority), INS_NOT_QUALIFIED,
    TRAITS_MISSING. Traits are compared later, inside the record (`require_traits`).
    """
    ins = rules.one_ins(statements)
    if isinstance(ins, Problem):
        raise RefusedProblems((ins,))
    place = next(s.place for s in statements if s.has_ins)
    if wrong := rules.ins_problem(ins, test_identities=test_identities):
        raise Refused(wrong, place=place)
    if problem := rules.qualification_problem(statements):
        raise RefusedProblems((problem,))
    return patient_of(ins)


def patient_of(ins: Ins) -> PatientId | None:
    """The person who bears this INS, now or before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_id FROM identity_ins WHERE blind = %s", [ins_index(ins)])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def patient_of_number(number: str, *, test_identities: bool) -> PatientId | None:
    """The person who bears this number under any accepted authority, first registered first; in one statement."""
    authorities = [*AUTHORITIES, *(TEST_AUTHORITIES if test_identities else ())]
    blind = [ins_index(Ins(number, authority)) for authority in authorities]
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_id FROM identity_ins WHERE blind = ANY(%s) ORDER BY since LIMIT 1", [blind])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def ins_index(ins: Ins) -> bytes:
    return keys.blind_index("ins", f"{ins.authority}|{ins.number}")


def require_traits(grant: Grant, statements: Sequence[PatientStatement]) -> Traits:
    """The known traits; raises TRAITS_DISAGREE unless every statement agrees, and IDENTITIES_DIFFER where one states
    an INS that this person never bore.

    Where and which traits, never their values, is told to whoever may know them; to others only that it is so, were
    there many statements, and TRAITS_FROZEN once they guessed too often (`Grant.comparing`).
    """
    if grant.comparing is None:
        raise TypeError("this opening did not say that it compares identities")
    if grant.comparing is Comparing.FROZEN:
        raise Refused(identity.TRAITS_FROZEN)
    known = own_person(grant)
    foreign = [s for s in statements if s.has_ins and s.authority and Ins(s.number, s.authority) not in known.ins]
    problems = [Problem(identity.IDENTITIES_DIFFER, statement.place) for statement in foreign]
    problems += [
        Problem(identity.TRAITS_DISAGREE, statement.place, ", ".join(wrong))
        for statement in statements
        if (wrong := rules.disagreements(statement, known.traits))
    ]
    grant.disagreed = bool(problems)
    if problems and grant.comparing is Comparing.BLIND:
        raise Refused(problems[0].reason)
    if problems:
        raise RefusedProblems(tuple(problems))
    return known.traits


def own_person(grant: Grant) -> Person:
    """The holder of the opened record: read at first need, then at hand for the life of the grant."""
    if not isinstance(grant.person, Person):
        grant.person = _person(grant.patient, keys.keys_of(grant))
    return grant.person


def person(patient: PatientId) -> Person:
    """The person, opened; for lower shelves and handlers, which act under their own room's rules."""
    return _person(patient, keys.patient_keys(patient))


def _person(patient: PatientId, opened: PatientKeys) -> Person:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM identity_person WHERE patient_id = %s", [patient])
        row = cursor.fetchone()
    if row is None:
        raise LookupError("no such person")
    sealed = opened.open(KeyKind.METADATA, bytes(row[0]), context("identity_person", patient))
    return decode(sealed, Person)


def actor_of_account(account_id: UUID) -> Actor | None:
    """The holder who signed in with this account; None when the account is closed or nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.patient_id FROM identity_account a WHERE a.id = %s AND a.is_active AND a.patient_id IS NOT NULL",
            [account_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    patient = PatientId(row[0])
    return Actor(ActorKind.HOLDER, account_id, person(patient).name, patient=patient)
