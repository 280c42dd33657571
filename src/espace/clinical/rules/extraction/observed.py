"""What every observation has in common: what it is about, what was found, when, of whom."""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction.context import Context, about, not_read
from espace.clinical.rules.extraction.lasting import refuted
from espace.clinical.rules.extraction.parts import (
    C_CDA,
    CERTAINTY,
    CISIS,
    CLASSIFICATION,
    NO_NAME,
    PCC,
    PLANNED_MOODS,
    REFERENCES,
    SEVERITY,
    code_of,
    details,
    fact,
    found,
    inside,
    is_linked,
    is_part,
    named_by,
    names,
    product_of,
    qualifiers,
    said,
    thing,
    words_of,
)
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import UNDATED, Concept, Statement, Value, When

_CHILDREN = frozenset({"CHILD", "NCHILD", "NBOR", "SON", "DAU", "DAUC", "SONC", "FTS", "FETUS"})
"""HL7 RoleCode: whom a pregnancy is about beside the mother."""
_PROBLEMS = frozenset({CISIS + "37", PCC + "5", C_CDA + "4"})
ISOLATES = frozenset({"1.3.6.1.4.1.19376.1.3.1.5", "1.2.250.1.213.1.1.3.79"})
_NOT_DONE = frozenset({"new", "held", "active", "suspended", "aborted"})
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
        absent=statement.negated or refuted(statement),
        state=State.PLANNED if kind is Kind.PLAN else State.UNKNOWN,
        when=when(statement, context),
        value=value,
        interpretations=statement.interpretations,
        ranges=statement.ranges,
        group=group(statement, context),
        details=details(
            (Detail.METHOD, (statement.method, *said(inside(statement, CLASSIFICATION)))),
            (Detail.SEVERITY, said(inside(statement, SEVERITY))),
            (Detail.CERTAINTY, said(inside(statement, CERTAINTY))),
            (Detail.SITE, (statement.site,)),
            (Detail.LATERALITY, qualifiers(statement.site)),
            (Detail.SPECIMEN, (statement.specimen or specimen(context),)),
            (Detail.RELATIVE, (relative,)),
        ),
    )


def _asserted(statement: Statement) -> tuple[Concept | None, Value | None]:
    """What it is about and what was found. Of an assertion (HL7 ActCode), and of what has a value and no code, the
    value is what it is about, or else the words of its paragraph: a question that nobody answered is about nothing."""
    found = statement.values[0].concept if statement.values else None
    asserted = statement.code is None or statement.code.code == "ASSERTION"
    if asserted and found and names(found):
        return found, None
    if statement.code is None and statement.values and (said := words_of(statement) or named_by(statement)):
        value = _value(statement)
        return said, None if value == Value(words=said.words) else value
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
    """Nothing was found: not an entry where the document says so itself (it is not known, not done yet, given up), nor
    where it groups others as an organizer."""
    if statement.bad_number or statement.bad_time:
        return not_read(statement, context, Unread.BAD_NUMBER if statement.bad_number else Unread.BAD_TIME)
    said_so = statement.unknown or statement.status in _NOT_DONE
    return None if said_so or groups(statement) else not_read(statement, context, Unread.NO_VALUE)


def groups(statement: Statement) -> bool:
    """Whether it holds other statements that are told by themselves."""
    return any(not is_part(each.statement) for each in statement.related)


def when(statement: Statement, context: Context) -> When:
    """Its own moment, else that of the battery or of the act around it; never another one where its own is wrong, or
    where it is of an earlier day."""
    if statement.when != UNDATED or statement.bad_time or earlier(statement, context):
        return statement.when
    return next((each.when for each in reversed(context.around) if each.when != UNDATED), UNDATED)


def earlier(statement: Statement, context: Context) -> bool:
    """Whether it is what was found another time, which the result around it refers to: the same thing again."""
    around = context.around[-1] if context.around else None
    same = around is not None and around.tag == "observation" and code_of(around) == code_of(statement)
    return same and is_linked(context, REFERENCES) and code_of(statement) not in ("", *NO_NAME)


def group(statement: Statement, context: Context) -> str:
    """The battery, the score or the chapter that an observation belongs to: the nearest that has a name. That of a
    problem is the problem, that of a medicine or a device its name, not what its code says of it (« diagnosis »)."""
    around = context.around[:-1] if earlier(statement, context) else context.around
    return next(filter(None, map(_name_of, reversed(around))), "")


def _name_of(statement: Statement) -> str:
    problem = None if statement.templates.isdisjoint(_PROBLEMS) else found(statement)
    worn = thing(statement, "DEV", "PRD") if statement.tag == "supply" else None
    return name(problem or product_of(statement.product) or worn or statement.code)


def specimen(context: Context) -> Concept | None:
    """Of the battery around it; that of an isolate is the germ."""
    around = (each.specimen for each in reversed(context.around) if not each.templates & ISOLATES)
    return next(filter(None, around), None)


def name(concept: Concept | None) -> str:
    return "" if concept is None else concept.display or concept.words
