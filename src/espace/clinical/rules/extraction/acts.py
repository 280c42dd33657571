"""Procedures, stays and encounters, transports and transfers; planned ones are plans (CI-SIS FR-Acte, FR-Rencontre,
FR-Transport-du-patient, FR-Transfert-du-patient; IHE PCC; C-CDA Procedure Activity, Encounter Activity).

A procedure whose date does not exist stands without it: it is history.
"""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State
from espace.clinical.rules.extraction import parts, supplies
from espace.clinical.rules.extraction.context import Context, Mapper
from espace.clinical.rules.extraction.knowing import none_known, none_of, unsaid
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Statement

_DEVICES = "46264-8"
_STATES = {
    "active": State.ACTIVE,
    "completed": State.OVER,
    "aborted": State.STOPPED,
    "suspended": State.STOPPED,
}


@parts.of_whom
def procedure(statement: Statement, context: Context) -> Fact | NotRead | None:
    """One that is only called as its section is a heading; one that puts in a device, in the section of devices, is
    that device."""
    section = parts.section_of(context)
    if section == _DEVICES and (found := supplies.placed(statement, context)) is not None:
        return found
    heading = section and section == parts.code_of(statement)
    return None if heading else _done(Kind.PROCEDURE, statement, context)


@parts.of_whom
def stay(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`qualifiers` of its code say more of it, such as the group of stays that the insurer pays."""
    return _done(Kind.STAY, statement, context)


def _done(kind: Kind, statement: Statement, context: Context) -> Fact | NotRead | None:
    what = statement.code or parts.words_of(statement)
    if what is None or unsaid(what) or not parts.names(what):
        return None
    planned = statement.mood in parts.PLANNED_MOODS
    what = (none_of(what) if statement.negated else None) or what
    fact = parts.fact(Kind.PLAN if planned else kind, what, statement, context)
    absent = fact.absent or none_known(what)
    ended = kind is Kind.STAY and not statement.status and bool(statement.when.end)
    done = State.UNKNOWN if absent else State.OVER if ended else _STATES.get(statement.status, State.UNKNOWN)
    return replace(
        fact,
        absent=absent,
        state=State.PLANNED if planned else done,
        details=_details(statement),
    )


def _details(statement: Statement) -> dict[Detail, tuple[Concept, ...]]:
    return parts.details(
        (Detail.CATEGORY, parts.qualifiers(statement.code)),
        (Detail.INDICATION, parts.why(statement)),
        (Detail.OUTCOME, parts.said(parts.linked(statement, parts.OUTCOMES))),
        (Detail.METHOD, (statement.method,)),
        (Detail.SITE, (statement.site,)),
        (Detail.LATERALITY, parts.qualifiers(statement.site)),
    )


TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "62": procedure,
    parts.PCC + "19": procedure,
    parts.CISIS + "58": stay,
    parts.PCC + "14": stay,
    parts.CISIS + "24": procedure,
    parts.CISIS + "28": procedure,
    **dict.fromkeys((parts.C_CDA + "14", parts.C_CDA + "12", parts.C_CDA + "13", parts.C_CDA + "41"), procedure),
    **dict.fromkeys((parts.C_CDA + "49", parts.C_CDA + "40"), stay),
}
SECTIONS: dict[tuple[str, str], Mapper] = {("", "procedure"): procedure, ("", "encounter"): stay}
