"""Who and what takes part in a statement: authors, performers, participants, products, specimens, relatives."""

from collections.abc import Iterator
from itertools import chain, islice

from espace.wire.cda.finding import attribute, child, identifier, text_in
from espace.wire.cda.values import HL7
from espace.wire.clinical_statements.children import Children
from espace.wire.clinical_statements.datatypes import Faults, concept, time
from espace.wire.clinical_statements.narrative import Narrative
from espace.wire.clinical_statements.values import Concept, Party, Product
from espace.wire.xml import Element

MOST_PARTIES = 50
_ROLES = (("author", "AUT"), ("performer", "PRF"), ("informant", "INF"), ("participant", ""))
_PEOPLE = ("assignedAuthor", "assignedEntity", "participantRole", "relatedEntity")
_NAMES = ("assignedPerson/name", "relatedPerson/name", "playingEntity/name", "playingDevice/manufacturerModelName")
_PLACES = ("representedOrganization", "scopingEntity")
_THINGS = ("playingEntity/code", "playingDevice/code", "assignedAuthoringDevice/code")
_MATERIALS = ("manufacturedMaterial", "manufacturedLabeledDrug")
_NAME_PARTS = ("prefix", "given", "family", "suffix")
SOMEBODY = Concept("PRS", "2.16.840.1.113883.5.110", "Autre personne")
"""HL7 RoleClass, personal relationship: whom `relatedSubject` is by its class alone."""
_SUBSTANCES = (
    ("ingredient", "ingredient"),
    ("ingredient", "ingredientSubstance"),  # International Patient Summary
    ("asSpecializedKind", "generalizedMedicineClass"),
)
_ONESELF = frozenset({"ONESELF", "SELF"})
"""HL7 RoleCode: the patient."""


def parties(held: Children, narrative: Narrative, faults: Faults) -> tuple[Party, ...]:
    """In the order of `_ROLES`; what says nothing is left out."""
    found = chain.from_iterable(
        (_party(each, role or attribute(each, "typeCode"), narrative, faults) for each in held.all(name))
        for name, role in _ROLES
    )
    return tuple(each for each in islice(found, MOST_PARTIES) if each is not None)


def _party(element: Element, role: str, narrative: Narrative, faults: Faults) -> Party | None:
    played = _first(element, _PEOPLE)
    if played is None:
        return None
    what = concept(_first(played, _THINGS), narrative)
    at = child(element, "time")
    found = Party(
        role=role,
        name=person_name(_first(played, _NAMES)),
        organisation=_organisation(_first(played, _PLACES)),
        identifier=identifier(child(played, "id")),
        what=what or concept(child(played, "code"), narrative) if role not in ("AUT", "PRF", "INF") else what,
        at=time(at, faults) or time(child(at, "low"), faults) or time(child(at, "high"), faults),
    )
    return None if found == Party(role) else found


def _first(element: Element, paths: tuple[str, ...]) -> Element | None:
    return next((found for path in paths if (found := child(element, path)) is not None), None)


def person_name(name: Element | None) -> str:
    """Its parts in the order in which they are said, or the name written in one piece."""
    if name is None:
        return ""
    parts = [text_in(each) for tag in _NAME_PARTS for each in name.iterchildren(HL7 + tag)]
    return " ".join(part for part in parts if part) or text_in(name)


def _organisation(element: Element | None) -> str:
    return text_in(child(element, "name")) or text_in(child(element, "desc"))


def product(held: Children, narrative: Narrative) -> Product | None:
    """What a `consumable` or a `product` holds, by its active substances where it has neither code nor name, else by
    its form (an ointment made up by the pharmacist); None where it names nothing. Extensions (`urn:ihe:pharm…`) are
    known by their names alone: the two editions of the French models use two namespaces."""
    made = held.first("consumable/manufacturedProduct")
    made = held.first("product/manufacturedProduct") if made is None else made
    material = None if made is None else _first(made, _MATERIALS)
    if material is None:
        return None
    name = text_in(_named(material, "name"))
    form = concept(_named(material, "formCode"), narrative)
    substances = tuple(_substances(material, narrative))
    active = " + ".join(dict.fromkeys(each.display or each.words or each.code for each in substances))
    called = Concept(words=name or active) if name or active else form
    what = concept(_named(material, "code"), narrative) or called
    if what is None:
        return None
    return Product(
        what=what,
        name=name,
        form=form,
        lot=text_in(_named(material, "lotNumberText")),
        maker=_organisation(child(made, "manufacturerOrganization")),
        substances=substances,
    )


def _substances(material: Element, narrative: Narrative) -> Iterator[Concept]:
    for outer, inner in _SUBSTANCES:
        for each in islice(_all_named(material, outer), MOST_PARTIES):
            held = _named(each, inner)
            found = None if held is None else concept(_named(held, "code"), narrative)
            name = text_in(None if held is None else _named(held, "name"))
            if found is not None or name:
                yield found or Concept(words=name)


def _named(element: Element, name: str) -> Element | None:
    return next(_all_named(element, name), None)


def _all_named(element: Element, name: str) -> Iterator[Element]:
    """Children by local name, whatever their namespace."""
    return element.iterchildren("{*}" + name)


def specimen(held: Children, narrative: Narrative) -> Concept | None:
    return concept(held.first("specimen/specimenRole/specimenPlayingEntity/code"), narrative)


def subject(held: Children, narrative: Narrative) -> Concept | None:
    """Whom a statement is about where that is not the patient, by the code of the relation; one whose relation is not
    told is somebody else all the same."""
    related = held.first("subject/relatedSubject")
    found = concept(child(related, "code"), narrative)
    if related is None or (found.code in _ONESELF if found else attribute(related, "classCode") == "PAT"):
        return None
    return found or SOMEBODY
