"""« Vaccinations »: what the calendar asks for, then the record, where professionals and the holder are told apart."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop, ngettext

from espace.clinical import queries
from espace.clinical.facts import Detail, Kind, Origin, Sourced, State
from espace.clinical.facts.profile import Item as Stated
from espace.clinical.facts.profile import Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import vaccines
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.merging import Item, merged
from espace.clinical.rules.naming import full_name
from espace.clinical.rules.vaccines import Standing, Why
from espace.clinical.rules.vaccines.words import CATEGORIES, STANDINGS, WHY
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Traits
from espace.kernel.folding import folded
from espace.kernel.words import Verb
from espace.looks import cards, due_words
from espace.looks.frame import render
from espace.looks.health import CLASHES, Shown, Source
from espace.looks.health_words import moment_words
from espace.looks.notes import note_in
from espace.looks.stated import Row, rows
from espace.looks.words import cased, local_day, said
from espace.portal.pages.health.section import about, undo_in
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext

TEMPLATE = "portal/health/vaccinations.html"
KINDS = frozenset({Kind.VACCINATION, Kind.PROBLEM, Kind.PREGNANCY})
"""What was given, and what the calendar looks at besides age."""
_GROUPS = {
    Standing.NOW: (Standing.LATE, Standing.NOW),
    Standing.CHECK: (Standing.CHECK,),
    Standing.LATER: (Standing.LATER,),
    Standing.DONE: (Standing.DONE,),
}
"""Under which title each line is, in the order of the page; the others unfold at the end."""
_WRITTEN: Mapping[Origin, str] = {
    Origin.EXTRACTED: gettext_noop("Écrit par un professionnel"),
    Origin.REIMBURSED: gettext_noop("Lu dans les remboursements"),
}
_STATES: Mapping[State, str] = {
    State.PLANNED: gettext_noop("Prévu"),
    State.STOPPED: gettext_noop("Non fait"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What the calendar says of one or several diseases; `late` is "" for what is not. `vaccine`: which one, and
    whether it is mandatory; `doses`: what is written."""

    name: str
    late: str
    why: str
    vaccine: str
    doses: str


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    title: str
    intro: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Where it was read: nothing to change there."""

    mark: str
    source: Source


@dataclass(frozen=True, slots=True)
class Own:
    mark: str
    row: Row


@dataclass(frozen=True, slots=True)
class Entry:
    """One vaccination, with everything that says so."""

    name: str
    when: str
    marks: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    written: tuple[Written, ...]
    own: tuple[Own, ...]


def vaccinations(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    which, today = Section.VACCINATIONS, local_day(now())
    with visit.open(Verb.LIST) as grant:
        found, known = profile(grant), queries.known(grant, KINDS)
        traits = identity.own_person(grant).traits
    mine = found.of(which)
    documents = {one.id: one for one in known.documents}
    told = {row.id: row for row in rows(mine, found.items, documents, document_path)}
    shown = entries(known.facts, {one.id: one for one in mine}, told)
    lines, note = lines_of(known.facts, traits, today), note_in(request, reader=visit.actor.id, at=now())
    calendar = vaccines.calendar_at(today)
    context = {
        **about(which, found),
        "note": note,
        "undo": undo_in(request) if note else "",
        "calendar": said(calendar.source),
        "outdated": calendar.year if calendar.year < today.year else "",
        "due": groups(lines),
        "pressing": any(one.standing in due_words.PRESSING for one in lines),
        "rest": [line(one) for one in lines if one.standing is Standing.NOT_CONCERNED],
        "entries": shown,
        "locked": any(one.written for one in shown),
        "decides": not visit.carer,
        "removes": not visit.guest,
    }
    return render(request, TEMPLATE, context, name=visit.name)


# --- the calendar -------------------------------------------------------------------------------------------


def lines_of(facts: Collection[Sourced], traits: Traits, at: date) -> tuple[vaccines.Line, ...]:
    given = [one for one in facts if one.fact.kind is Kind.VACCINATION]
    return vaccines.due(given, traits.birth_date, traits.sex, at, vaccines.conditions_of(facts, at))


def groups(lines: Collection[vaccines.Line]) -> list[Group]:
    """Without those that have no line."""
    every = [_group(title, [one for one in lines if one.standing in held]) for title, held in _GROUPS.items()]
    return [one for one in every if one.lines]


def _group(title: Standing, lines: Collection[vaccines.Line]) -> Group:
    intro = said(WHY[Why.NOTHING_WRITTEN]) if any(one.why is Why.NOTHING_WRITTEN for one in lines) else ""
    return Group(title.value, said(STANDINGS[title]), intro, tuple(map(line, lines)))


def line(one: vaccines.Line) -> Line:
    """What nothing is written of is explained once, above its group."""
    return Line(
        due_words.names(one),
        said(STANDINGS[one.standing]) if one.standing is Standing.LATE else "",
        "" if one.why is Why.NOTHING_WRITTEN else due_words.why(one),
        _vaccine(one),
        _doses(one),
    )


def _vaccine(one: vaccines.Line) -> str:
    """« ROR, obligatoire », « Recommandé » where the vaccine has the name of the line; "" for what nobody is asked to
    have."""
    if one.course is None or one.standing is Standing.NOT_CONCERNED:
        return ""
    vaccine, category = said(one.course.vaccine), said(CATEGORIES[one.course.category])
    return category if folded(vaccine) == folded(due_words.names(one)) else f"{vaccine}, {category.lower()}"


def _doses(one: vaccines.Line) -> str:
    """« 2 doses notées, la dernière : mars 2025 »."""
    if not one.given:
        return ""
    doses = ngettext("%(count)s dose notée", "%(count)s doses notées", len(one.given)) % {"count": len(one.given)}
    last = moment_words(one.given[-1].sourced.fact.when.start)
    return gettext("%(doses)s, la dernière : %(day)s") % {"doses": doses, "day": last} if last else doses


# --- the record ---------------------------------------------------------------------------------------------


def entries(facts: Iterable[Sourced], mine: Mapping[UUID, Stated], told: Mapping[UUID, Row]) -> list[Entry]:
    """The newest first, those without a day last; that the section concerns nobody is said elsewhere."""
    given = [one for one in facts if one.fact.kind is Kind.VACCINATION and (one.document or one.item in told)]
    ordered = sorted(merged(given), key=lambda item: item.start, reverse=True)
    return [_entry(item, mine, told) for item in ordered]


def _entry(item: Item, mine: Mapping[UUID, Stated], told: Mapping[UUID, Row]) -> Entry:
    shown = Shown(document_path)
    return Entry(
        name=full_name(item.fact.what),
        when=moment_words(item.start) or gettext("Date non précisée"),
        marks=tuple(_marks(item)),
        answers=tuple((label, text) for label, text in _answers(item, mine) if text),
        written=tuple(
            Written(gettext(_WRITTEN[one.origin]), shown.source(one)) for one in item.sources if one.document
        ),
        own=tuple(Own(_added(mine[one.item]), told[one.item]) for one in item.sources if one.item),
    )


def _marks(item: Item) -> Iterable[str]:
    fact = item.fact
    if fact.absent and not item.clashes and not none_known(fact.what):
        yield gettext("Non fait")
    elif fact.state in _STATES:
        yield gettext(_STATES[fact.state])
    yield from (gettext(CLASHES[clash]) for clash in item.clashes)


def _answers(item: Item, mine: Mapping[UUID, Stated]) -> Iterable[tuple[str, str]]:
    def who(one: Sourced) -> str:
        if one.item:
            return mine[one.item].values.get("place", "")
        author = " ".join(map(cased, one.fact.author.split()))
        return author or (cards.written_by(one.document) if one.document else "")

    return (
        (gettext("Protège contre"), _all(item, _against)),
        (gettext("Dose"), _all(item, lambda one: _named(one, Detail.DOSE_NUMBER))),
        (gettext("Lot"), _all(item, lambda one: one.fact.lot)),
        (gettext("Fabricant"), _all(item, lambda one: one.fact.maker)),
        (gettext("Par qui, où"), _all(item, who)),
        (gettext("Commentaire"), _all(item, lambda one: one.fact.comment)),
    )


def _all(item: Item, what: Callable[[Sourced], str]) -> str:
    """What its sources say; several things where they differ."""
    return " / ".join(dict.fromkeys(filter(None, map(what, item.sources))))


def _against(one: Sourced) -> str:
    """Not said again where it is the name of the vaccine."""
    known = sorted(vaccines.diseases_of(one.fact), key=list(vaccines.Disease).index)
    found = due_words.named(known) if known else _named(one, Detail.TARGET)
    return "" if folded(found) == folded(full_name(one.fact.what)) else found


def _named(one: Sourced, detail: Detail) -> str:
    return ", ".join(full_name(concept) for concept in one.fact.details.get(detail, ()))


def _added(item: Stated) -> str:
    return gettext("Ajouté par un proche") if item.helped else gettext("Ajouté par vous")
