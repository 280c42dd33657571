"""Tokens of the cast, for a first try of the machine doors."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.db import transaction

from espace import edge
from espace.catalogue import actions as catalogue
from espace.identity import actions as identity
from espace.identity import queries
from espace.identity.facts import Organisation
from espace.kernel.words import ActorKind
from espace.site.demo.people import CAMILLE
from espace.site.demo.structures import HOSPITAL, LABORATORY, PHARMACY, REGION, Structure

MEMBERS = {"hospital": HOSPITAL, "laboratory": LABORATORY, "pharmacy": PHARMACY}
FEED_SCOPE = "system/DocumentReference.c system/DocumentReference.s"
READ_SCOPE = "patient/DocumentReference.rs"


def organisation_of(structure: Structure) -> Organisation:
    """A structure of the demonstration as the platform knows it; its id follows from its source id."""
    return Organisation(
        id=organisation_id(structure),
        name=structure.name,
        finess=structure.finess,
        siret="",
        sector=structure.sector,
        region=REGION,
        source_ids=(structure.source_id,),
    )


def organisation_id(structure: Structure) -> UUID:
    return uuid5(NAMESPACE_OID, structure.source_id)


def of_organisation(member: str, *, lifetime: timedelta) -> str:
    """A token with which this structure deposits and follows its deposits."""
    structure = MEMBERS[member]
    with transaction.atomic():
        identity.put_organisation(organisation_of(structure))
        return catalogue.issue_token(
            actor_kind=ActorKind.ORGANISATION,
            actor_id=organisation_id(structure),
            audience=audience(),
            scope=FEED_SCOPE,
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
        scope=READ_SCOPE,
        at=edge.now(),
        lifetime=lifetime,
    )


def audience() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/fhir"
