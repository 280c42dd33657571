"""Medicines: what is taken, what is prescribed, what was delivered, what was given.

CI-SIS FR-Traitement, FR-Traitement-prescrit, FR-Traitement-dispense; IHE PCC, IHE PHARM; C-CDA Medication Activity and
Dispense. A treatment whose date does not exist stands without it.
"""

from collections.abc import Iterator
from itertools import chain

from espace.clinical.facts import Detail, Dosage, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.context import Context, Mapper, not_read
from espace.clinical.rules.extraction.knowing import none_known, none_of, unsaid
from espace.kernel.folding import folded
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Interval, Period, Quantity, Statement, When

_GIVEN_IN = frozenset({"18610-6", "29549-3", "57072-1", "55111-9", "73569-6", "10213-7", "59774-0", "56836-0"})
"""Sections of what was given there and then: medicines administered, fluids, contrast and radioactive products,
anaesthesia, transfusions."""
_PLANS = frozenset({"18776-5"})
_TAKEN = frozenset({"10160-0", "42346-7", "10183-2", "19009-0", "56445-0", "77604-7"})
"""Sections of what somebody takes: a treatment there is one, whether it is meant to go on (INT) or not (EVN)."""
_PRESCRIBED = frozenset({parts.CISIS + "83", parts.PHARM + "2"})
_ASKED = frozenset({parts.C_CDA + "16"})
"""C-CDA tells what is taken from what is ordered by the mood alone (C-CDA on FHIR, « Medications »)."""
_GIVEN = frozenset({parts.CISIS + "26", parts.CISIS + "151", parts.CISIS + "173"})
_STOPPED = "arrete"
"""What the title of such a section says, unaccented, in letters of discharge: « Traitements arrêtés durant le séjour »
are told under the code of what was given there."""
_NO_NAME = frozenset({"DRUG", "PREItem", "IMMUNIZ", "INITIMMUNIZ", "BOOSTER"})
_WHOLES = frozenset({"substanceAdministration", "supply", "observation"})
_SAID = {
    "55561003": State.ACTIVE,
    "421139008": State.STOPPED,
    "73425007": State.OVER,
    "392521001": State.OVER,
}
"""Values of a status observation (33999-4): CCD 3.9.2.3, active, on hold, no longer active, prior history."""
_DELIVERED = frozenset({parts.CISIS + "44", parts.CISIS + "204", parts.PCC + "7.3", parts.C_CDA + "18"})


@parts.of_whom
def medicine(statement: Statement, context: Context) -> Fact | NotRead | None:
    """One inside another medicine or a delivery says how that one is taken, one inside an observation what it is about:
    they make no fact of their own."""
    if _belongs(context) or carries_delivery(statement):
        return None
    what = named(statement)
    if what is None:
        return None if statement.product is None else not_read(statement, context, Unread.NO_CODE)
    if unsaid(what):
        return None
    what = (none_of(what) if statement.negated else None) or what
    return _fact(_kind(statement, context), what, statement, context)


def _fact(kind: Kind, what: Concept, statement: Statement, context: Context) -> Fact:
    fact = parts.fact(kind, what, statement, context)
    stopped = [each for each in parts.inside(statement, parts.ALL_STOPPED) if not _denies(each)]
    why = "\n".join(each.words for one in stopped for each in parts.said((one,)) if each.words)
    return replace(
        fact,
        absent=fact.absent or none_known(what),
        state=_state(kind, statement, ended=bool(stopped) or _stopped_there(context)),
        dosage=dosage(statement),
        quantity=statement.quantity or _asked(statement),
        repeats=statement.repeats,
        lot=statement.product.lot if statement.product else "",
        maker=statement.product.maker if statement.product else "",
        comment="\n".join(filter(None, (fact.comment, why))),
        details=details(statement),
    )


def _state(kind: Kind, statement: Statement, *, ended: bool) -> State:
    """The status that is stated, else that of the statement. « Completed » means something in C-CDA alone, beside an
    end."""
    if ended or kind is Kind.PLAN:
        return State.STOPPED if ended else State.PLANNED
    stated = (_SAID.get(each.code) for each in parts.said(parts.inside(statement, parts.STATUS)))
    done = statement.status == "completed" and bool(statement.templates & _ASKED) and parts.over(statement.when)
    return next(filter(None, stated), State.OVER if done else parts.state(statement))


def _stopped_there(context: Context) -> bool:
    """Whether its section lists what was stopped."""
    return parts.section_of(context) in _GIVEN_IN and _STOPPED in folded(context.section.title)


def named(statement: Statement) -> Concept | None:
    """The product; without one, what the statement is coded as, where that is a medicine or its absence."""
    code = statement.code
    called = code if code and code.code not in _NO_NAME and parts.names(code) else None
    return parts.product_of(statement.product) or called


def _kind(statement: Statement, context: Context) -> Kind:
    section = parts.section_of(context)
    if _stopped_there(context):
        return Kind.TREATMENT
    during = statement.mood == "EVN" and any(each.tag == "procedure" for each in context.around)
    if section in _GIVEN_IN or statement.templates & _GIVEN or during:
        return Kind.ADMINISTRATION
    if statement.mood not in parts.PLANNED_MOODS or (section in _TAKEN and not statement.templates & _ASKED):
        return Kind.TREATMENT
    return Kind.PLAN if section in _PLANS and not statement.templates & _PRESCRIBED else Kind.PRESCRIPTION


def _belongs(context: Context) -> bool:
    return any(each.tag in _WHOLES for each in context.around)


def carries_delivery(statement: Statement) -> bool:
    """It only names what a delivery inside it hands over, as the reimbursement history writes it: when and how it was
    taken is not known, and what was bought was perhaps not taken."""
    inside = (each.statement for each in parts.held(statement))
    bought = any((each.templates & _DELIVERED or each.tag == "supply") and each.mood == "EVN" for each in inside)
    return bought and parts.undated(statement) and not statement.dose and not statement.periods


def details(statement: Statement) -> dict[Detail, tuple[Concept, ...]]:
    """What else a medicine says, prescribed, delivered or taken."""
    product = statement.product
    return parts.details(
        (Detail.SUBSTANCE, product.substances if product else ()),
        (Detail.FORM, (product.form if product and product.form != product.what else None,)),
        (Detail.INDICATION, parts.why(statement)),
        (Detail.REACTION, parts.reactions(statement)),
        (Detail.SUBSTITUTION, parts.said(parts.inside(statement, parts.SUBSTITUTION))),
        (Detail.LONG_TERM, parts.true(parts.inside(statement, parts.LONG_TERM))),
        (Detail.CATEGORY, parts.true(parts.inside(statement, parts.ADMINISTRATIVE))),
        (Detail.SITE, (statement.site,)),
    )


def _denies(statement: Statement) -> bool:
    return statement.negated or any(value.truth is False for value in statement.values)


def _asked(statement: Statement) -> Quantity | None:
    """How much is to be delivered: the supply request inside a prescription."""
    supplies = (each.statement for each in parts.held(statement) if each.statement.tag == "supply")
    return next((each.quantity for each in supplies if each.quantity), None)


def _steps(statement: Statement) -> Iterator[Statement]:
    """The statement, then those inside that say how it is taken in turn (« 3 times a day, then twice »)."""
    yield statement
    yield from (each.statement for each in parts.held(statement) if _is_step(each.statement))


def _is_step(statement: Statement) -> bool:
    prescribed = parts.CISIS + "90" in statement.templates or parts.PHARM + "11" in statement.templates
    return statement.tag == "substanceAdministration" and not prescribed


def dosage(statement: Statement) -> Dosage | None:
    """As it is said once; of several steps only the words, all of them, since no single amount holds."""
    steps = list(_steps(statement))
    dosed = [each for each in steps if each.dose or any(one.every or one.event for one in each.periods)]
    one = _as_one(dosed)
    period = next((each for each in one.periods if each.every), Period()) if one else Period()
    found = Dosage(
        words=_all_words(steps, alone=one is not None) or _in_turn(dosed if one is None else []),
        dose=_counted(one.dose, one) if one else None,
        every=period.every,
        route=next((each.route for each in steps if each.route), None),
        most=next((each.most for each in steps if each.most), ""),
        every_most=period.most,
        events=tuple(dict.fromkeys(each.event for each in one.periods if each.event)) if one else (),
        rate=next((_counted(each.rate, each) for each in steps if each.rate), None),
        needed=any(each.if_needed for each in steps),
        needed_for=tuple(dict.fromkeys(chain.from_iterable(each.conditions for each in steps))),
    )
    return None if found == Dosage() else found


def _as_one(dosed: list[Statement]) -> Statement | None:
    """The one step that has amounts; those that only tell at which events of the day the same amount is taken are one.
    None where no single amount holds."""
    if len(dosed) < 2:
        return dosed[0] if dosed else None
    periods = tuple(chain.from_iterable(each.periods for each in dosed))
    same = len({each.dose for each in dosed}) == 1 and all(one.event and not one.every for one in periods)
    whole = all(each.periods and each.when == dosed[0].when for each in dosed)
    return replace(dosed[0], periods=periods) if same and whole else None


def _all_words(steps: list[Statement], *, alone: bool) -> str:
    """What is said of the rhythm, else what the narrative has under « Posologie » beside the name, else what the
    paragraphs say beyond the name."""
    rhythms = [each for step in steps for each in step.periods]
    words = [each.words or ("" if alone else each.event) for each in rhythms]
    words = words if any(words) else [each.posology for each in steps]
    words = words if any(words) else [each.words for each in steps if not _only_names(each)]
    return "\n".join(dict.fromkeys(each for each in words if any(map(str.isalnum, each))))


def _in_turn(dosed: list[Statement]) -> str:
    """Steps that only amounts tell apart, one a line: « 20 mg / 1 d (2024-01-01 – 2024-01-05) »."""
    return "\n".join(filter(None, map(_step_words, dosed)))


def _step_words(step: Statement) -> str:
    dose = _counted(step.dose, step)
    bounds = dict.fromkeys(each for each in (dose.low, dose.high) if each) if dose else {}
    every = next((each.every for each in step.periods if each.every), None)
    rhythm = " / ".join(filter(None, (" – ".join(map(_amount, bounds)), _amount(every) if every else "")))
    days = " – ".join(dict.fromkeys(filter(None, (step.when.start, step.when.end))))
    return f"{rhythm} ({days})" if rhythm and days else rhythm


def _amount(of: Quantity) -> str:
    return f"{of.value} {of.unit}".strip()


def _only_names(statement: Statement) -> bool:
    """Whether its paragraph says nothing more than the product's name."""
    product = statement.product
    return product is not None and statement.words in (product.name, product.what.words, product.what.display)


def _counted(amount: Interval | None, statement: Statement) -> Interval | None:
    """With the unit of what is counted (administrationUnitCode) where the amounts themselves have none."""
    unit = statement.unit
    name = (unit.display or unit.words or unit.code) if unit else ""
    if amount is None or not name:
        return amount
    low, high = (
        replace(each, unit=name) if each and each.unit in ("", "1") else each for each in (amount.low, amount.high)
    )
    return replace(amount, low=low, high=high)


@parts.of_whom
def supplied(statement: Statement, context: Context) -> Fact | NotRead | None:
    """A delivery: of its own product, or of the one that the statement around it names; dated by itself, else by who
    handed it over. One that is asked for is part of its prescription, or a prescription."""
    asked = statement.mood in parts.PLANNED_MOODS
    if asked and context.around:
        return None
    inside = next((each for each in reversed(context.around) if each.product), statement)
    what = named(statement if statement.product else inside)
    if what is None:
        return not_read(statement, context, Unread.NO_CODE)
    fact = parts.fact(Kind.PRESCRIPTION if asked else Kind.DISPENSATION, what, statement, context)
    handed = next((each for each in statement.parties if each.role == "PRF"), None)
    product = statement.product or inside.product
    return replace(
        fact,
        when=When(handed.at, handed.at) if handed and parts.undated(statement) else statement.when,
        author=handed.name if handed else fact.author,  # its author is who prescribed it
        dosage=dosage(statement) or (dosage(inside) if inside is not statement else None),
        quantity=statement.quantity,
        repeats=statement.repeats,
        lot=product.lot if product else "",
        maker=product.maker if product else "",
        details={**details(inside), **details(statement)},
    )


TEMPLATES: dict[str, Mapper] = {
    **dict.fromkeys(sorted(_DELIVERED), supplied),
    **dict.fromkeys(sorted(_PRESCRIBED | _GIVEN), medicine),
    parts.CISIS + "42": medicine,
    parts.PCC + "7": medicine,
    parts.C_CDA + "16": medicine,
}
SECTIONS: dict[tuple[str, str], Mapper] = {("", "substanceAdministration"): medicine}
