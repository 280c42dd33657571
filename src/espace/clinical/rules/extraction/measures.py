"""Vital signs and other measures of the body (CI-SIS, IHE PCC, C-CDA)."""

from espace.clinical.facts import Fact, Kind, NotRead
from espace.clinical.rules.extraction.context import Context, Mapper
from espace.clinical.rules.extraction.observed import observation
from espace.wire.clinical_statements.values import Statement


def measure(statement: Statement, context: Context) -> Fact | NotRead | None:
    return observation(Kind.MEASURE, statement, context)


TEMPLATES: dict[str, Mapper] = {
    "1.2.250.1.213.1.1.3.50": measure,
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.2": measure,
    "2.16.840.1.113883.10.20.22.4.27": measure,
}
