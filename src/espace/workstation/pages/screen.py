"""The professional's first screen: what a doctor looks for first, in panels, each fact one click from its paragraph."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import filterfalse

from django.utils.translation import gettext

from espace.clinical.facts import Kind, Sourced
from espace.clinical.rules.acts import is_examination
from espace.clinical.rules.merging import Item, joined
from espace.clinical.rules.summary import Summary, by_name, summary_of
from espace.clinical.rules.vaccines import Line, conditions_of, due
from espace.identity.facts import Traits
from espace.kernel.values import replace
from espace.looks.cards import Address
from espace.looks.due_words import PRESSING, answered, due_row, names
from espace.looks.health import DueRow, ResultRow, Row, Shown, rows

MOST = 5
"""Rows that a panel shows at once; the others unfold."""
MOST_RESULTS = 9


@dataclass(frozen=True, slots=True)
class Panel:
    """`nothing` is said where there is no row at all; `denied` is what is said not to be there, `unsaid` what nobody
    says, `stopped` what somebody says to be over, `warning` what to beware of before reading the rows; `path` leads to
    all that there is of the sort, "" where no page shows it, and `beyond` is how many results are read there alone;
    `due` and `answered` are what the vaccination calendar asks for, and what it does not ask for now."""

    slug: str
    title: str
    icon: str
    nothing: str
    rows: tuple[Row, ...] = ()
    rest: tuple[Row, ...] = ()
    results: tuple[ResultRow, ...] = ()
    more_results: tuple[ResultRow, ...] = ()
    beyond: int = 0
    denied: tuple[Row, ...] = ()
    unsaid: str = ""
    stopped: tuple[Row, ...] = ()
    warning: str = ""
    path: str = ""
    strong: bool = False
    due: tuple[DueRow, ...] = ()
    answered: str = ""


def columns(
    facts: Collection[Sourced], address: Address, traits: Traits, at: date, *, medicines: str = "", results: str = ""
) -> tuple[tuple[Panel, ...], ...]:
    """The panels, column by column, in the order in which they are read; `medicines` and `results` are the pages where
    all of these are read."""
    summary, shown = summary_of(facts, at), Shown(address)
    given = [one for one in facts if one.fact.kind is Kind.VACCINATION]
    lines = due(given, traits.birth_date, traits.sex, at, conditions_of(facts, at))
    return (
        (_allergies(summary, shown), _problems(summary, shown)),
        (replace(_treatments(summary, shown), path=medicines), _vaccinations(summary, shown, lines)),
        (replace(_results(summary, shown), path=results),),
    )


def _allergies(summary: Summary, shown: Shown) -> Panel:
    disputed = gettext("Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a.") if summary.disputed else ""
    found = rows((*summary.allergies, *summary.alerts), shown.allergy)
    denied, nothing = rows(summary.said_not(Kind.ALLERGY), shown.denied), gettext("Rien n’est écrit sur les allergies.")
    return Panel(
        slug="allergies",
        title=gettext("Allergies et alertes"),
        icon="info",
        nothing=nothing,
        rows=found if summary.allergies else (*denied, *found),
        denied=denied if summary.allergies else (),
        unsaid="" if summary.allergies or denied or not found else nothing,
        warning=disputed,
        strong=bool(found),
    )


def _problems(summary: Summary, shown: Shown) -> Panel:
    active = rows(summary.problems, shown.problem)
    past = (
        *rows(filterfalse(_looked_at, summary.history), shown.past),
        *rows(summary.lifestyle, shown.lifestyle),
        *rows(filter(_looked_at, summary.history), shown.past),
    )
    room = max(0, MOST - len(active))
    return Panel(
        slug="problems",
        title=gettext("Problèmes et antécédents"),
        icon="stethoscope",
        nothing=gettext("Rien n’est écrit sur les maladies et les antécédents."),
        rows=(*active, *past[:room]),
        rest=past[room:],
        denied=rows(summary.said_not(Kind.PROBLEM), shown.denied),
    )


def _looked_at(item: Item) -> bool:
    return item.fact.kind is Kind.PROCEDURE and is_examination(item.sources)


def _treatments(summary: Summary, shown: Shown) -> Panel:
    found = tuple(shown.treatment(one) for one in summary.treatments if not one.stop)
    over = tuple(shown.treatment(one) for one in summary.treatments if one.stop)
    return Panel(
        slug="treatments",
        title=gettext("Traitements en cours"),
        icon="pill",
        nothing=gettext("Rien n’est écrit sur un traitement en cours."),
        rows=found[: MOST + 1],
        rest=(*found[MOST + 1 :], *over[MOST:]),
        stopped=tuple(replace(one, marks=()) for one in over[:MOST]),
        denied=rows(summary.said_not(Kind.TREATMENT), shown.denied),
    )


def _vaccinations(summary: Summary, shown: Shown, lines: Iterable[Line]) -> Panel:
    found = tuple(map(shown.vaccination, joined(summary.vaccinations, by_name)))
    told = tuple(lines)
    pressing = tuple(due_row(line) for line in told if line.standing in PRESSING)
    most = MOST - 2 - bool(pressing)
    return Panel(
        slug="vaccinations",
        title=gettext("Vaccins"),
        icon="syringe",
        nothing=gettext("Rien n’est écrit sur les vaccinations."),
        rows=found[:most],
        rest=found[most:],
        due=pressing,
        answered=", ".join(names(line) for line in told if answered(line)),
    )


def _results(summary: Summary, shown: Shown) -> Panel:
    found = tuple(shown.result(one) for one in summary.results)
    return Panel(
        slug="results",
        title=gettext("Derniers résultats"),
        icon="flask",
        nothing=gettext("Aucun résultat n’est écrit dans un document que l’on peut lire ainsi."),
        results=found[:MOST_RESULTS],
        more_results=found[MOST_RESULTS:],
        beyond=summary.more_results,
    )
