"""Laboratory results (CI-SIS CR-BIO 2021 and 2024, TROD; IHE PaLM XD-LAB; C-CDA results)."""

from collections.abc import Iterator
from itertools import islice

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State
from espace.clinical.rules.analytes import MORE, Chapter
from espace.clinical.rules.extraction.context import Context, Mapper, nothing
from espace.clinical.rules.extraction.observed import ISOLATES, earlier, name, observation, specimen, when
from espace.clinical.rules.extraction.parts import OUTCOMES, code_of, details, fact, is_linked, thing
from espace.clinical.rules.naming import USUAL
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import UNDATED, Concept, Statement, Value, When

_SAMPLINGS = frozenset({"1.3.6.1.4.1.19376.1.3.1.2", "1.2.250.1.213.1.1.3.77", "2.16.840.1.113883.10.20.22.4.415"})
_MOST_BEFORE = 100
_STATES = {**dict.fromkeys(("active", "held", "suspended"), State.ACTIVE), "aborted": State.STOPPED}
"""IHE PaLM XD-LAB, 6.3.4.13; C-CDA on FHIR, CF-ResultStatus: only « completed » is final."""
_REPORTS = frozenset({"1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21"})
_MEASURES = frozenset(code for one in MORE if one.chapter is Chapter.MEASURES for code in one.codes)
_GROUPS = (one.codes for many in (USUAL, MORE) for one in many if _MEASURES.isdisjoint(one.codes))
_ANALYTES = frozenset(code for codes in _GROUPS for code in codes)
"""LOINC: what only a laboratory tells."""
_IMAGING = frozenset({"18748-4"})
"""LOINC: a group of results of imaging, not of a laboratory."""


def result(statement: Statement, context: Context) -> Fact | NotRead | None:
    """An analyte, with its specimen, and the germ where it belongs to an isolate; one that is not validated yet is
    under way."""
    found = observation(Kind.RESULT, statement, context)
    if not isinstance(found, Fact):
        return found
    samplings = tuple(_samplings(context))
    told = details(
        (Detail.SPECIMEN, [statement.specimen or _specimen(context, samplings)]),
        (Detail.ISOLATE, [_isolate(context)]),
    )
    dated = found.when != UNDATED or statement.bad_time or earlier(statement, context)
    at = found.when if dated else _sampled(samplings)
    state = _STATES.get(statement.status, found.state) if found.kind is Kind.RESULT else found.state
    return replace(found, when=at, state=state, details=found.details | told)


def _isolate(context: Context) -> Concept | None:
    around = (each.specimen for each in reversed(context.around) if each.templates & ISOLATES)
    return next(filter(None, around), None)


def _specimen(context: Context, samplings: tuple[Statement, ...]) -> Concept | None:
    """Of the battery around it, else of the one sampling of its chapter: of several, none is chosen."""
    if (found := specimen(context)) is not None:
        return found
    taken = {thing(each, "PRD", "SPC") for each in samplings}
    return taken.pop() if len(taken) == 1 else None


def _samplings(context: Context) -> Iterator[Statement]:
    """They stand at the head of their chapter: they are not looked for beyond."""
    for each in context.around:
        first = islice(each.related, _MOST_BEFORE)
        yield from (inside.statement for inside in first if inside.statement.templates & _SAMPLINGS)


def _sampled(samplings: tuple[Statement, ...]) -> When:
    taken = {each.when for each in samplings}
    return taken.pop() if len(taken) == 1 else UNDATED


def grouped(statement: Statement, context: Context) -> Fact | NotRead | None:
    """A result of a summary (IPS): of a laboratory, or of imaging by the code of its group."""
    imaging = any(each.code and each.code.code in _IMAGING for each in context.around)
    return observation(Kind.EXAM if imaging else Kind.RESULT, statement, context)


def seen(statement: Statement, context: Context) -> Fact | NotRead | None:
    """A result of C-CDA; what came of an act is told with it."""
    return None if is_linked(context, OUTCOMES) else result(statement, context)


def analysed(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without any known template, in a section of results: of a laboratory where it is a usual analyte, has a specimen,
    or is told from what is expected; else an exam."""
    known = code_of(statement) in _ANALYTES or statement.ranges or statement.interpretations
    sampled = known or statement.specimen or any(each.specimen for each in context.around)
    return observation(Kind.RESULT if sampled else Kind.EXAM, statement, context)


def remark(statement: Statement, context: Context) -> Fact | NotRead | None:
    """A comment on a whole battery or chapter of analyses: the biologist's conclusion. Any other one is told by the
    statement around it."""
    chapter = context.around[-1] if context.around else None
    reports = any(each.templates & _REPORTS for each in context.around)
    if chapter is None or not reports or not statement.words:
        return None
    code = context.section.code
    section = Concept(code.code, code.system, code.display) if code else Concept(words=context.section.title)
    what = chapter.code or section
    return replace(
        fact(Kind.CONCLUSION, what, statement, context),
        when=when(statement, context),
        value=Value(words=statement.words),
        group=name(what),
    )


_CHAPTERS = (
    *("18717-9", "18718-7", "18719-5", "18720-3", "18721-1", "18722-9", "18723-7", "18724-5", "18725-2", "18727-8"),
    *("18728-6", "18729-4", "18767-4", "18768-2", "18769-0", "26435-8", "26436-6", "26437-4", "26438-2", "57698-3"),
)
"""LOINC: specialties of a laboratory (IHE PaLM XD-LAB, table 2.3.4.1-1): what is observed there is a result."""
TEMPLATES: dict[str, Mapper] = {
    "1.2.250.1.213.1.1.3.209": grouped,
    "1.3.6.1.4.1.19376.1.3.1.6": result,  # laboratory observation
    "1.2.250.1.213.1.1.3.80": result,
    "2.16.840.1.113883.10.20.22.4.2": seen,  # C-CDA R2.1
    "1.3.6.1.4.1.19376.1.3.1.2": nothing,  # sampling
    "1.2.250.1.213.1.1.3.77": nothing,
    "2.16.840.1.113883.10.20.22.4.415": nothing,
    "1.3.6.1.4.1.19376.1.3.1.3": nothing,  # sample received
    "1.2.250.1.213.1.1.3.107": nothing,
    "1.2.250.1.213.1.1.3.32": remark,
    "1.3.6.1.4.1.19376.1.5.3.1.4.2": remark,
}
SECTIONS: dict[tuple[str, str], Mapper] = {
    **{(chapter, "observation"): result for chapter in _CHAPTERS},
    ("30954-2", "observation"): analysed,
}
