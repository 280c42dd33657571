"""Which facts stand in which section of an International Patient Summary (IPS, HL7 FHIR uv.ips 2.0.0; ISO 27269), and
in what order. What may not be quoted is left out before: nothing here knows of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from espace.clinical.facts import Kind, Sourced, State
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.merging import Clash, Item, merged
from espace.clinical.rules.summary import KINDS as SUMMARISED
from espace.clinical.rules.summary import Summary, Treatment, series_of, summary_of
from espace.kernel.reasons import Sentence

TYPE_CODE = "60591-5"
"""LOINC: patient summary document. Whoever reads documents of this type reads this one."""
KINDS = SUMMARISED | {Kind.PLAN}
MOST, MOST_MEASURED = 100, 60
"""Facts of one section, and lines of results: the others are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its LOINC code and its title. `required`: it is there even where nothing is known."""

    code: str
    title: Sentence
    required: bool = False


def _part(code: str, fr: str, en: str, *, required: bool = False) -> Part:
    return Part(code, Sentence(fr, en), required)


ALLERGIES = _part("48765-2", "Allergies et intolérances", "Allergies and intolerances", required=True)
MEDICINES = _part("10160-0", "Traitements en cours", "Current medicines", required=True)
PROBLEMS = _part("11450-4", "Problèmes de santé", "Problems", required=True)
PAST = _part("11348-0", "Antécédents", "History of past illness")
PROCEDURES = _part("47519-4", "Opérations et actes", "Procedures")
VACCINATIONS = _part("11369-6", "Vaccinations", "Immunisations")
RESULTS = _part("30954-2", "Derniers résultats d’analyses", "Latest laboratory results")
MEASURES = _part("8716-3", "Dernières mesures", "Latest vital signs")
PREGNANCY = _part("10162-6", "Grossesse", "Pregnancy")
DEVICES = _part("46264-8", "Implants et appareils", "Medical devices")
FAMILY = _part("10157-6", "Antécédents familiaux", "Family history")
LIFESTYLE = _part("29762-2", "Mode de vie", "Social history")
PLAN = _part("18776-5", "Soins prévus", "Plan of care")
WISHES = _part("42348-3", "Volontés", "Advance directives")
MEASURED = frozenset({RESULTS, MEASURES})


@dataclass(frozen=True, slots=True)
class Chosen:
    """A section: what is there, what is said not to be there, and how many facts more it has no room for. Of
    medicines, `treatments` are what each of the items is the newest word of."""

    part: Part
    items: tuple[Item, ...] = ()
    denied: tuple[Item, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    left: int = 0


@dataclass(frozen=True, slots=True)
class International:
    """The sections that say something, and those that must be there. `disputed`: it is said that there is no allergy,
    and that there is one."""

    chosen: tuple[Chosen, ...]
    disputed: bool = False


def international(facts: Iterable[Sourced], at: date) -> International:
    """The summary on that day."""
    by_kind: dict[Kind, list[Sourced]] = defaultdict(list)
    for one in facts:
        by_kind[one.fact.kind].append(one)
    every = [one for kind, ones in by_kind.items() if kind in KINDS for one in ones]
    summary = summary_of(every, at)
    there = _there(summary, by_kind, at)
    denied = _denied(summary, by_kind)
    found = (_chosen(part, items, denied.get(part, ()), summary.treatments) for part, items in there.items())
    said = tuple(one for one in found if one.items or one.denied or one.part.required)
    return International(said, summary.disputed)


def _chosen(part: Part, items: tuple[Item, ...], denied: tuple[Item, ...], treatments: tuple[Treatment, ...]) -> Chosen:
    most = MOST_MEASURED if part in MEASURED else MOST
    taken = treatments[:most] if part is MEDICINES else ()
    left = len(items[most:]) + len(denied[most:])
    return Chosen(part, tuple(map(_coded_first, items[:most])), denied[:most], taken, left)


def _coded_first(item: Item) -> Item:
    """A code is read where words are not: of sources that agree, the newest that has one speaks for them."""
    best = next((one for one in item.sources if one.fact.what.code), item.sources[0])
    return item if item.clashes else Item((best, *(one for one in item.sources if one is not best)))


def _there(summary: Summary, by_kind: Mapping[Kind, list[Sourced]], at: date) -> Mapping[Part, tuple[Item, ...]]:
    """In the order in which it is read."""

    def history(kind: Kind) -> tuple[Item, ...]:
        return tuple(one for one in summary.history if one.fact.kind is kind)

    def alerts(kind: Kind) -> tuple[Item, ...]:
        return tuple(one for one in summary.alerts if one.fact.kind is kind)

    def measured(kind: Kind) -> tuple[Item, ...]:
        return tuple(series.points[0] for series in series_of(by_kind.get(kind, ()), at))

    return {
        ALLERGIES: summary.allergies,
        MEDICINES: tuple(one.items[0] for one in summary.treatments),
        PROBLEMS: summary.problems,
        PAST: history(Kind.PROBLEM),
        PROCEDURES: history(Kind.PROCEDURE),
        VACCINATIONS: summary.vaccinations,
        RESULTS: measured(Kind.RESULT),
        MEASURES: measured(Kind.MEASURE),
        PREGNANCY: tuple(_stated(merged(by_kind.get(Kind.PREGNANCY, ())))),
        DEVICES: alerts(Kind.DEVICE),
        FAMILY: history(Kind.FAMILY),
        LIFESTYLE: summary.lifestyle,
        PLAN: tuple(one for one in _stated(merged(by_kind.get(Kind.PLAN, ()))) if one.fact.state in _AHEAD),
        WISHES: alerts(Kind.DIRECTIVE),
    }


_AHEAD = frozenset({State.ACTIVE, State.PLANNED, State.UNKNOWN})
_DENIED = {
    PROCEDURES: Kind.PROCEDURE,
    VACCINATIONS: Kind.VACCINATION,
    DEVICES: Kind.DEVICE,
}
"""Sections where « there is none at all » alone is worth saying."""


def _denied(summary: Summary, by_kind: Mapping[Kind, list[Sourced]]) -> Mapping[Part, tuple[Item, ...]]:
    nothing = {
        part: tuple(one for one in merged(by_kind.get(kind, ())) if one.fact.absent and none_known(one.fact.what))
        for part, kind in _DENIED.items()
    }
    return nothing | {
        ALLERGIES: summary.said_not(Kind.ALLERGY),
        MEDICINES: summary.said_not(Kind.TREATMENT),
        PROBLEMS: summary.said_not(Kind.PROBLEM),
    }


def _stated(items: Iterable[Item]) -> Iterable[Item]:
    """Those that at least one source says are there."""
    return (one for one in items if not one.fact.absent or Clash.DENIED in one.clashes)
