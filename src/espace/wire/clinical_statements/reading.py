"""The sections of a CDA and their statements, in the order of the document, bounded in number and depth."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from espace.kernel.values import replace
from espace.wire.cda.finding import attribute, child, children, identifier
from espace.wire.cda.values import HL7, CdaDocument, Section
from espace.wire.clinical_statements import datatypes as types
from espace.wire.clinical_statements.children import MOST_PARTS, Children
from espace.wire.clinical_statements.datatypes import Faults, concept
from espace.wire.clinical_statements.narrative import Narrative, section_text
from espace.wire.clinical_statements.participations import parties, product, specimen, subject
from espace.wire.clinical_statements.values import (
    Concept,
    Period,
    ReferenceRange,
    Related,
    StatedSection,
    Statement,
    Value,
    When,
)
from espace.wire.xml import Element

MOST_STATEMENTS = 20_000
MOST_DEPTH = 40
_NAMES = (
    *("act", "encounter", "observation", "observationMedia", "organizer", "procedure", "regionOfInterest"),
    *("substanceAdministration", "supply"),
)
_TAGS = {HL7 + name: name for name in _NAMES}
_LINKS = {HL7 + "entryRelationship": "", HL7 + "component": "COMP"}
_SITES = ("targetSiteCode", "approachSiteCode")
_PLACES = (
    *("text", "code/originalText", "value/originalText", "value"),
    "consumable/manufacturedProduct/manufacturedMaterial/code/originalText",
    "product/manufacturedProduct/manufacturedMaterial/code/originalText",
)


def read(cda: CdaDocument) -> tuple[StatedSection, ...]:
    """Every section with its statements; a document of level 1 has none."""
    if cda.element is None or not cda.sections:
        return ()
    return tuple(_sections(cda.sections, _Above(), _Reading(Narrative(cda.element))))


class _Reading:
    """One reading of one document: its narrative, how many statements were read, and how many were not."""

    def __init__(self, narrative: Narrative) -> None:
        self.narrative = narrative
        self.count = 0
        self.beyond = 0

    def next(self) -> int:
        self.count += 1
        return self.count - 1


class _Above(NamedTuple):
    """What the sections around one say for it."""

    codes: tuple[str, ...] = ()
    subject: Concept | None = None


def _sections(sections: tuple[Section, ...], above: _Above, reading: _Reading) -> Iterator[StatedSection]:
    for section in sections:
        about = subject(Children(section.element), reading.narrative) or above.subject
        before = reading.beyond
        statements = tuple(
            found
            for entry in section.element.iterchildren(HL7 + "entry")
            if (found := _statement(entry, reading, 0)) is not None
        )
        yield StatedSection(
            code=section.code,
            title=section.title,
            anchor=section.anchor,
            templates=_templates(section.element),
            statements=statements,
            text=section_text(section.element),
            above=above.codes,
            subject=about,
            beyond=reading.beyond - before,
        )
        code = section.code.code if section.code else ""
        yield from _sections(section.sections, _Above((*above.codes, code), about), reading)


def _held(link: Element) -> Element | None:
    return next((each for each in link.iterchildren() if each.tag in _TAGS), None)


def _statement(link: Element, reading: _Reading, depth: int) -> Statement | None:
    """The statement of an entry, of an entryRelationship or of a component, whose own templates count as its own: some
    of IHE's stand there (laboratory report data processing entry)."""
    element = _held(link)
    if element is None:
        return None
    if reading.count >= MOST_STATEMENTS or depth > MOST_DEPTH:
        reading.beyond += sum(1 for _ in link.iter(*_TAGS))
        return None
    found = _read(link, element, reading, depth)
    return _taken(found, Children(element), reading.narrative) if found.tag == "substanceAdministration" else found


def _read(link: Element, element: Element, reading: _Reading, depth: int) -> Statement:
    order, faults, narrative, held = reading.next(), Faults(), reading.narrative, Children(element)
    said = not attribute(element, "nullFlavor")
    when, periods = _times(held, narrative, faults)
    values = tuple(_values(element, held, narrative, faults)) if said else ()
    return Statement(
        tag=_TAGS[element.tag],
        mood=attribute(element, "moodCode"),
        order=order,
        templates=_templates(link) | _templates(element),
        identifiers=tuple(filter(None, map(identifier, held.all("id")))),
        negated=_true(element, "negationInd") or _true(link, "negationInd"),
        code=concept(held.first("code"), narrative) if said else None,
        status=attribute(held.first("statusCode"), "code"),
        words=narrative.words(held.first("text")),
        anchor=_anchor(held, narrative),
        when=when,
        periods=periods,
        values=values,
        interpretations=tuple(filter(None, (attribute(each, "code") for each in held.all("interpretationCode")))),
        ranges=tuple(_ranges(held, narrative, faults)),
        method=concept(held.first("methodCode"), narrative),
        site=_site(held, narrative),
        product=product(held, narrative) if said else None,
        dose=types.interval(held.first("doseQuantity"), faults),
        rate=types.interval(held.first("rateQuantity"), faults),
        most=types.ratio(held.first("maxDoseQuantity"), faults),
        route=concept(held.first("routeCode"), narrative),
        quantity=types.quantity(held.first("quantity"), faults),
        repeats=_repeats(held.first("repeatNumber")),
        parties=parties(held, narrative, faults),
        specimen=specimen(held, narrative),
        subject=subject(held, narrative),
        related=tuple(_related(element, reading, depth)),
        bad_time=faults.times > 0,
        bad_number=faults.numbers > 0,
        unknown=not values and any(attribute(each, "nullFlavor") for each in held.all("value")),
    )


def _taken(found: Statement, held: Children, narrative: Narrative) -> Statement:
    """With what only medicines say."""
    return replace(
        found,
        unit=concept(held.first("administrationUnitCode"), narrative),
        conditions=tuple(_conditions(held, narrative)),
        if_needed=bool(held.all("precondition")),
        posology=next(filter(None, (narrative.posology(held.first(path)) for path in _PLACES)), ""),
    )


def _templates(element: Element) -> frozenset[str]:
    named = islice(element.iterchildren(HL7 + "templateId"), MOST_PARTS)
    return frozenset(filter(None, (attribute(each, "root") for each in named)))


def _times(held: Children, narrative: Narrative, faults: Faults) -> tuple[When, tuple[Period, ...]]:
    """From when to when, and how often: each effectiveTime says one or the other, an SXPR_TS both."""
    said = held.all("effectiveTime")
    said += [inner for each in said for inner in islice(children(each, "comp"), MOST_PARTS)]
    whens = (types.when(each, faults) for each in said)
    periods = [found for each in said if (found := types.periods(each, narrative, faults)) is not None]
    return next((each for each in whens if each != When()), When()), tuple(periods)


def _conditions(held: Children, narrative: Narrative) -> Iterator[Concept]:
    """What each precondition asks: its coded value, else its words; a lone dash asks nothing."""
    for each in held.all("precondition"):
        found = concept(child(each, "criterion/value"), narrative)
        words = narrative.words(child(each, "criterion/text"))
        found = found or (Concept(words=words) if any(map(str.isalnum, words)) else None)
        if found is not None:
            yield found


def _values(element: Element, held: Children, narrative: Narrative, faults: Faults) -> Iterator[Value]:
    if element.tag == HL7 + "observationMedia":
        return
    for each in held.all("value"):
        if (found := types.value(each, narrative, faults)) is not None:
            yield found


def _anchor(held: Children, narrative: Narrative) -> str:
    """What the text names; else the words of its code, of its value or of its product."""
    return next(filter(None, (narrative.anchor(held.first(path)) for path in _PLACES)), "")


def _ranges(held: Children, narrative: Narrative, faults: Faults) -> Iterator[ReferenceRange]:
    for each in held.all("referenceRange"):
        if (element := child(each, "observationRange")) is not None:
            value = child(element, "value")
            yield ReferenceRange(
                value=None if value is None else types.value(value, narrative, faults),
                words=narrative.words(child(element, "text")),
                code=attribute(child(element, "interpretationCode"), "code"),
            )


def _site(held: Children, narrative: Narrative) -> Concept | None:
    return next(filter(None, (concept(held.first(name), narrative) for name in _SITES)), None)


def _repeats(element: Element | None) -> str:
    return attribute(element, "value") or attribute(child(element, "high"), "value")


def _related(element: Element, reading: _Reading, depth: int) -> Iterator[Related]:
    for each in element.iterchildren(*_LINKS):
        found = _statement(each, reading, depth + 1)
        if found is not None:
            link = attribute(each, "typeCode") or _LINKS[each.tag]
            yield Related(link, found, inverted=_true(each, "inversionInd"))


def _true(element: Element, name: str) -> bool:
    return attribute(element, name) in ("true", "1")
