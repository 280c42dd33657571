"""Writing people and their accounts."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.contrib.auth.hashers import make_password
from django.db import connection

from espace.identity.facts import Ins, Person, Traits
from espace.identity.queries import ins_index
from espace.identity.queries.mandates import blind_helper
from espace.kernel.ids import PatientId
from espace.keys import actions as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context


def add_person(
    *, patient: PatientId, ins: Ins, traits: Traits, email: str, at: datetime, departement: str = ""
) -> Person:
    """A new person; IntegrityError when the INS is already somebody's. `departement` is where they live."""
    person = Person(patient, (ins,), traits, email)
    opened = keys.ensure_patient_keys(patient)
    sealed = opened.seal(KeyKind.METADATA, msgspec.json.encode(person), context("identity_person", patient))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_person (patient_id, birth_month, sex, departement, sealed)"
            " VALUES (%s, %s, %s, %s, %s)",
            [patient, traits.birth_date.replace(day=1), traits.sex, departement, sealed],
        )
        cursor.execute(
            "INSERT INTO identity_ins (blind, patient_id, since) VALUES (%s, %s, %s)", [ins_index(ins), patient, at]
        )
    return person


def add_account(*, account_id: UUID, identifier: str, password: str, email: str, patient: PatientId) -> None:
    """A holder's account; IntegrityError when the identifier is taken or the person has an account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_account"
            " (id, identifier, password, email, patient_id, language, is_active, last_login, helps)"
            " VALUES (%s, %s, %s, %s, %s, 'fr', true, NULL,"
            " EXISTS (SELECT FROM identity_mandate WHERE helper = %s))",
            [account_id, identifier, make_password(password), email, patient, blind_helper(patient)],
        )


def set_language(*, account_id: UUID, language: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET language = %s WHERE id = %s", [language, account_id])


def set_password(*, account_id: UUID, password: str) -> None:
    """Another password: every session that was signed in with the one before is refused from now on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_account SET password = %s WHERE id = %s", [make_password(password), account_id]
        )


def set_address(*, account_id: UUID, email: str) -> None:
    """Where this holder’s mails go from now on; callers know that it is theirs."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET email = %s WHERE id = %s", [email, account_id])


def hold_account(account_id: UUID) -> None:
    """Until the caller's transaction ends, nobody else who calls this goes on: of two, the second begins again.

    An update, not a lock: under REPEATABLE READ a lock would let the second go on with what it saw before.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET mail_codes = mail_codes WHERE id = %s", [account_id])
