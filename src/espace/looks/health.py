"""Facts of health as rows: a name, what is said of it, since when, what to beware of, and each source one click away.

Extracted from a document, stated by the patient and reimbursed are told apart by words.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain

from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from espace.clinical.facts import Detail, Fact, Kind, Origin, Sourced, State
from espace.clinical.rules.analytes import loinc_of
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.marking import OUT, Mark, mark_of, range_of
from espace.clinical.rules.merging import Clash, Item, said_at
from espace.clinical.rules.naming import full_name, name_of, product
from espace.clinical.rules.summary import Series, Treatment, handed_at, measured_at, of_strength
from espace.clinical.rules.units import converted, usable
from espace.kernel.folding import folded
from espace.kernel.values import replace
from espace.looks import cards
from espace.looks.chart import spark
from espace.looks.health_words import (
    MARKS,
    brief_moment,
    detail_words,
    dosage_words,
    expected_words,
    moment_words,
    month_of,
    number_words,
    value_words,
)
from espace.looks.words import apart, bound, english, page_language
from espace.wire.clinical_statements.values import Concept

ORIGINS: dict[Origin, str] = {
    Origin.EXTRACTED: "",
    Origin.STATED: gettext_noop("Déclaré par le patient"),
    Origin.REIMBURSED: gettext_noop("Remboursé"),
}
CLASHES: dict[Clash, str] = {
    Clash.DENIED: gettext_noop("Affirmé ici, nié ailleurs"),
    Clash.OVER: gettext_noop("En cours ici, terminé ailleurs"),
    Clash.VALUE: gettext_noop("Deux valeurs différentes"),
}
_STATES: dict[State, str] = {
    State.ACTIVE: gettext_noop("en cours"),
    State.OVER: gettext_noop("terminé"),
    State.STOPPED: gettext_noop("arrêté"),
    State.PLANNED: gettext_noop("prévu"),
    State.UNKNOWN: "",
}
_VERBS: dict[Kind, str] = {
    Kind.PRESCRIPTION: gettext_noop("prescrit"),
    Kind.DISPENSATION: gettext_noop("délivré"),
}
_SAID_OF: dict[Kind, tuple[Detail, ...]] = {
    Kind.ALLERGY: (Detail.REACTION, Detail.SEVERITY, Detail.CRITICALITY),
    Kind.PROBLEM: (Detail.LATERALITY, Detail.SEVERITY, Detail.CERTAINTY),
    Kind.PROCEDURE: (Detail.SITE, Detail.LATERALITY),
}


_PLACED = frozenset({Detail.SITE, Detail.LATERALITY})
_WORD = re.compile(r"\w+")

MOST_SOURCES = 6
"""Told of one fact, the newest ones; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: `path` leads to the paragraph, "" for what the patient states; `says` is what this source
    says where others say otherwise."""

    path: str
    date: str
    title: str
    origin: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact. `marks` are what to beware of; `first` is its newest source, `others` the next ones, `count` how many
    there are besides the first. Of a medicine, `delivery` is the last one, `stop` what says that it is over."""

    name: str
    said: str
    when: str
    marks: tuple[str, ...]
    first: Source
    others: tuple[Source, ...] = ()
    count: int = 0
    delivery: Source | None = None
    stop: Source | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of results: the last value, whether it is out of its range, and the earlier ones, drawn and in words;
    `before` is the one before the last, in short."""

    name: str
    full: str
    value: str
    expected: str
    mark: str
    out: bool
    clash: str
    first: Source
    curve: SafeString
    before: str
    earlier: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """What the vaccination calendar makes of one or several diseases: `pressing` where something is to be done."""

    name: str
    standing: str
    why: str
    pressing: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """How one door shows facts: where its documents are, and the language of the page, asked once."""

    address: cards.Address
    language: str = field(default_factory=page_language)

    def source(self, sourced: Sourced, says: str = "") -> Source:
        document, origin = sourced.document, gettext(ORIGINS[sourced.origin]) if ORIGINS[sourced.origin] else ""
        if document is None:
            return Source("", brief_moment(sourced.stated_at, self.language), "", origin, says)
        anchor = sourced.fact.place.anchor
        path = f"{self.address(document.id)}#{anchor}" if anchor else self.address(document.id)
        date = brief_moment(said_at(sourced), self.language)
        return Source(path, date, cards.title(document), origin, says)

    def row(self, item: Item, *, said: str | None = None, when: str = "") -> Row:
        fact, differ = item.fact, bool(item.clashes)
        told = item.sources[: MOST_SOURCES + 1]
        first, *others = (self.source(one, _says(one.fact) if differ else "") for one in told)
        return Row(
            name=bound(full_name(fact.what)),
            said=bound(_said(fact) if said is None else said),
            when=when,
            marks=tuple(gettext(CLASHES[clash]) for clash in item.clashes),
            first=first,
            others=tuple(others),
            count=len(item.sources) - 1,
        )

    def allergy(self, item: Item) -> Row:
        return self.row(item)

    def denied(self, item: Item) -> Row:
        """What is said not to be there: « Aucune allergie connue », « Pas de : diabète »."""
        row, what = self.row(item, said=""), item.fact.what
        return row if none_known(what) else replace(row, name=gettext("Pas de : %(name)s") % {"name": row.name})

    def problem(self, item: Item) -> Row:
        start = month_of(item.start)
        return self.row(item, when=gettext("depuis %(date)s") % {"date": start} if start else "")

    def past(self, item: Item) -> Row:
        """What happened once, or is over."""
        return self.row(item, said=past_words(item.fact), when=_span(item.fact))

    def lifestyle(self, item: Item) -> Row:
        found, at = value_words(item.fact.value), moment_words(item.start or said_at(item.sources[0]))
        return self.row(item, said=found, when=at)

    def vaccination(self, items: Sequence[Item]) -> Row:
        """One vaccine: its last dose, the earlier ones behind it."""
        targets = ", ".join(full_name(one) for one in items[0].fact.details.get(Detail.TARGET, ()))
        dose = [_dose(one) for one in items[0].fact.details.get(Detail.DOSE_NUMBER, ())]
        doses = [(it, item.start) for item in items for it in item.sources]
        told = doses[: MOST_SOURCES + 1]
        last, *earlier = (self._dose(it, start) for it, start in told)
        return Row(
            name=bound(full_name(items[0].fact.what)),
            said=bound(", ".join(filter(None, (targets, *dose)))),
            when="",
            marks=tuple(gettext(CLASHES[clash]) for clash in items[0].clashes),
            first=replace(last, says="", date=brief_moment(items[0].start) or last.date),
            others=tuple(earlier),
            count=len(doses) - 1,
        )

    def _dose(self, sourced: Sourced, start: str) -> Source:
        """The day of a dose beside that of its document, where that is another one."""
        found = self.source(sourced)
        other = brief_moment(start, self.language) != found.date
        return replace(found, says=moment_words(start, self.language)) if other else found

    def treatment(self, one: Treatment) -> Row:
        fact, items = one.fact, one.items
        sources = sorted(chain.from_iterable(item.sources for item in items), key=said_at, reverse=True)
        first = items[0].sources[0]
        others = [one for one in sources if one is not first]
        handed = one.delivery if fact.kind is not Kind.DISPENSATION else None
        return Row(
            name=bound(product(fact.what)),
            said=next(filter(None, (dosage_words(told.dosage) for told in of_strength(fact, items))), ""),
            when=_until(one),
            marks=(gettext("Dit arrêté dans un document plus récent"),) if one.stop else (),
            first=self.source(first),
            others=tuple(map(self.source, others[:MOST_SOURCES])),
            count=len(others),
            delivery=replace(self.source(handed), date=brief_moment(handed_at(handed))) if handed else None,
            stop=self.source(one.stop) if one.stop else None,
        )

    def result(self, series: Series) -> ResultRow:
        newest, fact, language = series.points[0], series.fact, self.language
        expected = range_of(fact)
        limits = expected.value.interval if expected and expected.value else None
        return ResultRow(
            name=bound(name_of(fact.what, english=english(language))),
            full=bound(full_name(fact.what)),
            value=bound(value_words(fact.value, language)),
            expected=expected_words(limits, fact.value, language) if limits else "",
            mark=gettext(MARKS[series.mark]) if series.mark is not Mark.UNKNOWN else "",
            out=series.mark in OUT,
            clash=_other_values(newest),
            first=replace(self.source(newest.sources[0]), date=brief_moment(measured_at(newest.sources[0]), language)),
            curve=spark(_placed(series)),
            before=_before(series, language),
            earlier=apart(_earlier(item, language) for item in series.points[1:]),
        )


def rows(items: Iterable[Item], shown: Callable[[Item], Row]) -> tuple[Row, ...]:
    return tuple(shown(item) for item in items)


def _said(fact: Fact) -> str:
    """What is said of it in a few words: reaction and severity of an allergy, side of a problem; where an act was done,
    unless its name says so."""
    named = f" {' '.join(map(folded, _WORD.findall(full_name(fact.what))))} "
    said = (
        (detail, detail_words(one)) for detail in _SAID_OF.get(fact.kind, ()) for one in fact.details.get(detail, ())
    )
    return ", ".join(dict.fromkeys(words for detail, words in said if detail not in _PLACED or not _has(named, words)))


def _has(named: str, words: str) -> bool:
    return f" {' '.join(map(folded, _WORD.findall(words)))} " in named


def past_words(fact: Fact) -> str:
    relatives = [full_name(one) for one in fact.details.get(Detail.RELATIVE, ())]
    if fact.kind is Kind.FAMILY:
        return ", ".join([gettext("antécédent familial"), *relatives])
    return _said(fact)


def _says(fact: Fact) -> str:
    """What one source says where another one says otherwise."""
    return denied_words(fact) or value_words(fact.value) or state_words(fact) or gettext("affirmé")


def denied_words(fact: Fact) -> str:
    """Of what is said not to be there, « nié »; of « aucune allergie connue » itself, « dit »; "" of what is there."""
    if not fact.absent:
        return ""
    return gettext("dit") if none_known(fact.what) else gettext("nié")


def state_words(fact: Fact) -> str:
    return gettext(_STATES[fact.state]) if fact.state is not State.UNKNOWN else ""


def _span(fact: Fact) -> str:
    """« 2012 – 2015 », « mars 2012 »."""
    ends = (moment_words(fact.when.start), moment_words(fact.when.end))
    return " – ".join(dict.fromkeys(filter(None, ends)))


def _dose(number: Concept) -> str:
    """« dose 2 »; what is no number is said as it is."""
    said = full_name(number)
    return gettext("dose %(number)s") % {"number": said} if said.isdigit() else said


def _until(one: Treatment) -> str:
    """« prescrit, jusqu’au 4 juin 2025 »; « depuis mars 2012 »; « depuis mars 2012, prescrit »."""
    fact, start = one.fact, month_of(one.since)
    parts = []
    if start and (fact.kind is Kind.TREATMENT or start != month_of(fact.when.start)):
        parts.append(gettext("depuis %(date)s") % {"date": start})
    if fact.kind in _VERBS:
        parts.append(gettext(_VERBS[fact.kind]))
    if one.until:
        parts.append(gettext("jusqu’au %(date)s") % {"date": brief_moment(one.until)})
    return ", ".join(parts)


def taken_words(row: Row) -> str:
    """« prescrit, jusqu’au 4 juin 2025, délivré le 5 mars 2025 »: since and until when, and the last delivery."""
    handed = gettext("délivré le %(date)s") % {"date": row.delivery.date} if row.delivery else ""
    return ", ".join(filter(None, (row.when, handed)))


def _other_values(item: Item) -> str:
    """« Deux valeurs différentes : 7,2 % – 7,4 % »."""
    if Clash.VALUE not in item.clashes:
        return ""
    values = dict.fromkeys(value_words(one.fact.value) for one in item.sources)
    return gettext("Valeurs différentes : %(values)s") % {"values": " / ".join(values)}


def _before(series: Series, language: str) -> str:
    """« 6,8 le 4 mars 2025 », « 6,8, mars 2025 »: the value before the last, its unit where it is another one; "" for
    none."""
    if len(series.points) < 2:
        return ""
    last, item = series.fact.value, series.points[1]
    found, unit = item.fact.value, last.quantity.unit if last and last.quantity else None
    number = found.quantity if found else None
    same = number is not None and number.unit == unit
    value = number_words(number.value, language) if number and same else bound(value_words(found, language))
    at = measured_at(item.sources[0])
    day = brief_moment(at, language)
    said = gettext("%(value)s le %(day)s") if _at(at) else gettext("%(value)s, %(day)s")
    return said % {"value": value, "day": day} if day else value


def _earlier(item: Item, language: str) -> str:
    """« 7,4 % (4 mars 2025, élevé) »."""
    mark = mark_of(item.fact)
    said = (moment_words(measured_at(item.sources[0]), language), gettext(MARKS[mark]).lower() if mark in OUT else "")
    return f"{value_words(item.fact.value, language)} ({', '.join(filter(None, said))})"


def _placed(series: Series) -> list[tuple[datetime, float]]:
    """The points that can be drawn beside the last one: numbers that its unit can tell, at a day that is known."""
    last = series.fact.value.quantity if series.fact.value else None
    found = []
    for item in series.points if last else ():
        quantity, at = item.fact.value.quantity if item.fact.value else None, _at(measured_at(item.sources[0]))
        number = usable(quantity)
        if quantity and number is not None and at and last:
            codes = {"code": loinc_of(item.fact.what), "to_code": loinc_of(series.fact.what)}
            told = converted(number, quantity.unit, last.unit, **codes)
            found += [(at, float(told))] if told is not None else []
    return found


def _at(moment: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
