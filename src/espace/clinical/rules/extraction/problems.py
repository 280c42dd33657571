"""Problems: what somebody has or had, or said not to have (CI-SIS FR-Probleme, IHE PCC Problem Entry, C-CDA Problem
Observation).

One whose date does not exist stands without it: when a disease began matters less than that it is there.
"""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.context import Context, Mapper, not_read
from espace.clinical.rules.extraction.knowing import none_known, none_of, unsaid
from espace.clinical.rules.extraction.lasting import lasting_state, refuted
from espace.clinical.rules.extraction.observations import exam
from espace.clinical.rules.extraction.observed import observation
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Statement, Value
from espace.wire.nomenclature.systems import SNOMED_CT


@parts.of_whom
def problem(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`what` is its value; a value without code is kept in its author's words."""
    if parts.is_linked(context, parts.REACTIONS):
        return None  # a reaction belongs to its allergy, its medicine or its vaccine
    what = parts.named_by(statement) or _code_alone(statement) or parts.words_of(statement)
    if what is None:
        return not_read(statement, context, Unread.UNKNOWN_SHAPE) if parts.amounts(statement) else None
    if unsaid(what):
        return None
    if (risk := _risk(context)) is not None:
        return replace(parts.fact(Kind.EXAM, risk, statement, context), value=Value(concept=what))
    what = (none_of(what) if statement.negated else None) or what
    fact = parts.fact(Kind.PROBLEM, what, statement, context)
    denied = none_known(what) or parts.answer(statement) is False or refuted(statement)
    absent = fact.absent or denied
    return replace(
        fact,
        absent=absent,
        state=State.UNKNOWN if absent else lasting_state(statement, context),
        details=_details(statement, what),
    )


def _risk(context: Context) -> Concept | None:
    """What C-CDA calls a concern about a risk: what it holds has not come about."""
    return next((each.code or _AT_RISK for each in context.around if parts.C_CDA + "136" in each.templates), None)


_AT_RISK = Concept("281694009", SNOMED_CT.oid, "À risque de")


def unknown_problem(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without any known template, in a section of problems: one inside another is what was observed of it, such as a
    stage or a score."""
    inside = parts.inside_another(context) and not parts.is_linked(context, parts.REACTIONS)
    return observation(Kind.EXAM, statement, context) if inside else problem(statement, context)


def diagnosed(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without any known template, in a section of diagnoses: what is asserted there is one; anything else is what was
    observed."""
    asserted = parts.code_of(statement) in ("", "ASSERTION") and not parts.inside_another(context)
    named = asserted or parts.code_of(statement) in parts.SORTS
    return problem(statement, context) if named else exam(statement, context)


def _code_alone(statement: Statement) -> Concept | None:
    """« Diabète : oui », « no-known-problems »: the code says it all."""
    code = statement.code
    if code is None or not parts.names(code):
        return None
    return code if parts.answer(statement) is not None or none_known(code) or unsaid(code) else None


def _details(statement: Statement, what: Concept) -> dict[Detail, tuple[Concept, ...]]:
    return parts.details(
        (Detail.CATEGORY, (parts.category(statement, what),)),
        (Detail.SEVERITY, parts.said(parts.inside(statement, parts.SEVERITY))),
        (Detail.CERTAINTY, parts.said(parts.inside(statement, parts.CERTAINTY))),
        (Detail.CLINICAL_STATUS, parts.said(parts.inside(statement, parts.STATUS))),
        (Detail.OUTCOME, parts.said(parts.inside(statement, parts.HEALTH))),
        (Detail.ONSET, parts.said(parts.inside(statement, parts.ONSET))),
        (Detail.LONG_TERM, parts.true(parts.inside(statement, parts.LONG_TERM))),
        (Detail.METHOD, (statement.method,)),
        (Detail.SITE, (statement.site,)),
        (Detail.LATERALITY, parts.qualifiers(statement.site)),
    )


TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "37": problem,
    parts.PCC + "5": problem,
    parts.CCD + "28": problem,
    parts.C_CDA + "4": problem,
}
CODES: dict[tuple[str, str], Mapper] = {("observation", sort): problem for sort in parts.SORTS}
_DIAGNOSES = (
    *("46241-6", "42347-5", "11535-2", "29308-4", "78375-3", "75310-3"),
    *("10219-4", "10218-6", "59769-0", "55109-3"),
)
"""LOINC: diagnoses at admission, at discharge, before, of and after an operation; health concerns; complications."""
SECTIONS: dict[tuple[str, str], Mapper] = {
    **{(section, "observation"): diagnosed for section in _DIAGNOSES},
    ("11450-4", "observation"): unknown_problem,
    ("11348-0", "observation"): unknown_problem,
}
