"""Whom to look for at the workstation of the demonstration, and what a reader of datamatrix would type."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from espace.site.demo.crowd.population import population
from espace.site.demo.people import ANGE, CAMILLE, INES, JEANNE, LEO, LINH, MONIQUE, YOUSSEF, Person
from espace.site.demo.progress import Begun
from espace.wire.cda_writing import Patient

_KNOWN = (
    *((CAMILLE, "attending"), (MONIQUE, "attending"), (JEANNE, "in_force"), (YOUSSEF, "lapsed"), (LINH, "none")),
    *((INES, "none"), (ANGE, "none"), (LEO, "lapsed")),
)
_END = "␝"
"""How a reader shows the end of a variable field (GS)."""


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody to look for: `found` names what the attending doctor of the cast finds."""

    person: Person
    found: str


def examples(begun: Begun | None, seed: int) -> tuple[Example, ...]:
    """The cast; who objected is there when the crowd is large enough to have one."""
    return tuple(Example(one, found) for one, found in [*_KNOWN, *_opposed(begun, seed)])


@cache
def _opposed(begun: Begun | None, seed: int) -> tuple[tuple[Person, str], ...]:
    crowd = population(seed, begun.day, begun.people) if begun else ()
    return tuple((who.person, "opposed") for who in crowd if who.opposed)[:1]


def datamatrix(patient: Patient) -> str:
    """The text of the INS datamatrix of that patient (ANS, « datamatrix INS » v2.2)."""
    fields = (
        f"S1{patient.ins}",
        f"S2{patient.authority}{_END * (len(patient.authority) < 20)}",
        f"S3{_plain(' '.join(patient.given_names))}{_END}",
        f"S4{_plain(patient.birth_name)}{_END}",
        f"S5{patient.sex}",
        f"S6{patient.birth_date:%d-%m-%Y}",
        f"S7{patient.birth_place}",
    )
    return f"IS01{'0' * 22}{''.join(fields)}"


def _plain(name: str) -> str:
    """Upper case, without diacritics."""
    return unicodedata.normalize("NFD", name.upper()).encode("ascii", "ignore").decode()
