"""What relatives have or had (CI-SIS FR-Antecedents-familiaux, IHE PCC Family History, C-CDA Family History)."""

from espace.clinical.facts import Detail, Fact, Kind, NotRead, Unread
from espace.clinical.rules.extraction import parts
from espace.clinical.rules.extraction.context import FAMILY, Context, Mapper, about, not_read
from espace.clinical.rules.extraction.knowing import none_known, unsaid
from espace.clinical.rules.extraction.observed import observation
from espace.kernel.values import replace
from espace.wire.clinical_statements.participations import SOMEBODY
from espace.wire.clinical_statements.values import Statement


def relative(statement: Statement, context: Context) -> Fact | NotRead | None:
    """`what` is the disease; « no » to a disease that the code names says that it is not there.

    Never a problem of the patient: without a relative it is still of the family.
    """
    answer = parts.answer(statement)
    code = statement.code if answer is not None and statement.code and parts.names(statement.code) else None
    what = parts.named_by(statement) or code or parts.words_of(statement)
    if unsaid(what):
        return None
    if what is None:
        return not_read(statement, context, Unread.UNKNOWN_SHAPE) if parts.amounts(statement) else None
    fact, relation = parts.fact(Kind.FAMILY, what, statement, context), about(context, statement)
    return replace(
        fact,
        absent=fact.absent or none_known(what) or answer is False,
        details=parts.details(
            (Detail.RELATIVE, (relation if relation not in (SOMEBODY, FAMILY) else None,)),
            (Detail.CATEGORY, (parts.category(statement, what),)),
            (Detail.SEVERITY, parts.said(parts.inside(statement, parts.SEVERITY))),
            (Detail.ONSET, parts.said(parts.inside(statement, parts.ONSET))),
            (Detail.OUTCOME, parts.said(parts.inside(statement, parts.DEATH))),
        ),
    )


def unknown_relative(statement: Statement, context: Context) -> Fact | NotRead | None:
    """Without any known template, in the section of family history: one inside another is what was observed of it."""
    inside = parts.inside_another(context)
    return observation(Kind.FAMILY, statement, context) if inside else relative(statement, context)


TEMPLATES: dict[str, Mapper] = {
    parts.CISIS + "51": relative,
    parts.PCC + "13.3": relative,
    parts.CCD + "22": relative,
    parts.C_CDA + "46": relative,
}
SECTIONS: dict[tuple[str, str], Mapper] = {("10157-6", "observation"): unknown_relative}
