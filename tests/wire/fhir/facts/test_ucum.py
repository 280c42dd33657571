"""Which units are told as UCUM."""

import pytest

from espace.wire.fhir.facts.ucum import is_ucum

UNITS = (
    "mg/dL g/L mmol/L umol/L 10*9/L 10^9/L mL/min/{1.73_m2} mm[Hg] % kg/m2 kg.m-2 /mm3 /min U/L [IU]/L m[IU]/L {score}"
    " 1 Cel cm kg mo fL pg 10*3 cm[H2O] ng/mL meq/L"
)
OTHERS = "UI/L µmol/L G/L T/L C °C mmHg mL/min/1.73m2 / mg//L 0 { j"


@pytest.mark.parametrize("unit", UNITS.split())
def test_what_medicine_measures_in(unit: str) -> None:
    assert is_ucum(unit)


@pytest.mark.parametrize("unit", [*OTHERS.split(), "", "mg ", "a b", "mg/dL" * 20])
def test_what_only_looks_like_it(unit: str) -> None:
    """« G/L » is a thousand million in a litre, and gauss in a litre for UCUM: it is told as it was written."""
    assert not is_ucum(unit)
