"""What is meant to be done, and what the patient wishes (CI-SIS FR-Demande-d-examen-ou-de-suivi, FR-Directive-
anticipee; IHE PCC Observation Requests, Advance Directive; C-CDA Planned Observation, Goal, Advance Directive).

One whose date does not exist stands without it: what was asked for is asked for.
"""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.context import Context, Mapper, not_read
from espace.clinical.rules.extraction.knowing import unsaid
from espace.clinical.rules.extraction.observed import observation
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Statement


@parts.of_whom
def plan(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`value` is what is asked for in words, or the aim of a goal."""
    what = statement.code or parts.found(statement)
    if unsaid(what):
        return None
    if what is None:
        return not_read(statement, context, Unread.NO_CODE)
    fact = parts.fact(Kind.PLAN, what, statement, context)
    return replace(
        fact,
        state=State.STOPPED if statement.status == "aborted" else State.PLANNED,
        value=next(iter(statement.values), None),
        details=parts.details(
            (Detail.INDICATION, parts.why(statement)),
            (Detail.METHOD, (statement.method,)),
            (Detail.SITE, (statement.site,)),
        ),
    )


def planned_or_seen(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without any known template, in the section of plans: some of what stands there was already done."""
    planned = statement.mood in parts.PLANNED_MOODS
    return plan(statement, context) if planned else observation(Kind.EXAM, statement, context)


def directive(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`value` is the wish itself: « no » to an act is a wish, not an absence."""
    what = statement.code or parts.found(statement)
    if unsaid(what):
        return None
    if what is None:
        return not_read(statement, context, Unread.NO_CODE)
    value = next(iter(statement.values), None)
    return replace(parts.fact(Kind.DIRECTIVE, what, statement, context), value=value)


def preferred_place(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Where somebody wishes to be cared for: `place_name`."""
    found = directive(statement, context)
    names = (each.name or each.organisation for each in statement.parties)
    return replace(found, place_name=next(filter(None, names), "")) if isinstance(found, Fact) else found


def administrative(statement: Statement, context: Context) -> None:
    """Who pays, which pictures there are, which document is joined, a remark on a section: nothing that is known of
    somebody's health."""


_ADMINISTRATIVE = (
    *(parts.CISIS + each for each in ("61", "94", "155", "156", "157", "18", "103")),
    *(parts.PCC + each for each in ("17", "18")),
    *(parts.CISIS + each for each in ("48.16", "48.18")),
    parts.C_CDA + "60",
    *sorted(parts.COMMENT.templates | parts.REFERENCE.templates),
)
TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "27": plan,
    "1.3.6.1.4.1.19376.1.5.3.1.1.20.3.1": plan,
    parts.CISIS + "54": directive,
    parts.PCC + "13.7": directive,
    parts.CISIS + "97": preferred_place,
    "1.3.6.1.4.1.19376.1.5.3.1.1.10.4.2": preferred_place,
    **dict.fromkeys((parts.C_CDA + "44", parts.C_CDA + "121", parts.C_CDA + "39"), plan),
    parts.C_CDA + "48": directive,
    **dict.fromkeys(_ADMINISTRATIVE, administrative),
}
SECTIONS: dict[tuple[str, str], Mapper] = {
    ("42348-3", "observation"): directive,
    ("11302-7", "act"): preferred_place,
    ("18776-5", "act"): plan,
    ("18776-5", "observation"): planned_or_seen,
}
