"""Every other observation: lifestyle, pregnancy, scores, exams, what a section of its own tells; and bare acts."""

from espace.clinical.facts import Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.acts import procedure
from espace.clinical.rules.extraction.context import Context, Mapper, not_read, nothing
from espace.clinical.rules.extraction.knowing import unsaid
from espace.clinical.rules.extraction.observed import groups, observation
from espace.clinical.rules.extraction.parts import OUTCOMES, REASONS, code_of, is_linked, section_of
from espace.clinical.rules.extraction.results import analysed
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Statement, Value
from espace.wire.nomenclature.systems import LOINC, SNOMED_CT

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

_PREGNANCY = frozenset(
    {
        *("82810-3", "11449-6", "11778-8", "11779-6", "11780-4", "11781-2", "8665-2", "86645-9", "11996-6"),
        *("11884-4", "11885-1", "11886-9", "11887-7", "11888-5", "18185-9", "21299-3", "49051-6", "49052-4"),
        "364320009",  # SNOMED CT: state of pregnancy (CI-SIS imaging reports)
    }
)
"""LOINC: whether somebody is pregnant, wishes to be, since when, until when."""
_EXPECTING = frozenset({"77386006", "60001007", "102874004", "146799005", "152231000119106"})
"""SNOMED CT: pregnant, not pregnant, perhaps."""
_NOT_EXPECTING = Concept("60001007", SNOMED_CT.oid, "Absence de grossesse")
_PREGNANT = Concept("82810-3", LOINC.oid, "Statut de grossesse")
_TOBACCO = Concept("72166-2", LOINC.oid, "Statut tabagique")
_RESULTS = "30954-2"
_ALERTS = "44944-7"
"""LOINC: other alerts, the points of vigilance of CI-SIS; as the code of an observation, or of its section."""
_ADMINISTRATIVE = frozenset({"69764-9", "82607-3", "GEN-065"})
"""Type of an attached document, period that a section covers, status of the document."""
_BESIDE = REASONS | {"REFR"}
_REMARKS = frozenset({"48767-8", "PINSTRUCT", "FINSTRUCT", "SPRECEIVE"})
"""A comment, instructions, the arrival of a specimen."""


def lifestyle(statement: Statement, context: Context) -> Fact | NotRead | None:
    expecting = statement.code is not None and statement.code.code in _PREGNANCY
    return observation(Kind.PREGNANCY if expecting else Kind.LIFESTYLE, statement, context)


def tobacco(statement: Statement, context: Context) -> Fact | NotRead | None:
    return _answered(_TOBACCO, lifestyle(statement, context))


def pregnancy(statement: Statement, context: Context) -> Fact | NotRead | None:
    found = observation(Kind.PREGNANCY, statement, context)
    if not isinstance(found, Fact) or found.what.code not in _EXPECTING:
        return found
    if found.absent and found.what.code == "77386006":
        found = replace(found, what=_NOT_EXPECTING, absent=False)
    return _answered(_PREGNANT, found)


def _answered(question: Concept, found: Fact | NotRead | None) -> Fact | NotRead | None:
    """An assertion as the answer to the question that its template asks: « pregnant » is the status of a pregnancy."""
    if not isinstance(found, Fact) or found.value is not None or found.what.code == question.code:
        return found
    return replace(found, what=question, value=Value(concept=found.what))


def exam(statement: Statement, context: Context) -> Fact | NotRead | None:
    """A pregnancy by its code; what the section says that it is about; else an exam. What came of an act and why a
    medicine is given are told with them."""
    if is_linked(context, OUTCOMES) and context.around[-1].tag in ("procedure", "act"):
        return None
    if code_of(statement) in _ADMINISTRATIVE or _why_given(context):
        return None
    if _ALERTS in (code_of(statement), section_of(context)):
        return alert(statement, context)
    codes = (section_of(context), *reversed(context.section.above))
    kind = next((_KINDS[each] for each in codes if each in _KINDS), Kind.EXAM)
    kind = Kind.PREGNANCY if code_of(statement) in _PREGNANCY else kind
    if kind is Kind.LIFESTYLE:
        return lifestyle(statement, context)
    if section_of(context) == _RESULTS:
        return analysed(statement, context)
    return observation(kind, statement, context)


def alert(statement: Statement, context: Context) -> Fact | NotRead | None:
    """What to beware of, as its value says it, else its paragraph: words that begin with « pas de » deny nothing here,
    they warn."""
    what = parts.named_by(statement) or parts.words_of(statement)
    if unsaid(what) or (what is None and statement.unknown):
        return None
    if what is None:
        return not_read(statement, context, Unread.NO_VALUE)
    if statement.mood in parts.PLANNED_MOODS:
        return replace(parts.fact(Kind.PLAN, what, statement, context), state=State.PLANNED)
    return parts.fact(Kind.ALERT, what, statement, context)


def _why_given(context: Context) -> bool:
    """The reason of a medicine or of a vaccine, given or not, is told with it."""
    return is_linked(context, REASONS) and context.around[-1].tag == "substanceAdministration"


def act(statement: Statement, context: Context) -> Fact | NotRead | None:
    """An act without any known template: one that holds others groups them, as an organizer does; one that is a reason,
    a reference, a comment, or hangs from a medicine, says something of what is around it; any other one is something
    done, or meant to be."""
    beside = is_linked(context, _BESIDE) or code_of(statement) in _REMARKS
    detail = bool(context.around) and context.around[-1].tag in ("substanceAdministration", "supply")
    return None if beside or detail or groups(statement) else procedure(statement, context)


TEMPLATES: dict[str, Mapper] = {
    "1.2.250.1.213.1.1.3.52": lifestyle,
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.4": lifestyle,
    "2.16.840.1.113883.10.20.22.4.38": lifestyle,
    "2.16.840.1.113883.10.20.22.4.78": tobacco,
    "2.16.840.1.113883.10.20.22.4.85": tobacco,
    "1.2.250.1.213.1.1.3.53": pregnancy,
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.5": pregnancy,
    "2.16.840.1.113883.10.20.15.3.8": pregnancy,
    "2.16.840.1.113883.10.20.15.3.1": pregnancy,  # estimated date of delivery
    "2.16.840.1.113883.10.20.22.4.202": nothing,  # a note: its narrative
    "1.3.6.1.4.1.19376.1.5.3.1.4.13": exam,
    "2.16.840.1.113883.10.20.1.31": exam,  # a result of CCD, or a vital sign
}
SECTIONS: dict[tuple[str, str], Mapper] = {
    ("47420-5", "observation"): exam,  # what somebody can do by themselves, and their mind
    ("10190-7", "observation"): exam,
    ("", "observation"): exam,
    ("", "act"): act,
}
