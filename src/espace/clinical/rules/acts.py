"""What was done to the body, and what was only looked at."""

from collections.abc import Iterable

from espace.clinical.facts import Fact, Sourced
from espace.wire.nomenclature.systems import LOINC

_CCAM, _IMAGING = frozenset({"1.2.250.1.215.300.1", "1.2.250.1.213.2.5"}), "55111-9"
"""Both names of the list are in official documents."""


def is_examination(sources: Iterable[Sourced]) -> bool:
    """Whether every source of an act tells of an examination."""
    return all(_examined(one.fact) for one in sources)


def _examined(fact: Fact) -> bool:
    """Told in a report of imaging, coded as an observation, or by an act of CCAM that is to look (the third letter)."""
    if fact.place.section == _IMAGING:
        return True
    codes = ((fact.what.system, fact.what.code), *((one.system, one.code) for one in fact.what.others))
    return any(system == LOINC.oid or (system in _CCAM and code[2:3] == "Q") for system, code in codes)
