"""A whole search: its criteria, and what the answer should look like (R4, search.html#return)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from espace.kernel.words import Problem, RefusedProblems
from espace.wire.fhir.searching.parameters import Table
from espace.wire.fhir.searching.reading import Criterion, Language, criterion, parameter_named, problem

MAX_COUNT = 500
MAX_CRITERIA_VALUES = 100
"""Values of all parameters together."""

Pairs = Sequence[tuple[str, str]]

CONTROLS = ("_count", "_sort", "_summary", "_total", "_after")
"""Said once at most. `_after`, of the next links, is the id that ended the page before."""
PASSED = ("_format", "_pretty", "_totalMethod")
"""Taken, and of no consequence for what is found: the door looks at them. `_totalMethod` is no parameter of R4, but
fhirpy says it with every count; every total is exact here."""


class Summary(StrEnum):
    """How much of each resource is answered (search.html#summary)."""

    FALSE = "false"
    TRUE = "true"
    TEXT = "text"
    DATA = "data"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Sorting:
    """By one parameter, upwards or down."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search once read. `count` 0 asks for the total alone; `said` are the pairs that were understood."""

    criteria: tuple[Criterion, ...] = ()
    sort: tuple[Sorting, ...] = ()
    count: int = MAX_COUNT
    after: UUID | None = None
    summary: Summary = Summary.FALSE
    total: bool = True
    said: tuple[tuple[str, str], ...] = ()
    included: frozenset[str] = frozenset()
    """What is answered beside what is found (`_include`, `_revinclude`)."""

    def named(self, *names: str) -> tuple[Criterion, ...]:
        """The criteria of these parameters."""
        return tuple(one for one in self.criteria if one.name in names)


@dataclass(slots=True)
class _Draft:
    criteria: list[Criterion] = field(default_factory=list)
    controls: dict[str, str] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    included: set[str] = field(default_factory=set)


def read(pairs: Pairs, table: Table, language: Language, *, lenient: bool = False) -> Query:
    """The search that these pairs say. Raises RefusedProblems (PARAMETER_UNSUPPORTED), every one listed.

    `lenient` (`Prefer: handling=lenient`) leaves out the parameters that are not known, never a known one
    whose value or modifier cannot be understood (search.html#errors).
    """
    draft = _Draft()
    for name, value in pairs:
        _read_one(name, value, table, language, draft, lenient=lenient)
    if sum(len(one.values) for one in draft.criteria) > MAX_CRITERIA_VALUES:
        draft.problems.append(problem("", f"{MAX_CRITERIA_VALUES} values at most"))
    query = _with_controls(draft, table)
    if draft.problems:
        raise RefusedProblems(tuple(draft.problems))
    return query


def _read_one(name: str, value: str, table: Table, language: Language, draft: _Draft, *, lenient: bool) -> None:
    if name in CONTROLS:
        if name in draft.controls:
            draft.problems.append(problem(name, "said twice"))
        draft.controls[name] = value
    elif included := table.includes.get(name):
        draft.included.add(value)
        if value not in included:
            draft.problems.append(problem(name, f"one of {', '.join(included)} is expected"))
    elif name not in PASSED:
        parameter, modifier = parameter_named(name, table)
        if parameter is None and lenient:
            return
        found = criterion(parameter, modifier, value, language) if parameter else problem(name)
        if isinstance(found, Problem):
            draft.problems.append(found)
        else:
            draft.criteria.append(found)
    draft.said.append((name, value))


def _with_controls(draft: _Draft, table: Table) -> Query:
    said = draft.controls
    count = _count(said.get("_count", str(MAX_COUNT)), draft)
    summary = _one_of(Summary, "_summary", said.get("_summary", "false"), draft)
    total = said.get("_total", "accurate")
    if total not in ("none", "estimate", "accurate"):
        draft.problems.append(problem("_total", "none, estimate or accurate"))
    only_total = summary == Summary.COUNT or count == 0
    return Query(
        criteria=tuple(draft.criteria),
        sort=tuple(_sort(said["_sort"], table, draft)) if "_sort" in said else (),
        count=0 if only_total else count,
        after=_after(said.get("_after", ""), draft),
        summary=summary,
        total=only_total or total != "none",
        said=tuple(draft.said),
        included=frozenset(draft.included),
    )


def _one_of(kind: type[Summary], name: str, text: str, draft: _Draft) -> Summary:
    if text in set(kind):
        return kind(text)
    draft.problems.append(problem(name, ", ".join(kind)))
    return Summary.FALSE


def _count(text: str, draft: _Draft) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= MAX_COUNT:
        return int(text)
    draft.problems.append(problem("_count", f"0 to {MAX_COUNT}"))
    return 0


def _after(text: str, draft: _Draft) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        draft.problems.append(problem("_after", "the id that a next link gives"))
        return None


def _sort(text: str, table: Table, draft: _Draft) -> Iterator[Sorting]:
    """`date,-status`: each once."""
    names = text.split(",")
    bare = [name.removeprefix("-") for name in names]
    if not set(bare) <= set(table.sorts) or len(set(bare)) != len(bare):
        draft.problems.append(problem("_sort", f"one or more of {', '.join(table.sorts)}, each once"))
        return
    for name, key in zip(names, bare, strict=True):
        yield Sorting(key, descending=name.startswith("-"))
