"""What lasts, allergies and problems: whether it still holds, and whether it is sure."""

from espace.clinical.facts import State
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.context import Context
from espace.wire.clinical_statements.values import Statement

_SAID = {
    **dict.fromkeys(("active", "recurrence", "relapse", "55561003", "90734009", "7087005", "255227004"), State.ACTIVE),
    **dict.fromkeys(("246455001", "263855007"), State.ACTIVE),  # recurrence, relapse
    **dict.fromkeys(("inactive", "remission", "resolved", "73425007", "413322009", "277022003"), State.OVER),
    "70753007": State.OVER,  # of old
}
"""Values of a status observation (33999-4): HL7 condition-clinical and allergyintolerance-clinical, SNOMED CT,
JDV_StatutEvt_CISIS."""

_CONCERNS = {"active": State.ACTIVE, "suspended": State.STOPPED, "aborted": State.STOPPED}
_SECTIONS = {"11450-4": State.ACTIVE, "11348-0": State.OVER}
"""Problem list, and history of past illness."""

_REFUTED = frozenset({"refuted", "entered-in-error", "410516002", "723511001"})
_NOW = parts.Part(frozenset(), frozenset({"MED-072"}))
"""What becomes of the diagnosis of a rare disease (CI-SIS SDM-MR): under way, definite, refuted."""


def lasting_state(statement: Statement, context: Context) -> State:
    """In this order: the status that is stated; an end; what its section is a list of and the concern around it, as far
    as they agree.

    A concern that is « completed » says nothing here: software writes it everywhere, and an allergy would be hidden.
    """
    stated = (_SAID.get(each.code) for each in parts.said(parts.inside(statement, parts.STATUS)))
    known = next(filter(None, stated), None)
    if known is not None:
        return known
    if parts.over(statement.when):
        return State.OVER
    concerns = (_CONCERNS.get(each.status) for each in context.around if each.tag == "act")
    hints = {each for each in (_SECTIONS.get(parts.section_of(context)), *concerns) if each}
    return hints.pop() if len(hints) == 1 else State.UNKNOWN


def refuted(statement: Statement) -> bool:
    """Said not to be so after all, by its certainty or by a status that is « absent »."""
    codes = {each.code for part in (parts.CERTAINTY, _NOW) for each in parts.said(parts.inside(statement, part))}
    absent = any(parts.answer(each) is False for each in parts.inside(statement, parts.STATUS))
    return bool(codes & _REFUTED) or absent
