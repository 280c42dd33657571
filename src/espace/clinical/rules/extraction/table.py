"""Which rule reads which statement.

Each module of this package gives `TEMPLATES`, the mappers by template, and may give `SECTIONS`, those for statements
without any known template, by section code (LOINC; "" for any) and element, and `CODES`, the same by element and code:
they stand between what is said for one section and what is said for any. Where a statement has several templates,
the first module decides, and inside it the first template: general ones come last.
"""

from espace.clinical.rules.extraction import (
    acts,
    allergies,
    family,
    measures,
    medicines,
    observations,
    plans,
    problems,
    results,
    supplies,
    vaccines,
)
from espace.clinical.rules.extraction.context import Mapper

_TEMPLATES: tuple[dict[str, Mapper], ...] = (
    results.TEMPLATES,
    measures.TEMPLATES,
    family.TEMPLATES,  # before problems: never a disease of the patient
    allergies.TEMPLATES,
    problems.TEMPLATES,
    vaccines.TEMPLATES,
    medicines.TEMPLATES,
    supplies.TEMPLATES,
    acts.TEMPLATES,
    plans.TEMPLATES,
    observations.TEMPLATES,
)
_SECTIONS: tuple[dict[tuple[str, str], Mapper], ...] = (
    allergies.SECTIONS,
    problems.SECTIONS,
    vaccines.SECTIONS,
    medicines.SECTIONS,
    supplies.SECTIONS,
    acts.SECTIONS,
    family.SECTIONS,
    plans.SECTIONS,
    results.SECTIONS,
    observations.SECTIONS,
)

CODES: dict[tuple[str, str], Mapper] = {**problems.CODES, **vaccines.CODES}
_PAIRS = [pair for each in _TEMPLATES for pair in each.items()]
RANKED = {template: (rank, mapper) for rank, (template, mapper) in reversed(list(enumerate(_PAIRS)))}
SECTIONS = {key: mapper for each in reversed(_SECTIONS) for key, mapper in each.items()}

CONTAINERS = frozenset(
    {
        "1.3.6.1.4.1.19376.1.3.1",  # laboratory report data processing entry
        "1.2.250.1.213.1.1.3.21",
        "1.3.6.1.4.1.19376.1.5.3.1.4.5.1",  # concern, and its two kinds
        "1.3.6.1.4.1.19376.1.5.3.1.4.5.2",
        "1.3.6.1.4.1.19376.1.5.3.1.4.5.3",
        "1.2.250.1.213.1.1.3.39",
        "1.2.250.1.213.1.1.3.40",
        "2.16.840.1.113883.10.20.22.4.3",  # the same in C-CDA R2.1, health concerns among them
        "2.16.840.1.113883.10.20.22.4.30",
        "2.16.840.1.113883.10.20.22.4.132",
        "2.16.840.1.113883.10.20.22.4.136",
        "2.16.840.1.113883.10.20.22.4.33",  # diagnoses at discharge, at admission, of an encounter, around an operation
        "2.16.840.1.113883.10.20.22.4.34",
        "2.16.840.1.113883.10.20.22.4.80",
        "2.16.840.1.113883.10.20.22.4.51",
        "2.16.840.1.113883.10.20.22.4.65",
        "2.16.840.1.113883.10.20.22.4.35",  # medicines at discharge, at admission
        "2.16.840.1.113883.10.20.22.4.36",
    }
)
"""Beside every organizer: what only holds other statements."""

CLOSED = frozenset(
    {
        "2.16.840.1.113883.10.20.22.4.60",  # who pays
        "2.16.840.1.113883.10.20.22.4.61",
        "2.16.840.1.113883.10.20.22.4.129",
        "2.16.840.1.113883.10.20.22.4.500",  # who cares for somebody
        "2.16.840.1.113883.10.20.22.4.500.1",
        "2.16.840.1.113883.10.20.1.20",
        "2.16.840.1.113883.10.20.1.26",
    }
)
"""Administrative, with all that is inside."""
