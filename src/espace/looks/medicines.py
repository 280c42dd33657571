"""Medicines as people read them: what was prescribed, delivered, stated, noted and stopped, each one click from where
it is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from espace.clinical.facts import Detail, Fact, Sourced
from espace.clinical.rules.merging import Item
from espace.clinical.rules.naming import full_name, is_class, product
from espace.clinical.rules.reconciling import Medicine, Said, to_check
from espace.clinical.rules.summary import of_strength
from espace.kernel.folding import folded
from espace.kernel.values import replace
from espace.looks import cards
from espace.looks.health import Shown, Source
from espace.looks.health_words import brief_moment, dosage_words, month_of, quantity_words, value_words
from espace.looks.words import bound, cased

VERBS: dict[Said, str] = {
    Said.PRESCRIBED: gettext_noop("Prescrit"),
    Said.DELIVERED: gettext_noop("Délivré"),
    Said.STATED: gettext_noop("Déclaré par le patient"),
    Said.NOTED: gettext_noop("Noté comme pris"),
    Said.STOPPED: gettext_noop("Dit arrêté"),
}
MOST = 20
"""Lines of one sort told of one medicine, the newest ones; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said: its source, which bears its date, by whom, what; `name` is the product, where the
    medicine is called otherwise."""

    source: Source
    name: str
    by: str
    said: str


@dataclass(frozen=True, slots=True)
class Lines:
    """All that was said in one way: the newest, then the others; `more` are not shown."""

    verb: str
    first: Line
    others: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class MedicineRow:
    """One substance: `said` is its posology while it is taken, `indication` what it is taken for."""

    name: str
    said: str
    indication: str
    marks: tuple[str, ...]
    parts: tuple[Lines, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A medicine that a reconciliation was not sure of, with why."""

    said: str
    why: str
    source: Source


def doubts(facts: Iterable[Sourced], shown: Shown) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(bound(value_words(one.fact.value)), bound(one.fact.comment), shown.source(one)) for one in to_check(facts)
    )


def medicine_row(medicine: Medicine, shown: Shown) -> MedicineRow:
    facts = [medicine.named.fact, *(item.fact for item in medicine.items)]
    why = (one for fact in facts for one in fact.details.get(Detail.INDICATION, ()))
    current = of_strength(facts[0], (item for one in medicine.treatments for item in one.items))
    return MedicineRow(
        name=_name(facts[0]),
        said=next(filter(None, (dosage_words(fact.dosage) for fact in current)), ""),
        indication=next(map(full_name, why), ""),
        marks=(gettext("Dit arrêté dans un document plus récent"),) if medicine.stopped else (),
        parts=tuple(_parts(medicine, shown)),
    )


def _name(fact: Fact) -> str:
    """The substance; where only its class is coded, the product that its author's words name."""
    return product(fact.what) if is_class(fact.what) else full_name(fact.what)


def _parts(medicine: Medicine, shown: Shown) -> Iterator[Lines]:
    for said, verb in VERBS.items():
        if found := medicine.of(said):
            name = _name(medicine.named.fact)
            first, *others = (_line(said, item, shown, name) for item in found[: MOST + 1])
            yield Lines(gettext(verb), first, tuple(others), len(found[MOST + 1 :]))


def _line(said: Said, item: Item, shown: Shown, name: str) -> Line:
    fact, source, written = item.fact, shown.source(item.sources[0]), product(item.fact.what)
    written = written if folded(written) != folded(name) else ""
    started = brief_moment(fact.when.start) if said in (Said.PRESCRIBED, Said.DELIVERED) else ""
    told = ". ".join(filter(None, (", ".join(filter(None, _told(said, fact))), fact.comment)))
    origin = "" if said is Said.STATED else source.origin
    return Line(replace(source, date=started or source.date, origin=origin), written, _by(item.sources[0]), told)


def _by(sourced: Sourced) -> str:
    """Who says or did it and where; nobody but the patient for what they state."""
    fact, document = sourced.fact, sourced.document
    if document is None:
        return ""
    stated = " ".join(map(cased, fact.author.split()))
    names = (cards.person_name(one) for one in document.entry.authors)
    who = stated or next(filter(None, names), "")
    return ", ".join(filter(None, (who, fact.place_name or cards.institution(document))))


def _told(said: Said, fact: Fact) -> Iterator[str]:
    """Posology, until when, how much: what is asked of somebody who prescribes is not what is asked of a pharmacy."""
    until = fact.when.end if fact.when.end != fact.when.start else ""
    if said is not Said.DELIVERED:
        yield dosage_words(fact.dosage)
    if said in (Said.STATED, Said.NOTED) and fact.when.start:
        yield gettext("depuis %(date)s") % {"date": month_of(fact.when.start)}
    if until and said is not Said.DELIVERED:
        yield gettext("jusqu’au %(date)s") % {"date": brief_moment(until)}
    if fact.quantity:
        yield gettext("quantité : %(quantity)s") % {"quantity": quantity_words(fact.quantity)}
    if fact.repeats and fact.repeats != "0":
        yield gettext("à renouveler %(count)s fois") % {"count": fact.repeats}
    if fact.lot:
        yield gettext("lot %(lot)s") % {"lot": fact.lot}
