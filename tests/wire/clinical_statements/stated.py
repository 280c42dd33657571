"""The statements of small CDA documents."""

from espace.wire.clinical_statements import read as read_statements
from espace.wire.clinical_statements.values import StatedSection, Statement
from wire.cda.cda_samples import cda, read

NARRATIVE = (
    '<paragraph>Glycémie <content ID="r1">1,20 g/L</content></paragraph>'
    '<table ID="t1"><tbody><tr ID="l1"><td>Urines</td><td>claires</td></tr></tbody></table>'
    '<paragraph ID="un nom">Sans ancre</paragraph>'
)


def body(*entries: str, narrative: str = NARRATIVE, head: str = "", rest: str = "") -> str:
    """A section, and what stands under it (`rest`)."""
    held = "".join(f"<entry>{each}</entry>" for each in entries)
    code = '<code code="30954-2" codeSystem="2.16.840.1.113883.6.1" displayName="Résultats"/>'
    inside = f"{code}<title>Résultats</title><text>{narrative}</text>{head}{held}{rest}"
    return f"<component><section>{inside}</section></component>"


def sections(*bodies: str) -> tuple[StatedSection, ...]:
    result = read(cda(body=f"<component><structuredBody>{''.join(bodies)}</structuredBody></component>"))
    assert result.document is not None, result.problems
    return read_statements(result.document)


def one(entry: str) -> Statement:
    """The one statement of the one entry."""
    (section,) = sections(body(entry))
    (statement,) = section.statements
    return statement


def observation(*inside: str, said: str = "") -> str:
    return f'<observation classCode="OBS" moodCode="EVN"{said}>{"".join(inside)}</observation>'
