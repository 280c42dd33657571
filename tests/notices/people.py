"""Holders who can be told: their space is activated and their account has an address."""

from uuid import uuid4

from django.db import connection

from cast import AT, Holder, holder
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Step
from espace.identity import actions as identity
from espace.kernel.ids import PatientId


def activated(*, email: str = "", language: str = "fr") -> tuple[PatientId, str]:
    """A fresh holder with an account, and their address."""
    someone, address = activated_holder(email=email, language=language)
    return someone.patient, address


def activated_holder(*, email: str = "", language: str = "fr") -> tuple[Holder, str]:
    someone, address = holder(), email or f"{uuid4().hex[:12]}@example.org"
    account = uuid4()
    identity.add_account(
        account_id=account, identifier=f"h.{account.hex[:12]}", password="-", email=address, patient=someone.patient
    )
    identity.set_language(account_id=account, language=language)
    assert enrolment.move(patient=someone.patient, step=Step.ACTIVATE, at=AT)
    return someone, address


def close_account(patient: PatientId) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_account SET is_active = false WHERE patient_id = %s", [patient])
