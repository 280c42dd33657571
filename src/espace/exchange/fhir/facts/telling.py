"""From the facts that a reader may see to resources: what each type tells, and of which facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from uuid import NAMESPACE_URL, UUID, uuid5

from espace.clinical.facts import Detail, Kind, Sourced
from espace.clinical.rules.merging import Item, merged
from espace.exchange.fhir.facts import acts, conditions, directives, forecast, medicines, observations, vaccines
from espace.exchange.fhir.facts.common import Thing
from espace.exchange.fhir.facts.naming import name_of, names_of, stated_name
from espace.exchange.fhir.facts.sources import provenance
from espace.wire.fhir.resources import Reference, Resource


@dataclass(frozen=True, slots=True)
class Served:
    """A type of resource: the facts that it tells, one by one, and the letters that begin the ids of their sources.
    `beside`: the facts that it is worked out of besides."""

    kinds: frozenset[Kind]
    letters: str
    tell: Callable[[Thing], Resource] | None = None
    beside: frozenset[Kind] = frozenset()


@dataclass(frozen=True)
class Told:
    """A resource with the facts that it tells. It is made when it is looked at: a record has thousands of them."""

    type: str
    name: str
    """Its id."""
    sources: tuple[Sourced, ...]
    tell: Callable[[], Resource] = field(repr=False, compare=False)
    others: frozenset[str] = frozenset()
    """The ids that its other sources would have alone: what was told before it was said again is found still."""

    @cached_property
    def resource(self) -> Resource:
        return self.tell()

    @property
    def address(self) -> str:
        return f"{self.type}/{self.name}"

    @cached_property
    def id(self) -> UUID:
        """Its place among pages, for its own id is no UUID."""
        return uuid5(NAMESPACE_URL, self.address)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose facts they are, and the address of this door; born when, of which sex, and the day, where what the
    calendar of vaccinations makes of them is told too."""

    patient: UUID
    subject: Reference
    base: str
    life: forecast.Life | None = None


def _one(kind: Kind, letters: str, tell: Callable[[Thing], Resource]) -> Served:
    return Served(frozenset({kind}), letters, tell)


SERVED: Mapping[str, Served] = {
    "AllergyIntolerance": _one(Kind.ALLERGY, "AI", conditions.allergy),
    "Condition": _one(Kind.PROBLEM, "CO", conditions.condition),
    "MedicationStatement": _one(Kind.TREATMENT, "MS", medicines.statement),
    "MedicationRequest": _one(Kind.PRESCRIPTION, "MR", medicines.request),
    "MedicationDispense": _one(Kind.DISPENSATION, "MD", medicines.dispense),
    "MedicationAdministration": _one(Kind.ADMINISTRATION, "MA", medicines.administration),
    "Immunization": _one(Kind.VACCINATION, "IM", vaccines.immunization),
    "ImmunizationRecommendation": Served(frozenset({Kind.ADVICE}), "IR", vaccines.advice, forecast.KINDS),
    "Observation": Served(observations.KINDS, "OB", observations.observation),
    "DiagnosticReport": Served(observations.KINDS | {Kind.CONCLUSION}, "DR"),
    "Procedure": _one(Kind.PROCEDURE, "PR", acts.procedure),
    "Encounter": _one(Kind.STAY, "EN", acts.stay),
    "FamilyMemberHistory": _one(Kind.FAMILY, "FM", conditions.family),
    "CarePlan": _one(Kind.PLAN, "CP", acts.plan),
    "Consent": _one(Kind.DIRECTIVE, "CN", directives.consent),
    "Device": _one(Kind.DEVICE, "DE", acts.device),
}
"""All but Provenance, which tells of each of them."""

PROVENANCE = "Provenance"
TYPES = {served.letters: name for name, served in SERVED.items()}


def told(name: str, facts: Iterable[Sourced], whose: Whose, codes: frozenset[str] = frozenset()) -> Iterator[Told]:
    """The resources of this type, what was said last first; with `codes`, those alone that may have one of them. What
    is worked out, and said by no document, comes last."""
    served, at_hand = SERVED[name], list(facts)
    wanted = [one for one in at_hand if one.fact.kind in served.kinds]
    if served.tell is None:
        yield from _reports(wanted, whose)
        return
    names = names_of(wanted, whose.patient)
    for thing in _things(wanted, names, whose):
        if not codes or _may_have(thing, codes):
            others = frozenset(names[id(one)] for one in thing.item.sources) - {thing.id}
            yield Told(name, thing.id, thing.item.sources, partial(served.tell, thing), others)
    if served.beside and whose.life:
        own = stated_name(whose.patient, forecast.ID)
        yield Told(name, own, (), partial(forecast.recommendation, own, at_hand, whose.subject, whose.life))


def _may_have(thing: Thing, codes: frozenset[str]) -> bool:
    named = (thing.fact.what, *thing.said(Detail.SUBSTANCE))
    known = {code for what in named for code in (what.code, *(other.code for other in what.others))}
    return known == {""} or any(" ".join(one.split()) in codes for one in known)


def _things(facts: list[Sourced], names: Mapping[int, str], whose: Whose) -> Iterator[Thing]:
    for item in merged(facts):
        for claim in claims(item):
            yield Thing(name_of(claim, names), claim, whose.subject)


def claims(item: Item) -> Iterator[Item]:
    """A fact whose sources contradict each other is told as each of them says it: none of them is right here."""
    if not item.clashes:
        yield item
        return
    said: dict[object, list[Sourced]] = {}
    for one in item.sources:
        said.setdefault(_claim(one), []).append(one)
    for claim in sorted(said, key=repr):
        yield Item(tuple(said[claim]), item.clashes)


def _claim(one: Sourced) -> object:
    return one.fact.absent, one.fact.state, one.fact.value


def _reports(facts: list[Sourced], whose: Whose) -> Iterator[Told]:
    """Its results are told under the ids of the observations that they are."""
    observed = [one for one in facts if one.fact.kind in observations.KINDS]
    things = _things(observed, names_of(observed, whose.patient), whose)
    names = {id(one): thing.id for thing in things for one in thing.item.sources}
    for document, said in observations.reports(facts).items():
        tell = partial(observations.report, document, said, whose.subject, names, whose.base)
        yield Told("DiagnosticReport", str(document.id), tuple(said), tell)


def source_of(one: Told, whose: Whose) -> Told:
    """Where a resource comes from."""
    name = f"{SERVED[one.type].letters}.{one.name}"
    return Told(PROVENANCE, name, one.sources, partial(provenance, name, one.address, one.sources, whose.subject))


def sources(names: Iterable[str], facts: Iterable[Sourced], whose: Whose) -> Iterator[Told]:
    """Where the resources of these types come from."""
    at_hand = list(facts)
    return (source_of(one, whose) for name in names for one in told(name, at_hand, whose) if one.sources)
