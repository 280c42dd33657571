"""« Fiche d’urgence »: one page to be printed: what a doctor would see in an emergency, under the switches of today.

The decision and the queries are those that a doctor who breaks the glass goes through (`gate.look_in_emergency`): what
that doctor would not see is not printed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import Truncator
from django.utils.translation import gettext_noop, ngettext

from espace.access import gate
from espace.access.facts import Switches
from espace.access.queries import switches
from espace.clinical import queries as clinical
from espace.clinical.facts import Kind, Known, Origin, Sourced
from espace.clinical.facts.profile import Item as Stated
from espace.clinical.facts.profile import Profile, Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import profile as rules
from espace.clinical.rules.acts import is_examination
from espace.clinical.rules.merging import Item, said_at
from espace.clinical.rules.summary import KINDS, Summary, Treatment, summary_of
from espace.identity import queries as identity
from espace.identity.facts import Person
from espace.kernel.values import replace
from espace.kernel.words import Grant, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.health import Row, Shown, taken_words
from espace.looks.health_words import brief_moment, value_words
from espace.looks.stated import told_day
from espace.looks.words import amid, bound, full_date, local_day, said
from espace.portal.pages.health.words import trusted_people
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record.facts import Document, Status

TEMPLATE = "portal/health/emergency_sheet.html"
WANTED = KINDS - {Kind.RESULT, Kind.MEASURE, Kind.VACCINATION, Kind.FAMILY, Kind.LIFESTYLE}
_SAID_BY: Mapping[Origin, str] = {
    Origin.STATED: gettext_noop("déclaré"),
    Origin.REIMBURSED: gettext_noop("remboursé"),
}
DIRECTIVES, TRUSTED = "EXPPAT_3", "EXPPAT_1"
"""Types of documents (JDV_J07): advance directives, the designation of the trusted person."""
MOST = {Kind.ALLERGY: 10, Kind.TREATMENT: 16, Kind.PROBLEM: 12, Kind.PROCEDURE: 6, Kind.DEVICE: 6}
MOST_OVER, MOST_CALLED, MOST_WISHES, MOST_LETTERS = 5, 4, 3, 300
"""Lines of each part, and letters of a wish, for all to stand on one page; those that are left out are counted."""
ROOM, WIDE = 70, 50
"""Lines on paper that one page has room for in letters of the usual size, and letters on a line."""

_ALERTS = (Kind.ALERT, Kind.PREGNANCY, Kind.DEVICE)
_TITLES: Mapping[Kind, tuple[str, str]] = {
    Kind.ALLERGY: (gettext_noop("Allergies et alertes"), gettext_noop("Rien n’est écrit sur les allergies.")),
    Kind.TREATMENT: (
        gettext_noop("Traitements en cours"),
        gettext_noop("Rien n’est écrit sur un traitement en cours."),
    ),
    Kind.PROBLEM: (
        gettext_noop("Principaux problèmes de santé"),
        gettext_noop("Rien n’est écrit sur les maladies en cours."),
    ),
    Kind.PROCEDURE: (gettext_noop("Opérations"), gettext_noop("Rien n’est écrit sur une opération.")),
    Kind.DEVICE: (
        gettext_noop("Implants et appareils"),
        gettext_noop("Rien n’est écrit sur un implant ou un appareil."),
    ),
}
"""The parts that are made of facts: what each is called, and what stands there without a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """`source` says who says so, where it is not a professional; `words` are those of the person."""

    name: str
    said: str = ""
    source: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`nothing` is what stands there without a line; `more` says how many lines are left out; `warning` is what to
    beware of before the lines, and `over`, of medicines, what is said to be over, which no line has."""

    slug: str
    title: str
    lines: tuple[Line, ...]
    nothing: str
    more: str = ""
    strong: bool = False
    warning: str = ""
    over: tuple[Line, ...] = ()
    more_over: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """The identity, as an emergency service compares it."""

    name: str
    birth_name: str
    born: str
    sex: str
    ins: str


def sheet(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.SEE_AS, {"emergency": "yes"}) as grant:
        chosen = switches(grant)
        shut = _look(grant, chosen)
        known, found = clinical.known(grant, WANTED), profile(grant)
        person, today = identity.own_person(grant), local_day(grant.at)
    told = () if shut else parts(known, found, today)
    context = {
        "shut": shut,
        "seen_by": _seen_by(chosen),
        "masked": chosen.masked,
        "whose": _whose(person),
        "today": full_date(today),
        "parts": told,
        "dense": sum(map(_height, told)) > ROOM,
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _height(part: Part) -> int:
    """About how many lines a part takes on paper."""
    every = (f"{one.name} {one.said} {one.source} {one.words}" for one in (*part.lines, *part.over))
    return 2 + sum(1 + len(text) // WIDE for text in every)


def _look(grant: Grant, chosen: Switches) -> bool:
    """With the eyes of an emergency; whether nobody may open the record in one."""
    reason = gate.look_in_emergency(grant, dispatch=chosen.dispatch and not chosen.break_glass)
    return not reason.allows


def _seen_by(chosen: Switches) -> str:
    """Who would read this, in a sentence."""
    if chosen.break_glass and chosen.dispatch:
        return gettext("Un médecin qui soigne en urgence et le médecin du SAMU voient ceci.")
    if chosen.break_glass:
        return gettext("Un médecin qui soigne en urgence voit ceci. Le médecin du SAMU ne peut rien ouvrir.")
    if chosen.dispatch:
        return gettext("Le médecin du SAMU voit ceci. Les autres professionnels ne peuvent rien ouvrir en urgence.")
    return gettext("Personne ne peut ouvrir cet espace en urgence.")


def _whose(person: Person) -> Whose:
    traits, number = person.traits, person.ins[-1].number
    woman = traits.sex == "F"
    born = gettext("née le %(day)s") if woman else gettext("né le %(day)s")
    return Whose(
        person.name,
        f"{traits.birth_name} {' '.join(traits.given_names)}",
        born % {"day": full_date(traits.birth_date)},
        gettext("Femme") if woman else gettext("Homme"),
        f"{number[0]} {number[1:3]} {number[3:5]} {number[5:7]} {number[7:10]} {number[10:13]} {number[13:]}",
    )


def parts(known: Known, found: Profile, today: date) -> tuple[Part, ...]:
    """In the order in which they are read in an emergency."""
    summary, shown = summary_of(known.facts, today), Shown(document_path)
    alerts = {kind: [one for one in summary.alerts if one.fact.kind is kind] for kind in _ALERTS}
    beware = [*_lines(alerts[Kind.ALERT], shown.allergy), *_lines(alerts[Kind.PREGNANCY], shown.problem)]
    taken = [one for one in summary.treatments if one.stop is None]
    acts = (one for one in summary.history if one.fact.kind is Kind.PROCEDURE)
    done = [one for one in acts if not is_examination(one.sources)]
    lines = {
        Kind.ALLERGY: [*_lines(summary.allergies, shown.allergy), *beware],
        Kind.TREATMENT: [_line(one.items[0], shown.treatment(one)) for one in taken],
        Kind.PROBLEM: _lines(summary.problems, shown.problem),
        Kind.PROCEDURE: _lines(done, shown.past),
        Kind.DEVICE: _lines(alerts[Kind.DEVICE], shown.problem),
    }
    made = {kind: _facts(kind, lines[kind], _denied(summary, kind, shown)) for kind in _TITLES}
    made[Kind.ALLERGY] = replace(made[Kind.ALLERGY], warning=_disputed(summary))
    made[Kind.TREATMENT] = _with_stopped(made[Kind.TREATMENT], summary, shown)
    if done:
        nothing = gettext("Rien n’est écrit à part sur un implant ou un appareil : voir aussi les opérations.")
        made[Kind.DEVICE] = replace(made[Kind.DEVICE], nothing=nothing)
    return (
        *made.values(),
        _blood(found),
        _people(found, known.documents),
        _wishes(summary.alerts, known.documents),
    )


def _disputed(summary: Summary) -> str:
    """As the first screen of professionals says it."""
    return gettext("Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a.") if summary.disputed else ""


def _with_stopped(part: Part, summary: Summary, shown: Shown) -> Part:
    """What a newer document says to be over stands apart, without its posology: it is not to be taken for taken."""
    over = [_stopped(one, shown) for one in summary.treatments if one.stop is not None]
    return replace(part, over=tuple(over[:MOST_OVER]), more_over=_more(len(over) - MOST_OVER))


def _stopped(one: Treatment, shown: Shown) -> Line:
    row = shown.treatment(one)
    told = gettext("le %(day)s") % {"day": row.stop.date} if row.stop else ""
    return Line(row.name, told, _origin(one.stop.origin) if one.stop else "")


def _denied(summary: Summary, kind: Kind, shown: Shown) -> list[Line]:
    return _lines(summary.said_not(kind), shown.denied)


def _lines(items: Iterable[Item], told: Callable[[Item], Row]) -> list[Line]:
    return [_line(one, told(one)) for one in items]


def _facts(kind: Kind, lines: Sequence[Line], denied: Sequence[Line]) -> Part:
    """What is there comes before what is said not to be there."""
    (title, nothing), most, every = _TITLES[kind], MOST[kind], (*lines, *denied)
    strong = kind is Kind.ALLERGY and bool(lines)
    return Part(kind.value, gettext(title), every[:most], gettext(nothing), _more(len(every) - most), strong)


def _line(item: Item, row: Row) -> Line:
    told = ", ".join(filter(None, (row.said, taken_words(row), *map(amid, row.marks))))
    return Line(row.name, told, _origin(item.sources[0].origin))


def _more(count: int) -> str:
    words = ngettext("et %(count)s autre, dans l’espace", "et %(count)s autres, dans l’espace", max(count, 0))
    return words % {"count": count} if count > 0 else ""


def _blood(found: Profile) -> Part:
    lines = tuple(Line(said(rules.answer(one, "group")), said(rules.UNVERIFIED)) for one in found.of(Section.BLOOD)[:1])
    return Part("blood", gettext("Groupe sanguin"), lines, gettext("Non indiqué."))


def _people(found: Profile, documents: Sequence[Document]) -> Part:
    """The trusted person first, and one alone: the law knows no other; a document that names one is said to be
    there."""
    trusted = trusted_people(found)
    called = [one for one in found.of(Section.CONTACTS) if one.values.get("role") == "emergency"]
    every = (*trusted[:1], *called[:MOST_CALLED])
    lines = (*map(_person, every), *_filed(documents, TRUSTED, gettext("Personne de confiance : voir le document")))
    title = gettext("Personne de confiance, personnes à prévenir")
    return Part("people", title, lines, gettext("Non indiqué."), _more(len(trusted) + len(called) - len(every)))


def _person(one: Stated) -> Line:
    role, relation = said(rules.answer(one, "role")), said(rules.answer(one, "relation")).lower()
    named = one.values["name"] + (f" ({relation})" if relation else "")
    return Line(named, ", ".join(filter(None, (role, one.values.get("phone", "")))))


def _origin(origin: Origin) -> str:
    """Who says so, in one word; "" for a professional."""
    return gettext(_SAID_BY[origin]) if origin in _SAID_BY else ""


def _wishes(alerts: Sequence[Item], documents: Sequence[Document]) -> Part:
    """In the words of the person where they wrote them here, else where they are to be read."""
    every = [one for item in alerts if item.fact.kind is Kind.DIRECTIVE for one in _each_stated(item)]
    lines = (*map(_wish, every[:MOST_WISHES]), *_filed(documents, DIRECTIVES, gettext("Directives anticipées")))
    title, nothing = gettext("Directives anticipées et volontés"), gettext("Rien n’est indiqué.")
    return Part("wishes", title, lines, nothing, _more(len(every) - MOST_WISHES))


def _each_stated(item: Item) -> list[Sourced]:
    """All that the person wrote under one name, which is several wishes; of documents, the newest that tells it."""
    read = [one for one in item.sources if one.origin is not Origin.STATED]
    return [*(one for one in item.sources if one.origin is Origin.STATED), *read[:1]]


def _wish(one: Sourced) -> Line:
    fact, words = one.fact, bound(" ".join(one.fact.comment.split()))
    day = told_day(fact.when.start[:10]) if fact.when.start else brief_moment(said_at(one))
    told = ", ".join(filter(None, (value_words(fact.value), day, _where(one, words))))
    return Line(fact.what.display or fact.what.words, told, _origin(one.origin), Truncator(words).chars(MOST_LETTERS))


def _where(one: Sourced, words: str) -> str:
    """What is to be opened to read it; "" where all of it is printed."""
    if one.document is not None:
        return gettext("à lire dans l’espace : « %(title)s »") % {"title": cards.title(one.document)}
    return gettext("la suite est à lire dans l’espace") if len(words) > MOST_LETTERS else ""


def _filed(documents: Sequence[Document], type_code: str, name: str) -> tuple[Line, ...]:
    """The newest current document of a type, if there is one."""
    found = [
        one
        for one in documents
        if one.status is Status.APPROVED and one.entry.type and one.entry.type.code == type_code
    ]
    newest = max(found, key=lambda one: one.deposited_at, default=None)
    if newest is None:
        return ()
    day = newest.entry.service_start or newest.entry.creation_time or newest.deposited_at
    told = gettext("à lire dans l’espace : document du %(day)s") % {"day": full_date(local_day(day))}
    return (Line(name, told),)
