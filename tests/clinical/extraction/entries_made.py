"""Small CDA documents of a few entries, and what is read in them."""

from espace.clinical.facts import Detail, Extracted, Fact, NotRead, Unread
from espace.clinical.rules.extraction import extract
from espace.wire.clinical_statements.values import Concept
from wire.cda.cda_samples import cda, read

PCC = "1.3.6.1.4.1.19376.1.5.3.1.4."
CISIS = "1.2.250.1.213.1.1.3."
C_CDA = "2.16.840.1.113883.10.20.22.4."
SNOMED, ICD_10, LOINC = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.1"
CIS, CIP, ATC = "1.2.250.1.213.2.3.1", "1.2.250.1.213.2.3.2", "2.16.840.1.113883.6.73"
NATIONAL = "1.2.250.1.213.1.1.4.322"


def section(code: str, *entries: str, narrative: str = "-", title: str = "Section") -> str:
    held = "".join(f"<entry>{each}</entry>" for each in entries)
    return (
        f'<component><section><code code="{code}" codeSystem="{LOINC}"/><title>{title}</title>'
        f"<text>{narrative}</text>{held}</section></component>"
    )


def extracted(*sections: str) -> Extracted:
    result = read(cda(body=f"<component><structuredBody>{''.join(sections)}</structuredBody></component>"))
    assert result.document is not None, result.problems
    return extract(result.document)


def only(code: str, entry: str, narrative: str = "-") -> Fact:
    """The one fact of the one entry of a section."""
    found = extracted(section(code, entry, narrative=narrative))
    assert len(found.facts) == 1 and found.unread == (), found
    return found.facts[0]


def unread(code: str, entry: str) -> list[Unread]:
    """Why the entries of a section made no fact; nothing else came of them."""
    found = extracted(section(code, entry))
    assert found.facts == (), found.facts
    return [each.why for each in found.unread if isinstance(each, NotRead)]


def templates(*roots: str) -> str:
    return "".join(f'<templateId root="{root}"/>' for root in roots)


def coded(tag: str, code: str, system: str, name: str = "", inside: str = "", kind: str = "") -> str:
    typed = f' xsi:type="{kind}"' if kind else ""
    return f'<{tag}{typed} code="{code}" codeSystem="{system}" displayName="{name}">{inside}</{tag}>'


def value(code: str, system: str, name: str = "", inside: str = "") -> str:
    return coded("value", code, system, name, inside, "CD")


def observation(*inside: str, template: str = "", mood: str = "EVN", negated: bool = False) -> str:
    said = ' negationInd="true"' if negated else ""
    head = templates(template) if template else ""
    return f'<observation classCode="OBS" moodCode="{mood}"{said}>{head}{"".join(inside)}</observation>'


def linked(link: str, statement: str) -> str:
    return f'<entryRelationship typeCode="{link}">{statement}</entryRelationship>'


def during(low: str = "", high: str = "") -> str:
    bounds = "".join(f'<{tag} value="{at}"/>' for tag, at in (("low", low), ("high", high)) if at)
    return f'<effectiveTime xsi:type="IVL_TS">{bounds}</effectiveTime>'


def concern(template: str, status: str, *observations: str) -> str:
    """A concern act around observations."""
    held = "".join(linked("SUBJ", each) for each in observations)
    head = f'{templates(PCC + "5.1", template)}<code nullFlavor="NA"/><statusCode code="{status}"/>'
    return f'<act classCode="ACT" moodCode="EVN">{head}{held}</act>'


def status(code: str) -> str:
    coded_so = coded("code", "33999-4", LOINC, "Status")
    return linked("REFR", observation(coded_so, value(code, "2.16.840.1.113883.4.642.4.1373"), template=PCC + "1.1"))


def attribute(code: str, what: str, system: str = SNOMED, name: str = "", template: str = "") -> str:
    """A severity, a certainty…: an observation inside another one."""
    inside = observation(coded("code", code, LOINC), value(what, system, name), template=template)
    return linked("SUBJ", inside)


def comment(words: str, template: str = PCC + "2", code: str = "48767-8") -> str:
    said = f"{templates(template)}{coded('code', code, LOINC)}<text>{words}</text>"
    return linked("SUBJ", f'<act classCode="ACT" moodCode="EVN">{said}</act>')


def product(code: str, system: str, name: str, others: str = "", rest: str = "") -> str:
    material = f"{coded('code', code, system, name, others)}<name>{name}</name>{rest}"
    return f"<manufacturedProduct><manufacturedMaterial>{material}</manufacturedMaterial></manufacturedProduct>"


def medicine(
    *inside: str,
    made: str = "",
    template: str = PCC + "7",
    mood: str = "EVN",
    negated: bool = False,
    code: str = "DRUG",
) -> str:
    said = ' negationInd="true"' if negated else ""
    held = f"<consumable>{made}</consumable>" if made else ""
    head = f"{templates(template)}{coded('code', code, '2.16.840.1.113883.5.4')}" if template else ""
    return (
        f'<substanceAdministration classCode="SBADM" moodCode="{mood}"{said}>{head}{inside[0] if inside else ""}{held}'
        f"{''.join(inside[1:])}</substanceAdministration>"
    )


def codes(fact: Fact) -> dict[Detail, list[str]]:
    """The details of a fact, by their codes, else their words."""
    return {detail: [name(each) for each in concepts] for detail, concepts in fact.details.items()}


def name(concept: Concept) -> str:
    return concept.code or concept.words
