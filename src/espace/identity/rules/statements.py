"""What the statements of identity found in one deposit say together.

Sources: B17-B18 (no feeding on an INS that is not qualified), an INS authority
plus all strict traits is the sender's statement of qualification; an explicit weaker status refuses.
"""

from collections.abc import Sequence

from espace.identity.facts import Ins
from espace.kernel.reasons import identity as reasons
from espace.kernel.words import Problem
from espace.wire.xds import PatientStatement

ACCEPTED_STATUSES = frozenset({"", "VALI", "QUAL"})
"""FR Core identity reliability and HL7 v2 PID-32: not stated, validated, qualified. Any other refuses."""


def one_ins(statements: Sequence[PatientStatement]) -> Ins | Problem:
    """The one INS that all statements give, or what is wrong with them together."""
    with_ins = [s for s in statements if s.has_ins]
    if not with_ins:
        place = statements[0].place if statements else ""
        return Problem(reasons.INS_MISSING, place)
    first = Ins(with_ins[0].number, with_ins[0].authority)
    for other in with_ins[1:]:
        if Ins(other.number, other.authority) != first:
            return Problem(reasons.IDENTITIES_DIFFER, other.place)
    return first


def qualification_problem(statements: Sequence[PatientStatement]) -> Problem | None:
    """Why the sender does not state a qualified identity, or None."""
    for statement in statements:
        if statement.reliability.upper() not in ACCEPTED_STATUSES:
            return Problem(reasons.INS_NOT_QUALIFIED, statement.place, f"statut : {statement.reliability[:12]}")
    if any(not _missing(statement) for statement in statements if statement.has_ins):
        return None
    fullest = min((s for s in statements if s.has_ins), key=lambda s: len(_missing(s)))
    return Problem(reasons.TRAITS_MISSING, fullest.place, ", ".join(_missing(fullest)))


def _missing(statement: PatientStatement) -> list[str]:
    traits = (
        ("birth_name", statement.birth_name),
        ("first_given", statement.first_given or statement.given_names),
        ("birth_date", statement.birth_date),
        ("sex", statement.sex),
    )
    return [name for name, value in traits if not value]
