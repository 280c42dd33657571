"""Who may read whom when the demonstration begins: consents in force and lapsed, attending doctors, one block.

Everything goes through the gate, as professionals and holders would do it, at the instant it would have happened.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from uuid import UUID

from django.contrib.auth import get_user_model

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import How
from espace.identity import queries as identity
from espace.identity.actions import mandates as helps
from espace.identity.actions.advising import name_adviser
from espace.identity.facts import Professional
from espace.identity.facts.mandates import Helps, MandateState, Scope
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Grant, Purpose, Verb
from espace.site.demo.areas import structure_of
from espace.site.demo.crowd.population import Inhabitant
from espace.site.demo.people import CAMILLE, INES, JEANNE, LEO, MONIQUE, NOEMIE, YOUSSEF, Person
from espace.site.demo.professionals import professional_of
from espace.site.demo.stories.telling import paris, working_day
from espace.site.demo.structures import (
    ATTENDING,
    CARDIOLOGIST,
    GERIATRICIAN,
    MIDWIFE,
    NURSE,
    PAEDIATRICIAN,
    STRANGER,
)
from espace.wire.cda_writing import Professional as Stated

YEAR = timedelta(days=365)
VISIT = timedelta(hours=12)
COUNTER = "France services de Saint-Junien"
"""Where the digital adviser of the demonstration works."""


class Standing(StrEnum):
    """What a professional of the demonstration finds with a patient."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A consent recorded so many days ago: for a year, or for that visit only."""

    person: Person
    by: Stated
    days: int
    until: timedelta = YEAR

    @property
    def standing(self) -> Standing:
        return Standing.IN_FORCE if self.until == YEAR and self.days < YEAR.days else Standing.LAPSED


_CAST: tuple[Recorded, ...] = (
    Recorded(CAMILLE, ATTENDING, 120),
    Recorded(CAMILLE, NURSE, 31),
    Recorded(MONIQUE, ATTENDING, 95),
    Recorded(MONIQUE, NURSE, 34),
    Recorded(JEANNE, ATTENDING, 190),
    Recorded(JEANNE, GERIATRICIAN, 371, VISIT),
    Recorded(YOUSSEF, CARDIOLOGIST, 42),
    Recorded(YOUSSEF, ATTENDING, 285, VISIT),
    Recorded(INES, MIDWIFE, 160, VISIT),
    Recorded(LEO, PAEDIATRICIAN, 520, VISIT),
    Recorded(LEO, ATTENDING, 130, VISIT),
)
ATTENDING_OF: tuple[Person, ...] = (CAMILLE, MONIQUE)
"""Who named ATTENDING as their attending doctor."""
BLOCKED: tuple[tuple[Person, Stated], ...] = ((CAMILLE, STRANGER),)


def consents(crowd: Iterable[Inhabitant]) -> tuple[Recorded, ...]:
    """Every consent, the oldest first: the cast's, and those that attending doctors asked of the crowd.

    Of three people of the crowd with the same doctor one has a consent in force, one a lapsed one, one none. Nobody
    who objected has any.
    """
    found = list(_CAST)
    seen: dict[str, int] = {}
    for who in crowd:
        doctor = who.team.attending
        rank = seen[doctor.id] = seen.get(doctor.id, -1) + 1
        days = 20 + who.number * 7 % 220
        if who.opposed or rank % 3 == 2:
            continue
        ago, until = (days, YEAR) if rank % 3 == 0 else (days + 150, VISIT)
        found.append(Recorded(who.person, doctor, ago, until))
    return tuple(sorted(found, key=lambda one: (-one.days, one.person.patient.ins, one.by.id)))


def record_consents(recorded: Sequence[Recorded], today: date, patients: Mapping[str, PatientId]) -> None:
    """Each as the professional recorded it, in the order of time, for their budget counts what they open."""
    for rank, one in enumerate(recorded):
        at = paris(working_day(today - timedelta(days=one.days)), 9 + rank % 9, rank * 7 % 60)
        gate.run_again(partial(_record, one, at, patients[one.person.slug]))


def _record(one: Recorded, at: datetime, patient: PatientId) -> None:
    how = How.WRITTEN if one.until == YEAR else How.ORAL
    with edge.clock_at(at), _open(_actor(one.by), patient, Purpose.CARE, Verb.CONSENT, at) as grant:
        access.record_consent(grant, how=how, until=at + one.until)


def decide_for_holders(today: date, patients: Mapping[str, PatientId]) -> None:
    """What holders of the cast decided: their attending doctor, and whom they block."""
    for person in ATTENDING_OF:
        at = paris(working_day(today - timedelta(days=300)), 18)
        gate.run_again(partial(_name, at, patients[person.slug]))
    for person, stated in BLOCKED:
        at = paris(working_day(today - timedelta(days=60)), 20)
        gate.run_again(partial(_block, stated, at, patients[person.slug]))


def let_help(today: date, patients: Mapping[str, PatientId]) -> None:
    """Camille was entered as Léo's mother and declared it; Monique chose her as a carer. Again goes on where it
    stopped."""
    camille, leo, monique = (patients[one.slug] for one in (CAMILLE, LEO, MONIQUE))
    stated, asked = (paris(working_day(today - timedelta(days=days)), 11) for days in (210, 90))
    there = {one.patient: one.state for one in identity.helped_by(holder_of(camille), asked)}
    if leo not in there:
        gate.run_again(partial(_state, stated, leo, camille))
    if there.get(leo) is not MandateState.IN_FORCE:
        gate.run_again(partial(_answer, stated + VISIT, leo, camille, ""))
    if monique not in there:
        token = edge.new_token()
        gate.run_again(partial(_ask, asked, monique, CAMILLE.email, token))
        gate.run_again(partial(_answer, asked + VISIT, monique, camille, token))


def name_advisers(patients: Mapping[str, PatientId]) -> None:
    """Noémie is a digital adviser: who gives her a code is helped by her."""
    name_adviser(account=holder_of(patients[NOEMIE.slug]).id, structure=COUNTER)


def _state(at: datetime, child: PatientId, parent: PatientId) -> None:
    authority = Actor(ActorKind.SYSTEM, UUID(int=0), "Assurance maladie")
    with edge.clock_at(at), _open(authority, child, Purpose.SUPPORT, Verb.STATE_HELP, at) as grant:
        helps.state_mandate(grant, helper=parent, kind=Helps.PARENT)


def _ask(at: datetime, of: PatientId, address: str, token: str) -> None:
    with edge.clock_at(at), _open(holder_of(of), of, Purpose.HOLDER, Verb.INVITE, at) as grant:
        helps.ask_help(grant, kind=Helps.CARER, scope=Scope.ACT, address=address, language="fr", token=token)


def _answer(at: datetime, of: PatientId, helper: PatientId, token: str) -> None:
    actor = replace(holder_of(helper), name="")
    with (
        edge.clock_at(at),
        gate.open_record(
            actor=actor, patient=of, purpose=Purpose.PROXY, verb=Verb.ANSWER, at=at, channel="demo", invitation=token
        ) as grant,
    ):
        helps.answer_help(grant, accepts=True)


def _name(at: datetime, patient: PatientId) -> None:
    with edge.clock_at(at), _open(holder_of(patient), patient, Purpose.HOLDER, Verb.NAME_DOCTOR, at) as grant:
        access.name_attending_doctor(grant, _directory(ATTENDING))


def _block(stated: Stated, at: datetime, patient: PatientId) -> None:
    with edge.clock_at(at), _open(holder_of(patient), patient, Purpose.HOLDER, Verb.BLOCK, at) as grant:
        access.block(grant, _directory(stated))


def _open(
    actor: Actor, patient: PatientId, purpose: Purpose, verb: Verb, at: datetime
) -> AbstractContextManager[Grant]:
    return gate.open_record(actor=actor, patient=patient, purpose=purpose, verb=verb, at=at, channel="demo")


def _actor(stated: Stated) -> Actor:
    """By their numbers: who was in the directory before the demonstration has another id there."""
    known, finess = _directory(stated), professional_of(stated, structure_of(stated)).activities[0].finess
    places = (one.organisation for one in known.activities if one.finess == finess)
    found = next(filter(None, (identity.actor_of_professional(known.id, place) for place in places)), None)
    if found is None:
        raise LookupError("a professional of the demonstration is not in the directory")
    return found


def _directory(stated: Stated) -> Professional:
    found = identity.professional_of(stated.id)
    if found is None:
        raise LookupError("a professional of the demonstration is not in the directory")
    return found


def holder_of(patient: PatientId) -> Actor:
    found = identity.actor_of_account(get_user_model().objects.get(patient_id=patient).pk)
    if found is None:
        raise LookupError("a holder of the demonstration has no account")
    return found
