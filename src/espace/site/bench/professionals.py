"""The professionals of a bench: invented doctors, signed in, who recorded the consent of those whose records they open.

The budget is the one that comes with the program: nobody has more patients than it allows in an hour.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import How
from espace.identity import actions as identity
from espace.identity import queries
from espace.identity.facts import Professional
from espace.identity.facts.sessions import ProviderNames
from espace.identity.rules.provider_claims import Stated
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, Purpose, Verb
from espace.site.bench.house import House
from espace.site.bench.people import Resident
from espace.site.databases import superuser_connection
from espace.site.demo.making import made_professional
from espace.site.demo.professionals import organisation_of, professional_of
from espace.site.demo.structures import PRACTICE
from espace.site.places import MAIN_DATABASE, places_of
from espace.workstation import sessions
from espace.workstation.signing_in import Recognised

PATIENTS_EACH = 25
"""At most: an hour's budget is 60."""
LEAST = 8
"""Professionals, where there are patients enough: nobody sits at many desks at once."""
CONSENT = timedelta(days=30)
ID_TOKEN_BYTES = 900
"""What a session keeps of its provider: a signed ID token of 1,200 characters."""
_GENERAL_PRACTICE = "G15_10/SM54"


@dataclass(frozen=True, slots=True)
class Desk:
    """A signed-in professional where they act, and the key of their browser's session."""

    actor: Actor
    session_key: str


def desks(residents: Sequence[Resident]) -> list[tuple[Resident, str]]:
    """Everybody with the session of the professional to whom they consented; one professional after the other."""
    at, found = edge.now(), dict[UUID, Desk]()
    cared = carers(residents)
    for _, who in cared[: desk_count(len(residents))]:
        found[who.id] = desk(who, at)
    return [(resident, found[who.id].session_key) for resident, who in cared]


def carers(residents: Sequence[Resident]) -> list[tuple[Resident, Professional]]:
    """Everybody with the professional to whom they consented; one professional after the other."""
    count = desk_count(len(residents))
    with transaction.atomic():
        identity.put_organisation(organisation_of(PRACTICE))
        listed = [identity.put_professional(_doctor(rank)) for rank in range(count)]
    acting = [_acting(one) for one in listed]
    for rank, resident in enumerate(residents):
        gate.run_again(partial(_consent, acting[rank % count], resident.patient, edge.now()))
    return [(resident, listed[rank % count]) for rank, resident in enumerate(residents)]


def desk_count(patients: int) -> int:
    """How many professionals share so many patients."""
    return max(min(patients, LEAST), -(-patients // PATIENTS_EACH))


def _doctor(rank: int) -> Professional:
    return professional_of(made_professional(rank, ("MME", "Gaëlle", f"KERVELLA-{rank}"), _GENERAL_PRACTICE, PRACTICE))


def desk(who: Professional, at: datetime) -> Desk:
    """Signed in as the provider's answer signs them in."""
    organisation, actor = who.activities[0].organisation, _acting(who)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    recognised = Recognised(
        ProviderNames("https://identite.bench.invalid", str(who.id)),
        Stated(who.national_id, frozenset()),
        secrets.token_urlsafe(ID_TOKEN_BYTES),
    )
    sessions.begin(request, recognised, professional=who.id, organisation=organisation, leave="", at=at)
    request.session.save()
    return Desk(actor, request.session.session_key or "")


def _acting(who: Professional) -> Actor:
    actor = queries.actor_of_professional(who.id, who.activities[0].organisation)
    if actor is None:
        raise LookupError("a professional of the bench acts nowhere")
    return actor


def _consent(actor: Actor, patient: PatientId, at: datetime) -> None:
    with gate.open_record(
        actor=actor, patient=patient, purpose=Purpose.CARE, verb=Verb.CONSENT, at=at, channel="bench"
    ) as grant:
        access.record_consent(grant, how=How.WRITTEN, until=at + CONSENT)


def forget_openings(house: House) -> None:
    """As if a day had passed: every run begins with first openings, which cost a row of the budget each."""
    with superuser_connection(places_of(house.config.home), MAIN_DATABASE) as connection:
        connection.execute("TRUNCATE access_seen, access_tally")
