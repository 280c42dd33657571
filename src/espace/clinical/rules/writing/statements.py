"""Facts as the clinical statements that say them in a document: what `rules.extraction` reads back as the same facts.

Templates: CI-SIS « modèles de contenus CDA » (1.2.250.1.213.1.1.3), IHE PCC and HL7 CCD, as the official example of
the VSM 1.4 has them.
"""

from collections.abc import Callable, Iterator, Mapping

from espace.clinical.facts import Detail, Dosage, Fact, Kind, State
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.extraction.parts import CCD, CISIS, PCC
from espace.kernel.values import replace
from espace.wire.cda_writing.entries.statements import because
from espace.wire.clinical_statements.values import (
    Concept,
    Party,
    Period,
    Product,
    Related,
    Statement,
    Value,
)
from espace.wire.nomenclature.systems import LOINC, SNOMED_CT

_ACT_CODE = "2.16.840.1.113883.5.4"
DIAGNOSIS = Concept("282291009", SNOMED_CT.oid, "interprétation diagnostique")
PROPENSITY = Concept("420134006", SNOMED_CT.oid, "propension aux effets indésirables")
"""Of an allergy of which nobody says what sort it is."""
_DRUG = Concept("DRUG", _ACT_CODE, "Médicament")
_INACTIVE = Concept("inactive", "2.16.840.1.113883.4.642.4.1373", "Inactif")

_CONCERN = frozenset({CCD + "27", PCC + "5.1"})
_CONCERNS: Mapping[Kind, frozenset[str]] = {
    Kind.PROBLEM: _CONCERN | {PCC + "5.2", CISIS + "39"},
    Kind.ALLERGY: _CONCERN | {PCC + "5.3", CISIS + "40"},
}
_PROBLEM = frozenset({CCD + "28", PCC + "5", CISIS + "37"})
_ALLERGY = frozenset({CCD + "18", CCD + "28", PCC + "5", PCC + "6", CISIS + "41"})
_PROCEDURE = frozenset({PCC + "19", CCD + "29", CISIS + "62"})
_TAKEN = frozenset({CCD + "24", PCC + "7", PCC + "7.1", CISIS + "42"})
_FAMILY = frozenset({CCD + "22", PCC + "13", PCC + "13.3", CISIS + "51"})
_RELATIVES = frozenset({CCD + "23", PCC + "15", CISIS + "59"})
_DEVICE = frozenset({CCD + "34", CISIS + "20"})
_SIMPLE = frozenset({PCC + "13", CISIS + "48"})
_ALERT = Concept("44944-7", LOINC.oid, "Autres alertes")
_OBSERVED: Mapping[Kind, frozenset[str]] = {
    Kind.LIFESTYLE: frozenset({CCD + "33", PCC + "13", PCC + "13.4", CISIS + "52"}),
    Kind.PREGNANCY: frozenset({PCC + "13", PCC + "13.5", CISIS + "53"}),
    Kind.RESULT: frozenset({"1.3.6.1.4.1.19376.1.3.1.6", CISIS + "80"}),
    Kind.MEASURE: frozenset({CCD + "31", PCC + "13", PCC + "13.2", CISIS + "50"}),
}

_SAID: Mapping[Detail, tuple[Concept, frozenset[str]]] = {
    Detail.SEVERITY: (Concept("SEV", _ACT_CODE, "Sévérité"), frozenset({CCD + "55", PCC + "1", CISIS + "29"})),
    Detail.CERTAINTY: (Concept("66455-7", LOINC.oid, "Certitude"), frozenset({CISIS + "171"})),
    Detail.CRITICALITY: (Concept("82606-5", LOINC.oid, "Criticité"), frozenset({CISIS + "172"})),
    Detail.CLINICAL_STATUS: (
        Concept("33999-4", LOINC.oid, "Statut"),
        frozenset({CCD + "50", CCD + "57", PCC + "1.1", CISIS + "30"}),
    ),
}
"""What else a fact says by an observation inside its own: its code and its templates."""
_STATUS: Mapping[State, str] = {State.ACTIVE: "active", State.STOPPED: "aborted"}
_CONCERN_STATUS: Mapping[State, str] = {State.ACTIVE: "active", State.STOPPED: "suspended"}


def statement(fact: Fact, words: str) -> Statement | None:
    """The statement of a fact; `words` is what the narrative calls it. None for what is told in words alone."""
    make = _MADE.get(fact.kind)
    named = fact if fact.absent and not none_known(fact.what) else replace(fact, what=replace(fact.what, words=words))
    return make(named, words) if make else None


def _finding(fact: Fact, words: str, *inside: Related, templates: frozenset[str], code: Concept) -> Statement:
    return Statement(
        "observation",
        "EVN",
        0,
        templates=templates,
        negated=fact.absent and not none_known(fact.what),
        code=code,
        status="completed",
        words=words,
        when=fact.when,
        site=_site(fact),
        related=(*_qualities(fact), *inside),
    )


def _problem(fact: Fact, words: str) -> Statement:
    found = _finding(fact, words, templates=_PROBLEM, code=_category(fact, DIAGNOSIS))
    return _concern(fact, replace(found, values=(Value(concept=fact.what),)))


def _allergy(fact: Fact, words: str) -> Statement:
    """Its agent takes part; that there is no allergy is its value."""
    reactions = (_reaction(each) for each in fact.details.get(Detail.REACTION, ()))
    found = _finding(fact, words, *reactions, templates=_ALLERGY, code=_category(fact, PROPENSITY))
    if none_known(fact.what):
        return _concern(fact, replace(found, values=(Value(concept=fact.what),)))
    return _concern(fact, replace(found, parties=(Party("CSM", what=fact.what),)))


def _category(fact: Fact, usual: Concept) -> Concept:
    return next((each for each in fact.details.get(Detail.CATEGORY, ()) if each.code), usual)


def _concern(fact: Fact, finding: Statement) -> Statement:
    return Statement(
        "act",
        "EVN",
        0,
        templates=_CONCERNS[fact.kind],
        status=_CONCERN_STATUS.get(fact.state, "completed"),
        when=fact.when,
        related=(Related("SUBJ", finding),),
    )


def _qualities(fact: Fact) -> Iterator[Related]:
    for detail, (code, templates) in _SAID.items():
        for each in fact.details.get(detail, ()):
            yield _quality(code, templates, each)
    ended = bool(fact.when.end) and fact.when.end != fact.when.start
    if fact.state is State.OVER and not ended and Detail.CLINICAL_STATUS not in fact.details:
        yield _quality(*_SAID[Detail.CLINICAL_STATUS], _INACTIVE)


def _quality(code: Concept, templates: frozenset[str], what: Concept) -> Related:
    said = Statement(
        "observation", "EVN", 0, templates=templates, code=code, status="completed", values=(Value(concept=what),)
    )
    return Related("REFR" if code.code == "33999-4" else "SUBJ", said, inverted=code.code == "SEV")


def _reaction(what: Concept) -> Related:
    """What an allergy does is a problem that it causes."""
    found = Statement(
        "observation",
        "EVN",
        0,
        templates=_PROBLEM,
        code=DIAGNOSIS,
        status="completed",
        values=(Value(concept=what),),
    )
    return Related("MFST", found, inverted=True)


def _site(fact: Fact) -> Concept | None:
    """Where in the body; its side is what makes it precise."""
    return next(iter(fact.details.get(Detail.SITE, ())), None)


def _procedure(fact: Fact, words: str) -> Statement:
    """What is told of as history was done."""
    return Statement(
        "procedure",
        "EVN",
        0,
        templates=_PROCEDURE,
        negated=fact.absent and not none_known(fact.what),
        code=fact.what,
        status={State.ACTIVE: "active", State.STOPPED: "aborted"}.get(fact.state, "completed"),
        words=words,
        when=fact.when,
        method=next(iter(fact.details.get(Detail.METHOD, ())), None),
        site=_site(fact),
        related=tuple(map(because, fact.details.get(Detail.INDICATION, ()))),
    )


def _treatment(fact: Fact, words: str) -> Statement:
    """What is taken, whether it was prescribed, delivered or told; the dosage in words is what its text says."""
    dosage, forms = fact.dosage or Dosage(), fact.details.get(Detail.FORM, ())
    return Statement(
        "substanceAdministration",
        "EVN",
        0,
        templates=_TAKEN,
        negated=fact.absent and not none_known(fact.what),
        code=_DRUG,
        status=_STATUS.get(fact.state, "completed"),
        words=dosage.words or words,
        when=fact.when,
        periods=tuple(_periods(dosage)),
        product=Product(fact.what, form=next(iter(forms), None), substances=fact.details.get(Detail.SUBSTANCE, ())),
        dose=dosage.dose,
        rate=dosage.rate,
        most=dosage.most,
        route=dosage.route,
        conditions=dosage.needed_for,
        if_needed=dosage.needed,
        related=tuple(map(because, fact.details.get(Detail.INDICATION, ()))),
    )


def _periods(dosage: Dosage) -> Iterator[Period]:
    if dosage.every:
        yield Period(dosage.every, most=dosage.every_most)
    yield from (Period(event=event) for event in dosage.events)


def _relative(fact: Fact, words: str) -> Statement:
    """The disease of a relative: inside what says whose it is."""
    found = _finding(fact, words, templates=_FAMILY, code=_category(fact, DIAGNOSIS))
    found = replace(found, values=(Value(concept=fact.what),))
    who = next(iter(fact.details.get(Detail.RELATIVE, ())), None)
    if who is None:
        return found
    inside = (Related("COMP", found),)
    return Statement("organizer", "EVN", 0, templates=_RELATIVES, status="completed", subject=who, related=inside)


def _observation(fact: Fact, words: str) -> Statement:
    """What was observed: without a value, that it is so."""
    found = _finding(fact, words, templates=_OBSERVED[fact.kind], code=fact.what)
    values = (fact.value,) if fact.value else (Value(concept=fact.what),)
    code = fact.what if fact.value else Concept("ASSERTION", _ACT_CODE, "Assertion")
    return replace(found, code=code, values=values, interpretations=fact.interpretations, ranges=fact.ranges)


def _alert(fact: Fact, words: str) -> Statement:
    """What to beware of is the value."""
    return replace(_finding(fact, words, templates=_SIMPLE, code=_ALERT), values=(Value(concept=fact.what),))


def _device(fact: Fact, words: str) -> Statement:
    return Statement(
        "supply",
        "EVN",
        0,
        templates=_DEVICE,
        negated=fact.absent and not none_known(fact.what),
        status=_STATUS.get(fact.state, "completed"),
        words=words,
        when=fact.when,
        parties=(Party("DEV", what=fact.what),),
    )


_MADE: Mapping[Kind, Callable[[Fact, str], Statement]] = {
    Kind.PROBLEM: _problem,
    Kind.ALLERGY: _allergy,
    Kind.PROCEDURE: _procedure,
    Kind.TREATMENT: _treatment,
    Kind.PRESCRIPTION: _treatment,
    Kind.DISPENSATION: _treatment,
    Kind.FAMILY: _relative,
    Kind.ALERT: _alert,
    Kind.DEVICE: _device,
    **dict.fromkeys(_OBSERVED, _observation),
}
