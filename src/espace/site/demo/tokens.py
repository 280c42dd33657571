"""Tokens of the cast, for a first try of the machine doors."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from joserfc.jwk import ECKey

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import How
from espace.catalogue import actions as catalogue
from espace.catalogue.facts import APP_SCOPES, FEEDER_SCOPES, HOLDER_SCOPES, PROFESSIONAL_SCOPES
from espace.catalogue.queries import app_id
from espace.identity import actions as identity
from espace.identity import queries
from espace.identity.facts import Professional
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.site.demo.people import CAMILLE
from espace.site.demo.professionals import (
    PROFESSIONAL_MEMBERS,
    organisation_id,
    organisation_of,
    professional_of,
)
from espace.site.demo.structures import HOSPITAL, LABORATORY, PHARMACY

__all__ = [
    "CONSENT",
    "MEMBERS",
    "audience",
    "of_app",
    "of_holder",
    "of_organisation",
    "of_professional",
    "organisation_id",
    "organisation_of",
    "record_consent",
    "register_client",
]

MEMBERS = {"hospital": HOSPITAL, "laboratory": LABORATORY, "pharmacy": PHARMACY}
APP = "carnet-de-mesures"
"""The application of the demonstration."""
CONSENT = timedelta(days=1)
"""How long the consent that `--ins` records lasts."""


def of_organisation(member: str, *, lifetime: timedelta) -> str:
    """A token with which this structure deposits and follows its deposits."""
    structure = MEMBERS[member]
    with transaction.atomic():
        identity.put_organisation(organisation_of(structure))
        return catalogue.issue_token(
            actor_kind=ActorKind.ORGANISATION,
            actor_id=organisation_id(structure),
            audience=audience(),
            scope=" ".join(FEEDER_SCOPES),
            at=edge.now(),
            lifetime=lifetime,
        )


def register_client(member: str, keys: Mapping[str, Any]) -> str:
    """The client_id under which software of this structure authenticates with one of these public keys."""
    structure = MEMBERS[member]
    client_id = f"logiciel-{structure.slug}"
    with transaction.atomic():
        identity.put_organisation(organisation_of(structure))
        catalogue.register_client(
            client_id=client_id,
            organisation_id=organisation_id(structure),
            name=structure.name,
            jwks=keys,
            at=edge.now(),
        )
    return client_id


def of_holder(ins: str | None, *, lifetime: timedelta, test_identities: bool) -> str | None:
    """A token with which the bearer of this INS reads their own record; None when there is nobody."""
    patient = queries.patient_of_number(ins or CAMILLE.patient.ins, test_identities=test_identities)
    if patient is None:
        return None
    return catalogue.issue_token(
        actor_kind=ActorKind.HOLDER,
        actor_id=patient,
        patient=patient,
        audience=audience(),
        scope=" ".join(HOLDER_SCOPES),
        at=edge.now(),
        lifetime=lifetime,
    )


def of_app(ins: str | None, *, lifetime: timedelta, test_identities: bool) -> str | None:
    """A token with which the demonstration's application adds measures for the bearer of this INS, who lets it: through
    the gate, in the register; None when there is nobody. Raises Refused."""
    patient = queries.patient_of_number(ins or CAMILLE.patient.ins, test_identities=test_identities)
    if patient is None:
        return None
    gate.run_again(_registered_app)
    gate.run_again(lambda: _let_in(patient))
    return catalogue.issue_token(
        actor_kind=ActorKind.APP,
        actor_id=app_id(APP),
        patient=patient,
        client=APP,
        audience=audience(),
        scope=" ".join(APP_SCOPES),
        at=edge.now(),
        lifetime=lifetime,
    )


def _registered_app() -> None:
    """Its key is made and forgotten: it signs nothing, and gets no other token than these."""
    key = ECKey.generate_key("P-256", parameters={"kid": "demo"}).as_dict(private=False)
    with transaction.atomic():
        identity.put_organisation(organisation_of(PHARMACY))
        catalogue.register_client(
            client_id=APP,
            organisation_id=organisation_id(PHARMACY),
            name="Carnet de mesures",
            jwks={"keys": [key]},
            at=edge.now(),
        )


def _let_in(patient: PatientId) -> None:
    holder = Actor(ActorKind.HOLDER, patient, "", patient=patient)
    with gate.open_record(
        actor=holder, patient=patient, purpose=Purpose.HOLDER, verb=Verb.GIVE_ACCESS, at=edge.now(), channel="demo"
    ) as grant:
        catalogue.consent_to_app(grant, client_id=APP, scope=" ".join(APP_SCOPES))


def of_professional(member: str, ins: str | None, *, lifetime: timedelta, test_identities: bool) -> str | None:
    """A token with which this professional acts in their organisation; None when nobody bears the INS.

    With `ins`, that patient's oral consent is recorded first, for a day, as the professional would record it: through
    the gate, in the register, told to the holder. Raises Refused.
    """
    patient = queries.patient_of_number(ins, test_identities=test_identities) if ins else None
    if ins and patient is None:
        return None
    professional = gate.run_again(lambda: _listed(member))
    if patient is not None:
        gate.run_again(lambda: record_consent(professional, patient))
    return catalogue.issue_token(
        actor_kind=ActorKind.PROFESSIONAL,
        actor_id=professional.id,
        organisation=professional.activities[0].organisation,
        audience=audience(),
        scope=" ".join(PROFESSIONAL_SCOPES),
        at=edge.now(),
        lifetime=lifetime,
    )


def _listed(member: str) -> Professional:
    """The member of the cast as the directory has them, put there if need be."""
    with transaction.atomic():
        return identity.put_professional(professional_of(PROFESSIONAL_MEMBERS[member]))


def record_consent(professional: Professional, patient: PatientId) -> None:
    """This patient's oral consent, for a day, as the professional would record it. Raises Refused."""
    at = edge.now()
    actor = queries.actor_of_professional(professional.id, professional.activities[0].organisation)
    if actor is None:
        raise LookupError("a professional of the cast acts nowhere")
    with gate.open_record(
        actor=actor, patient=patient, purpose=Purpose.CARE, verb=Verb.CONSENT, at=at, channel="demo"
    ) as grant:
        access.record_consent(grant, how=How.ORAL, until=at + CONSENT)


def audience() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/fhir"
