"""People whose documents state facts, and what each reader knows of these, for the tests."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from cast import AT, Holder, caring, sender, submission
from espace.access import gate
from espace.clinical import handlers, queries
from espace.clinical.actions import switch_extraction
from espace.clinical.facts import Known
from espace.identity.facts import Organisation, Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, Grant, Purpose, Verb, Visibility
from espace.record import actions as record
from espace.record.events import DocumentsFiled
from espace.record.facts import Change
from espace.site.demo.areas import CAST_TEAM
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent
from espace.wire.cda import parse
from espace.wire.cda_writing import (
    BIOCHEMISTRY,
    DRUG_ALLERGY,
    Address,
    Allergy,
    Chapter,
    Frame,
    Measure,
    Patient,
    Summary,
    biology,
    synthesis,
)
from espace.wire.nomenclature import CLASSES, class_of
from espace.wire.xds import Coded, NewDocument

HIDDEN = frozenset({Visibility.INVISIBLE_PATIENT})
FORMAT = Coded("urn:ihe:iti:xds-sd:text:2008")
_numbers = itertools.count(1)
_PARIS = ZoneInfo("Europe/Paris")
T = TypeVar("T")


def frame(of: Holder) -> Frame:
    traits, author, name = of.traits, CAST_TEAM.attending, f"1.2.250.1.999.77.{next(_numbers)}"
    patient = Patient(
        of.ins.number, of.ins.authority, traits.birth_name, traits.given_names, traits.birth_date, traits.sex,
        traits.birth_place, "Nantes", Address("1", "rue des Lilas", "44000", "Nantes"),
    )  # fmt: skip
    began = AT - timedelta(hours=2)
    return Frame(name, f"{name}.0", 1, AT, patient, author, author, began, began + timedelta(hours=1))


def results(of: Holder, value: str = "5.1") -> bytes:
    """One result: glucose."""
    low, high = Decimal("3.9"), Decimal("6.1")
    glucose = Measure("14749-6", "Glucose à jeun", Decimal(value), "mmol/L", "mmol/L", low, high)
    return biology(frame(of), (Chapter(BIOCHEMISTRY, (glucose,)),))


def summary(of: Holder, agent: str = "Pénicilline") -> bytes:
    """One allergy."""
    code = Coded("764146007", "2.16.840.1.113883.6.96", agent)
    return synthesis(frame(of), Summary(allergies=(Allergy(DRUG_ALLERGY, code, "urticaire", AT.date()),)))


def stated(content: bytes, *, title: str = "", hidden: frozenset[Visibility] = frozenset()) -> NewDocument:
    found = parse(content, zone=_PARIS).document
    assert found is not None
    assert found.entry.type is not None
    kind = CLASSES[class_of(found.entry.type.code) or ""]
    entry = replace(found.entry, place="e0", format=FORMAT, class_=kind, title=title or found.entry.title)
    return NewDocument(replace(entry, visibility=hidden, custodian_id=""), content)


def file(
    to: Holder, by: Organisation, *documents: NewDocument, replaces: UUID | None = None, at: datetime = AT
) -> tuple[UUID, ...]:
    """Filed, and nothing extracted yet."""
    old = f"DocumentReference/{replaces}" if replaces else None
    sent = [replace(one, replaces=old) for one in documents]
    headers = [parse(bytes(one.content), zone=_PARIS).document for one in documents]
    with gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=at
    ) as grant:
        return record.submit(grant, submission=submission(to, *sent), headers=headers).documents


def deposit(
    to: Holder, by: Organisation, *documents: NewDocument, replaces: UUID | None = None, at: datetime = AT
) -> tuple[UUID, ...]:
    """Filed, and extracted as the worker does."""
    ids = file(to, by, *documents, replaces=replaces, at=at)
    handlers.extract(DocumentsFiled(to.patient, to.patient, True, AT, to_read=ids))
    return ids


def amend(of: Holder, by: Organisation, one: UUID, change: Change) -> None:
    with gate.open_record(actor=sender(by), patient=of.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=AT) as grant:
        record.amend(grant, one, change)


def opened(
    of: Holder, actor: Actor, purpose: Purpose, verb: Verb, work: Callable[[Grant], T], *, secret: bool = False
) -> T:
    with gate.open_record(actor=actor, patient=of.patient, purpose=purpose, verb=verb, at=AT, secret=secret) as grant:
        return work(grant)


def as_holder(of: Holder, work: Callable[[Grant], T], verb: Verb = Verb.LIST) -> T:
    return opened(of, of.actor, Purpose.HOLDER, verb, work)


def as_helper(of: Holder, who: Actor, work: Callable[[Grant], T]) -> T:
    return opened(of, who, Purpose.PROXY, Verb.LIST, work)


def as_carer(of: Holder, who: Professional, work: Callable[[Grant], T], *, secret: bool = False) -> T:
    return opened(of, caring(who), Purpose.CARE, Verb.LIST, work, secret=secret)


def switch(of: Holder, *, on: bool) -> None:
    as_holder(of, lambda grant: switch_extraction(grant, on=on), Verb.SETTINGS)


def told(known: Known) -> list[tuple[str, str]]:
    """What the facts are about, and what they found: ids apart."""
    return sorted((one.fact.what.display or one.fact.what.words, _value(one.fact.value)) for one in known.facts)


def _value(value: object) -> str:
    quantity = getattr(value, "quantity", None)
    return f"{quantity.value} {quantity.unit}" if quantity else ""


def holder_knows(of: Holder) -> list[tuple[str, str]]:
    return told(as_holder(of, queries.known))


def lines(of: Holder) -> list[TraceEvent]:
    found = as_holder(of, trace.history, Verb.HISTORY)
    return [line.event for line in found if line.event.verb is Verb.EXTRACT]


def blocks(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clinical_block WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])
