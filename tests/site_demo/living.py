"""Stories told of somebody of the cast, in a space of their own, and what a doctor reads of it that day."""

from datetime import UTC, datetime, timedelta
from itertools import count
from types import ModuleType
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from cast import Holder, consents, fresh_ins, professional
from espace import edge
from espace.access import gate
from espace.clinical import handlers as clinical
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate
from espace.identity import actions as identity
from espace.identity.queries import patient_of
from espace.identity.rules import actor_of
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from espace.portal.codes import add_authenticator
from espace.record import actions as record
from espace.site.demo.people import Person
from espace.site.demo.professionals import organisation_of
from espace.site.demo.stories import Deposit
from espace.site.demo.stories.telling import Teller
from espace.wire.cda import parse
from portal.helpers import PASSWORD, SECRET, Member
from site_demo.telling import TODAY, traits
from workstation.desk import Desk

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30, tzinfo=UTC)
STRUCTURED = frozenset({"SYNTH", "57833-6", "60593-1", "11490-0", "87273-9"})
"""Summaries, what was prescribed and delivered, letters of discharge, vaccinations."""
PARIS = ZoneInfo("Europe/Paris")
_numbers = count(7001)


def opened(person: Person) -> Member:
    """A space of before the story, and an account."""
    ins, account, identifier = fresh_ins(), uuid4(), f"{person.slug}.{uuid4().hex[:10]}"
    enrolment.enrol(Candidate(ins, traits(person), person.email), at=NOW - timedelta(days=1200))
    patient = patient_of(ins)
    assert patient is not None
    identity.add_account(account_id=account, identifier=identifier, password=PASSWORD, email="", patient=patient)
    add_authenticator(get_user_model().objects.get(pk=account), SECRET, 0)
    actor = Actor(ActorKind.HOLDER, account, person.name, patient=patient)
    return Member(Holder(patient, ins, traits(person), actor), account, identifier)


def put(to: Holder, told: Deposit) -> None:
    header, by = parse(told.content, zone=PARIS).document, organisation_of(told.structure)
    identity.put_organisation(by)
    with (
        edge.clock_at(told.at),
        gate.open_record(
            actor=actor_of(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=told.at
        ) as grant,
    ):
        record.submit(grant, submission=told.submission, headers=[header])


def lived(person: Person, story: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Member:
    """A story, told of somebody who bears that name and has a number of their own."""
    found = opened(person)
    other = replace(person, patient=replace(person.patient, ins=found.of.ins.number))
    monkeypatch.setattr(story, person.slug.upper(), other)
    teller = Teller(7, TODAY, branch=str(next(_numbers)))
    story.tell(teller)
    for told in sorted(teller.told, key=lambda one: one.at):
        if told.person is other and told.entry.type and told.entry.type.code in STRUCTURED:
            put(found.of, told)
    while clinical.read(found.of.patient, goes_on=False).more:
        pass
    return found


def read_by_a_doctor(of: Holder, place: str) -> str:
    """A page of the record that a doctor with her consent opens that day."""
    with edge.clock_at(NOW):
        anne = professional()
        consents(of, anne, at=NOW)
        return str(Desk(anne).get(f"/pro/patients/{of.patient}/{place}").content.decode())
