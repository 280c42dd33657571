"""The cast of the tests: fresh people and organisations each time, and documents that name them."""

import itertools
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from espace import edge
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Found, How
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Candidate, State
from espace.identity import actions as identity
from espace.identity.actions import mandates
from espace.identity.facts import Activity, Ins, Organisation, Professional, Traits
from espace.identity.facts.mandates import Helps, Scope
from espace.identity.queries import actor_of_professional, patient_of
from espace.identity.rules import actor_of, ins_key
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind, Purpose, Refused, Verb, Visibility
from espace.wire.xds import Author, Coded, DocumentEntry, NewDocument, PatientStatement, Submission

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
AUTHORITY = "1.2.250.1.213.1.4.10"

_numbers = itertools.count(int.from_bytes(os.urandom(3)) % 9_000_000)


def fresh_ins() -> Ins:
    """A well-formed test INS that nobody else bears in this run."""
    body = f"1850375{next(_numbers) % 1_000_000:06d}"
    return Ins(body + ins_key(body), AUTHORITY)


@dataclass(frozen=True)
class Holder:
    """Somebody with a space."""

    patient: PatientId
    ins: Ins
    traits: Traits
    actor: Actor

    @property
    def statement(self) -> PatientStatement:
        return PatientStatement(
            place="patient",
            number=self.ins.number,
            authority=self.ins.authority,
            birth_name=self.traits.birth_name,
            first_given=self.traits.given_names[0],
            birth_date=self.traits.birth_date,
            sex=self.traits.sex,
            birth_place=self.traits.birth_place,
        )


def holder(
    *,
    birth_name: str = "DUVAL",
    given_names: tuple[str, ...] = ("CAMILLE", "ROSE"),
    born: date = date(1985, 3, 7),
    email: str = "camille@exemple.fr",
) -> Holder:
    """A person whose space is open and not yet activated."""
    traits = Traits(birth_name, given_names, born, "F", "44109")
    candidate = Candidate(fresh_ins(), traits, email)
    enrolment.enrol(candidate, at=AT)
    patient = patient_of(candidate.ins)
    assert patient is not None
    return Holder(patient, candidate.ins, traits, Actor(ActorKind.HOLDER, uuid4(), "Camille Duval", patient=patient))


def opposed() -> Holder:
    """A person who objected to the opening of their space."""
    traits = Traits("MARTIN", ("PAUL",), date(1970, 1, 2), "M", "75056")
    candidate = Candidate(fresh_ins(), traits, "")
    assert enrolment.record_objection(candidate, at=AT)
    patient = patient_of(candidate.ins)
    assert patient is not None
    return Holder(patient, candidate.ins, traits, Actor(ActorKind.HOLDER, uuid4(), "Paul Martin", patient=patient))


def put_state(patient: PatientId, state: State) -> None:
    """Any state of the table, without the steps that lead to it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE enrolment_space SET state = %s WHERE patient_id = %s", [state, patient])


def organisation(name: str = "Hôpital des Remparts", *, source_id: str = "1.2.250.1.999.1.1") -> Organisation:
    found = Organisation(edge.new_id(), name, "990000017", "", "SA01", "52", (source_id,))
    identity.put_organisation(found)
    return found


def sender(of: Organisation) -> Actor:
    return actor_of(of)


def rpps() -> str:
    """A well-formed RPPS that nobody else bears in this run: ten digits and their Luhn key."""
    body = f"99{next(_numbers):08d}"
    total = sum(sum(divmod(int(digit) * (1 + (place % 2 == 0)), 10)) for place, digit in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def professional(
    family: str = "Morel", given: str = "Anne", *, profession: str = "10", at: Organisation | None = None
) -> Professional:
    """Somebody in the directory, a doctor unless said otherwise, who practises in an organisation of their own."""
    place = at or organisation("Cabinet des Tilleuls", source_id=f"1.2.250.1.999.2.{next(_numbers)}")
    activity = Activity(place.id, place.name, place.finess, place.siret, place.sector, place.region, "Nantes")
    found = Professional(edge.new_id(), f"8{rpps()}", family, given, profession, "", True, (activity,))
    identity.put_professional(found)
    return found


def caring(who: Professional) -> Actor:
    """The professional, where they practise."""
    actor = actor_of_professional(who.id, who.activities[0].organisation)
    assert actor is not None
    return actor


def asks_about_nobody(actor: Actor, number: str, *, at: datetime = AT) -> str:
    """The code of what a question about an INS that nobody bears is answered."""
    try:
        with gate.open_record(
            actor=actor, patient=None, purpose=Purpose.CARE, verb=Verb.STATUS, at=at, found=Found(ins=number)
        ):
            return "allowed"
    except Refused as refused:
        return refused.reason.code


def consents(of: Holder, to: Professional, *, at: datetime = AT, until: datetime | None = None) -> None:
    """The professional records the holder's consent, for a day unless said otherwise."""
    with gate.open_record(
        actor=caring(to), patient=of.patient, purpose=Purpose.CARE, verb=Verb.CONSENT, at=at
    ) as grant:
        access.record_consent(grant, how=How.ORAL, until=until or at + timedelta(days=1))


def names_doctor(of: Holder, who: Professional | None, *, at: datetime = AT) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.NAME_DOCTOR, at=at
    ) as grant:
        access.name_attending_doctor(grant, who)


def blocks(of: Holder, who: Professional, *, at: datetime = AT) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.BLOCK, at=at
    ) as grant:
        access.block(grant, who)


def unique_id() -> str:
    return f"urn:uuid:{uuid4()}"


def entry(
    *, uid: str | None = None, title: str = "Compte rendu de biologie", visibility: frozenset[Visibility] = frozenset()
) -> DocumentEntry:
    return DocumentEntry(
        place="e0",
        unique_id=uid or unique_id(),
        mime_type="text/plain",
        type=Coded("11502-2", "http://loinc.org", "CR d'examens biologiques"),
        class_=Coded("10", "", "Compte rendu"),
        format=Coded("urn:ihe:iti:xds-sd:text:2008"),
        title=title,
        language="fr-FR",
        creation_time=AT,
        authors=(Author(family="Le Goff", given="Anne", institution="Hôpital des Remparts"),),
        facility_type=Coded("SA01"),
        practice_setting=Coded("ETABLISSEMENT"),
        visibility=visibility,
    )


def submission(
    of: Holder, *documents: NewDocument, source_id: str = "1.2.250.1.999.1.1", uid: str | None = None
) -> Submission:
    return Submission(uid or unique_id(), source_id, AT, documents, patients=(of.statement,))


def document(
    stated: DocumentEntry | None = None, content: bytes = b"Glyc\xc3\xa9mie 5,1 mmol/L", replaces: str | None = None
) -> NewDocument:
    return NewDocument(stated or entry(), content, replaces=replaces)


def some_id() -> UUID:
    return uuid4()


def represents(parent: Holder, child: Holder, *, at: datetime = AT) -> UUID:
    """The mother is entered as her child's legal representative, and declares that she is; the mandate."""
    authority = Actor(ActorKind.SYSTEM, UUID(int=0), "Assurance maladie")
    with gate.open_record(
        actor=authority, patient=child.patient, purpose=Purpose.SUPPORT, verb=Verb.STATE_HELP, at=at
    ) as grant:
        stated = mandates.state_mandate(grant, helper=parent.patient, kind=Helps.PARENT)
    with gate.open_record(
        actor=replace(parent.actor, name=""),
        patient=child.patient,
        purpose=Purpose.PROXY,
        verb=Verb.ANSWER,
        at=at,
    ) as grant:
        mandates.answer_help(grant, accepts=True)
    return stated.id


def cares(
    carer: Holder, of: Holder, *, address: str, scope: Scope = Scope.ACT, at: datetime = AT,
    until: datetime | None = None,
) -> UUID:  # fmt: skip
    """The holder invites somebody, the address of whose account this is, and they accept; the mandate."""
    token = uuid4().hex
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.INVITE, at=at
    ) as grant:
        mandates.ask_help(
            grant, kind=Helps.CARER, scope=scope, address=address, language="fr", token=token, until=until
        )
    with gate.open_record(
        actor=replace(carer.actor, name=""),
        patient=of.patient,
        purpose=Purpose.PROXY,
        verb=Verb.ANSWER,
        at=at,
        invitation=token,
    ) as grant:
        return mandates.answer_help(grant, accepts=True).id


def begins_team(of: Holder, who: Professional, *, at: datetime = AT, until: datetime | None = None) -> None:
    """The professional records the holder's consent for their care team, for thirty days unless said otherwise."""

    def once() -> None:
        with gate.open_record(
            actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.CONSENT, at=at
        ) as grant:
            access.record_team_consent(grant, how=How.WRITTEN, until=until or at + timedelta(days=30))

    gate.run_again(once)


def adds_member(of: Holder, by: Professional, whom: Professional, *, at: datetime = AT) -> None:
    """A member of the holder's care team adds a colleague to it."""

    def once() -> None:
        with gate.open_record(
            actor=caring(by), patient=of.patient, purpose=Purpose.CARE, verb=Verb.ADD_MEMBER, at=at
        ) as grant:
            access.add_member(grant, whom)

    gate.run_again(once)


def names_administrator(of: Holder, who: Professional, *, at: datetime = AT) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.NAME_ADMINISTRATOR, at=at
    ) as grant:
        access.name_administrator(grant, who)
