"""What every fact tells in the same way: from where it comes, who says so, since when."""

import re
from dataclasses import dataclass
from datetime import UTC

from espace.clinical.facts import Detail, Dosage, Fact, Origin, Sourced
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.merging import Item
from espace.wire.clinical_statements.values import Concept
from espace.wire.clinical_statements.values import Quantity as Amount
from espace.wire.fhir.answers.codes import system_uri
from espace.wire.fhir.facts import elements, values
from espace.wire.fhir.resources import (
    Annotation,
    CodeableConcept,
    Coding,
    Extension,
    Identifier,
    Meta,
    Reference,
)
from espace.wire.fhir.values import URI_SYSTEM, is_oid

ORIGIN = "urn:espace:origin"
"""The code system of `meta.tag`: extracted from a document, stated by the patient, reimbursed."""
CLASH = "urn:espace:extension:clash"


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource before it is told: its id here, the fact with its sources, and whose it is."""

    id: str
    item: Item
    subject: Reference

    @property
    def fact(self) -> Fact:
        return self.item.fact

    def concepts(self, detail: Detail) -> tuple[CodeableConcept, ...]:
        return values.concepts(self.said(detail))

    def said(self, detail: Detail) -> tuple[Concept, ...]:
        return self.fact.details.get(detail, ())

    def one(self, detail: Detail) -> CodeableConcept | None:
        return values.first(self.said(detail))


def meta(thing: Thing) -> Meta:
    """When it last changed here, and each way in which it is known."""
    origins = sorted({one.origin for one in thing.item.sources})
    return Meta(
        last_updated=max(filter(None, map(changed, thing.item.sources)), default=None),
        tag=tuple(Coding(system=ORIGIN, code=one.value) for one in origins),
    )


def changed(one: Sourced) -> str | None:
    """An instant in UTC: when it came here, or last changed."""
    if one.document:
        return (one.document.changed_at or one.document.deposited_at).astimezone(UTC).isoformat(timespec="seconds")
    found = values.moment(one.stated_at)
    return found if found and "T" in found else None


def recorded(thing: Thing) -> str | None:
    """When its newest source was written."""
    newest = thing.item.sources[0]
    if newest.document is None:
        return values.moment(newest.stated_at)
    return (newest.document.entry.creation_time or newest.document.deposited_at).isoformat()


def asserter(thing: Thing) -> Reference | None:
    """Who says so: the patient, or the author of the statement, else of its document."""
    newest = thing.item.sources[0]
    if newest.origin is Origin.STATED:
        return thing.subject
    name = author(newest)
    return Reference(display=name) if name else None


def asserters(thing: Thing) -> tuple[Reference, ...]:
    found = asserter(thing)
    return (found,) if found else ()


def senders(thing: Thing) -> tuple[Reference, ...]:
    """The software that sent what the patient states, by its name."""
    newest = thing.item.sources[0]
    sent = newest.origin is Origin.STATED and newest.fact.author.strip()
    return (Reference(display=newest.fact.author),) if sent else ()


def author(one: Sourced) -> str:
    """« Jean Petit, Hôpital des Remparts »; "" where nothing is known of them."""
    if one.fact.author:
        return one.fact.author
    for stated in one.document.entry.authors if one.document else ():
        person = " ".join(part for part in (stated.given, stated.family) if part)
        if person or stated.institution:
            return ", ".join(part for part in (person, stated.institution) if part)
    return ""


def performers(thing: Thing) -> tuple[elements.Performer, ...]:
    """Who did it: whom the statement itself names."""
    names = dict.fromkeys(filter(None, (thing.fact.author, thing.fact.place_name)))
    return tuple(elements.Performer(actor=Reference(display=name)) for name in names)


def derived(thing: Thing) -> tuple[Reference, ...]:
    """The documents that say so."""
    ids = dict.fromkeys(one.document.id for one in thing.item.sources if one.document)
    return tuple(Reference(reference=f"DocumentReference/{one}") for one in ids)


def notes(*said: str) -> tuple[Annotation, ...]:
    return tuple(Annotation(text=one) for one in said if one.strip())


def identifiers(fact: Fact) -> tuple[Identifier, ...]:
    return tuple(filter(None, map(_identifier, fact.identifiers)))


def _identifier(stated: str) -> Identifier | None:
    root, _, extension = stated.partition("^")
    uri = system_uri(root) if is_oid(root) else f"urn:uuid:{root.lower()}" if _UUID.fullmatch(root) else None
    if extension.strip():
        return Identifier(system=uri, value=extension.strip())
    return Identifier(system=URI_SYSTEM, value=f"urn:oid:{root}" if is_oid(root) else uri) if uri else None


def extensions(thing: Thing) -> tuple[Extension, ...]:
    """How its sources contradict others about the same thing."""
    return tuple(Extension(url=CLASH, value_code=one.value) for one in thing.item.clashes)


def refuted(fact: Fact) -> bool:
    """Said not to be so; « no known allergy » is itself true."""
    return fact.absent and not none_known(fact.what)


def denied(fact: Fact) -> bool:
    """Said that there is none at all: « no known allergy »."""
    return fact.absent and none_known(fact.what)


def medication(fact: Fact) -> CodeableConcept:
    """The medicine, with the codes of its substances and classes after its own: less precise names of it."""
    told = values.concept(fact.what)
    substances = (coding for one in fact.details.get(Detail.SUBSTANCE, ()) for coding in values.concept(one).coding)
    return CodeableConcept(coding=tuple(dict.fromkeys((*told.coding, *substances))), text=told.text)


_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_PERIODS = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
_EVENTS = frozenset(
    {
        *("HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"),
        *("MORN", "NOON", "AFT", "EVE", "NIGHT"),
    }
)
"""HL7 TimingEvent and parts of the day, those that R4 takes (event-timing)."""
_AMOUNT = r"(?P<{0}_value>\d+(?:\.\d+)?)(?: (?P<{0}_unit>[^\s/]+))?"
_RATIO = re.compile(f"{_AMOUNT.format('above')}/{_AMOUNT.format('below')}", re.ASCII)


def dosages(stated: Dosage | None) -> tuple[elements.Dosage, ...]:
    if stated is None:
        return ()
    most = _most(stated.most)
    reason = values.first(stated.needed_for)
    told = elements.Dosage(
        text=values.text(stated.words),
        additional_instruction=(CodeableConcept(text=stated.most),) if stated.most.strip() and most is None else (),
        timing=_timing(stated),
        as_needed_boolean=True if stated.needed and reason is None else None,
        as_needed_codeable_concept=reason,
        route=values.concept(stated.route) if stated.route else None,
        dose_and_rate=_doses(stated),
        max_dose_per_period=most,
    )
    return (told,) if told != elements.Dosage() else ()


def _timing(stated: Dosage) -> elements.Timing | None:
    """How often, and at which events of the day that R4 knows too; both are of one unit."""
    every, most = stated.every, stated.every_most
    known = every if every and every.unit in _PERIODS else None
    period = values.number(known.value) if known else None
    longest = values.number(most.value) if known and most and most.unit == known.unit else None
    repeat = elements.Repeat(
        frequency=1 if period else None,
        period=period,
        period_max=longest if period else None,
        period_unit=known.unit if known and period else None,
        when=tuple(one for one in stated.events if one in _EVENTS),
    )
    return elements.Timing(repeat=repeat) if repeat != elements.Repeat() else None


def _doses(stated: Dosage) -> tuple[elements.DoseAndRate, ...]:
    """How much at once, and how fast: each is one amount, or between two."""
    dose, rate = values.amount(stated.dose), values.amount(stated.rate)
    told = elements.DoseAndRate(
        dose_quantity=dose,
        dose_range=None if dose else values.between(stated.dose),
        rate_quantity=rate,
        rate_range=None if rate else values.between(stated.rate),
    )
    return (told,) if told != elements.DoseAndRate() else ()


def _most(stated: str) -> elements.Ratio | None:
    """« 4/1 d », « 200 mg/1 d »: an amount over another one; None for anything else."""
    found = _RATIO.fullmatch(stated.strip())
    if found is None:
        return None
    above, below = (
        values.quantity(Amount(found[f"{side}_value"], found[f"{side}_unit"] or "")) for side in ("above", "below")
    )
    return elements.Ratio(numerator=above, denominator=below) if above and below else None


def positive(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) > 0 else None
