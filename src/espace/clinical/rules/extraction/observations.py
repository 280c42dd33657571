"""Every other observation: lifestyle, pregnancy, scores, exams, what a section of its own tells; and bare acts."""

from espace.clinical.facts import Fact, Kind, NotRead
from espace.clinical.rules.extraction.acts import procedure
from espace.clinical.rules.extraction.context import Context, Mapper, nothing
from espace.clinical.rules.extraction.observed import groups, observation
from espace.clinical.rules.extraction.parts import section_of
from espace.wire.clinical_statements.values import Statement

_KINDS = {
    "29762-2": Kind.LIFESTYLE,  # habits, social history
    "10161-8": Kind.LIFESTYLE,  # risks at work
    "57207-3": Kind.LIFESTYLE,  # risk factors
    "10162-6": Kind.PREGNANCY,  # history of pregnancies
    "57078-8": Kind.PREGNANCY,  # antenatal testing
    "57074-7": Kind.PREGNANCY,  # labour and delivery
    "42348-3": Kind.DIRECTIVE,  # advance directives
    "8716-3": Kind.MEASURE,  # vital signs
}
"""LOINC of the section, or of one around it: what an observation without a template of its own is about there."""

_ADMINISTRATIVE = frozenset({"69764-9"})
"""LOINC: type of an attached document."""


def lifestyle(statement: Statement, context: Context) -> Fact | NotRead | None:
    return observation(Kind.LIFESTYLE, statement, context)


def pregnancy(statement: Statement, context: Context) -> Fact | NotRead | None:
    return observation(Kind.PREGNANCY, statement, context)


def exam(statement: Statement, context: Context) -> Fact | NotRead | None:
    """What the section says that it is about; else an exam."""
    if statement.code and statement.code.code in _ADMINISTRATIVE:
        return None
    codes = (section_of(context), *reversed(context.section.above))
    kind = next((_KINDS[each] for each in codes if each in _KINDS), Kind.EXAM)
    return observation(kind, statement, context)


def act(statement: Statement, context: Context) -> Fact | NotRead | None:
    """An act without any known template: one that holds others groups them, as an organizer does; any other one is
    something done, or meant to be."""
    return None if groups(statement) else procedure(statement, context)


TEMPLATES: dict[str, Mapper] = {
    "1.2.250.1.213.1.1.3.52": lifestyle,
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.4": lifestyle,
    "2.16.840.1.113883.10.20.22.4.38": lifestyle,
    "2.16.840.1.113883.10.20.22.4.78": lifestyle,
    "2.16.840.1.113883.10.20.22.4.85": lifestyle,
    "1.2.250.1.213.1.1.3.53": pregnancy,
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.5": pregnancy,
    "2.16.840.1.113883.10.20.15.3.8": pregnancy,
    "2.16.840.1.113883.10.20.15.3.1": pregnancy,  # estimated date of delivery
    "2.16.840.1.113883.10.20.22.4.31": exam,  # age when something began
    "2.16.840.1.113883.10.20.1.38": exam,
    "2.16.840.1.113883.10.20.22.4.202": nothing,  # a note: its narrative
    "1.3.6.1.4.1.19376.1.5.3.1.4.13": exam,
}
SECTIONS: dict[tuple[str, str], Mapper] = {("", "observation"): exam, ("", "act"): act}
