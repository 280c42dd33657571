"""Putting the people and documents of the demonstration in its databases: once, and again after an interruption."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from espace import edge
from espace.access import gate
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate, Step
from espace.identity import actions as identity
from espace.identity.facts import Ins, Traits
from espace.kernel.ids import PatientId
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.portal.adapters import add_authenticator
from espace.record import actions as record
from espace.site.demo.people import PEOPLE, Person
from espace.site.demo.stories import Deposit, stories
from espace.site.demo.structures import STRUCTURES, Structure
from espace.site.demo.tokens import organisation_id, organisation_of
from espace.wire.cda import parse

SEED = 7
PARIS = ZoneInfo("Europe/Paris")
OPENED_BEFORE = timedelta(days=3 * 366)
INVITED = 2
"""How many of the neighbours find an invitation in the caught mail, for visitors to activate."""


def seed() -> int:
    """Everything, in the order of the stories; answers how many documents there are. Done once, does nothing.

    After an interruption it goes on where it stopped: at most one document is sent again, and kept once.
    """
    done, begun = (Path(settings.ESPACE_HOME) / "run" / name for name in ("seeded", "seeding"))
    if done.exists():
        return int(done.read_text(encoding="ascii"))
    # Documents are told from the day the first attempt began: again, they are the same to the byte.
    if not begun.exists():
        _write(begun, f"{edge.now().astimezone(PARIS).date()} 0")
    day, filed = begun.read_text(encoding="ascii").split()
    told = stories(SEED, date.fromisoformat(day))
    for structure in STRUCTURES:
        identity.put_organisation(organisation_of(structure))
    patients = {person.slug: _enrolled(person, told[0].at) for person in PEOPLE}
    for number, deposit in enumerate(told[int(filed) :], int(filed) + 1):
        _deposit(deposit, patients[deposit.person.slug])
        _write(begun, f"{day} {number}")
    _invite([patients[person.slug] for person in PEOPLE if person.sign_in is None][:INVITED])
    _write(done, str(len(told)))
    return len(told)


def _write(path: Path, text: str) -> None:
    """The whole text or what was there before, whenever it is interrupted."""
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="ascii")
    beside.replace(path)


def _enrolled(person: Person, first: datetime) -> PatientId:
    who = person.patient
    traits = Traits(who.birth_name, who.given_names, who.birth_date, who.sex, who.birth_place)
    at = first - timedelta(days=30)
    with edge.clock_at(at):
        candidate = Candidate(Ins(who.ins, who.authority), traits, person.email)
        _, patient = enrolment.open_space(candidate, at=at)
        _sign_in(person, patient, at)
    return patient


def _sign_in(person: Person, patient: PatientId, at: datetime) -> None:
    """The cast has accounts already; everybody else would get theirs from an invitation."""
    if person.sign_in is None or get_user_model().objects.filter(patient_id=patient).exists():
        return
    with transaction.atomic():
        account_id = edge.new_id()
        identity.add_account(
            account_id=account_id,
            identifier=person.sign_in.identifier,
            password=person.sign_in.password,
            email=person.email,
            patient=patient,
        )
        enrolment.move(patient=patient, step=Step.ACTIVATE, at=at)
        add_authenticator(get_user_model().objects.get(pk=account_id), person.sign_in.totp_secret, 0)


def _deposit(deposit: Deposit, patient: PatientId) -> None:
    header = parse(deposit.content, zone=PARIS).document
    with (
        edge.clock_at(deposit.at),
        gate.open_record(
            actor=_sender(deposit.structure),
            patient=patient,
            purpose=Purpose.FEED,
            verb=Verb.DEPOSIT,
            at=deposit.at,
            channel="demo",
        ) as grant,
    ):
        record.submit(grant, submission=deposit.submission, headers=[header])


def _sender(structure: Structure) -> Actor:
    known = organisation_of(structure)
    identifier = organisation_id(structure)
    return Actor(
        ActorKind.ORGANISATION,
        identifier,
        known.name,
        organisation=identifier,
        sector=known.sector,
        region=known.region,
    )


def _invite(patients: Sequence[PatientId]) -> None:
    with transaction.atomic():
        for patient in patients:
            enrolment.invite(patient=patient, at=edge.now())
