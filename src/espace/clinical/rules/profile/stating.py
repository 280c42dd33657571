"""An item of the profile → the facts that professionals read as stated by the patient (F04).

People around, professionals and administrative matters are no facts of health: they are shown as they were written.
"""

from collections.abc import Callable, Mapping

from espace.clinical.facts import Detail, Dosage, Fact, Kind, Place, State
from espace.clinical.facts.profile import Item, Section
from espace.clinical.rules.profile.lists import ORGANS
from espace.clinical.rules.profile.measures import MEASURES
from espace.clinical.rules.profile.sheets import SHEETS
from espace.kernel.reasons import Sentence
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Quantity, Value, When
from espace.wire.nomenclature.systems import ATC, LOINC
from espace.wire.xds import Coded

CIP = "1.2.250.1.213.2.3.1"
"""The OID of the codes of boxes of medicines (CIP)."""
UNVERIFIED = Sentence(
    "Groupe sanguin déclaré (non valable pour une transfusion)", "Declared blood group (not valid for a transfusion)"
)
ABSENT = "2.16.840.1.113883.5.1150.1"
"""The OID of IPS « absent or unknown data » (JDV_AbsentOrUnknownAllergy_CISIS and its like)."""
_NONE: Mapping[Section, tuple[Kind, str, str]] = {
    Section.ALLERGIES: (Kind.ALLERGY, "no-known-allergies", "Aucune allergie connue"),
    Section.PROBLEMS: (Kind.PROBLEM, "no-known-problems", "Aucun problème de santé connu"),
    Section.TREATMENTS: (Kind.TREATMENT, "no-known-medications", "Aucun traitement connu"),
    Section.STAYS: (Kind.PROCEDURE, "no-known-procedures", "Aucune opération connue"),
    Section.VACCINATIONS: (Kind.VACCINATION, "no-known-immunizations", "Aucune vaccination connue"),
}
BLOOD_GROUP = "882-1"
"""LOINC: ABO and Rh group in blood."""


def as_facts(item: Item) -> tuple[Fact, ...]:
    """What an item says, in the vocabulary of facts; nothing for what is no fact of health."""
    make = _MADE.get(item.section)
    return make(item) if make else ()


def none_stated(section: Section, day: str) -> tuple[Fact, ...]:
    """« I am not concerned », said on that day, in the code that documents have for it; nothing where there is none."""
    if section not in _NONE:
        return ()
    kind, code, words = _NONE[section]
    place = Place(section.value, SHEETS[section].title.fr, "", 0)
    return (Fact(kind, Concept(code, ABSENT, words), place, absent=True, when=When(day, day)),)


def answer(item: Item, name: str) -> Sentence:
    """What is shown for a field: the label of an answer of a closed list, else what was typed; "" for nothing."""
    text = item.values.get(name, "")
    asked = next((one for one in SHEETS[item.section].fields if one.name == name), None)
    label = next((one.label for one in asked.choices if one.code == text), None) if asked else None
    return label or Sentence(text, text)


def name_of(item: Item) -> Sentence:
    """What an item is called in a list: its first field, and whose it is for an illness of the family."""
    if item.section is Section.MEASURES and item.values["measure"] in MEASURES:
        return MEASURES[item.values["measure"]].label
    first = answer(item, SHEETS[item.section].fields[0].name)
    if item.section is not Section.FAMILY:
        return first
    who = answer(item, "relative")
    return Sentence(f"{first.fr} ({who.fr.lower()})", f"{first.en} ({who.en.lower()})")


def _concept(item: Item, name: str) -> Concept | None:
    """An answer as a coded notion, where its list has codes that others know; in words where it has none."""
    code = item.values.get(name, "")
    asked = next(one for one in SHEETS[item.section].fields if one.name == name)
    system = next((one.system for one in asked.choices if one.code == code), "")
    label = answer(item, name).fr
    if not code:
        return None
    return Concept(code, system, label) if system else Concept(words=label)


def _details(item: Item, /, **fields: Detail) -> dict[Detail, tuple[Concept, ...]]:
    """The fields that have an answer, each as the detail that it is."""
    found = {detail: _concept(item, name) for name, detail in fields.items()}
    return {detail: (one,) for detail, one in found.items() if one}


def _fact(item: Item, kind: Kind, what: Concept, /, **details: Detail) -> Fact:
    return Fact(
        kind,
        what,
        Place(item.section.value, SHEETS[item.section].title.fr, "", 0),
        when=When(item.values.get("since", ""), item.values.get("until", "")),
        details=_details(item, **details),
        comment=item.values.get("comment", ""),
        place_name=item.values.get("place", ""),
    )


def _words(item: Item, name: str = "name") -> Concept:
    return Concept(words=answer(item, name).fr)


def _state(item: Item) -> State:
    return State.UNKNOWN if "until" in item.values else State.ACTIVE


def _allergy(item: Item) -> tuple[Fact, ...]:
    details = {"kind": Detail.CATEGORY, "reaction": Detail.REACTION, "severity": Detail.SEVERITY}
    return (replace(_fact(item, Kind.ALLERGY, _words(item), **details), state=State.ACTIVE),)


def _problem(item: Item) -> tuple[Fact, ...]:
    state = State.OVER if "until" in item.values else State.ACTIVE
    return (replace(_fact(item, Kind.PROBLEM, _words(item)), state=state),)


def _treatment(item: Item) -> tuple[Fact, ...]:
    dosage = item.values.get("dosage", "")
    fact = _fact(item, Kind.TREATMENT, _medicine(item), why=Detail.INDICATION)
    substance = item.medicine.substance if item.medicine else ""
    details = {**fact.details, Detail.SUBSTANCE: (Concept(words=substance),)} if substance else fact.details
    return (replace(fact, state=_state(item), dosage=Dosage(words=dosage) if dosage else None, details=details),)


def _medicine(item: Item) -> Concept:
    box = item.medicine
    if box is None:
        return _words(item)
    others = (Coded(box.atc, ATC.oid, ""),) if box.atc else ()
    return Concept(box.cip, CIP, box.name, others=others)


def _stay(item: Item) -> tuple[Fact, ...]:
    kind = Kind.PROCEDURE if item.values.get("kind") == "surgery" else Kind.STAY
    return (_fact(item, kind, _words(item), kind=Detail.CATEGORY),)


def _family(item: Item) -> tuple[Fact, ...]:
    fact = _fact(item, Kind.FAMILY, _words(item), relative=Detail.RELATIVE)
    age = item.values.get("age", "")
    return (replace(fact, value=Value(quantity=Quantity(age, "a")) if age else None),)


def _lifestyle(item: Item) -> tuple[Fact, ...]:
    fact = _fact(item, Kind.LIFESTYLE, _words(item, "part"))
    return (replace(fact, value=Value(words=item.values["answer"]), when=_on(item)),)


def _handicap(item: Item) -> tuple[Fact, ...]:
    """A lasting problem, with its rate and whether somebody helps in words."""
    said = [answer(item, "rate").fr, "avec l’aide d’une autre personne" if item.values.get("help") == "yes" else ""]
    fact = _fact(item, Kind.PROBLEM, Concept(words=f"Handicap : {answer(item, 'kind').fr.lower()}"))
    comment = "\n".join(filter(None, (", ".join(filter(None, said)), fact.comment)))
    return (replace(fact, state=State.ACTIVE, comment=comment),)


def _measure(item: Item) -> tuple[Fact, ...]:
    """One fact, or two for a blood pressure; one that software sent has its moment, its sender and its device."""
    measure = MEASURES.get(item.values["measure"])
    if measure is None:
        return ()
    sent = item.received
    first, second = measure.labels if measure.second else (measure.label.fr, "")
    found = [(measure.loinc, first, item.values["value"])]
    if measure.second:
        found.append((measure.second, second, item.values["second"]))
    return tuple(
        replace(
            _fact(item, Kind.MEASURE, Concept(code, LOINC.oid, label)),
            when=When(sent.at, sent.at) if sent else _on(item),
            value=Value(quantity=Quantity(value, measure.unit)),
            author=sent.by if sent else "",
            maker=sent.device if sent else "",
        )
        for code, label, value in found
    )


def _blood(item: Item) -> tuple[Fact, ...]:
    fact = _fact(item, Kind.EXAM, Concept(BLOOD_GROUP, LOINC.oid, UNVERIFIED.fr))
    return (replace(fact, value=Value(words=answer(item, "group").fr)),)


def _wish(item: Item) -> tuple[Fact, ...]:
    if item.values["kind"] == ORGANS:  # having informed oneself asks nothing of who cares
        return ()
    return (
        replace(_fact(item, Kind.DIRECTIVE, _words(item, "kind")), comment=item.values.get("text", ""), when=_on(item)),
    )


def _vaccination(item: Item) -> tuple[Fact, ...]:
    fact = _fact(item, Kind.VACCINATION, _words(item))
    dose = item.values.get("dose", "")
    if dose:
        fact.details[Detail.DOSE_NUMBER] = (Concept(words=dose),)
    return (replace(fact, when=_on(item), lot=item.values.get("lot", "")),)


def _on(item: Item) -> When:
    day = item.values.get("day", "")
    return When(day, day)


_MADE: Mapping[Section, Callable[[Item], tuple[Fact, ...]]] = {
    Section.ALLERGIES: _allergy,
    Section.PROBLEMS: _problem,
    Section.TREATMENTS: _treatment,
    Section.STAYS: _stay,
    Section.FAMILY: _family,
    Section.LIFESTYLE: _lifestyle,
    Section.HANDICAPS: _handicap,
    Section.MEASURES: _measure,
    Section.BLOOD: _blood,
    Section.WISHES: _wish,
    Section.VACCINATIONS: _vaccination,
}
