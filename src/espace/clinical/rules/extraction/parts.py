"""What the statements inside another one say of it: its severity, its status, its reason, a comment.

Templates: CI-SIS « modèles de contenus CDA » (1.2.250.1.213.1.1.3), IHE PCC (1.3.6.1.4.1.19376.1.5.3.1.4), IHE PHARM,
HL7 CCD (2.16.840.1.113883.10.20.1) and C-CDA R2.1 (2.16.840.1.113883.10.20.22.4). Codes: LOINC, HL7 ActCode, TA_ASIP.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import chain

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State
from espace.clinical.rules.extraction.context import Context, Mapper, about, author, place, place_name
from espace.clinical.rules.extraction.knowing import denied_in, none_said, nothing_in
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import UNDATED, Concept, Product, Related, Statement, Value, When
from espace.wire.nomenclature.systems import LOINC, SNOMED_CT
from espace.wire.xds import Coded

CISIS = "1.2.250.1.213.1.1.3."
PCC = "1.3.6.1.4.1.19376.1.5.3.1.4."
PHARM = "1.3.6.1.4.1.19376.1.9.1.3."
CCD = "2.16.840.1.113883.10.20.1."
C_CDA = "2.16.840.1.113883.10.20.22.4."

PLANNED_MOODS = frozenset({"INT", "RQO", "PRP", "PRMS", "APT", "ARQ", "GOL", "RMD", "OPT", "EXPEC", "PERM", "PERMRQ"})
"""What is meant, asked, promised, offered, advised, allowed or aimed at; EVN is what was or is."""
REACTIONS = frozenset({"MFST", "CAUS"})
REASONS = frozenset({"RSON"})
OUTCOMES = frozenset({"OUTC"})
REFERENCES = frozenset({"REFR"})
SORTS = (
    *("64572001", "418799008", "404684003", "409586006", "55607006", "282291009", "248536006", "373930000"),
    "1269496002",
    *("75326-9", "75325-1", "75323-6", "29308-4", "75321-0", "75319-4", "75318-6"),
)
"""JDV_ProblemCodes_CISIS (2021, 2024), and Problem Type of C-CDA (2.16.840.1.113883.3.88.12.3221.7.2): sorts of
problems, in SNOMED CT and in LOINC. The value is the problem, wherever it stands."""
NO_NAME = frozenset({*SORTS, "ASSERTION"})


@dataclass(frozen=True, slots=True)
class Part:
    """A statement that belongs to the one around it, known by one of its templates or, without, by its code."""

    templates: frozenset[str]
    codes: frozenset[str] = frozenset()

    def fits(self, statement: Statement) -> bool:
        return not self.templates.isdisjoint(statement.templates) or code_of(statement) in self.codes


SEVERITY = Part(
    frozenset({CISIS + "29", CISIS + "212", PCC + "1", CCD + "55", C_CDA + "8"}), frozenset({"SEV", "94030-4"})
)
STATUS = Part(
    frozenset({CISIS + "30", PCC + "1.1", CCD + "50", CCD + "57", C_CDA + "6", C_CDA + "28"}), frozenset({"33999-4"})
)
HEALTH = Part(
    frozenset({CISIS + "31", CISIS + "213", PCC + "1.2", CCD + "51", C_CDA + "5"}), frozenset({"11323-3", "GEN-319"})
)
CERTAINTY = Part(frozenset({CISIS + "171", CISIS + "211"}), frozenset({"66455-7", "GEN-318"}))
CRITICALITY = Part(frozenset({CISIS + "172", C_CDA + "145"}), frozenset({"82606-5"}))
COMMENT = Part(frozenset({CISIS + "32", PCC + "2", CCD + "40", C_CDA + "64"}), frozenset({"48767-8"}))
TOLD_PATIENT = Part(frozenset({CISIS + "33", PCC + "3", CCD + "49", C_CDA + "20"}), frozenset({"PINSTRUCT"}))
TOLD_PHARMACIST = Part(frozenset({CISIS + "34", CISIS + "207", PCC + "3.1", CCD + "43"}), frozenset({"FINSTRUCT"}))
SUBSTITUTION = Part(frozenset({CISIS + "87", CISIS + "206", PHARM + "9.1", PHARM + "9.2"}))
DOSE_NUMBER = Part(frozenset({CISIS + "82", CCD + "46"}), frozenset({"30973-2"}))
LONG_TERM = Part(frozenset({CISIS + "48.13"}), frozenset({"MED-574"}))
ADMINISTRATIVE = Part(
    frozenset({CISIS + "48.12", CISIS + "48.14", CISIS + "48.15", CISIS + "48.34"}),
    frozenset({"GEN-179", "GEN-180", "GEN-181", "GEN-295", "MED-559"}),
)
"""Off label, an accident at work, not reimbursed, prevention, given by the piece: of a prescription or a delivery."""
ALL_STOPPED = Part(frozenset(), frozenset({"MED-052"}))
CLASSIFICATION = Part(frozenset(), frozenset({"GEN-101", "GEN-102"}))
"""By which classification, and which version of it, an observation was made."""
REFERENCE = Part(
    frozenset({CISIS + "35", CISIS + "36", PCC + "4", PCC + "4.1"})
    | frozenset(C_CDA + each for each in ("19", "53", "118", "122", "123"))
)
"""Another statement, or another document: what it names is told where it stands; a reason."""
REACTION = Part(frozenset({C_CDA + "9"}))
"""Elsewhere a reaction is a problem that hangs by MFST or CAUS."""
ONSET = Part(frozenset({C_CDA + "31", CCD + "38"}), frozenset({"445518008", "397659008"}))
"""How old somebody was when it began."""
DEATH = Part(frozenset({C_CDA + "47", CCD + "42"}))
"""That a relative died of it."""
BESIDE = Part(
    frozenset({C_CDA + "143", C_CDA + "502", CCD + "41"}),
    frozenset({"48766-0", "77975-1", "82607-3"}),
)
"""Who told it, when it was diagnosed or entered, which period a section covers, how much it matters to somebody, and
whether it is a new episode: nothing that was found."""
_ATTRIBUTES = (
    *(SEVERITY, STATUS, HEALTH, CERTAINTY, CRITICALITY, COMMENT, TOLD_PATIENT, TOLD_PHARMACIST, SUBSTITUTION),
    *(DOSE_NUMBER, LONG_TERM, ADMINISTRATIVE, ALL_STOPPED, REFERENCE, REACTION, CLASSIFICATION),
    *(ONSET, DEATH, BESIDE),
)
ATTRIBUTE_TEMPLATES = frozenset().union(*(each.templates for each in _ATTRIBUTES))
ATTRIBUTE_CODES = frozenset().union(*(each.codes for each in _ATTRIBUTES))


def code_of(statement: Statement) -> str:
    return statement.code.code if statement.code else ""


def is_part(statement: Statement) -> bool:
    """Whether it says something of the statement around it, where that is one that makes a fact."""
    return not ATTRIBUTE_TEMPLATES.isdisjoint(statement.templates) or code_of(statement) in ATTRIBUTE_CODES


def beside(statement: Statement) -> bool:
    """Whether it says something of whatever holds it, were it a mere container: no fact of its own."""
    return BESIDE.fits(statement) or ONSET.fits(statement)


def degree(statement: Statement) -> bool:
    """Whether it says how bad or how sure something is, or whether it still holds: nothing by itself."""
    return any(part.fits(statement) for part in (SEVERITY, CRITICALITY, CERTAINTY, STATUS))


def section_of(context: Context) -> str:
    return context.section.code.code if context.section.code else ""


MOST_INSIDE = 100


def held(statement: Statement) -> tuple[Related, ...]:
    """What is right inside it, the first of thousands: what is around is searched again for each delivery inside."""
    return statement.related[:MOST_INSIDE]


def inside(statement: Statement, part: Part) -> Iterator[Statement]:
    return (each.statement for each in held(statement) if part.fits(each.statement))


def linked(statement: Statement, links: frozenset[str]) -> Iterator[Statement]:
    return (each.statement for each in held(statement) if each.link in links)


def is_linked(context: Context, links: frozenset[str]) -> bool:
    """Whether a statement hangs by one of these typeCodes from the one right around it."""
    return context.link in links


def named_by(statement: Statement) -> Concept | None:
    """What an observation names: its coded value, else its value in words; never an amount, a dash, yes or no, nor
    words that say that nothing is known."""
    named = (each.concept or Concept(words=each.words) for each in statement.values)
    return next(filter(names, named), None)


def names(concept: Concept) -> bool:
    if concept.code:
        return (concept.system, concept.code) not in _CODED_ANSWERS
    return not (nothing_in(concept.words) or _plain(concept.words) in _ANSWERS)


_ANSWERS = {"oui": True, "yes": True, "non": False, "no": False}
_CODED_ANSWERS = {
    (SNOMED_CT.oid, "373066001"): True,
    (SNOMED_CT.oid, "373067005"): False,
    (SNOMED_CT.oid, "52101004"): True,  # present, absent
    (SNOMED_CT.oid, "2667000"): False,
    (LOINC.oid, "LA33-6"): True,
    (LOINC.oid, "LA32-8"): False,
    ("2.16.840.1.113883.12.136", "Y"): True,
    ("2.16.840.1.113883.12.136", "N"): False,
}
"""Yes and no, by code: SNOMED CT, LOINC answers, HL7 v2 table 0136."""


def amounts(statement: Statement) -> bool:
    """Whether it has a value of another kind than a name or an answer: an amount, a range."""
    return any(each.quantity or each.interval for each in statement.values)


def _plain(words: str) -> str:
    return words.strip(" .").casefold()


def answer(statement: Statement) -> bool | None:
    """Yes or no, as a truth value or as the whole of what was written for a value."""
    for each in statement.values:
        if each.truth is not None:
            return each.truth
        if each.concept and (coded_so := _CODED_ANSWERS.get((each.concept.system, each.concept.code))) is not None:
            return coded_so
        if (said_so := _ANSWERS.get(_plain(_words_alone(each)))) is not None:
            return said_so
    return None


def denied(statement: Statement) -> bool:
    """Whether it says that what it is about is not so."""
    return statement.negated or answer(statement) is False


def _words_alone(value: Value) -> str:
    return value.words or (value.concept.words if value.concept and not value.concept.code else "")


def found(statement: Statement) -> Concept | None:
    """What an observation found: what it names, else its amount, else the words of the narrative."""
    amounts = (each.quantity for each in statement.values if each.quantity)
    written = (Concept(words=f"{each.value} {each.unit}".strip()) for each in amounts)
    return named_by(statement) or next(written, None) or words_of(statement)


def words_of(statement: Statement) -> Concept | None:
    """Its paragraph, unless its value says in words that there is nothing to say: « Antécédents : néant »."""
    written, values = Concept(words=statement.words), filter(None, map(_words_alone, statement.values))
    return written if names(written) and not any(map(nothing_in, values)) else None


def said(statements: Iterable[Statement]) -> tuple[Concept, ...]:
    """What each observation found; what each other statement is. What one denies is not said."""
    affirmed = (each for each in statements if not denied(each))
    stated = (found(each) if each.tag == "observation" else each.code or words_of(each) for each in affirmed)
    return tuple(each for each in stated if each is not None)


def why(statement: Statement) -> tuple[Concept, ...]:
    """Its reasons: those that are observations say so by their value or by their code; one that is denied is none."""
    reasons = (each for each in linked(statement, REASONS) if not denied(each))
    stated = ((found(each) if each.tag == "observation" else None) or each.code or words_of(each) for each in reasons)
    return tuple(each for each in stated if each is not None)


def reactions(statement: Statement) -> tuple[Concept, ...]:
    """What something does to somebody."""
    return tuple(chain.from_iterable(map(happened, linked(statement, REACTIONS))))


def happened(reaction: Statement) -> tuple[Concept, ...]:
    """What a reaction is, unless it did not happen: what is found of it; else its code, where that is no mere sort of
    problem and nothing says that nobody knows."""
    if denied(reaction):
        return ()
    told = said((reaction,))
    code = None if code_of(reaction) in NO_NAME else reaction.code
    affirmed = answer(reaction) or not (reaction.values or reaction.unknown)
    stated = told or ((code,) if code and names(code) and affirmed else ())
    return tuple(each for each in stated if each.code or not denied_in(each.words))


def true(statements: Iterable[Statement]) -> tuple[Concept, ...]:
    """What those that answer yes are about."""
    return tuple(each.code for each in statements if each.code and answer(each) and not each.negated)


def details(*stated: tuple[Detail, Iterable[Concept | None]]) -> dict[Detail, tuple[Concept, ...]]:
    """Each with what names something: a side that is « non précisé » is none."""
    kept = ((detail, tuple(dict.fromkeys(each for each in told if each and names(each)))) for detail, told in stated)
    return {detail: concepts for detail, concepts in kept if concepts}


_OF_SORTS = frozenset(
    {Kind.ALLERGY, Kind.PROBLEM, Kind.TREATMENT, Kind.PROCEDURE, Kind.VACCINATION, Kind.FAMILY, Kind.DEVICE}
)
"""Where « none of it » is said in words alone."""


def fact(kind: Kind, what: Concept, statement: Statement, context: Context) -> Fact:
    """The fact, with what any statement says of itself; a code without any name has the words of its paragraph."""
    words = None if what.display or what.words else words_of(statement)
    nothing = none_said(what) if kind in _OF_SORTS else None
    return Fact(
        kind=kind,
        what=nothing or (replace(what, words=words.words) if words else what),
        place=place(statement, context),
        absent=statement.negated or nothing is not None,
        when=statement.when,
        comment=comment(statement),
        author=author(statement),
        place_name=place_name(statement) or _where(statement),
        identifiers=statement.identifiers,
    )


def of_whom(mapper: Mapper) -> Mapper:
    """What is said of a relative or of a child to be born is not of the patient, whatever template says it."""

    @wraps(mapper)
    def mapped(statement: Statement, context: Context) -> Fact | NotRead | None:
        found, relative = mapper(statement, context), about(context, statement)
        if relative is None or not isinstance(found, Fact):
            return found
        return replace(found, kind=Kind.FAMILY, details={**found.details, Detail.RELATIVE: (relative,)})

    return mapped


def comment(statement: Statement) -> str:
    """Comments and instructions, one a line, without those that say nothing."""
    parts = (*inside(statement, COMMENT), *inside(statement, TOLD_PATIENT), *inside(statement, TOLD_PHARMACIST))
    return "\n".join(dict.fromkeys(each.words for each in parts if not nothing_in(each.words)))


def _where(statement: Statement) -> str:
    return next((each.name or each.organisation for each in statement.parties if each.role == "LOC"), "")


def thing(statement: Statement, *roles: str) -> Concept | None:
    """What a participant of one of these roles is: an agent, a device; its name where it has no code."""
    for each in statement.parties:
        found = named(each.what, each.name) if each.role in roles else None
        if found is not None:
            return found
    return None


def named(what: Concept | None, name: str) -> Concept | None:
    """The notion, with the name that stands beside its code where it has none of its own; without a code, that name."""
    if what is None or not names(what):
        called = Concept(words=name)
        return called if names(called) else None
    if name and not what.code:
        return replace(what, words=name)
    return replace(what, display=name) if name and not what.display else what


def product_of(product: Product | None) -> Concept | None:
    return None if product is None else named(product.what, product.name)


def category(statement: Statement, what: Concept) -> Concept | None:
    """What sort of thing an observation says that its value is; « assertion » says nothing."""
    return statement.code if statement.code != what and code_of(statement) != "ASSERTION" else None


def inside_another(context: Context) -> bool:
    """Inside an observation: part of what it says, unless a rule knows its template."""
    return any(each.tag == "observation" for each in context.around)


def qualifiers(of: Concept | None) -> tuple[Concept, ...]:
    """What a notion is made precise by: the side of a place in the body, the group of a stay."""
    return tuple(_precise(each) for each in of.qualifiers) if of else ()


def _precise(of: Coded) -> Concept:
    return Concept(of.code, of.system, of.display) if of.code else Concept(words=of.display)


def over(when: When) -> bool:
    """From one day to a later one: a single moment tells when something was, not that it ended."""
    return bool(when.end) and when.end[:10] != when.start[:10]


def undated(statement: Statement) -> bool:
    return statement.when == UNDATED


_STATES = {"active": State.ACTIVE, "aborted": State.STOPPED, "suspended": State.STOPPED}


def state(statement: Statement) -> State:
    """What its statusCode says where it is more than « completed », which documents write everywhere."""
    return _STATES.get(statement.status, State.UNKNOWN)
