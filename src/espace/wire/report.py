"""Where the faults of one body are gathered."""

from espace.kernel.reasons import Reason
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem

MAX_PROBLEMS = 100
"""Problems listed at most; a body that has more is not read further."""


class Overflow(Exception):
    """More problems than are worth listing."""


class Report:
    """Problems in the order found, one a place: what is faulty is not said missing as well."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._faulty: set[str] = set()

    def add(self, reason: Reason, place: str, detail: str = "") -> None:
        """Raises Overflow once MAX_PROBLEMS are there."""
        if place not in self._faulty:
            self._faulty.add(place)
            self.problems.append(Problem(reason, place, detail))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Overflow

    def missing(self, place: str, detail: str = "") -> None:
        # An element whose child was faulty was sent: only its child is reported.
        if not any(faulty.startswith((f"{place}.", f"{place}[")) for faulty in self._faulty):
            self.add(reasons.ELEMENT_MISSING, place, detail)

    def invalid(self, place: str, detail: str) -> None:
        self.add(reasons.VALUE_INVALID, place, detail)

    def unsupported(self, place: str, detail: str = "") -> None:
        self.add(reasons.ELEMENT_UNSUPPORTED, place, detail)

    def unresolved(self, place: str, detail: str = "") -> None:
        self.add(reasons.REFERENCE_UNRESOLVED, place, detail)
