"""Devices: implants, what is worn, what is used; those that are asked for are prescriptions (CI-SIS FR-Dispositif-
medical; C-CDA Non-Medicinal Supply Activity). Deliveries of medicines are in `medicines`."""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import medicines, parts
from espace.clinical.rules.extraction.context import Context, Mapper, not_read
from espace.clinical.rules.extraction.knowing import none_known, none_of, unsaid
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Statement, When

_DEVICE = ("DEV", "PRD")


@parts.of_whom
def device(statement: Statement, context: Context) -> Fact | NotRead | None:
    """One whose date does not exist stands without it: an implant is there. What is measured on it is told apart."""
    what = parts.thing(statement, *_DEVICE) or parts.product_of(statement.product)
    if unsaid(what):
        return None
    if what is None:
        return not_read(statement, context, Unread.NO_CODE)
    asked = statement.mood in parts.PLANNED_MOODS
    what = (none_of(what) if statement.negated else None) or what
    fact = parts.fact(Kind.PRESCRIPTION if asked else Kind.DEVICE, what, statement, context)
    marks = tuple(each.identifier for each in statement.parties if each.role in _DEVICE and each.identifier)
    handed = next((each.at for each in statement.parties if each.role == "PRF" and each.at), "")
    return replace(
        fact,
        when=When(handed, handed) if parts.undated(statement) else statement.when,
        absent=fact.absent or none_known(what),
        state=State.UNKNOWN if asked else parts.state(statement),
        quantity=statement.quantity,
        repeats=statement.repeats,
        identifiers=(*marks, *fact.identifiers),
        details=parts.details(
            (Detail.INDICATION, parts.said(parts.inside(statement, parts.REFERENCE))),
            (Detail.LONG_TERM, parts.true(parts.inside(statement, parts.LONG_TERM))),
            (Detail.CATEGORY, parts.true(parts.inside(statement, parts.ADMINISTRATIVE))),
        ),
    )


def placed(statement: Statement, context: Context) -> Fact | NotRead | None:
    """The device that a procedure puts in or takes away; None for one without any. `method` is the procedure."""
    found = device(statement, context) if parts.thing(statement, *_DEVICE) else None
    if not isinstance(found, Fact):
        return found
    return replace(found, details={**found.details, **parts.details((Detail.METHOD, (statement.code,)))})


def supply(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without a template: a device where it names one; else a delivery, or how much of a prescription to deliver."""
    named = parts.thing(statement, *_DEVICE) is not None
    return device(statement, context) if named else medicines.supplied(statement, context)


TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "20": device,
    parts.CISIS + "86": supply,
    parts.PHARM + "8": supply,
    parts.CCD + "34": supply,
    parts.C_CDA + "50": device,
    parts.C_CDA + "17": supply,
}
SECTIONS: dict[tuple[str, str], Mapper] = {("", "supply"): supply}
