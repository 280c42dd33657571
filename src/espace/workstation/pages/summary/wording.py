"""A fact in the words of a medical summary: what it is called, what is said of it, when. In the language that is set:
the document is in French whatever its author's page is in."""

from collections.abc import Iterable, Mapping
from itertools import chain

from django.utils.translation import gettext, gettext_noop, override

from espace.clinical.facts import Detail, Dosage, Fact, Kind, State
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.marking import OUT, mark_of
from espace.clinical.rules.naming import full_name, product
from espace.clinical.rules.writing import Kept, Part, statement
from espace.looks.health_words import MARKS, dosage_words, moment_words, quantity_words, value_words
from espace.wire.cda_writing import Chapters, Row
from espace.wire.clinical_statements.values import Quantity

TITLES: Mapping[Part, str] = {
    Part.PROBLEMS: gettext_noop("Pathologies en cours"),
    Part.HISTORY: gettext_noop("Antécédents médicaux"),
    Part.ACTS: gettext_noop("Antécédents chirurgicaux"),
    Part.ALLERGIES: gettext_noop("Allergies et intolérances"),
    Part.TREATMENTS: gettext_noop("Traitements au long cours"),
    Part.HABITS: gettext_noop("Mode de vie"),
    Part.FAMILY: gettext_noop("Antécédents familiaux"),
    Part.ATTENTION: gettext_noop("Points de vigilance"),
}
_SAID: Mapping[Kind, tuple[Detail, ...]] = {
    Kind.ALLERGY: (Detail.REACTION, Detail.SEVERITY, Detail.CRITICALITY, Detail.CERTAINTY),
    Kind.PROBLEM: (Detail.SITE, Detail.LATERALITY, Detail.SEVERITY, Detail.CERTAINTY),
    Kind.PROCEDURE: (Detail.SITE, Detail.LATERALITY, Detail.INDICATION),
    Kind.FAMILY: (Detail.RELATIVE,),
}
"""What is said of a fact beside its name: what its statement codes too."""

_TAKEN = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
_LASTS = _TAKEN | {Kind.PROBLEM, Kind.ALLERGY, Kind.DEVICE}


def name_of(fact: Fact) -> str:
    name = product(fact.what) if fact.kind in _TAKEN else full_name(fact.what)
    if fact.absent and not none_known(fact.what):
        return gettext("Pas de : %(name)s") % {"name": name}
    return name


def said_of(fact: Fact) -> str:
    if fact.dosage or fact.value:
        return _dosage(fact.dosage) if fact.dosage else _found(fact)
    details = chain.from_iterable(fact.details.get(detail, ()) for detail in _SAID.get(fact.kind, ()))
    return ", ".join(dict.fromkeys(full_name(one).lower() for one in details))


def why_of(fact: Fact) -> str:
    """Why a medicine is taken."""
    reasons = fact.details.get(Detail.INDICATION, ()) if fact.kind in _TAKEN else ()
    return ", ".join(dict.fromkeys(map(full_name, reasons)))


def _found(fact: Fact) -> str:
    """« 7,4 mmol/L (élevé) »."""
    mark, found = mark_of(fact), value_words(fact.value)
    return f"{found} ({gettext(MARKS[mark]).lower()})" if mark in OUT else found


def _dosage(dosage: Dosage) -> str:
    """As its author wrote it, else as it is coded, with how much at most."""
    most = gettext("au plus %(most)s") % {"most": _ratio(dosage.most)} if dosage.most else ""
    return dosage.words or ", ".join(filter(None, (dosage_words(dosage), most)))


def _ratio(words: str) -> str:
    """« 4 comprimés / 1 jour » for « 4 {tablet}/1 d »."""
    amounts = (one.partition(" ") for one in words.split("/"))
    return " / ".join(quantity_words(Quantity(value, unit)) for value, _, unit in amounts)


def when_of(fact: Fact) -> str:
    """« 2012 – 2015 », « depuis mars 2012 »; of a medicine whose dosage is in words, whether it is taken if needed
    alone."""
    dosage = fact.dosage or Dosage()
    needed = dosage_words(Dosage(needed=dosage.needed, needed_for=dosage.needed_for)) if dosage.words else ""
    return ", ".join(filter(None, (_span(fact), needed)))


def _span(fact: Fact) -> str:
    start, end = fact.when.start, fact.when.end
    if start and not end and fact.kind in _LASTS and fact.state not in (State.OVER, State.STOPPED):
        whole = len(start) >= len("2012-03-04")
        said = gettext("depuis le %(date)s") if whole else gettext("depuis %(date)s")
        return said % {"date": moment_words(start)}
    return " – ".join(dict.fromkeys(filter(None, map(moment_words, (start, end)))))


def chapters(kept: Iterable[Kept]) -> Chapters:
    """What the document says, in French."""
    with override("fr"):
        rows: dict[Part, list[Row]] = {part: [] for part in Part}
        for one in kept:
            rows[one.part].append(_row(one))
    return Chapters(
        problems=tuple(rows[Part.PROBLEMS]),
        history=tuple(rows[Part.HISTORY]),
        acts=tuple(rows[Part.ACTS]),
        allergies=tuple(rows[Part.ALLERGIES]),
        habits=tuple(rows[Part.HABITS]),
        family=tuple(rows[Part.FAMILY]),
        attention=tuple(rows[Part.ATTENTION]),
        treatments=tuple(rows[Part.TREATMENTS]),
    )


def _row(one: Kept) -> Row:
    if one.fact is None:
        return Row(one.prose)
    name = name_of(one.fact)
    return Row(name, said_of(one.fact), when_of(one.fact), statement(one.fact, name), why_of(one.fact))
