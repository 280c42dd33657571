"""What every observation has in common: what it is about, what was found, when, of whom."""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction.context import Context, about, not_read
from espace.clinical.rules.extraction.parts import (
    C_CDA,
    CISIS,
    CLASSIFICATION,
    PCC,
    PLANNED_MOODS,
    details,
    fact,
    found,
    inside,
    is_part,
    qualifiers,
    said,
)
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import UNDATED, Concept, Statement, Value, When

_CHILDREN = frozenset({"CHILD", "NCHILD", "NBOR", "SON", "DAU", "DAUC", "SONC", "FTS", "FETUS"})
"""HL7 RoleCode: whom a pregnancy is about beside the mother."""
_PROBLEMS = frozenset({CISIS + "37", PCC + "5", C_CDA + "4"})
MOST_VALUES = 20


def observation(kind: Kind, statement: Statement, context: Context) -> Fact | NotRead | None:
    """The fact of an observation, or why there is none. One that is meant and not made yet is a plan; one about
    somebody else is not the patient's."""
    what, value = _asserted(statement)
    if what is None:
        return not_read(statement, context, Unread.NO_CODE) if statement.values else None
    if what is statement.code and value is None and not statement.interpretations and not statement.negated:
        return _missing(statement, context)
    kind = Kind.PLAN if statement.mood in PLANNED_MOODS else kind
    relative = about(context, statement)
    if relative and not (kind is Kind.PREGNANCY and relative.code in _CHILDREN):
        kind = Kind.FAMILY
    return replace(
        fact(kind, what, statement, context),
        state=State.PLANNED if kind is Kind.PLAN else State.UNKNOWN,
        when=when(statement, context),
        value=value,
        interpretations=statement.interpretations,
        ranges=statement.ranges,
        group=group(context),
        details=details(
            (Detail.METHOD, (statement.method, *said(inside(statement, CLASSIFICATION)))),
            (Detail.SITE, (statement.site,)),
            (Detail.LATERALITY, qualifiers(statement.site)),
            (Detail.SPECIMEN, (statement.specimen,)),
            (Detail.RELATIVE, (relative,)),
        ),
    )


def _asserted(statement: Statement) -> tuple[Concept | None, Value | None]:
    """What it is about and what was found. Of an assertion (HL7 ActCode), the value is what it is about."""
    found = statement.values[0].concept if statement.values else None
    if statement.code and statement.code.code == "ASSERTION" and found:
        return found, None
    return statement.code, _value(statement)


def _value(statement: Statement) -> Value | None:
    """Its value; several ones as words, one after another; without a value, what its paragraph says."""
    if len(statement.values) > 1:
        return Value(words=", ".join(filter(None, map(words, statement.values[:MOST_VALUES]))))
    if statement.values:
        return statement.values[0]
    return Value(words=statement.words) if statement.words and not statement.unknown else None


def words(value: Value) -> str:
    if value.concept is not None:
        return value.concept.words or value.concept.display or value.concept.code
    if value.quantity is not None:
        return f"{value.quantity.value} {value.quantity.unit}".strip()
    return value.words


def _missing(statement: Statement, context: Context) -> NotRead | None:
    """Nothing was found: not an entry where the document says so itself, nor where it groups others as an organizer."""
    if statement.bad_number or statement.bad_time:
        return not_read(statement, context, Unread.BAD_NUMBER if statement.bad_number else Unread.BAD_TIME)
    return None if statement.unknown or groups(statement) else not_read(statement, context, Unread.NO_VALUE)


def groups(statement: Statement) -> bool:
    """Whether it holds other statements that are told by themselves."""
    return any(not is_part(each.statement) for each in statement.related)


def when(statement: Statement, context: Context) -> When:
    """Its own moment, else that of the battery or of the act around it; never another one where its own is wrong."""
    if statement.when != UNDATED or statement.bad_time:
        return statement.when
    return next((each.when for each in reversed(context.around) if each.when != UNDATED), UNDATED)


def group(context: Context) -> str:
    """The battery, the score or the chapter that an observation belongs to: the nearest that has a name. That of a
    problem is the problem, not what its code says of it (« diagnosis »)."""
    return next(filter(None, map(_name_of, reversed(context.around))), "")


def _name_of(statement: Statement) -> str:
    problem = None if statement.templates.isdisjoint(_PROBLEMS) else found(statement)
    return name(problem or statement.code)


def name(concept: Concept | None) -> str:
    return "" if concept is None else concept.display or concept.words
