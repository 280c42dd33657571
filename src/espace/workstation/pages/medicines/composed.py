"""The reconciliation as a document: what was decided of each treatment, in French whatever the language of the page."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.utils.translation import override

from espace.clinical.facts import Detail, Fact
from espace.clinical.rules.merging import Item, said_at
from espace.clinical.rules.naming import full_name, product
from espace.clinical.rules.reconciling import Said, said_of
from espace.clinical.rules.summary import Treatment, of_strength
from espace.looks.health_words import day_here, dosage_words, moment_words
from espace.wire.cda_writing.models.reconciliation import Reconciled, Reconciliation
from espace.wire.clinical_statements.values import Concept
from espace.workstation.pages.medicines.choosing import Choice, Choices

_KNOWN: Mapping[Said, str] = {
    Said.PRESCRIBED: "prescrit",
    Said.DELIVERED: "délivré",
    Said.STATED: "déclaré par le patient",
    Said.NOTED: "noté",
    Said.STOPPED: "dit arrêté",
}
_DAY = len("2026-03-04")


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
    told = (fact.dosage for fact in of_strength(facts[0], treatment.items))
    dosage = next((one for one in told if dosage_words(one)), None)
    since, until = treatment.since[:_DAY], treatment.until[:_DAY]
    until = until if until >= today.isoformat()[: len(until)] else ""
    reasons = treatment.indications
    return Reconciled(
        what=facts[0].what,
        name=product(facts[0].what),
        substances=_first(facts, Detail.SUBSTANCE),
        posology=dosage_words(dosage),
        dose=dosage.dose if dosage else None,
        every=dosage.every if dosage else None,
        route=dosage.route if dosage else None,
        since=since,
        until=until,
        period=_period(since, until),
        reasons=reasons,
        indication=named(reasons),
        sources=", ".join(_sources(treatment)),
        why=why,
    )


def named(what: Iterable[Concept]) -> str:
    return ", ".join(dict.fromkeys(map(full_name, what)))


def _first(facts: Iterable[Fact], detail: Detail) -> tuple[Concept, ...]:
    return next(filter(None, (fact.details.get(detail, ()) for fact in facts)), ())


def _period(since: str, until: str) -> str:
    """« depuis le 4 mars 2026 », « 4 mars 2026 – 4 mai 2026 », « jusqu’en mai 2026 »; "" where nobody says."""
    if since and until:
        return f"{moment_words(since)} – {moment_words(until)}"
    if until:
        return _dated("jusqu’au", "jusqu’en", until)
    return _dated("depuis le", "depuis", since) if since else ""


def _dated(on: str, within: str, moment: str) -> str:
    """A day (`on`), or a month or a year (`within`)."""
    return f"{on if len(moment) == _DAY else within} {moment_words(moment)}"


def _sources(treatment: Treatment) -> Iterator[str]:
    """The last time that it was said in each way: « prescrit le 4 mars 2026, délivré le 5 mars 2026 »."""
    days: dict[Said, str] = {}
    for item in treatment.items:
        said = said_of(item)
        days[said] = max(days.get(said, ""), _day(item, said))
    for said, words in _KNOWN.items():
        if said in days:
            yield _dated(f"{words} le", f"{words} en", days[said])


def _day(item: Item, said: Said) -> str:
    """Of a prescription and a delivery their own day, as precise as it is known; else that of what says so."""
    own = item.start if said in (Said.PRESCRIBED, Said.DELIVERED) else ""
    return own[:_DAY] or day_here(said_at(item.sources[0]))
