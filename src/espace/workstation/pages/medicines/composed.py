"""The reconciliation as a document: what was decided of each treatment, in French whatever the language of the page."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.translation import override

from espace.clinical.facts import Detail
from espace.clinical.rules.merging import Item, said_at
from espace.clinical.rules.reconciling import Said, product, said_of
from espace.clinical.rules.summary import Treatment
from espace.looks.health_words import dosage_words
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation
from espace.wire.clinical_statements.values import Concept
from espace.workstation.pages.medicines.choosing import Choice, Choices

_KNOWN: Mapping[Said, str] = {
    Said.PRESCRIBED: "prescrit le",
    Said.DELIVERED: "délivré le",
    Said.STATED: "déclaré par le patient le",
    Said.NOTED: "noté le",
    Said.STOPPED: "dit arrêté le",
}


def reconciliation_of(choices: Choices, treatments: Mapping[str, Treatment], today: date) -> Reconciliation:
    """Every treatment with its decision, in the order of the form."""

    def of(choice: Choice) -> tuple[Reconciled, ...]:
        return tuple(
            _reconciled(treatments[name], decided.why, today)
            for name, decided in choices.decided.items()
            if decided.choice is choice and name in treatments
        )

    added = (Reconciled(Concept(words=one.name), one.name, posology=one.posology, why=one.why) for one in choices.added)
    with override("fr"):
        return Reconciliation(of(Choice.KEEP), tuple(added), of(Choice.STOP), of(Choice.UNSURE))


def _reconciled(treatment: Treatment, why: str, today: date) -> Reconciled:
    facts = [item.fact for item in treatment.items]
    dosage = next((fact.dosage for fact in facts if dosage_words(fact.dosage)), None)
    substances = (fact.details.get(Detail.SUBSTANCE, ()) for fact in facts)
    return Reconciled(
        what=facts[0].what,
        name=product(facts[0].what),
        substances=next(filter(None, substances), ()),
        posology=dosage_words(dosage),
        dose=dosage.dose if dosage else None,
        every=dosage.every if dosage else None,
        route=dosage.route if dosage else None,
        since=treatment.items[0].start[:10],
        until=treatment.until[:10] if treatment.until[:10] >= today.isoformat() else "",
        sources=", ".join(_sources(treatment)),
        why=why,
    )


def _sources(treatment: Treatment) -> Iterator[str]:
    """The last time that it was said in each way: « prescrit le 04/03/2026, délivré le 05/03/2026 »."""
    days: dict[Said, str] = {}
    for item in treatment.items:
        said = said_of(item)
        days[said] = max(days.get(said, ""), _day(item, said))
    for said, words in _KNOWN.items():
        if said in days:
            yield f"{words} {'/'.join(reversed(days[said].split('-')))}"


def _day(item: Item, said: Said) -> str:
    """Of a prescription and a delivery their own day, as precise as it is known; else that of what says so."""
    own = item.start if said in (Said.PRESCRIBED, Said.DELIVERED) else ""
    return (own or said_at(item.sources[0]))[:10]
