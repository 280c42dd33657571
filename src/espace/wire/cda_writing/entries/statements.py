"""Clinical statements as elements: what `wire.clinical_statements` reads of an entry, written as one.

Words that the narrative says too are references to it (`Marks`); the others are written where they stand.
"""

import re
from collections.abc import Mapping
from itertools import chain

from espace.wire.cda_writing.narrative import identifier, original, reference
from espace.wire.cda_writing.xml import Element, coded, el, template
from espace.wire.clinical_statements.values import (
    UNDATED,
    Concept,
    Interval,
    Party,
    Period,
    Product,
    Quantity,
    ReferenceRange,
    Related,
    Statement,
    Value,
    When,
)
from espace.wire.nomenclature.systems import ATC
from espace.wire.xds import Coded

Marks = Mapping[str, str]
"""By the words of the narrative, the id under which they stand there."""

_WHY = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.4.4.1", "1.2.250.1.213.1.1.3.36"})
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CLASSES = {
    "act": "ACT",
    "observation": "OBS",
    "organizer": "CLUSTER",
    "procedure": "PROC",
    "substanceAdministration": "SBADM",
    "supply": "SPLY",
}
_INTERPRETATION = "2.16.840.1.113883.5.83"
_PRODUCT = ("2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", "1.2.250.1.213.1.1.3.43")
_RELATIVE = ("1.3.6.1.4.1.19376.1.5.3.1.4.15.2", "1.2.250.1.213.1.1.3.60")
_PLAYED = {"CSM": ("playingEntity", {"classCode": "MMAT"}), "DEV": ("playingDevice", {"classCode": "DEV"})}
"""By typeCode of a participant that is a thing, what it plays."""


def because(what: Concept) -> Related:
    """What something was done or is taken for (IHE PCC Internal Reference, CI-SIS FR-Reference-interne)."""
    return Related("RSON", Statement("act", "EVN", 0, templates=_WHY, code=what))


def entry(said: Statement, marks: Marks, document: str, name: str) -> Element:
    """The element of a statement, in the order of the schema (POCD_MT000040); its id, and those of the statements
    inside, are made of the document's and of `name`."""
    tag, site = said.tag, "approachSiteCode" if said.tag == "substanceAdministration" else "targetSiteCode"
    kind = {"classCode": _CLASSES[tag], "moodCode": said.mood}
    return el(
        tag,
        kind | ({"negationInd": "true"} if said.negated else {}),
        *template(*sorted(said.templates)),
        identifier(document, name),
        concept("code", said.code, marks) if said.code else _no_code(tag),
        el("text", None, _words(said.words, marks)) if said.words else None,
        el("statusCode", {"code": said.status}) if said.status else None,
        *_times(said),
        *(value("value", each, marks) for each in said.values),
        *(_code("interpretationCode", Coded(each, _INTERPRETATION)) for each in said.interpretations),
        concept("routeCode", said.route, marks) if said.route else None,
        concept("methodCode", said.method, marks) if said.method else None,
        concept(site, said.site, marks) if said.site else None,
        interval("doseQuantity", said.dose) if said.dose else None,
        interval("rateQuantity", said.rate) if said.rate else None,
        _most(said.most) if said.most else None,
        _subject(said.subject, marks) if said.subject else None,
        _consumable(said.product, marks) if said.product else None,
        *(_participant(each, marks) for each in said.parties),
        *(_related(each, tag, marks, document, f"{name}-{rank}") for rank, each in enumerate(said.related)),
        *(_condition(each, marks) for each in said.conditions),
        el("precondition", None, el("criterion")) if said.if_needed and not said.conditions else None,
        *(_range(each, marks) for each in said.ranges),
    )


def _no_code(tag: str) -> Element | None:
    """An act needs a code, an organizer and a supply none."""
    return None if tag in ("organizer", "supply") else el("code", {"nullFlavor": "NA"})


def concept(tag: str, what: Concept, marks: Marks, *, kind: str = "") -> Element:
    """A coded notion, or its words alone; `kind` is its xsi:type where the place allows several."""
    words = what.words or what.display
    said = None if not words else original(marks[words]) if words in marks else _inline(what)
    qualifiers = (el("qualifier", None, _bare("value", each)) for each in what.qualifiers)
    translations = (_bare("translation", each) for each in what.others)
    if what.code:
        return _code(tag, Coded(what.code, what.system, what.display), said, *qualifiers, *translations, kind=kind)
    attributes = {"nullFlavor": "NAV"} | ({"xsi:type": kind} if kind else {})
    return el(tag, attributes, said, *qualifiers, *translations)


def _code(tag: str, code: Coded, *content: Element | None, kind: str = "") -> Element:
    """Without the attributes that would say nothing."""
    node = coded(tag, code, *content, kind=kind)
    for name in [one for one, said in node.attrib.items() if not said]:
        del node.attrib[name]
    return node


def _inline(what: Concept) -> Element | None:
    return el("originalText", None, what.words) if what.words else None


def _bare(tag: str, code: Coded) -> Element:
    if code.code:
        return _code(tag, code)
    return el(tag, {"nullFlavor": "NAV"}, el("originalText", None, code.display))


def _words(words: str, marks: Marks) -> Element | str:
    return reference(marks[words]) if words in marks else words


# -- moments


def hl7(moment: str) -> str:
    """An ISO 8601 text as HL7 writes it, as precise as it was: « 202403 », « 20240304102000+0100 »."""
    day, _, clock = moment.partition("T")
    return day.replace("-", "") + clock.replace(":", "")


def _times(said: Statement) -> tuple[Element, ...]:
    """Since and until when; of medicines, how often as well."""
    if said.tag in ("organizer", "act") and said.when == UNDATED:
        return ()
    between = "IVL_TS" if said.tag in ("substanceAdministration", "supply") else ""
    return (time(said.when, kind=between), *map(_period, said.periods))


def time(when: When, *, kind: str = "") -> Element:
    if when == UNDATED:
        return el("effectiveTime", {"nullFlavor": "UNK"})
    if when.start == when.end and not kind:
        return el("effectiveTime", {"value": hl7(when.start)})
    low = {"value": hl7(when.start)} if when.start else {"nullFlavor": "UNK"}
    return el(
        "effectiveTime",
        {"xsi:type": kind} if kind else None,
        el("low", low),
        el("high", {"value": hl7(when.end)}) if when.end else None,
    )


def _period(period: Period) -> Element:
    every = _every(period.every, period.most) if period.every else None
    event = el("event", {"code": period.event}) if period.event else None
    kind = "PIVL_TS" if every is not None else "EIVL_TS"
    return el("effectiveTime", {"xsi:type": kind, "operator": "A"}, every, event)


def _every(every: Quantity, most: Quantity | None) -> Element:
    return interval("period", Interval(every, most), kind="IVL_PQ") if most else _quantity("period", every)


def _condition(what: Concept, marks: Marks) -> Element:
    """When a medicine is taken: coded, or in words."""
    said = concept("value", what, marks, kind="CD") if what.code else el("text", None, _words(what.words, marks))
    return el("precondition", None, el("criterion", None, said))


# -- values


def value(tag: str, found: Value, marks: Marks) -> Element:
    """The value of an observation or of a range."""
    if found.concept:
        return concept(tag, found.concept, marks, kind="CD")
    if found.quantity:
        return _quantity(tag, found.quantity, kind="PQ")
    if found.interval:
        return interval(tag, found.interval, kind="IVL_PQ")
    if found.truth is not None:
        return el(tag, {"xsi:type": "BL", "value": str(found.truth).lower()})
    return el(tag, {"xsi:type": "ST"}, found.words)


def _quantity(tag: str, found: Quantity, *, kind: str = "", closed: bool = True) -> Element:
    attributes = {"xsi:type": kind} if kind else {}
    attributes |= {"value": found.value} | ({"unit": found.unit} if found.unit else {})
    return el(tag, attributes | ({} if closed else {"inclusive": "false"}))


def interval(tag: str, found: Interval, *, kind: str = "") -> Element:
    return el(
        tag,
        {"xsi:type": kind} if kind else None,
        _quantity("low", found.low, closed=found.low_closed) if found.low else None,
        _quantity("high", found.high, closed=found.high_closed) if found.high else None,
    )


def _most(words: str) -> Element | None:
    """« 4 {tablet}/1 d » as a ratio; None for words that are no two amounts."""
    amounts = [one.partition(" ") for one in words.split("/", 1)]
    if len(amounts) != 2 or not all(_NUMBER.fullmatch(value) for value, _, _ in amounts):
        return None
    above, below = (Quantity(value, unit) for value, _, unit in amounts)
    return el(
        "maxDoseQuantity", None, _quantity("numerator", above, kind="PQ"), _quantity("denominator", below, kind="PQ")
    )


def _range(found: ReferenceRange, marks: Marks) -> Element:
    normal = _code("interpretationCode", Coded(found.code, _INTERPRETATION)) if found.code else None
    said = el("text", None, found.words) if found.words else None
    within = value("value", found.value, marks) if found.value else None
    mood = {"classCode": "OBS", "moodCode": "EVN.CRT"}
    return el("referenceRange", {"typeCode": "REFV"}, el("observationRange", mood, said, within, normal))


# -- what takes part


def _consumable(product: Product, marks: Marks) -> Element:
    """Active substances and classes are CI-SIS's extension of CDA (`pharm`)."""
    classes = [each for each in product.substances if each.system == ATC.oid]
    others = [each for each in product.substances if each.system != ATC.oid]
    material = el(
        "manufacturedMaterial",
        None,
        concept("code", product.what, marks),
        el("name", None, product.name) if product.name else None,
        concept("pharm:formCode", product.form, {}) if product.form else None,
        *(_class(each) for each in classes),
        *(_substance(each) for each in others),
    )
    return el("consumable", None, el("manufacturedProduct", None, *template(*_PRODUCT), material))


def _class(what: Concept) -> Element:
    held = el("pharm:generalizedMedicineClass", {"classCode": "MMAT"}, concept("pharm:code", what, {}))
    return el("pharm:asSpecializedKind", {"classCode": "GRIC"}, held)


def _substance(what: Concept) -> Element:
    said = concept("pharm:code", what, {}) if what.code else None
    name = el("pharm:name", None, what.words) if not what.code else None
    held = el("pharm:ingredient", {"classCode": "MMAT", "determinerCode": "KIND"}, said, name)
    return el("pharm:ingredient", {"classCode": "ACTI"}, held)


def _participant(party: Party, marks: Marks) -> Element:
    """A thing that takes part: the agent of an allergy, a device."""
    tag, kind = _PLAYED[party.role]
    played = el(tag, kind, concept("code", party.what, marks) if party.what else None)
    return el("participant", {"typeCode": party.role}, el("participantRole", {"classCode": "MANU"}, played))


def _subject(who: Concept, marks: Marks) -> Element:
    relative = el("relatedSubject", {"classCode": "PRS"}, concept("code", who, marks))
    return el("subject", {"typeCode": "SBJ"}, *template(*_RELATIVE), relative)


def _related(related: Related, around: str, marks: Marks, document: str, name: str) -> Element:
    inside = entry(related.statement, marks, document, name)
    if around == "organizer":
        return el("component", {"typeCode": related.link}, inside)
    inverted = {"inversionInd": str(related.inverted).lower()}
    return el("entryRelationship", {"typeCode": related.link} | inverted, inside)


def words_in(said: Statement) -> frozenset[str]:
    """Every text for which this statement refers to the narrative, where it stands there."""
    named = (said.code, *(each.concept for each in said.values), *(each.what for each in said.parties), said.subject)
    product = said.product.what if said.product else None
    own = (each.words or each.display for each in (*named, product) if each)
    inside = chain.from_iterable(words_in(each.statement) for each in said.related)
    return frozenset({said.words, *own, *inside}) - {""}
