"""Results as pages show them: the list of what was measured, and one analyte over time, beside its table.

What somebody looks at is health content: in an address it travels sealed, and works for one reader only.
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, ngettext

from espace.clinical.facts import Fact, Sourced
from espace.clinical.rules.analytes import Chapter, Key, chapter_of
from espace.clinical.rules.marking import OUT, Mark, range_of
from espace.clinical.rules.naming import full_name, name_of
from espace.clinical.rules.searching import answers, asked
from espace.clinical.rules.trends import Beside, Point, Trend, trends_of
from espace.kernel.json import decode
from espace.keys.facts import SealBroken
from espace.keys.queries import open_system, seal_system
from espace.looks.chart import Chart, Dot, drawn, spark
from espace.looks.health import ORIGINS, Shown, Source
from espace.looks.health_words import (
    MARKS,
    interval_words,
    moment_words,
    number_words,
    quantity_words,
    unit_words,
    value_words,
)
from espace.looks.words import TIED, apart, bound, english

DOMAIN = "page-analyte"
MOST_TOKEN = 1600
MOST_KEY = 300
"""Letters of one part of a key that are kept: no list has longer codes."""

CHAPTERS: dict[Chapter, str] = {
    Chapter.SUGAR: gettext_noop("Sucre"),
    Chapter.KIDNEY: gettext_noop("Reins et sels minéraux"),
    Chapter.FATS: gettext_noop("Graisses"),
    Chapter.LIVER: gettext_noop("Foie"),
    Chapter.BLOOD: gettext_noop("Sang"),
    Chapter.HEART: gettext_noop("Cœur"),
    Chapter.THYROID: gettext_noop("Thyroïde"),
    Chapter.INFLAMMATION: gettext_noop("Inflammation"),
    Chapter.VITAMINS: gettext_noop("Vitamines et minéraux"),
    Chapter.MEASURES: gettext_noop("Mesures"),
    Chapter.OTHER: gettext_noop("Autres résultats"),
}
"""In the order of the page."""
WHY: dict[Beside, str] = {
    Beside.WORDS: gettext_noop("Pas un nombre : hors de la courbe"),
    Beside.NO_DAY: gettext_noop("Jour inconnu : hors de la courbe"),
    Beside.UNIT: gettext_noop("Autre unité : hors de la courbe"),
    Beside.NO_VALUE: gettext_noop("Valeur non lue : voir le document"),
}


@dataclass(frozen=True, slots=True)
class AnalyteRow:
    """One line of the list: the last result of an analyte, and how many there are; `origin` says who states the last
    where no professional does."""

    path: str
    name: str
    full: str
    value: str
    mark: str
    out: bool
    date: str
    count: str
    curve: SafeString
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The analytes of one chapter."""

    slug: str
    label: str
    rows: tuple[AnalyteRow, ...]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One result of the table. `converted` is its value in the unit of the curve, "" where it is as written; `why` says
    why it is not on the curve."""

    date: str
    iso: str
    value: str
    converted: str
    expected: str
    mark: str
    out: bool
    laboratory: str
    why: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class AnalytePage:
    """One analyte over time; `chart` is None where nothing can be drawn, `told` says in words what it shows."""

    name: str
    full: str
    unit: str
    told: str
    chart: Chart | None
    converted: bool
    outside: bool
    lines: tuple[ResultLine, ...]


def sealed_key(key: Key, owner: UUID) -> str:
    """An analyte as an opaque word for an address."""
    hidden = seal_system(DOMAIN, msgspec.json.encode([part[:MOST_KEY] for part in key]), owner.bytes)
    return base64.urlsafe_b64encode(hidden).decode().rstrip("=")


def unsealed_key(token: str, owner: UUID) -> Key | None:
    """What `sealed_key` was given for the same reader; None for anything else."""
    try:
        data = base64.b64decode(token[:MOST_TOKEN] + "===", altchars=b"-_", validate=False)
        return decode(open_system(DOMAIN, data, owner.bytes), tuple[str, ...])
    except (ValueError, SealBroken, msgspec.MsgspecError):
        return None


def trend_named(facts: Iterable[Sourced], key: Key | None) -> Trend | None:
    """The analyte that an address names; None where the reader may see no result of it."""
    if key is None:
        return None
    return next((one for one in trends_of(facts) if tuple(part[:MOST_KEY] for part in one.key) == key), None)


def groups(trends: Iterable[Trend], words: str, address: Callable[[Key], str]) -> tuple[Group, ...]:
    """The analytes whose name has the words, by chapter."""
    question = asked(words)
    kept = [one for one in trends if answers(question, _names(one))]
    found = (
        (chapter, label, [one for one in kept if chapter_of(one.key) is chapter]) for chapter, label in CHAPTERS.items()
    )
    return tuple(
        Group(chapter.value, gettext(label), tuple(_row(one, address) for one in ones))
        for chapter, label, ones in found
        if ones
    )


def _names(trend: Trend) -> tuple[str, ...]:
    """Ways of naming an analyte, one a line: a phrase is looked for in one of them."""
    facts = [point.fact for point in trend.every]
    names = (name for fact in facts for name in (name_of(fact.what), full_name(fact.what), fact.what.words, fact.group))
    return ("\n".join(dict.fromkeys(names)),)


def _row(trend: Trend, address: Callable[[Key], str]) -> AnalyteRow:
    every = trend.every
    last = every[0]
    return AnalyteRow(
        path=address(trend.key),
        name=bound(name_of(last.fact.what, english=english())),
        full=bound(full_name(last.fact.what)),
        value=_value(last.fact),
        mark=_mark(last),
        out=last.mark in OUT,
        date=moment_words(last.moment),
        count=ngettext("%(count)s résultat", "%(count)s résultats", len(every)) % {"count": len(every)},
        curve=spark([(one.at, float(one.number)) for one in trend.points if one.at and one.number is not None]),
        origin=gettext(ORIGINS[last.sources[0].origin]) if ORIGINS[last.sources[0].origin] else "",
    )


def analyte_page(trend: Trend, shown: Shown) -> AnalytePage:
    """A trend that has at least one result."""
    newest, dots = trend.every[0].fact, _dots(trend.points)
    unit = unit_words(trend.unit)
    return AnalytePage(
        name=bound(name_of(newest.what, english=english())),
        full=bound(full_name(newest.what)),
        unit=unit,
        told=_told(trend, unit),
        chart=drawn(dots),
        converted=any(dot.converted for dot in dots),
        outside=any(dot.outside for dot in dots),
        lines=tuple(_line(one, unit, shown) for one in trend.every),
    )


def _dots(points: Sequence[Point]) -> list[Dot]:
    return [
        Dot(
            at=one.at,
            value=float(one.number),
            low=None if one.low is None else float(one.low),
            high=None if one.high is None else float(one.high),
            outside=one.mark in OUT,
            converted=not one.exact,
        )
        for one in points
        if one.at and one.number is not None
    ]


def _told(trend: Trend, unit: str) -> str:
    """What the curve shows, for whoever does not see it; its figures stand in the table."""
    if not trend.points:
        return ""
    first, last = trend.points[0], trend.points[-1]
    numbers = [one.number for one in trend.points if one.number is not None]
    words = {
        "count": len(trend.points),
        "unit": unit or gettext("sans unité"),
        "first": moment_words(first.moment),
        "last": moment_words(last.moment),
        "least": number_words(f"{min(numbers):f}"),
        "most": number_words(f"{max(numbers):f}"),
    }
    return (
        ngettext(
            "Courbe de %(count)s résultat, %(unit)s, le %(last)s : %(most)s.",
            "Courbe de %(count)s résultats, %(unit)s, du %(first)s au %(last)s : de %(least)s à %(most)s.",
            len(trend.points),
        )
        % words
    )


def _line(point: Point, unit: str, shown: Shown) -> ResultLine:
    expected = range_of(point.fact)
    limits = expected.value.interval if expected and expected.value else None
    converted = point.number is not None and not point.exact
    return ResultLine(
        date=moment_words(point.moment) or gettext("Date non lue"),
        iso=point.moment[:10],
        value=_value(point.fact),
        converted=f"{number_words(f'{point.number:f}')}{TIED}{unit}".strip() if converted else "",
        expected=interval_words(limits) if limits else _ranges(point.fact),
        mark=_mark(point),
        out=point.mark in OUT,
        laboratory=point.laboratory,
        why=gettext(WHY[point.why]) if point.why else "",
        sources=tuple(_sources(point.sources, shown)),
    )


def _ranges(fact: Fact) -> str:
    """Ranges of which one cannot tell which is the right one, as they are written."""
    return apart(one.words or value_words(one.value) for one in fact.ranges)


def _sources(sources: Sequence[Sourced], shown: Shown) -> Iterable[Source]:
    return (shown.source(one) for one in sources)


def _value(fact: Fact) -> str:
    quantity = fact.value.quantity if fact.value else None
    return quantity_words(quantity) if quantity else bound(value_words(fact.value)) or "–"


def _mark(point: Point) -> str:
    return gettext(MARKS[point.mark]) if point.mark is not Mark.UNKNOWN else ""
