"""Vaccinations, and those that are advised (CI-SIS FR-Vaccination, FR-Vaccin-recommande; IHE PCC Immunizations; C-CDA
Immunization Activity). Certificates give most of them without a date."""

from espace.clinical.facts import Detail, Dosage, Fact, Kind, NotRead, State, Unread
from espace.clinical.rules.extraction import medicines, parts
from espace.clinical.rules.extraction.context import Context, Mapper, not_read
from espace.clinical.rules.extraction.knowing import none_known, unsaid
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Statement


@parts.of_whom
def vaccine(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`what` is the vaccine; the dose number is a Concept whose words are the number as written.

    One that is only bought (reimbursement history) is a delivery: that it was injected, nobody says.
    """
    if medicines.carries_delivery(statement):
        return None
    what = medicines.named(statement)
    if what is None:
        return not_read(statement, context, Unread.NO_CODE)
    if unsaid(what):
        return None
    advised = statement.mood in parts.PLANNED_MOODS
    fact = parts.fact(Kind.ADVICE if advised else Kind.VACCINATION, what, statement, context)
    return replace(
        fact,
        absent=fact.absent or none_known(what) or (statement.status == "aborted" and not advised),
        state=State.PLANNED if advised else State.UNKNOWN,
        dosage=_dosage(statement),
        lot=statement.product.lot if statement.product else "",
        maker=statement.product.maker if statement.product else "",
        details=_details(statement),
    )


def _dosage(statement: Statement) -> Dosage | None:
    """As it is coded: its paragraph tells of the vaccine, not of how much."""
    return medicines.dosage(replace(statement, words="", posology=""))


def _details(statement: Statement) -> dict[Detail, tuple[Concept, ...]]:
    """Why it was not given, where it was not, and why it was, of C-CDA; otherwise what it protects against."""
    why = statement.negated or parts.C_CDA + "52" in statement.templates
    reason = Detail.INDICATION if why else Detail.TARGET
    rank = Concept(words=statement.repeats) if statement.repeats else None
    return parts.details(
        (Detail.CATEGORY, (statement.code if statement.product else None,)),
        (Detail.DOSE_NUMBER, (*parts.said(parts.inside(statement, parts.DOSE_NUMBER)), rank)),
        (reason, parts.why(statement)),
        (Detail.REACTION, parts.reactions(statement)),
        (Detail.SUBSTANCE, statement.product.substances if statement.product else ()),
        (Detail.SITE, (statement.site,)),
    )


TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "45": vaccine,
    parts.CISIS + "47": vaccine,
    parts.PCC + "12": vaccine,
    parts.PCC + "12.2": vaccine,
    parts.C_CDA + "52": vaccine,
    parts.C_CDA + "120": vaccine,
}
CODES: dict[tuple[str, str], Mapper] = {
    ("substanceAdministration", code): vaccine for code in ("IMMUNIZ", "INITIMMUNIZ", "BOOSTER")
}
"""HL7 ActCode: it is a vaccination, wherever it stands."""
SECTIONS: dict[tuple[str, str], Mapper] = {("11369-6", "substanceAdministration"): vaccine}
