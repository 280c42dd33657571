"""The words of a reconciliation: dates as people say them, as precise as they are known, and what is taken for what."""

from datetime import date

import pytest
from django.utils.translation import override

from clinical.said import medicine, said, stated
from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.clinical.rules.reconciling import to_reconcile
from espace.kernel.values import replace
from espace.wire.cda_writing.models.reconciliation import Reconciled
from espace.wire.clinical_statements.values import Concept
from espace.workstation.pages.medicines.choosing import Choice, Choices, Decided
from espace.workstation.pages.medicines.composed import reconciliation_of

TODAY = date(2025, 6, 1)
PRESCRIBED = medicine(Kind.PRESCRIPTION, "Metformine", start="2025-02-09", words="2 par jour")


def kept(*facts: Sourced) -> Reconciled:
    treatments = to_reconcile(facts, TODAY)
    choices = Choices({name: Decided(Choice.KEEP) for name in treatments})
    (one,) = reconciliation_of(choices, treatments, TODAY).kept
    return one


def taken(**moments: str) -> Fact:
    return medicine(Kind.TREATMENT, "Metformine", **moments)


@pytest.mark.parametrize(
    ("fact", "period"),
    [
        (taken(), ""),
        (taken(start="2024-02-09"), "depuis le 9 février 2024"),
        (taken(start="2012-05"), "depuis mai 2012"),
        (taken(start="2012"), "depuis 2012"),
        (taken(start="2024-03-01", end="2026-06-30"), "1er mars 2024 – 30 juin 2026"),
        (taken(start="2012", end="2025-06"), "2012 – juin 2025"),
        (taken(end="2026-06-30"), "jusqu’au 30 juin 2026"),
        (taken(end="2025"), "jusqu’en 2025"),
    ],
)
def test_since_and_until_when_as_it_is_known(fact: Fact, period: str) -> None:
    assert kept(said(fact)).period == period


def test_what_it_is_known_from_has_its_day_in_full() -> None:
    delivered = medicine(Kind.DISPENSATION, "Metformine", start="2025-03", end="2025-03")
    with override("en"):
        line = kept(said(PRESCRIBED, 1), said(delivered, 2), stated(taken()), said(taken(), 3, "2024-12-24"))
    assert line.sources.split(", ") == [
        "prescrit le 9 février 2025",
        "délivré en mars 2025",
        "déclaré par le patient le 4 mars 2025",
        "noté le 24 décembre 2024",
    ]


def test_the_indication_is_that_of_the_first_source_that_says_it() -> None:
    diabetes, weight = Concept("E11.9", "2.16.840.1.113883.6.3", "diabète de type 2"), Concept(words="surpoids")
    why = replace(taken(), details={Detail.INDICATION: (diabetes, weight, diabetes)})
    assert (kept(said(taken())).indication, kept(said(taken())).reasons) == ("", ())
    line = kept(said(PRESCRIBED, 1), said(why, 2))
    assert (line.indication, line.reasons) == ("Diabète de type 2, Surpoids", (diabetes, weight, diabetes))


def test_what_was_said_to_be_over_has_its_day_too() -> None:
    stop = medicine(Kind.TREATMENT, "Metformine", state=State.STOPPED)
    line = kept(said(PRESCRIBED, 1), said(stop, 2, "2025-05-01"))
    assert line.sources == "prescrit le 9 février 2025"
