"""Putting the people and documents of the demonstration in its databases: once, and again after an interruption."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from espace import edge
from espace.access import gate
from espace.clinical import handlers as clinical
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate, Step
from espace.identity import actions as identity
from espace.identity.facts import Ins, Traits
from espace.identity.rules import actor_of
from espace.kernel.ids import PatientId
from espace.kernel.words import Purpose, Verb
from espace.portal.codes import add_authenticator
from espace.record import actions as record
from espace.site.config import whole
from espace.site.demo.areas import PROFESSIONALS, STRUCTURES, structure_of
from espace.site.demo.crowd.population import population, story
from espace.site.demo.people import PEOPLE, Person
from espace.site.demo.professionals import organisation_of, professional_of
from espace.site.demo.progress import PARIS, SEED, Begun, begin, finish, reach, reached, seeded
from espace.site.demo.relations import consents, decide_for_holders, let_help, name_advisers, record_consents
from espace.site.demo.shares import shared
from espace.site.demo.stated import state_profiles
from espace.site.demo.stories import Deposit, stories
from espace.wire.cda import parse

PROCESSES = 2
INVITED = 2
"""How many of the neighbours find an invitation in the caught mail, for visitors to activate."""

Tell = Callable[[str], None]


def seed(people: int | None = None, *, processes: int = PROCESSES, tell: Tell = lambda line: None) -> int:
    """Everything: the cast first, then a crowd of `people`; answers how many documents there are; once.

    Without `people`, as many as ESPACE_DEMO_PEOPLE says, or the usual crowd. After an interruption it goes on where it
    stopped, with the crowd and the day of the first attempt: what is sent again is kept once.
    """
    if (done := seeded()) is not None:
        return done
    begun = begin(crowd_size() if people is None else people, processes)
    _put_directory()
    told = _seed_cast(begun)
    tell(f"  {len(told)} documents of the cast")
    shared(begun.shares, lambda share: seed_share(begun, share, tell))
    total = len(told) + sum(reached(f"documents-{share}") for share in range(begun.shares))
    _relate(begun)
    _invite([_enrolled(person, begun) for person in PEOPLE if person.sign_in is None][:INVITED])
    finish(total)
    return total


def crowd_size() -> int:
    """How many people surround the cast: ESPACE_DEMO_PEOPLE, between 0 and 1 000."""
    return whole(os.environ, "ESPACE_DEMO_PEOPLE")


def seed_share(begun: Begun, share: int, tell: Tell) -> None:
    """This share of the crowd, every second person when there are two, from where it stopped.

    Commits wait for the disk once for each person, with the last document: before that one is marked as done, all
    that came before it is durable too (the log of the database is one sequence).
    """
    people, documents = f"people-{share}", f"documents-{share}"
    total, shares = reached(documents), begun.shares
    for rank, who in list(enumerate(population(SEED, begun.day, begun.people)))[share::shares]:
        if rank < reached(people):
            continue
        told = story(SEED, begun.day, who)
        if who.opposed:
            _object(who.person, begun)
        else:
            patient = _enrolled(who.person, begun)
            for place, deposit in enumerate(told, 1):
                _wait_for_disk(place == len(told))
                _deposit(deposit, patient)
            if told:
                _wait_for_disk(False)  # what a fall loses of it, the worker does
                _extract(patient, told[-1].at)
        total += len(told)
        reach(documents, total)
        reach(people, rank + 1)
        if rank // shares % 25 == 24:
            tell(f"  {total * shares} documents or so of the crowd")


def _wait_for_disk(wait: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on" if wait else "SET synchronous_commit = off")


def _put_directory() -> None:
    """The structures, and every professional of the stories with where they act."""
    with transaction.atomic():
        for structure in STRUCTURES:
            identity.put_organisation(organisation_of(structure))
        for stated in PROFESSIONALS:
            identity.put_professional(professional_of(stated, structure_of(stated)))


def _seed_cast(begun: Begun) -> Sequence[Deposit]:
    told = stories(SEED, begun.day)
    patients = {person.slug: _enrolled(person, begun) for person in PEOPLE}
    for number, deposit in list(enumerate(told, 1))[reached("cast") :]:
        _deposit(deposit, patients[deposit.person.slug])
        reach("cast", number)
    for slug, last in {deposit.person.slug: deposit.at for deposit in told}.items():
        _extract(patients[slug], last)
    return told


def _relate(begun: Begun) -> None:
    """Consents, attending doctors, blocks: once everybody is there."""
    if reached("relations"):
        return
    crowd = population(SEED, begun.day, begun.people)
    recorded = consents(crowd)
    everybody = {person.slug: person for person in (*PEOPLE, *(one.person for one in recorded))}
    patients = {slug: _enrolled(person, begun) for slug, person in everybody.items()}
    decide_for_holders(begun.day, patients)
    let_help(begun.day, patients)
    name_advisers(patients)
    record_consents(recorded, begun.day, patients)
    state_profiles(begun.day, patients)
    reach("relations", 1)


def _candidate(person: Person) -> Candidate:
    who = person.patient
    traits = Traits(who.birth_name, who.given_names, who.birth_date, who.sex, who.birth_place)
    return Candidate(Ins(who.ins, who.authority), traits, person.email)


def _enrolled(person: Person, begun: Begun) -> PatientId:
    """Their space, opened before the first document of all."""
    at = begun.opened
    with edge.clock_at(at):
        _, patient = enrolment.open_space(_candidate(person), at=at)
        _sign_in(person, patient, at)
    return patient


def _object(person: Person, begun: Begun) -> None:
    with edge.clock_at(begun.opened), transaction.atomic():
        enrolment.record_objection(_candidate(person), at=begun.opened)


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
    gate.run_again(partial(_deposit_once, deposit, patient))


def _deposit_once(deposit: Deposit, patient: PatientId) -> None:
    header = parse(deposit.content, zone=PARIS).document
    with (
        edge.clock_at(deposit.at),
        gate.open_record(
            actor=actor_of(organisation_of(deposit.structure)),
            patient=patient,
            purpose=Purpose.FEED,
            verb=Verb.DEPOSIT,
            at=deposit.at,
            channel="demo",
        ) as grant,
    ):
        record.submit(grant, submission=deposit.submission, headers=[header])


def _extract(patient: PatientId, at: datetime) -> None:
    """The facts of what was deposited, as the worker would: it finds nothing more to do."""
    with edge.clock_at(at):
        while clinical.read(patient, goes_on=False).more:
            pass


def _invite(patients: Sequence[PatientId]) -> None:
    with transaction.atomic():
        for patient in patients:
            enrolment.invite(patient=patient, at=edge.now())
